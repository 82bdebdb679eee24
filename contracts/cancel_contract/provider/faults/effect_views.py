"""Faults of lists and calendars that fail on what is cancelled."""

from collections.abc import Awaitable, Callable
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.queries import selected
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import Appointment, Payload

_CLAUSE: Final = "effect/listed"


def _failing_on(which: Callable[[Appointment], bool]) -> Around[Awaitable[Answer]]:
    """Fail where a cancelled appointment of some kind lies in the time that is asked for."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        shown = selected(call.store, to_i(call.route.account), call.request.parameters)
        mine = [row for row in rows.made_here(call.store) if row.cancelled and row in shown]
        return crash().answer if any(map(which, mine)) else await proceed(call)

    return hook


def _of_the_row_before(shown: list[Payload]) -> list[Payload]:
    """Give each cancelled appointment of a list the telephone number of the row before it."""
    numbers = [row["client_phone"] for row in (*shown[:1], *shown)]
    return [
        {**row, "client_phone": number} if row["status"] == "cancelled" else row
        for row, number in zip(shown, numbers, strict=False)
    ]


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("calendar-fails-on-cancelled", _CLAUSE,
          "The calendar adds up what is owed, and a paid visit that is cancelled has no expense any more.",
          Hooks(frozenset({"calendar"}), handle=_failing_on(lambda row: bool(row.payments) and not row.expense))),
    Fault("list-fails-on-cancelled", _CLAUSE, "The list names the client's gender, which some have not.",
          Hooks(frozenset({"list"}), handle=_failing_on(lambda row: row.client_gender is None))),
    Fault("list-shifts-numbers", "effect/listed-alike",
          "Clients are loaded beside the rows and put to them by position, which is one too many for cancelled ones.",
          Hooks(frozenset({"list"}), answer=rows.in_list(_of_the_row_before))),
)  # fmt: skip
"""In the order in which a client asks."""
