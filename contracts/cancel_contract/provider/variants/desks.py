"""Honest variants of the desk that makes appointments: how it says no."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Hooks, Variant
from cancel_contract.provider.variants.renderings import absent

_HERE: Final = timedelta(hours=5)
_DESK: Final = frozenset({"create", "calendar"})


def _invalid(text: str) -> Answer:
    return refusal(400, text).answer


def _refused(call: Call) -> str | None:
    """The first rule that a create does not keep."""
    body, begins = call.body, datetime.fromisoformat(call.body["starts_at"]) + _HERE
    rules = (
        (bool(body.get("client_phone")), "client_phone should not be empty"),
        (not body.get("prepaid_amount"), "property prepaid_amount should not exist"),
        (len(body.get("client_name", "")) <= 60, "client_name must be shorter than or equal to 60 characters"),
        (begins.weekday() < 5 and 9 <= begins.hour < 18, "starts_at must be within working hours"),
    )
    return next((text for kept, text in rules if not kept), None)


async def _validated(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if call.route.operation == "calendar":
        return await absent(call, proceed)
    told = _refused(call)
    return _invalid(told) if told else await proceed(call)


DESKS: Final[tuple[Variant, ...]] = (
    Variant("values-in-400", "Each value that is refused, a time too, is answered 400, and there is no calendar.",
            Hooks(_DESK, handle=_validated)),
)  # fmt: skip
"""Other desks."""
