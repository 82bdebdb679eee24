"""Rows of runs in which answers are lost, or cancels refused by a gateway."""

from typing import Any

from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses.conftest import Make


def _lost(m: Any, lost: int, asked: int, others: tuple[int, int] = (0, 0)) -> Episode:  # noqa: ANN401  the fixture's
    steps = [(Role.CANCEL, m.cancel(trouble=Trouble.LOST if number < lost else None)) for number in range(asked)]
    steps += [
        (Role.BEFORE, m.read(trouble=Trouble.LOST if number < others[0] else None)) for number in range(others[1])
    ]
    return Episode(Kind.WHOLE, tuple(steps))


def _refused(m: Any, status: int) -> Episode:  # noqa: ANN401  the fixture's own class
    steps = ((Role.CANCEL, m.cancel(status)), (Role.AGAIN, m.cancel(status)))
    return Episode(Kind.GATEWAY, steps, "2 times in a row, while others were answered")


HELD: list[tuple[str, Make]] = [
    ("answer/given", lambda m: _lost(m, 4, 10)),
    ("answer/given", lambda m: _lost(m, 5, 26)),
    ("answer/given", lambda m: _lost(m, 9, 80, (9, 150))),
    ("answer/given", lambda m: _lost(m, 4, 80, (0, 150))),
]

BROKEN: list[tuple[str, Make, str]] = [
    ("answer/given", lambda m: _lost(m, 5, 25),
     "5 of 25 cancels ended without an answer, and none of 0 other requests"),
    ("answer/given", lambda m: _lost(m, 9, 80, (0, 150)),
     "9 of 80 cancels ended without an answer, and none of 150 other requests"),
    ("answer/given", lambda m: _refused(m, 502),
     "status is 502, not an answer of the application, 2 times in a row, while others were answered"),
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("answer/given", lambda m: _lost(m, 0, 0)),
    ("answer/given", lambda m: Episode(Kind.LATE, _lost(m, 9, 9).steps)),
]
