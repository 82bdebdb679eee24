"""The exit codes of a run, in the order in which they apply."""

from collections.abc import Callable
from datetime import date

import pytest

from cancel_contract.clauses import Clause, Level, NotApplicable
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.exit_code import Exit, exit_code, of_process, of_unplayed_process, unseen
from cancel_contract.ledger.ledger import Ledger

Clauses = Callable[..., Clause]
Ledgers = Callable[..., Ledger]


@pytest.fixture
def run(ledger: Ledgers, clause: Clauses, asked: Callable[[str], Exchange]) -> Callable[..., Ledger]:
    """Return a maker of ledgers in which the clauses of some outcomes were judged once."""
    outcomes = {
        "held": clause("must/held", None),
        "broken": clause("must/broken", "late"),
        "raises": clause("must/raises", KeyError()),
        "untested": clause("must/untested"),
        "absent": clause("must/absent", NotApplicable("the target has none")),
        "declined": clause("must/declined", needs=("foreign_account_id",)),
        "SHOULD broken": clause("should/broken", "late", level=Level.SHOULD),
        "SHOULD untested": clause("should/untested", level=Level.SHOULD),
        "SHOULD raises": clause("should/raises", KeyError(), level=Level.SHOULD),
    }

    def make(*names: str, seen: tuple[int, ...] = (200, 401, 404)) -> Ledger:
        made = ledger(*(outcomes[name] for name in names), seen=seen)
        made.judge(asked("key"))
        return made

    return make


def _code(ledger: Ledger, *, strict: bool = False, deviating: dict[str, Judged] | None = None) -> Exit:
    return exit_code(ledger.finished(lambda _: False, {"foreign_account_id"}), ledger, deviating, strict=strict)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["held"], Exit.HELD),
        (["held", "absent"], Exit.HELD),
        (["held", "declined"], Exit.HELD),
        (["held", "SHOULD broken"], Exit.HELD),
        (["held", "SHOULD untested"], Exit.HELD),
        (["held", "broken"], Exit.BROKEN),
        (["broken", "raises", "untested"], Exit.BROKEN),
        (["held", "raises"], Exit.ABORTED),
        (["held", "SHOULD raises"], Exit.ABORTED),
        (["raises", "untested"], Exit.ABORTED),
        (["held", "untested"], Exit.INCONCLUSIVE),
        (["untested", "SHOULD broken"], Exit.INCONCLUSIVE),
    ],
    ids=lambda value: value.name if isinstance(value, Exit) else " + ".join(value),
)
def test_the_first_that_applies_is_the_exit_code(run: Callable[..., Ledger], names: list[str], code: Exit) -> None:
    """Broken outranks aborted, aborted outranks untested, and a SHOULD closes nothing."""
    assert _code(run(*names)) is code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["held"], Exit.HELD),
        (["held", "SHOULD broken"], Exit.BROKEN),
        (["held", "SHOULD untested"], Exit.INCONCLUSIVE),
    ],
    ids=lambda value: value.name if isinstance(value, Exit) else " + ".join(value),
)
def test_under_strict_a_should_weighs_as_a_must(run: Callable[..., Ledger], names: list[str], code: Exit) -> None:
    """A strict gate is closed by a SHOULD, too."""
    assert _code(run(*names), strict=True) is code


def test_a_breach_outranks_a_budget_and_a_target_lost_later(run: Callable[..., Ledger]) -> None:
    """What was seen broken was broken, whatever happened afterwards."""
    ledger = run("broken")
    ledger.inconclusive.append("the target cannot be reached")
    ledger.suite_failures.append("a scenario failed")

    assert _code(ledger) is Exit.BROKEN


def test_a_failure_of_the_suite_outranks_a_lost_target(run: Callable[..., Ledger]) -> None:
    """A suite that failed says nothing, not even that the target is lost."""
    ledger = run("held")
    ledger.inconclusive.append("the target cannot be reached")
    assert _code(ledger) is Exit.INCONCLUSIVE

    ledger.suite_failures.append("a scenario failed")
    assert _code(ledger) is Exit.ABORTED


@pytest.mark.parametrize("missing", [200, 401, 404])
def test_each_status_has_to_be_seen(run: Callable[..., Ledger], missing: int) -> None:
    """A run that never saw 200, 401 or 404 is inconclusive, however much held."""
    ledger = run("held", seen=tuple({200, 401, 404} - {missing}))

    assert unseen(ledger) == (missing,)
    assert _code(ledger) is Exit.INCONCLUSIVE


def test_a_refusal_of_a_token_is_seen_by_either_status(run: Callable[..., Ledger]) -> None:
    """A framework that refuses with 403 where others say 401 has been asked as well."""
    ledger = run("held", seen=(200, 403, 404))

    assert unseen(ledger) == ()
    assert _code(ledger) is Exit.HELD


def test_a_partial_run_judges_what_was_selected(run: Callable[..., Ledger]) -> None:
    """What was left out neither opens nor closes the gate; what was selected and broke closes it."""
    whole, broken = run("held", "untested", seen=(200,)), run("broken", "untested", seen=())
    whole.partial = broken.partial = True

    assert (_code(whole), _code(broken)) == (Exit.HELD, Exit.BROKEN)


@pytest.mark.parametrize(
    ("standing", "code"),
    [(Standing.KNOWN, Exit.HELD), (Standing.EXPIRED, Exit.BROKEN), (Standing.GONE, Exit.BROKEN)],
)
def test_a_known_deviation_does_not_close_the_gate(run: Callable[..., Ledger], standing: Standing, code: Exit) -> None:
    """An entry that is expired, or that no longer deviates, closes it: the file stays true."""
    entry = Deviation(clause="must/broken", reason="ticket 7", owner="Ann", until=date(2027, 1, 1))

    assert _code(run("held", "broken"), deviating={"must/broken": Judged.of(entry, standing)}) is code


def test_a_known_deviation_waives_an_untested_clause(run: Callable[..., Ledger]) -> None:
    """A MUST clause that stays untested, and is waived, leaves the gate open."""
    entry = Deviation(clause="must/untested", reason="ticket 7", owner="Ann", until=date(2027, 1, 1), untested=True)

    assert _code(run("held", "untested"), deviating={"must/untested": Judged.of(entry, Standing.KNOWN)}) is Exit.HELD


def test_the_codes_are_those_of_the_readme() -> None:
    """Pipelines read the numbers, so they stay what they are."""
    assert {code.name: code.value for code in Exit} == {
        "HELD": 0, "BROKEN": 1, "ABORTED": 3, "MISCONFIGURED": 4, "INCONCLUSIVE": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("run", "pytests", "others_failed", "code"),
    [
        (Exit.HELD, 0, False, 0),
        (Exit.INCONCLUSIVE, 1, False, 6),
        (Exit.HELD, 1, True, 1),
        (Exit.BROKEN, 2, False, 1),
        (Exit.INCONCLUSIVE, 2, False, 2),
        (Exit.ABORTED, 2, False, 3),
        (Exit.INCONCLUSIVE, 5, False, 6),
        (Exit.HELD, 5, False, 5),
        (Exit.BROKEN, 4, True, 4),
    ],
)
def test_a_process_ends_with_the_code_that_says_more(
    run: Exit,
    pytests: int,
    others_failed: bool,  # noqa: FBT001  a parameter
    code: int,
) -> None:
    """Wrong settings, a breach, what failed otherwise, an interruption, and nothing collected, in this order."""
    assert of_process(run, pytests, others_failed=others_failed) == code


@pytest.mark.parametrize(("pytests", "is_unplayed", "code"), [(0, True, 6), (0, False, 0), (5, True, 5), (2, True, 2)])
def test_what_was_collected_and_not_played_is_undecided(pytests: int, is_unplayed: bool, code: int) -> None:  # noqa: FBT001  a parameter
    """Nothing was tested."""
    assert of_unplayed_process(pytests, is_unplayed=is_unplayed) == code
