"""Targets whose reads do not show at once, or never, what was created, and whose workers write after a cancel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

NAMES = ("effect/confirmed-ahead", "effect/slot", "repeat/lost")


class Copy:
    """A copy for reads that knows an appointment only from the so-manieth read on."""

    def __init__(self, late: int) -> None:
        self.late, self.reads = late, dict[str, int]()

    def __call__(self, request: Request) -> Request | httpx.Response:
        """Answer reads of what is new with a 404."""
        number = request.path.rsplit("/", 1)[-1]
        if request.method != "GET" or not number.isdigit():
            return request
        self.reads[number] = self.reads.get(number, 0) + 1
        if self.reads[number] < self.late:
            return httpx.Response(404, json={"error": "Resource could not be found"})
        return request


def test_what_is_shown_late_is_waited_for(make_run: Opened, named: Named, memory: Memory) -> None:
    """Nothing is blamed for it, and nothing is left active."""
    memory.before = Copy(2)
    with make_run() as run:
        for scenario in named(*NAMES):
            assert run.play(scenario).broken == ()
        run.finish()

        assert run.supply.learned.verification.lag > 0
        assert run.ledger.rows["effect/slot-free"].held

    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("status", [404, 405])
def test_where_no_read_shows_what_is_created_no_more_is_created(
    make_run: Opened, named: Named, memory: Memory, status: int
) -> None:
    """Two are enough to see that; the reason names the answer, and they are told as perhaps still active."""

    def refuse(request: Request) -> Request | httpx.Response:
        is_read = request.method == "GET" and request.path.rsplit("/", 1)[-1].isdigit()
        return httpx.Response(status, json={"error": "no"}) if is_read else request

    memory.before = refuse
    with make_run() as run:
        reasons = [run.play(scenario).excuse for scenario in named("effect/")]
        run.finish()

        assert run.budget.appointments == 2
        assert len(run.supply.unsure) == 2

    assert reasons[0] == (
        "no appointment can be used: a create was answered 201, and reads do not show what it has made (status is "
        f"{status}); see what the target's log says"
    )
    assert any(
        one.startswith(f"2 creates were accepted, and reads do not show what they have made (status is {status}): see")
        for one in reasons
    )


class Noting:
    """A worker that writes into what was cancelled: before the second request after that, or while somebody waits."""

    def __init__(self, memory: Memory) -> None:
        self.rows, self.requests, self.done = memory.provider.store.appointments, dict[int, int](), set[int]()

    def __call__(self, request: Request) -> Request:
        """Be in time for a request."""
        cancelled = [row.id for row in self.rows.values() if row.cancelled and row.id not in self.done]
        for number in cancelled:
            self.requests[number] = self.requests.get(number, 0) + 1
        self.write({number for number in cancelled if self.requests[number] > 1})
        return request

    def wait(self, _: float) -> None:
        """Write all that is due."""
        self.write({row.id for row in self.rows.values() if row.cancelled} - self.done)

    def write(self, numbers: set[int]) -> None:
        """Note in an attribute of the run's own that a client was told."""
        self.done |= numbers
        for number in numbers:
            row = self.rows[number]
            self.rows[number] = replace(row, custom_attributes={**row.custom_attributes, "number": 8})


SIDE_EFFECT = "repeat/no-side-effect"


def test_what_a_worker_writes_after_any_cancel_is_not_the_repeats_doing(
    make_run: Opened, named: Named, memory: Memory
) -> None:
    """One that is cancelled once, and left alone, changes alike."""
    worker = memory.before = Noting(memory)
    (scenario,) = (one for one in named("effect/") if "decomposed" in one.name)
    with make_run() as run:
        run.budget.sleep = worker.wait
        assert SIDE_EFFECT not in run.play(scenario).broken
        assert run.ledger.rows[SIDE_EFFECT].held

    assert any(one.case.key.endswith("#cancel, left alone") for one in run.exchanges)


def test_what_repeated_cancels_alone_write_is_their_doing(make_run: Opened, named: Named, memory: Memory) -> None:
    """One that is cancelled once, and left alone, stays as it is."""
    memory.provider.switch(["repeat-refunds"])
    (scenario,) = (one for one in named("effect/") if "decomposed" in one.name)
    with make_run() as run:
        assert SIDE_EFFECT in run.play(scenario).broken
