"""A provided appointment is cancelled at most once in a run, because that may not be undone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Holder
from cancel_contract.guard.shared_state import Claims, SharedState
from cancel_contract.provider import SEED
from cancel_contract.run.probes import knows
from cancel_contract.run.share import Share

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.run.conftest import Memory, Named, Opened

GIVEN = SEED.paid_expense_appointment_ids[1:5]
ONCE = {
    "readonly/imported": "imported-refused-and-done",
    "effect/paid-expense": "paid-expense-removed",
    "access/foreign-appointment": "unscoped",
}


@pytest.mark.parametrize("name", ONCE)
def test_what_broke_on_it_is_not_asked_again(make_run: Opened, memory: Memory, named: Named, name: str) -> None:
    """A server that cancels what it ought not has done it once; a second play of the run does not ask either."""
    memory.provider.switch([ONCE[name]])
    with make_run() as run:
        assert run.play(named(name)[0]).broken
        ids = (one.path.split("/")[-2] for one in memory.asked if one.path.endswith("/cancel"))
        # What is not there may be asked for any number of times.
        cancels = Counter(number for number in ids if number.isdigit() and int(number) < 2**32)
        asked = len(memory.asked)
        assert run.play(named(name)[0]).broken == ()

    assert set(cancels.values()) <= {1, 2}
    assert len(memory.asked) == asked
    assert " was used in this run, and is not used twice" in run.ledger.excuses[name]


def test_a_paid_expense_whose_cancel_failed_is_not_asked_a_second_time(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Its second cancel is a repeated one only where the first has cancelled it."""
    failed = httpx.Response(500, json={"error": "Internal Server Error"})
    memory.before = lambda request: failed if request.path.endswith("/cancel") else request
    with make_run() as run:
        run.play(named("effect/paid-expense")[0])
        sent = [one.case.intent for one in run.exchanges if one.case.intent in {Intent.FIRST, Intent.REPEAT}]

    assert sent == [Intent.FIRST]


def test_workers_share_what_is_handed_over(make_run: Opened, tmp_path: Path) -> None:
    """No appointment serves two of them, however unevenly they need it; with one used up, the others have none."""
    shared_state, served = SharedState("0a", tmp_path), list[int]()
    runs = [Share("0a", number, 2, shared_state) for number in range(2)]
    with (
        make_run(runs[0], resource_id=None, appointment_ids=GIVEN) as one,
        make_run(runs[1], resource_id=None, appointment_ids=GIVEN) as other,
    ):
        served += [one.context.fresh().id, other.context.fresh().id, other.context.fresh().id, other.context.fresh().id]

    assert served == [*GIVEN]


def test_workers_of_several_machines_have_parts_of_what_is_handed_over() -> None:
    """They hold nothing in common; who stands in for one that crashed has none: what that one took is not known."""
    parts = [[*Share("0a", number, 2).own((1, 2, 3), Claims())] for number in range(3)]

    assert parts == [[1, 3], [2], []]


def test_workers_tell_one_another_whose_token_is_known(make_run: Opened, memory: Memory, tmp_path: Path) -> None:
    """Three reads by one of them show it."""
    shared_state = SharedState("0a", tmp_path)
    with make_run(Share("0a", 0, 2, shared_state)) as one, make_run(Share("0a", 1, 2, shared_state)) as other:
        victims = [one.context.victim().id, other.context.victim().id]
        asked = len(memory.asked)
        known = [knows(run.context, Holder.UNPRIVILEGED, run.context.victim().id) for run in (one, other)]
        read = [number for number in victims for one in memory.asked[asked:] if one.path.endswith(f"/{number}")]

    assert known == [True, True]
    assert read == victims[:1] * 3


def test_what_is_done_once_is_done_once(tmp_path: Path) -> None:
    """What may be done once is done by one worker only, in one process or several."""
    alone, shared = Claims(), [Claims(SharedState("0a", tmp_path)), Claims(SharedState("0a", tmp_path))]

    assert [alone.claim("a"), alone.claim("a"), alone.claim("b")] == [True, False, True]
    assert [shared[0].claim("a"), shared[1].claim("a"), shared[1].claim("b")] == [True, False, True]
