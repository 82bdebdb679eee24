"""The last line of a terminal: how many bugs there probably are, and why a run was cut short."""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.fragment.document import load
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row
from cancel_contract.report.terminal import ledger_lines
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from cancel_contract.target.settings import Settings

NAMES = ("access/foreign-appointment", "answer/account-echo", "repeat/answer")
BREACH = Breach("a fact", "k#c", "curl …", "200 …", 6, request_id="cancel-contract-0-1")
SPENT = "{} of 48 appointments are spent, and 6 are kept for the end of the run: set ONELINK_MAX_APPOINTMENTS higher"


def _lines(*breaches: Breach, doubts: tuple[str, ...] = (), untested: tuple[str, ...] = ()) -> list[str]:
    broken = (Row(BY_ID[name], broken=1, breach=one) for name, one in zip(NAMES, breaches, strict=False))
    rows = (*broken, *(Row(BY_ID[name]) for name in untested))
    given: dict[str, Any] = {"base_url": "https://staging.test", "api_token": "t0ken-of-the-tests", "account_id": 3}
    choice = Choice(Settings.model_validate(given), Profile.GATE)
    made = Contract(choice, load(), rows=rows, code=Exit.BROKEN)
    made.ledger = Ledger(terms_of(choice.target, made.fragment), [row.clause for row in rows])
    made.ledger.inconclusive.extend(doubts)
    return list(ledger_lines(made))


def _last(*breaches: Breach, doubts: tuple[str, ...] = (), untested: tuple[str, ...] = ()) -> str:
    return _lines(*breaches, doubts=doubts, untested=untested)[-1]


@pytest.mark.parametrize(
    ("breaches", "told"),
    [
        ((BREACH,), "1 MUST clause is broken"),
        ((BREACH, BREACH, BREACH), "3 MUST clauses are broken, probably 1 bug"),
        (
            (BREACH, BREACH, replace(BREACH, request_id="cancel-contract-0-2")),
            "3 MUST clauses are broken, shown by 2 requests",
        ),
    ],
    ids=["one", "one-request", "two-requests"],
)
def test_what_one_request_showed_counts_once(breaches: tuple[Breach, ...], told: str) -> None:
    """Clauses that the same answer broke are probably broken by one bug."""
    assert _last(*breaches) == f"exit 1: gate closed ({told})"


def test_spent_budgets_are_told_once_with_what_to_do_first() -> None:
    """Broken clauses are asked again, on appointments of their own; the other reasons stay."""
    doubts = (SPENT.format(35), SPENT.format(36))

    assert _last(BREACH, doubts=doubts) == "exit 1: gate closed (1 MUST clause is broken)"
    assert _last(BREACH, doubts=doubts, untested=("effect/any-order",)).endswith(
        "; the run was cut short: the 48 appointments of the run are spent, because what "
        "is broken was asked again: mend what is told above first, or set ONELINK_MAX_APPOINTMENTS higher)"
    )


def test_other_reasons_are_each_told() -> None:
    """A lost target is no matter of budgets."""
    assert _last(BREACH, doubts=("the target is lost", SPENT.format(36))).endswith(
        f"; the run was cut short: the target is lost; {SPENT.format(36)})"
    )


def test_of_one_failure_one_clause_says_what_it_is() -> None:
    """The others name that one, however much each has asked."""
    asked = ("200", "a 4xx", "401")
    breaches = [replace(BREACH, what="status", got="500", wanted=wanted, message=wanted) for wanted in asked]

    told = [line for line in _lines(*breaches) if line.startswith("BROKEN ")]

    assert sorted("the same cause as" in line for line in told) == [False, True, True]
