"""Honest variants of lists and calendars: a copy of the database or a search index serves them, or they fail."""

from collections.abc import Awaitable
from datetime import timedelta
from time import monotonic
from typing import Final

from cancel_contract.provider.api.answers import Answer, failure, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.store.records import Appointment, Payload

LAG: Final = 0.4
"""Seconds until a change is in the list."""
_SOME: Final = 40
"""Requests of a run before the calendar breaks down."""
_KEPT: Final = timedelta(days=30)
"""How long lists show what has begun."""


async def _listing(call: Call, proceed: Stage[Awaitable[Answer]], shown: dict[int, Appointment]) -> Answer:
    """List other appointments than there are."""
    kept, call.store.appointments = call.store.appointments, shown
    try:
        return await proceed(call)
    finally:
        call.store.appointments = kept


async def _lagging(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """List each appointment as it was a moment ago."""
    changed: dict[int, tuple[float, Appointment]] = call.memory.setdefault("changed", {})
    if call.route.operation == "list":
        earlier = {number: row for number, (at, row) in changed.items() if monotonic() - at < LAG}
        return await _listing(call, proceed, call.store.appointments | earlier)
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


async def _archived(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Leave out of a list what has begun long ago."""
    oldest = call.store.now() - _KEPT
    kept = {number: row for number, row in call.store.appointments.items() if row.starts_at >= oldest}
    return await _listing(call, proceed, kept)


async def _broken_down(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Fail once some have been asked for, whatever is asked."""
    return failure(500, {"error": "Internal Server Error"}) if call.number > _SOME else await proceed(call)


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
    Variant(
        "list-archived",
        "What has begun long ago is in the archive, and in no list.",
        Hooks(frozenset({"list"}), handle=_archived),
    ),
    Variant(
        "calendar-breaks-down",
        "In the middle of a run the calendar fails, whatever is asked of it.",
        Hooks(frozenset({"calendar"}), handle=_broken_down),
    ),
    Variant("list-lags", "A change is in the list a moment later.", Hooks(EVERY, handle=_lagging)),
)
"""Other lists."""
