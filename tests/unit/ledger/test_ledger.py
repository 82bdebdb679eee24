"""What a ledger makes of findings."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cancel_contract.clauses import (
    Clause,
    Finding,
    Level,
    NotApplicable,
)
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Verdict

Clauses = Callable[..., Clause]
Ledgers = Callable[..., Ledger]
Asked = Callable[[str], Exchange]
_MAKER = Path(__file__).with_name("conftest.py")
_LINES = enumerate(_MAKER.read_text(encoding="utf-8").splitlines(), start=1)
RAISED = f"crashed at {_MAKER.name}:{next(number for number, line in _LINES if line.endswith('raise finding'))}"
"""Where the clauses of these tests raise what they are given."""


def test_verdicts_are_ordered_from_best_to_worst() -> None:
    """HELD < NOT APPLICABLE < UNTESTED < BROKEN < ABORTED."""
    words = [verdict.word for verdict in sorted(Verdict)]
    assert words == ["HELD", "NOT APPLICABLE", "UNTESTED", "BROKEN", "ABORTED"]


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([], Verdict.UNTESTED),
        ([None], Verdict.HELD),
        ([NotApplicable("there is none")], Verdict.NOT_APPLICABLE),
        ([NotApplicable("there is none"), None], Verdict.HELD),
        ([NotApplicable("there is none"), "late"], Verdict.BROKEN),
        (["late"], Verdict.BROKEN),
        ([None, "late", None], Verdict.BROKEN),
        ([KeyError("x")], Verdict.ABORTED),
        ([None, KeyError("x")], Verdict.ABORTED),
        (["late", KeyError("x")], Verdict.ABORTED),
    ],
)
def test_a_clause_has_the_worst_verdict_of_what_it_found(
    ledger: Ledgers, clause: Clauses, asked: Asked, findings: list[str | Finding | Exception], verdict: Verdict
) -> None:
    """One breach outweighs whatever held, and a failure of the clause itself outweighs the breach."""
    made = ledger(clause("a/b", *findings))

    made.judge(asked("key"))

    assert made.rows["a/b"].verdict is verdict


def test_a_breach_outlives_a_failure_in_the_count(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """A clause that raises on one piece of evidence keeps what it found in others."""
    found: list[str | Finding | Exception] = ["late"]
    broken = clause("a/b", *found)
    raising = clause("a/b", KeyError("x"))
    made = ledger(broken)

    made.judge(asked("key"))
    made.judge(asked("key"), clauses=(raising,))

    row = made.rows["a/b"]
    assert (row.broken, row.failures, row.verdict) == (
        1,
        (f"{RAISED}, KeyError, case key",),
        Verdict.ABORTED,
    )


def test_findings_are_counted(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Each finding counts, so that a fault that shows now and then is reported as such."""
    made = ledger(clause("a/b", None, "late", None, "early"))

    made.judge(asked("one"))
    made.judge(asked("two"))

    assert (made.rows["a/b"].held, made.rows["a/b"].broken) == (4, 4)


def test_judging_names_the_clauses_that_broke(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Judging evidence returns the clauses that it breaks."""
    made = ledger(clause("a/held", None), clause("a/broken", "late"), clause("a/aside"), clause("a/raises", KeyError()))

    judged = made.judge(asked("key"))

    assert judged.broken == {"a/broken"}
    assert judged.exercised == {"a/held", "a/broken", "a/raises"}


def test_the_smallest_request_is_told(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Of several breaches the one with the smallest request stays, of equals the first in the order of keys."""
    made = ledger(clause("a/b", "late", "early"))

    for key in ("longer", "bbb", "aaa", "longest"):
        made.judge(asked(key))

    breach = made.rows["a/b"].breach
    assert breach is not None
    assert (breach.case, breach.message) == ("aaa", "late")


def test_a_clause_that_raises_is_told_without_its_data(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """File, line, type and case are reported, three times at most: the error's text may hold a person's data."""
    made = ledger(clause("a/b", ValueError("Anna, +7 701 000 00 00")))

    for key in ("effect/x#first", "effect/x#first", "two", "three", "four"):
        made.judge(asked(key))

    where = f"{RAISED}, ValueError, case"
    assert made.rows["a/b"].failures == (f"{where} effect/x#first", f"{where} two", f"{where} three")


def test_why_a_clause_does_not_apply_is_told(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """The first evidence stays, here and in what a worker brings home."""
    made, home = (ledger(clause("a/b", NotApplicable("no expense was made"), NotApplicable("x"))) for _ in range(2))

    made.judge(asked("key"))
    home.merge(made.dump())

    for each in (made, home):
        (row,) = each.finished(lambda _: False)
        assert (row.verdict, row.reason) == (Verdict.NOT_APPLICABLE, "no expense was made")


def test_a_setting_that_says_none_waives_what_needs_it(ledger: Ledgers, clause: Clauses) -> None:
    """The owner has decided that there is no such thing: the clause stays untested, with the setting as the reason."""
    made = ledger(clause("a/b", needs=("foreign_account_id",)), clause("a/c", needs=("contact_id",)))

    waived, other = made.finished(lambda _: True, {"foreign_account_id"})

    assert (waived.verdict, waived.waived_by) == (Verdict.UNTESTED, "ONELINK_FOREIGN_ACCOUNT_ID")
    assert waived.reason == "ONELINK_FOREIGN_ACCOUNT_ID=none: the target has no such thing"
    assert (other.waived_by, other.reason) == ("", "ONELINK_CONTACT_ID is not set")


def test_threads_lose_no_finding(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Findings and statuses of parallel requests are all counted."""
    made, exchange = ledger(clause("a/b", None), seen=()), asked("key")

    def work(_: int) -> None:
        made.judge(exchange)
        made.saw(200)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(2000)))

    assert (made.rows["a/b"].held, made.statuses) == (2000, {200: 2000})


def test_an_untested_clause_names_the_setting_that_would_let_it_run(ledger: Ledgers, clause: Clauses) -> None:
    """The reason is the setting, in the words of the environment."""
    made = ledger(
        clause("a/one", needs=("foreign_api_token", "account_id")),
        clause("a/two", needs=("foreign_api_token", "foreign_account_id")),
    )

    rows = made.finished(lambda name: name.startswith("foreign"))

    assert [row.reason for row in rows] == [
        "ONELINK_FOREIGN_API_TOKEN is not set",
        "ONELINK_FOREIGN_API_TOKEN and ONELINK_FOREIGN_ACCOUNT_ID are not set",
    ]


def test_an_untested_clause_tells_what_kept_it_from_being_tested(ledger: Ledgers, clause: Clauses) -> None:
    """The excuse of a scenario of its family comes first, then that of any other, then what ended the run."""
    made = ledger(clause("a/one"), clause("b/two"))
    assert made.finished(lambda _: False)[0].reason == "not exercised in this run"

    made.inconclusive.append("the budget ran out")
    assert made.finished(lambda _: False)[0].reason == "the budget ran out"

    made.excuse("b/x", "no slot is free")
    made.excuse("a/y", "the ids are used up")
    assert [row.reason for row in made.finished(lambda _: False)] == ["the ids are used up", "no slot is free"]


def test_asking_again_has_spent_the_limit_where_a_clause_is_broken(
    ledger: Ledgers, clause: Clauses, exchange: Callable[..., Exchange]
) -> None:
    """More appointments are no remedy: what breaks spends them."""
    made = ledger(clause("a/one", "it is not so"), clause("b/two"))
    made.inconclusive.append("48 of 48 appointments are spent: set ONELINK_MAX_APPOINTMENTS higher")
    assert made.finished(lambda _: False)[1].reason == made.inconclusive[0]

    made.judge(exchange(200, {}))
    assert made.finished(lambda _: False)[1].reason == (
        "the 48 appointments of the run are spent, because what is broken was asked again: mend what is told above "
        "first, or set ONELINK_MAX_APPOINTMENTS higher"
    )


def test_a_setting_that_a_clause_does_not_need_is_no_reason_of_it(ledger: Ledgers, clause: Clauses) -> None:
    """What is wrong with a setting keeps those clauses from being tested that need it, and none of the others."""
    made = ledger(clause("a/plain"), clause("a/needing", needs=("foreign_api_token",)))
    made.excuse("a/x", "ONELINK_FOREIGN_API_TOKEN is answered as a token that nobody has")

    told = [row.reason for row in made.finished(lambda _: False)]
    assert told == ["not exercised in this run", made.excuses["a/x"]]

    made.excuse("b/y", "no slot is free: set ONELINK_RESOURCE_ID to another")
    assert made.finished(lambda _: False)[0].reason == made.excuses["b/y"]


def test_in_a_partial_run_untested_means_not_selected(ledger: Ledgers, clause: Clauses) -> None:
    """What was not selected needs no excuse, but a missing setting is reported all the same."""
    made = ledger(clause("a/one"), clause("a/two", needs=("account_id",)))
    made.partial = True

    assert [row.reason for row in made.finished(lambda _: True)] == ["not selected", "ONELINK_ACCOUNT_ID is not set"]


def test_what_nobody_excuses_names_what_is_broken(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Where no answer can be read, no other clause looks at one: that is the reason; a mere wish is none."""
    made = ledger(clause("a/wish", "a name", level=Level.SHOULD), clause("a/one", "no JSON"), clause("a/two"))
    made.judge(asked("key"))

    assert (
        made.finished(lambda _: False)[2].reason
        == "no answer could be judged by it, and a/one is broken: mend that first"
    )


def test_the_excuse_of_the_scenario_that_exercises_a_clause_is_its_reason(ledger: Ledgers, clause: Clauses) -> None:
    """Before that of any other, and in a part of a run as well, where its scenario was selected and could not be
    played.
    """
    made = ledger(clause("a/one"), clause("a/two"))
    made.excuse("a/x", "the ids are used up")
    made.excuse("b/y", "no slot is free")

    def told() -> list[str]:
        return [row.reason for row in made.finished(lambda _: False, exercised_by={"a/one": {"b/y"}})]

    assert told() == ["no slot is free", "the ids are used up"]
    made.partial = True
    assert told() == ["no slot is free", "not selected"]


def test_only_untested_clauses_have_a_reason(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """A clause that was exercised is shown by what it found."""
    made = ledger(clause("a/one", None), clause("a/two", "late", level=Level.SHOULD))
    made.judge(asked("key"))

    assert [row.reason for row in made.finished(lambda _: True)] == ["", ""]


def test_a_ledger_travels_whole(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """What a worker dumps and the others merge is what it found."""
    clauses = (clause("a/held", None), clause("a/broken", "late"), clause("a/raises", KeyError()), clause("a/aside"))
    worker, home = ledger(*clauses), ledger(*clauses, seen=())
    worker.judge(asked("key"))
    worker.excuse("a/x", "no slot is free")
    worker.suite_failures.append("a scenario failed")
    worker.inconclusive.append("the budget ran out")

    home.merge(json.loads(json.dumps(worker.dump())))

    assert home.rows == worker.rows
    breach = home.rows["a/broken"].breach
    assert breach
    assert (breach.what, breach.where, breach.got, breach.wanted) == ("body", "body", "late", "another")
    assert breach.more == (Difference("field", "/id", "1", "2"),)
    assert home.statuses == {200: 1, 401: 1, 404: 1}
    assert (home.excuses, home.suite_failures, home.inconclusive) == (
        worker.excuses,
        worker.suite_failures,
        worker.inconclusive,
    )


def test_two_workers_add_up(ledger: Ledgers, clause: Clauses, asked: Asked) -> None:
    """Counts are added, the smallest breach stays, and the same trouble is reported once."""
    clauses = (clause("a/b", "late", None),)
    first, second, home = ledger(*clauses), ledger(*clauses), ledger(*clauses, seen=())
    for worker, key in ((first, "long key"), (second, "key")):
        worker.judge(asked(key))
        worker.inconclusive.append("the budget ran out")
        home.merge(worker.dump())

    row = home.rows["a/b"]
    assert (row.held, row.broken, row.breach.case if row.breach else None) == (2, 2, "key")
    assert (home.inconclusive, home.statuses[200]) == (["the budget ran out"], 2)
