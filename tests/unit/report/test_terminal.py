"""The lines of a terminal: ledger and breach."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.fragment.document import load
from cancel_contract.guard.gateway import Incident
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row
from cancel_contract.report.terminal import (
    MEANING,
    SOURCES,
    ledger_lines,
)
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from cancel_contract.target.settings import Settings

GIVEN: dict[str, Any] = {
    "base_url": "https://staging.test",
    "api_token": "t0ken-of-the-tests",
    "account_id": 3,
    "extra_headers": "X-Gateway-Key: s3cret-of-the-road",
    "appointment_ids": "101, 102",
}
BREACH = Breach("status is 409, not 200, on the second cancel", "effect/plain#cancel 2", "curl …", "409 …", 6)
CLAUSES = [BY_ID[name] for name in ("answer/status-200", "repeat/answer", "answer/duration", "readonly/refused")]
DIGEST = load().digest


@pytest.fixture
def contract() -> Callable[..., Contract]:
    """Return a maker of contract runs that have ended with some rows."""

    def make(*rows: Row, code: Exit = Exit.HELD, seen: tuple[int, ...] = (200, 401, 404), **choice: Any) -> Contract:  # noqa: ANN401
        chosen = Choice(Settings.model_validate(GIVEN), Profile.GATE, **choice)
        made = Contract(chosen, load(), rows=rows, code=code)
        made.ledger = Ledger(terms_of(chosen.target, made.fragment), CLAUSES)
        for status in seen:
            made.ledger.saw(status)
        made.statistics.requests, made.statistics.appointments = 41, 5
        return made

    return make


HEAD = f"cancel appointment · fragment {DIGEST} · staging.test/3 · 41 requests, 5 appointments"
HELD, BROKEN = Row(CLAUSES[0], held=9), Row(CLAUSES[1], held=1, broken=3, breach=BREACH)
LATE = Row(CLAUSES[2], broken=2, breach=Breach("duration_min is 60, not 30", "k#c", "curl …", "200 …", 6))
UNTESTED = Row(CLAUSES[3], reason="ONELINK_READONLY_APPOINTMENT_ID is not set")
ABORTED = Row(CLAUSES[0], failures=("KeyError in its own code",))


def test_what_held_takes_no_line(contract: Callable[..., Contract]) -> None:
    """A run in which every clause held is reported in three lines."""
    assert list(ledger_lines(contract(HELD))) == [
        HEAD,
        "HELD 1 · NOT APPLICABLE 0 · UNTESTED 0 · BROKEN 0 · ABORTED 0",
        "exit 0: gate open: every MUST clause held",
    ]


def test_what_did_not_hold_takes_a_line(contract: Callable[..., Contract]) -> None:
    """Broken clauses are reported with their counts, untested ones with the reason."""
    assert list(ledger_lines(contract(HELD, BROKEN, LATE, UNTESTED, code=Exit.BROKEN))) == [
        HEAD,
        "HELD 1 · NOT APPLICABLE 0 · UNTESTED 1 · BROKEN 2 · ABORTED 0",
        f"BROKEN    repeat/answer                 MUST    observed    {BREACH.message} (3 of 4 times)",
        "BROKEN    answer/duration               SHOULD  observed    duration_min is 60, not 30 (each of 2 times)",
        "UNTESTED  readonly/refused              MUST    observed    ONELINK_READONLY_APPOINTMENT_ID is not set",
        SOURCES,
        "exit 1: gate closed (1 MUST clause is broken)",
    ]


def test_what_a_gateway_has_answered_shares_a_line(contract: Callable[..., Contract]) -> None:
    """Whichever case it was for each clause, the reason is one."""
    names = ("readonly/refused", "readonly/untouched", "readonly/code", "repeat/answer")
    reason = "a gateway answered {} instead: status is 502"
    rows = [Row(BY_ID[name], reason=reason.format(f"effect/slot#cancel {name}")) for name in names]

    (line,) = [line for line in ledger_lines(contract(*rows)) if line.startswith("UNTESTED")]

    assert line == (
        "UNTESTED  4 clauses (readonly/refused, readonly/untouched, readonly/code and 1 more): "
        "a gateway answered instead: status is 502"
    )


def test_under_strict_a_should_is_told_as_closing(contract: Callable[..., Contract]) -> None:
    """Where only a SHOULD is broken, the last line says what closed the gate."""
    lines = list(ledger_lines(contract(HELD, LATE, code=Exit.BROKEN, strict=True)))

    assert lines[-1] == "exit 1: gate closed (1 SHOULD clause is broken, under --contract-strict)"


def test_whatever_closes_the_gate_is_told(contract: Callable[..., Contract]) -> None:
    """Beside MUST clauses, under strict, SHOULD clauses are counted; and that the run did not come to its end."""
    made = contract(BROKEN, LATE, code=Exit.BROKEN, strict=True)
    assert made.ledger is not None
    made.ledger.inconclusive.append("the target cannot be reached")

    assert list(ledger_lines(made))[-1] == (
        "exit 1: gate closed (1 MUST clause is broken; 1 SHOULD clause is broken, under --contract-strict; "
        "the run was cut short: the target cannot be reached)"
    )


def test_a_clause_that_is_waived_is_told_as_such(contract: Callable[..., Contract]) -> None:
    """What may stay untested deviates from nothing."""
    entry = Deviation(
        clause="readonly/refused", reason="none there", owner="Ann", until=date(2027, 1, 1), untested=True
    )
    made = contract(UNTESTED)
    made.deviating = {"readonly/refused": Judged.of(entry, Standing.KNOWN)}

    lines = list(ledger_lines(made))
    assert lines[2].endswith("is not set · waived until 2027-01-01 (none there; Ann)")
    assert lines[-1] == "exit 0: gate open: every MUST clause held, but for 1 that is untested and waived"


def test_a_failure_of_the_suite_is_told(contract: Callable[..., Contract]) -> None:
    """A clause that failed by itself and a scenario that could not be played are reported, beside what was met."""
    made = contract(ABORTED, code=Exit.ABORTED)
    assert made.ledger is not None
    made.ledger.suite_failures.append("effect/plain: KeyError: 'x'")
    made.statistics.throttled, made.statistics.lost, made.statistics.still_active = 2, 1, [71, 72]
    made.statistics.refused_variations["plain"], made.statistics.own_changes["status"] = "422 SLOT", 0.3
    made.statistics.retries = 4
    made.statistics.incidents = [
        Incident("effect/plain#first", 502, "began anew"),
        Incident("effect/plain#read", 503, "sent again after 1 s"),
        *(Incident(f"effect/plain#cancel {number}", 502, "not sent again") for number in range(5)),
    ]
    run = made.share.run

    assert list(ledger_lines(made)) == [
        HEAD,
        "HELD 0 · NOT APPLICABLE 0 · UNTESTED 0 · BROKEN 0 · ABORTED 1",
        "ABORTED   answer/status-200             MUST    documented  KeyError in its own code",
        "incident: 2 answers were 429 or 503 and waited for, with 4 requests more",
        "incident: a gateway answered 502 to effect/plain#first: began anew",
        (
            "incident: a gateway answered 502 to effect/plain#cancel 0, effect/plain#cancel 1, effect/plain#cancel 2 "
            "and 2 more: not sent again"
        ),
        "incident: 1 connection broke or gave no answer in time",
        "note: the target changes status of new appointments by itself: each is used 0.3 s later",
        "note: no appointment such as plain could be made: 422 SLOT",
        (
            "perhaps still active: appointments 71, 72, of which no read shows that they are cancelled; "
            f"`cancel-contract sweep --run {run} --go` tries again"
        ),
        "suite failure: effect/plain: KeyError: 'x'",
        "exit 3: no verdict: the suite itself failed",
    ]


@pytest.mark.parametrize(
    ("rows", "seen", "inconclusive", "why"),
    [
        ([UNTESTED], (200, 401, 404), [], "1 MUST clause is untested"),
        ([HELD], (401,), [], "of the statuses 200, 401, 404 it never saw 200, 404"),
        ([HELD], (), ["the target cannot be reached"], "the target cannot be reached"),
        ([UNTESTED], (), ["no slot"], "no slot; 1 MUST clause is untested"),
    ],
)
def test_an_inconclusive_run_tells_why(
    contract: Callable[..., Contract], rows: list[Row], seen: tuple[int, ...], inconclusive: list[str], why: str
) -> None:
    """What kept the run from a verdict stands in its last line."""
    made = contract(*rows, code=Exit.INCONCLUSIVE, seen=seen)
    assert made.ledger is not None
    made.ledger.inconclusive += inconclusive

    assert list(ledger_lines(made))[-1] == f"exit 6: no verdict: the run was inconclusive: {why}"


def test_an_interrupted_run_says_so(contract: Callable[..., Contract]) -> None:
    """What was not found out before the interrupt is nobody's failure; a breach that was seen stays one."""
    stopped, broken = contract(UNTESTED, code=Exit.INCONCLUSIVE), contract(BROKEN, code=Exit.BROKEN)
    for made in (stopped, broken):
        assert made.ledger is not None
        made.interrupted = True
        made.ledger.inconclusive.append("the run was interrupted")

    assert list(ledger_lines(stopped))[-1] == "exit 2: no verdict: the run was interrupted"
    assert list(ledger_lines(broken))[-1].startswith("exit 1: gate closed (1 MUST clause is broken; ")


def _swept(made: Contract) -> str:
    return f"cancel-contract sweep --run {made.share.run} --go"


def test_workers_that_are_interrupted_bring_nothing_home(contract: Callable[..., Contract]) -> None:
    """What they may have left is found by the name of the run; the embedded provider is gone with all it had."""
    made = contract()
    made.ledger, made.interrupted = None, True
    told = f"perhaps still active: `{_swept(made)}` cancels what was created and not cancelled"

    assert list(ledger_lines(made)) == [told, "exit 2: no verdict: the run was interrupted"]


def test_a_worker_that_brings_nothing_home_may_have_left_something(contract: Callable[..., Contract]) -> None:
    """The ledger of the others names the command that finds it; if all workers came home it does not."""
    for stopped, times in ([], 0), (["gw1"], 1):
        made = contract(UNTESTED, code=Exit.INCONCLUSIVE)
        made.interrupted, made.stopped = True, stopped
        told = f"perhaps still active: `{_swept(made)}` cancels what was created and not cancelled"

        assert [*ledger_lines(made)].count(told) == times


def test_the_lines_to_paste_for_a_verdict_are_told(contract: Callable[..., Contract]) -> None:
    """Who has no imported appointment learns how to have a verdict without one; each setting has one line."""
    lines = [*ledger_lines(contract(UNTESTED, replace(UNTESTED, clause=CLAUSES[3]), code=Exit.INCONCLUSIVE))]
    hint = "for a verdict set these, or leave them at none where the target has no such thing:"

    place = lines.index(hint)
    assert lines[place + 1 :] == [
        "  ONELINK_READONLY_APPOINTMENT_ID=none   # or an imported (read-only) appointment of the account",
        "exit 6: no verdict: the run was inconclusive: 2 MUST clauses are untested",
    ]
    assert hint not in ledger_lines(contract(HELD, code=Exit.INCONCLUSIVE))
    assert hint not in ledger_lines(contract(UNTESTED, BROKEN, code=Exit.BROKEN))
    waived = replace(UNTESTED, waived_by="ONELINK_READONLY_APPOINTMENT_ID")
    assert hint not in ledger_lines(contract(waived, code=Exit.INCONCLUSIVE))


def test_a_partial_run_says_so(contract: Callable[..., Contract]) -> None:
    """A partial run says so, and prints no line for clauses that were not selected."""
    made = contract(HELD, UNTESTED)
    assert made.ledger is not None
    made.ledger.partial = True

    assert list(ledger_lines(made))[1:] == [
        "HELD 1 · NOT APPLICABLE 0 · UNTESTED 1 · BROKEN 0 · ABORTED 0 · partial: only what was selected was judged",
        "exit 0: gate open: every MUST clause held that was exercised",
    ]


@pytest.mark.parametrize(
    ("standing", "code", "entry", "end"),
    [
        (Standing.KNOWN, Exit.HELD, "known until 2027-01-01 (ticket 7; Ann)",
         "gate open: every MUST clause held, but for 1 that is broken and known"),
        (Standing.EXPIRED, Exit.BROKEN,
         "was known until 2027-01-01: mend it, or agree on a new date (ticket 7; Ann)",
         "gate closed (the deviation of repeat/answer has expired)"),
        (Standing.GONE, Exit.BROKEN, "holds: take the entry out (ticket 7; Ann)",
         "gate closed (the deviation of repeat/answer is gone: take its entry out)"),
    ],
)  # fmt: skip
def test_a_deviation_is_told_beside_its_clause(
    contract: Callable[..., Contract], standing: Standing, code: Exit, entry: str, end: str
) -> None:
    """What is known is shown all the same, and what is known no longer closes the gate."""
    deviation = Deviation(clause="repeat/answer", reason="ticket 7", owner="Ann", until=date(2027, 1, 1))
    made = contract(BROKEN, code=code)
    made.deviating = {"repeat/answer": Judged.of(deviation, standing)}

    lines = list(ledger_lines(made))

    assert lines[2].endswith(f"on the second cancel (3 of 4 times) · {entry}")
    assert lines[-1] == f"exit {code.value}: {end}"


def test_before_a_run_there_is_no_ledger() -> None:
    """A session in which no scenario was played prints none."""
    assert list(ledger_lines(Contract(Choice(Settings(), Profile.QUICK), load()))) == []


def test_every_exit_code_has_a_meaning() -> None:
    """The last line tells what the code means, whichever it is."""
    assert MEANING.keys() == set(Exit)
