"""How lists, times of change, entity tags and payments show a cancel: the parts of each breach, and edges."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge, Make, Maker
from tests.unit.clauses.raw_findings import parts

_DAY, _SAME_MOMENT = "2026-10-30T10:00:00Z", "2026-10-30T15:00:00+05:00"
_ROW: Final = {"id": 1, "amount": 1000, "payment_method": "cash", "payment_kind": "prepaid", "recorded_by_id": 101}


def _first(m: Any, was: Any, now: Any = None, **answered: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.FIRST_CANCEL, (m.before(**was), m.done(**answered), m.after(**(was if now is None else now))))


def _listed(*rows: dict[str, Any]) -> Make:
    return lambda m: Episode(Kind.LATE, (m.done(), (Role.LISTED, m.read(body={"payload": [*rows]}))))


def _made(m: Any, now: str) -> Episode:  # noqa: ANN401  the fixture's own class
    made = Role.BEFORE, m.cancel(201, Intent.CREATE, body={"payload": m.payload(updated_at=_DAY)})
    return Episode(Kind.FIRST_CANCEL, (made, m.done(), m.after(updated_at=now)))


def _tags(old: str, new: str) -> Callable[[Any], Episode]:
    def made(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        was, now = ((("ETag", tag),) if tag else () for tag in (old, new))
        return Episode(Kind.FIRST_CANCEL, (m.before(headers=was), m.done(), m.after(headers=now)))

    return made


@pytest.mark.parametrize(
    ("clause", "make", "found"),
    [
        ("effect/listed", _listed({"id": 8}), Difference("list", "list", "0 times", "once")),
        ("effect/listed", _listed({"id": 7}, {"id": 7}), Difference("list", "list", "2 times", "once")),
        ("effect/listed", _listed({"id": 7, "status": "scheduled"}),
         Difference("field", "/status", "another word", "'cancelled'")),
        ("effect/touched", lambda m: _first(m, {"updated_at": _DAY}, {"updated_at": _SAME_MOMENT}),
         Difference("field", "/updated_at", "as before", "the time of the cancel")),
        ("effect/clock", lambda m: _made(m, "2026-10-30T15:00:00Z"),
         Difference("field", "/updated_at", "by another clock", "a moment after the making")),
        ("effect/entity-tag", _tags('"1"', '"1"'), Difference("header", "etag", "the same", "another one")),
    ],
    ids=["no row", "two rows", "an active row", "not touched", "another clock", "the same tag"],
)  # fmt: skip
def test_a_breach_says_in_its_parts_what_shows_it(maker: Maker, clause: str, make: Make, found: Difference) -> None:
    """Breaches of one cause have the same parts, whichever appointment shows them."""
    assert parts(maker, clause, make) == [(found,)]


def test_reads_without_entity_tags_show_so(judge: Judge) -> None:
    """Where no read bears one, a cancel cannot change it."""
    found = judge("effect/entity-tag", _tags("", ""))

    assert found == (NotApplicable("reads of an appointment bear no entity tag"),)


@pytest.mark.parametrize(("old", "new"), [('"1"', ""), ("", '"1"')])
def test_one_entity_tag_alone_says_nothing(judge: Judge, old: str, new: str) -> None:
    """Two are needed to be the same."""
    assert judge("effect/entity-tag", _tags(old, new)) == ()


def test_who_recorded_a_payment_is_read_back(judge: Judge) -> None:
    """The read after the cancel counts as the answer does."""
    other = {"payments": [{**_ROW, "recorded_by_id": 104}]}
    found = judge("effect/recorded-by", lambda m: _first(m, {"payments": [_ROW]}, other, payments=[_ROW]))

    assert found == (None, "read back, a payment's recorded_by_id is 104, not 101")


@pytest.mark.parametrize(
    "row", [{**_ROW, "id": 2}, {name: value for name, value in _ROW.items() if name != "recorded_by_id"}]
)
def test_a_payment_that_tells_nothing_of_before_is_left_out(judge: Judge, row: dict[str, Any]) -> None:
    """A new row, and one that does not say who recorded it, are no breach."""
    found = judge("effect/recorded-by", lambda m: _first(m, {"payments": [_ROW]}, payments=[row]))

    assert found == (None,)
