"""Answers of a gateway in the application's place: waited for, retried, listed, and judged at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.guard.gateway import Incident
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider.store.seed import SEED
from tests.unit.run.conftest import PLAIN, code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cancel_contract.provider.api.requests import Request
    from cancel_contract.run.run import Run
    from tests.unit.run.conftest import Memory, Named, Opened

    Before = Callable[[Request], Request | httpx.Response | Exception]

PAGE = "<html><h1>Bad Gateway</h1></html>"
CANCEL = f"{PLAIN}#first"


def is_cancel(request: Request) -> bool:
    """Whether a request asks for a cancel, as one who may."""
    is_known = request.header("api_access_token") == SEED.member_token
    return is_known and request.method == "POST" and request.path.endswith("/cancel")


def gateway_at(status: int, places: Iterable[int], which: Callable[[Request], bool] = is_cancel) -> Before:
    """Answer some of the requests of a kind in the provider's place, by their number among these."""
    numbers, chosen = iter(range(10**6)), frozenset(places)

    def before(request: Request) -> Request | httpx.Response:
        hit = which(request) and next(numbers) in chosen
        return httpx.Response(status, html=PAGE) if hit else request

    return before


def broken_clauses(run: Run) -> list[str]:
    """Return the ids of the clauses that a run broke."""
    return [row.clause.id for row in run.ledger.rows.values() if row.verdict is Verdict.BROKEN]


def appointments_of(run: Run, key: str) -> list[int | None]:
    """Return the appointments of a case, one for each time that it was sent."""
    return [exchange.case.appointment for exchange in run.exchanges if exchange.case.key == key]


@pytest.mark.parametrize("status", [429, 503])
def test_a_cancel_that_was_not_taken_is_sent_again_after_a_look(
    make_run: Opened, memory: Memory, named: Named, status: int
) -> None:
    """After a 429 or 503 the run waits, reads the appointment, and sends the cancel again; nothing is broken."""
    memory.before = gateway_at(status, [0])
    with make_run() as run:
        assert run.play(named(PLAIN)[0]).broken == ()
        run.finish()

    keys = [exchange.case.key for exchange in run.exchanges]
    place = keys.index(CANCEL)
    assert keys[place : place + 3] == [CANCEL, f"{PLAIN}#read", CANCEL]
    assert len({*appointments_of(run, CANCEL)}) == 1
    assert run.ledger.rows["answer/status-200"].held == 1
    assert run.statistics.incidents == [Incident(CANCEL, status, "sent again after 1 s")]
    assert (run.statistics.throttled, run.statistics.retries) == (1, 2)
    assert status not in run.ledger.statuses


@pytest.mark.parametrize("status", [502, 504])
def test_a_cancel_of_which_nobody_knows_is_not_sent_again(
    make_run: Opened, memory: Memory, named: Named, status: int
) -> None:
    """The scenario begins anew on another appointment; the first is left alone until the run ends."""
    memory.before = gateway_at(status, [0])
    with make_run() as run:
        assert run.play(named(PLAIN)[0]).broken == ()
        first, second = appointments_of(run, CANCEL)
        place = next(number for number, one in enumerate(run.exchanges) if one.case.key == CANCEL)
        later = [one for one in run.exchanges[place + 1 :] if one.case.appointment == first]
        run.finish()

    assert first != second
    assert later == []
    assert broken_clauses(run) == []
    assert run.statistics.incidents == [Incident(CANCEL, status, "the scenario started again on other appointments")]
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize(
    ("key", "which"),
    [
        ("access/showings#wildcard", lambda request: request.header("api_access_token") == "%"),
        ("input/malformed-ids#%20N", lambda request: "/%20" in request.path),
    ],
)
def test_what_was_answered_is_not_asked_anew(
    make_run: Opened, memory: Memory, named: Named, key: str, which: Callable[[Request], bool]
) -> None:
    """Of cases side by side only those are sent again that a gateway has answered, or that were still to come."""
    memory.before = gateway_at(502, [0], which)
    with make_run() as run:
        assert run.play(named(key.partition("#")[0])[0]).broken == ()
        asked = Counter(one.case.key for one in run.exchanges if "supply/" not in one.case.key)

    assert {again for again, times in asked.items() if times > 1 and not again.endswith("#read")} == {key}


def test_a_503_that_had_an_effect_is_taken_for_one_of_which_nobody_knows(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """Where the look shows that the appointment was changed, the case is not sent again; twice in a row is a breach."""

    def fail_after(request: Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(503, json={"error": "busy"}) if is_cancel(request) else response

    memory.after = fail_after
    with make_run() as run:
        run.play(named(PLAIN)[0])
        asked = appointments_of(run, CANCEL)
        run.finish()

    assert len(asked) == len({*asked}) == 2
    assert broken_clauses(run) == ["answer/given"]


def once_refused_afterwards(status: int) -> Callable[[Request, httpx.Response], httpx.Response]:
    """Answer the first cancel in the provider's place once it is carried out."""
    numbers = iter(range(10**6))

    def after(request: Request, response: httpx.Response) -> httpx.Response:
        hit = is_cancel(request) and next(numbers) == 0
        return httpx.Response(status, json={"error": "busy"}) if hit else response

    return after


@pytest.mark.parametrize(("status", "broken"), [(429, ["answer/given"]), (503, [])])
def test_a_cancel_that_is_throttled_and_carried_out_is_a_breach_at_once(
    make_run: Opened, memory: Memory, named: Named, status: int, broken: list[str]
) -> None:
    """A limiter refuses before anything is done; a gateway answers 503 once nobody knows any more."""
    memory.after = once_refused_afterwards(status)
    with make_run() as run:
        run.play(named(PLAIN)[0])
        run.finish()

    assert broken_clauses(run) == broken
    if broken:
        breach = run.ledger.rows["answer/given"].breach
        told = "status is 429, not an answer of the application, and yet the appointment was cancelled by it"
        assert breach
        assert breach.message == told


def test_what_an_unanswered_cancel_may_have_done_is_not_held_against_a_limiter(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The first one got no answer and was not seen to work; it may have worked by the time that the next is refused."""
    refuse = once_refused_afterwards(429)

    def before(request: Request) -> Request | Exception:
        return httpx.ReadError("gone") if is_cancel(request) and not numbers.pop() else request

    numbers = [*range(1, 50), 0]
    memory.before, memory.after = before, refuse
    with make_run() as run:
        run.play(named(PLAIN)[0])
        run.finish()

    assert broken_clauses(run) == []


def test_what_another_member_has_done_is_not_held_against_a_limiter(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The member itself has last seen the appointment active when its own cancel is refused."""
    besides = gateway_at(429, [0], lambda request: request.header("authorization") is not None)
    memory.before = besides
    with make_run() as run:
        run.play(named("access/second-member")[0])
        run.play(named("access/beside-authorization")[0])
        run.finish()

    assert [one.status for one in run.statistics.incidents] == [429]
    assert broken_clauses(run) == []


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_takes_no_large_body_breaks_nothing(
    make_run: Opened, memory: Memory, named: Named, status: int
) -> None:
    """A gateway that refuses large bodies is listed as an incident, and the other bodies are sent."""
    memory.before = gateway_at(status, range(10**4), lambda request: len(request.body) > 10**6)
    with make_run() as run:
        run.play(named("input/odd-bodies")[0])
        run.finish()

    assert broken_clauses(run) == []
    assert run.statistics.incidents == [
        Incident("input/odd-bodies#megabyte", status, "left as it is: the body is large")
    ]
    assert run.ledger.rows["input/body-foreign"].held == 3


def test_what_was_handed_over_is_not_asked_for_twice(make_run: Opened, memory: Memory, named: Named) -> None:
    """The scenario is not played anew, and says why."""
    memory.before = gateway_at(502, [0])
    with make_run() as run:
        run.play(named("readonly/imported")[0])
        run.finish()

    (told,) = run.ledger.excuses.values()
    assert len(appointments_of(run, "readonly/imported#cancel")) == 1
    assert told == (
        "status is 502 for readonly/imported#cancel, whose appointment the settings provide, and is cancelled once: "
        "run it again"
    )
    assert code(run) is Exit.INCONCLUSIVE


def test_a_create_that_a_gateway_answers_is_sent_again(make_run: Opened, memory: Memory, named: Named) -> None:
    """With the same idempotency key, so that one appointment comes of it."""
    failing = iter([True, False])

    def fail_after(request: Request, response: httpx.Response) -> httpx.Response:
        made = request.method == "POST" and request.path.endswith("/appointments")
        return httpx.Response(504, html=PAGE) if made and next(failing, False) else response

    memory.after = fail_after
    with make_run() as run:
        assert run.play(named(PLAIN)[0]).broken == ()
        run.finish()

    assert len(memory.provider.audit.marked(PREFIX)) == 1
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_clean_up_that_a_gateway_answers_is_tried_again(make_run: Opened, memory: Memory) -> None:
    """Nothing is left active for one answer that was lost."""
    with make_run() as run:
        run.context.fresh()
        memory.before = gateway_at(502, [0])
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()
