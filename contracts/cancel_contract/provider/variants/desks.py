"""Honest variants of the desk that makes appointments: how it says no, and what becomes of one that is made."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
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


SETTLED: Final = 0.1
"""Seconds after which a worker confirms what was booked."""


async def _confirmed_later(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Confirm every booking once, a moment after it was made."""
    booked: dict[int, float] = call.memory.setdefault("booked", {})
    for number in [number for number, at in booked.items() if monotonic() - at >= SETTLED]:
        del booked[number]
        row = call.store.appointments.get(number)
        if row and row.status == "scheduled":
            call.store.appointments[number] = replace(row, status="confirmed")
    known = set(call.store.appointments)
    answer = await proceed(call)
    booked.update(dict.fromkeys(set(call.store.appointments) - known, monotonic()))
    return answer


DESKS: Final[tuple[Variant, ...]] = (
    Variant("values-in-400", "Each value that is refused, a time too, is answered 400, and there is no calendar.",
            Hooks(_DESK, handle=_validated)),
    Variant("worker-confirms", "A worker confirms each booking a moment after it was made.",
            Hooks(EVERY, handle=_confirmed_later)),
)  # fmt: skip
"""Other desks."""
