"""What is read once more when a run ends, and what is listed then."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.ledger.exit_code import Exit
from tests.unit.run.conftest import PLAIN, code

if TYPE_CHECKING:
    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened


def test_what_cannot_be_cancelled_is_listed(make_run: Opened, memory: Memory) -> None:
    """An appointment that is still active at the end is reported with its id."""
    with make_run() as run:
        made = run.context.fresh().id
        memory.before = lambda request: (
            httpx.Response(503, json={"error": "busy"}) if request.path.endswith("/cancel") else request
        )
        run.finish()

    assert run.statistics.still_active == [made]


@pytest.mark.parametrize(("lost", "doubts"), [(2, 0), (4, 1)])
def test_cancels_that_alone_are_lost_leave_no_verdict(
    make_run: Opened, memory: Memory, named: Named, lost: int, doubts: int
) -> None:
    """Whether a network or the server has ended them, nobody knows; where reads are lost as well, nothing is said."""
    numbers = iter(range(10**6))

    def close(request: Request, response: httpx.Response) -> httpx.Response:
        if request.path.endswith("/cancel") and response.status_code == 200 and next(numbers) % 9 == 0 < lost:
            left.append(request)
            if len(left) <= lost:
                raise httpx.RemoteProtocolError("gone")
        return response

    left: list[Request] = []
    memory.after = close
    with make_run() as run:
        for scenario in named():
            run.play(scenario)
        run.finish()

    told = [line for line in run.ledger.inconclusive if "cancels ended without an answer" in line]
    assert len(told) == doubts
    assert all(line.endswith("see what the server's log says of them, then run the gate again") for line in told)


def test_a_watched_appointment_is_compared_at_the_end(make_run: Opened, memory: Memory, named: Named) -> None:
    """What was read after the cancel is held against what is read when the run ends, once per scenario."""
    with make_run() as run:
        run.play(named("effect/slot")[0])
        run.play(named("effect/slot")[0])
        (early,) = run.context.made.watched.values()
        row = memory.provider.store.appointments[early.case.appointment or 0]
        memory.provider.store.put(replace(row, service_amount=1))
        run.finish()

        assert (run.ledger.rows["effect/settled"].broken, run.ledger.rows["effect/lasting"].broken) == (1, 0)


def test_what_the_last_list_shows_otherwise_is_read(make_run: Opened, memory: Memory, named: Named) -> None:
    """One list shows what the last request about each appointment has written, whoever looked at it then."""
    with make_run() as run:
        for name in (PLAIN, "effect/confirmed-ahead", "effect/completed-paid-other", "effect/completed-free"):
            run.play(named(name)[0])
        first = [one.case.appointment for one in run.exchanges if one.case.intent is Intent.FIRST]
        row = memory.provider.store.appointments[first[-1] or 0]
        memory.provider.store.put(replace(row, client_name="Somebody"))
        run.finish()
        settled = run.ledger.rows["effect/settled"]

    assert settled.broken == 1
    assert settled.breach
    assert settled.breach.message.startswith("at the end of the run, client_name is")


def test_successes_far_apart_are_compared(make_run: Opened, named: Named) -> None:
    """Whatever succeeds over an appointment that is cancelled already is held against its first cancel."""
    with make_run() as run:
        for scenario in named("effect/slot", "input/odd-bodies"):
            run.play(scenario)
        run.finish()

        row = run.ledger.rows["repeat/all-alike"]
        assert row.broken == 0
        assert row.held >= 8


def test_a_last_look_that_fails_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """A target that goes before the last look leaves the run without a verdict."""
    with make_run() as run:
        run.play(named(PLAIN)[0])
        memory.before = lambda _: httpx.ConnectError("Connection refused")
        run.finish()

    assert len(run.ledger.inconclusive) == 1
    assert code(run) is Exit.INCONCLUSIVE


def test_refusals_of_two_appointments_are_compared(make_run: Opened, memory: Memory, named: Named) -> None:
    """What a refusal says of the appointment shows in that of another one, whichever scenarios sent them."""
    memory.after = lambda request, response: _with_time(memory, request, response)
    with make_run() as run:
        for name in ("access/showings", "repeat/spread"):
            run.play(named(name)[0])
        run.finish()

        assert run.ledger.rows["access/refusal-tells-nothing"].broken > 0


def _with_time(memory: Memory, request: Request, response: httpx.Response) -> httpx.Response:
    """Say in a refusal when the visit is."""
    found = re.search(r"/(\d+)/cancel$", request.path)
    row = memory.provider.store.appointments.get(int(found[1])) if found and response.status_code == 401 else None
    return httpx.Response(401, json={"error": f"Sign in for {row.starts_at:%d.%m %H:%M}"}) if row else response


def test_answers_are_held_beside_what_lists_have_shown(make_run: Opened, named: Named) -> None:
    """Whoever is in the calendar is looked for in the answers."""
    with make_run() as run:
        run.play(named("effect/slot")[0])
        run.finish()

        row = run.ledger.rows["answer/nobody-seen"]
        assert (row.broken, row.held + bool(row.absent)) == (0, 1)


def test_what_was_refused_time_after_time_is_cancelled_as_any_other(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """At the end, and judged by what it was before."""
    memory.provider.switch(["tired-of-refusals"])
    with make_run() as run:
        for scenario in named("access/showings"):
            assert run.play(scenario).broken == ()
        run.finish()
        row = run.ledger.rows["effect/amounts-kept"]

    assert row.breach
    assert row.breach.message == "in the answer, prepaid_amount is 0, not 1733; and so it is stored"
    assert memory.provider.audit.active(PREFIX) == ()
