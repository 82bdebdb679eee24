"""In which refusals facts of an appointment are looked for, in which spellings, and how a breach names them."""

from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge, Maker
from tests.unit.clauses.raw_findings import only_breach

_CLAUSE: Final = "access/refusal-tells-nothing"
_ONE: Final = {"service_amount": 9137, "starts_at": "2026-11-05T10:30:00Z"}
_OTHER: Final = {"service_amount": 17_777_779, "starts_at": "2026-11-08T10:45:00Z"}


def _refusals(m: Any, here: str, there: str, unread: Role | None = None, **more: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    """Three refusals of the one appointment and one of the other, of which a read may show nothing."""
    views = [
        (role, m.read(404 if role is unread else 200, **shown))
        for role, shown in ((Role.BEFORE, {**_ONE, **more}), (Role.OTHER_BEFORE, _OTHER))
    ]
    refused = [(Role.CANCEL, m.cancel(401, Intent.REFUSED, body={"error": here})) for _ in range(3)]
    other = Role.AGAIN, m.cancel(401, Intent.REFUSED, body={"error": there})
    return Episode(Kind.REFUSALS, (*views, *refused, other))


@pytest.mark.parametrize(
    ("one", "other", "field"),
    [
        ("Due: 9\u00a0137 KZT", "Due: 17\u00a0777\u00a0779 KZT", "service_amount"),
        # Where the clock is fourteen hours ahead.
        ("On 06.11, sign in", "On 09.11, sign in", "starts_at"),
    ],
)
def test_a_breach_says_which_field_a_refusal_tells(maker: Maker, one: str, other: str, field: str) -> None:
    """It is shown by a refusal of the other appointment; its parts hold no value."""
    episode = _refusals(maker, one, other)
    found = only_breach(_CLAUSE, episode)

    assert found.differences == (Difference("leak", f"/{field}", "told in a refusal", "told to nobody"),)
    assert [str(each) for each in found.differences] == [found.message]
    assert found.shown_by is episode.one(Role.AGAIN)


@pytest.mark.parametrize(
    ("field", "there"), [("status", "cancelled"), ("client_name", "ТК"), ("starts_at", _OTHER["starts_at"])]
)
def test_a_value_that_is_not_known_is_no_fact(judge: Judge, field: str, there: str) -> None:
    """Nor is a word that stands in its place."""
    assert judge(_CLAUSE, lambda m: _refusals(m, "It is none", f"It is {there}", **{field: None})) == (None,)


@pytest.mark.parametrize("unread", [Role.BEFORE, Role.OTHER_BEFORE])
def test_both_appointments_have_to_be_known(judge: Judge, unread: Role) -> None:
    """Without a read of each nothing can be compared."""
    assert judge(_CLAUSE, lambda m: _refusals(m, "9137", "17777779", unread)) == ()


def test_other_episodes_are_left_out(judge: Judge) -> None:
    """Only refusals of two appointments are compared."""
    assert judge(_CLAUSE, lambda m: replace(_refusals(m, "9137", "17777779"), kind=Kind.ALIKE)) == ()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("It costs 9,137 KZT", "service_amount"),
        ("On 2026-11-05T10:30:00Z", "starts_at"),
        ("On 2026-11-05T15:30+05:00", "starts_at"),
        ("On 2026-11-05T10:30:00+05:00", ""),
        ("It costs 9100 KZT", ""),
        ("Error 137", ""),
        ("Log a9137, 19137", ""),
        ("On 2026-11-05", ""),
    ],
)
def test_a_fact_that_stands_nowhere_by_chance_is_told_by_one_refusal(judge: Judge, told: str, field: str) -> None:
    """An amount that is large and not round, or the moment of its start; other facts take several refusals."""

    def refused(m: Maker, holder: Holder) -> Episode:
        case = {"credential": Credential(holder)}
        asked = m.cancel(401, Intent.REFUSED, body={"error": told}, case=case)
        return Episode(Kind.REFUSAL, ((Role.BEFORE, m.read(**{**_ONE, "prepaid_amount": 9100})), (Role.CANCEL, asked)))

    assert judge(_CLAUSE, lambda m: refused(m, Holder.FOREIGN)) == (
        (f"the refusal tells the appointment's {field}",) if field else (None,)
    )
    # Who may read it is told nothing new.
    assert judge(_CLAUSE, lambda m: refused(m, Holder.UNPRIVILEGED)) == (None,)
