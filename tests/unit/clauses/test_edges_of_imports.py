"""Clauses readonly/... at their edges: what is said of a cancel that was not sent, handed on, or kept here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.episode import Episode, Kind
from tests.unit.clauses.test_readonly import LEGAL, LOCAL, RECEIPT, _here_only, _imported, _receipted

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Make

CLAUSES = ("readonly/refused", "readonly/untouched", "readonly/code")
MODE = "medelement_cancellation_mode"
HANDED_ON = "it answers 200 with a provider_command_receipt: the cancel is handed on to the clinic's own system"
HERE_ONLY = f"it answers 200, and {MODE} is 'local_only': an imported appointment is cancelled here only"


@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize("number", [7, None])
def test_a_cancel_that_cannot_be_undone_is_not_sent(judge: Judge, clause: str, number: int | None) -> None:
    """The evidence names the appointment that was left alone, and why."""

    def unsent(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(Kind.READONLY, (m.before(case={"appointment": number}, **LOCAL),))

    told = f"appointment {number or 0} was not cancelled: {MODE} is 'local_only', so that a cancel could not be undone"
    assert judge(clause, unsent) == (NotApplicable(told),)


@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize(("make", "told"), [(_receipted, HANDED_ON), (_here_only, HERE_ONLY)])
def test_a_generation_is_told_in_words(judge: Judge, clause: str, make: Make, told: str) -> None:
    """A cancel that is handed on, or stays here, is told by what shows it."""
    assert judge(clause, make) == (NotApplicable(told),)


@pytest.mark.parametrize(
    "make",
    [
        # The last view counts: it is cancelled nowhere after all.
        lambda m: _imported(m, 200, Kind.READONLY, m.untouched(), **LOCAL),
        # What is handed on is not cancelled yet.
        lambda m: _imported(m, 200, Kind.READONLY, m.after(**RECEIPT), **RECEIPT),
        lambda m: _imported(
            m, 200, Kind.READONLY, m.untouched(**LOCAL), body={"payload": m.payload(status="completed")}
        ),
        lambda m: Episode(Kind.READONLY, (m.done(200, body=[]),)),
    ],
    ids=["undone", "receipt-of-nothing", "mode-of-nothing", "no-views"],
)
def test_a_success_that_fits_no_generation_is_a_breach(judge: Judge, make: Make) -> None:
    """A receipt without waiting, or a mode without a cancel, excuses nothing."""
    assert judge("readonly/refused", make) == (f"status is 200, not {LEGAL}",)
    assert judge("readonly/code", make) == ()


@pytest.mark.parametrize("shown", [RECEIPT, LOCAL])
def test_a_generation_is_known_by_any_of_its_views(judge: Judge, shown: dict[str, Any]) -> None:
    """One view with the receipt or the mode is enough."""
    was = {"status": "completed", "payment_status": "paid"}
    now = {} if shown is LOCAL else was

    for index in range(3):
        views: list[dict[str, Any]] = [was, now, now]
        views[index] = {**views[index], **shown}
        (found,) = judge(
            "readonly/refused",
            lambda m, views=views: Episode(
                Kind.READONLY, (m.before(**views[0]), m.done(**views[1]), m.after(**views[2]))
            ),
        )
        assert found == NotApplicable(HERE_ONLY if shown is LOCAL else HANDED_ON)


def test_a_refusal_without_a_view_is_judged_by_its_status(judge: Judge) -> None:
    """A legal refusal keeps the promise where nobody has looked at the appointment."""
    assert judge("readonly/refused", lambda m: Episode(Kind.READONLY, (m.done(409),))) == (None,)
    assert judge("readonly/untouched", lambda m: Episode(Kind.READONLY, (m.done(409),))) == ()


@pytest.mark.parametrize("status", [400, 500])
def test_only_a_success_can_be_of_another_generation(judge: Judge, status: int) -> None:
    """What is shown after another answer excuses no status."""
    found = judge("readonly/refused", lambda m: _imported(m, status, Kind.READONLY, m.after(**LOCAL)))

    assert found == (f"status is {status}, not {LEGAL}",)
