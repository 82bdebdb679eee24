"""Faults of lists and calendars that fail on what is cancelled."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from cancel_contract.provider.api.answers import Answer, encode
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import Appointment

_CLAUSE: Final = "effect/listed"
_ALWAYS: Final = {"from": "0001-01-01T00:00:00+00:00", "to": "9999-01-01T00:00:00+00:00"}


def _failing_on(which: Callable[[Appointment], bool]) -> Around[Awaitable[Answer]]:
    """Fail where a cancelled appointment of some kind lies in the time that is asked for."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        asked = call.request.parameters
        first, last = (datetime.fromisoformat(asked.get(name, usual)) for name, usual in _ALWAYS.items())
        mine = (row for row in rows.made_here(call.store) if row.cancelled and first <= row.starts_at <= last)
        return crash().answer if any(map(which, mine)) else await proceed(call)

    return hook


def _of_the_row_before(_: Call, answer: Answer) -> Answer:
    """Give each cancelled appointment of a list the telephone number of the row before it."""
    shown = json.loads(answer.body or b"{}")
    if answer.status == 200:
        numbers = [row["client_phone"] for row in shown["payload"]]
        for row, number in zip(shown["payload"][1:], numbers, strict=False):
            row["client_phone"] = number if row["status"] == "cancelled" else row["client_phone"]
    return replace(answer, body=encode(shown))


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("calendar-fails-on-cancelled", _CLAUSE,
          "The calendar adds up what is owed, and a paid visit that is cancelled has no expense any more.",
          Hooks(frozenset({"calendar"}), handle=_failing_on(lambda row: bool(row.payments) and not row.expense))),
    Fault("list-fails-on-cancelled", _CLAUSE, "The list names the client's gender, which some have not.",
          Hooks(frozenset({"list"}), handle=_failing_on(lambda row: row.client_gender is None))),
    Fault("list-shifts-numbers", "effect/listed-alike",
          "Clients are loaded beside the rows and put to them by position, which is one too many for cancelled ones.",
          Hooks(frozenset({"list"}), answer=_of_the_row_before)),
)  # fmt: skip
"""In the order in which a client asks."""
