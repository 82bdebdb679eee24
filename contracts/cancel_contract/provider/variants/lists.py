"""Honest variants of the list: a copy of the database, or a search index, serves it."""

from collections.abc import Awaitable
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.store.records import Appointment, Payload

LAG: Final = 0.4
"""Seconds until a change is in the list."""


async def _lagging(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """List each appointment as it was a moment ago."""
    changed: dict[int, tuple[float, Appointment]] = call.memory.setdefault("changed", {})
    if call.route.operation == "list":
        kept = call.store.appointments
        call.store.appointments = kept | {
            number: row for number, (at, row) in changed.items() if monotonic() - at < LAG
        }
        try:
            return await proceed(call)
        finally:
            call.store.appointments = kept
    answer = await proceed(call)
    was = call.before
    if was is not None and call.after != was:
        changed[was.id] = monotonic(), was
    return answer


async def _strict(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse a filter of payments."""
    if "payment_status" in call.request.parameters:
        return refusal(400, "property payment_status should not exist").answer
    return await proceed(call)


def _masked(_: Call, payload: Payload) -> Payload:
    """Show of a client the first letter of the name and the end of the number alone."""
    name, phone = payload["client_name"], payload["client_phone"]
    number = phone and f"***{phone[-2:]}"
    return {**payload, "client_name": f"{name[:1]}***", "client_phone": number, "client_identifier": None}


LISTS: Final[tuple[Variant, ...]] = (
    Variant(
        "list-strict",
        "The list has no filter of payments, and refuses what it does not know.",
        Hooks(frozenset({"list"}), handle=_strict),
    ),
    Variant(
        "list-masked",
        "Lists are shown on a screen at the desk, and tell of a client what calls nobody by name.",
        Hooks(frozenset({"list"}), render=_masked),
    ),
    Variant("list-lags", "A change is in the list a moment later.", Hooks(EVERY, handle=_lagging)),
)
"""Other lists."""
