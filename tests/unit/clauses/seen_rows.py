"""Rows for the tables of answer/: clients whom a list has shown, and an answer that shows them or does not."""

from typing import Any, Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Make

OTHER: Final = {"id": 81, "client_name": "Another  Person", "client_phone": "+7 701 000 00 81",
                 "client_identifier": "0000081"}  # fmt: skip
THIRD: Final = {"id": 82, "client_name": "Third Person", "client_phone": "+7 701 000 00 82"}
TOLD: Final = "Offered to another person, 8 (701) 000-00-81"


def seen(m: Any, *rows: Any, told: Any = None, headers: Any = (), status: int = 200, **house: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """Return all answers of a run: one to a cancel, beside a list and a calendar with some rows."""
    ours = m.read(client_name="Contract Test", client_phone="+7 000 000 00 00", contact_id=None)
    listed = m.cancel(200, Intent.LIST, body={"payload": [*rows, m.payload()]})
    day = m.cancel(200, Intent.CALENDAR, body={"payload": {"appointments": [*rows, "x"], **house}})
    parts = {"body": told} if status != 200 else {"contact_id": None, **(told or {})}
    steps = ((Role.BEFORE, ours), (Role.LISTED, listed), (Role.CALENDAR, day))
    return Episode(Kind.SEEN, (*steps, (Role.CANCEL, m.cancel(status, headers=headers, **parts))))


HELD: list[tuple[str, Make]] = [("answer/nobody-seen", lambda m: seen(m, OTHER))]
BROKEN: list[tuple[str, Make, str]] = [
    ("answer/nobody-seen", lambda m: seen(m, OTHER, told={"notice": TOLD}),
     "the answer shows a client of another appointment at /payload/notice"),
    ("answer/nobody-seen", lambda m: seen(m, {**OTHER, "account_id": 4}),
     "among the appointments of account 3 is one of account 4"),
]  # fmt: skip
ASIDE: list[tuple[str, Make]] = [("answer/nobody-seen", lambda m: Episode(Kind.WHOLE, (m.done(),)))]
