"""Only a breach that closes the gate is retried, and by one worker of a run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.guard.shared_state import SharedState
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.run.burst import Sent, side_by_side
from cancel_contract.run.share import Share
from tests.unit.run.conftest import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cancel_contract.exchange.case import Case
    from cancel_contract.exchange.exchange import Exchange
    from cancel_contract.run.session import Contract
    from tests.unit.run.conftest import Memory, Named, Opened, Sessions

AMOUNTS = "effect/amounts-kept"
FAULTS_CLAUSE = {"length-missed": "answer/status-200", "ahead-stays-paid": "effect/payment-status-cancelled"}
COMMENTED = "effect/completed-paid-other"


def _known(*clauses: str, until: date = date.max, untested: bool = False) -> dict[str, Deviation]:
    return {
        name: Deviation(clause=name, reason="as observed", owner="qa", until=until, untested=untested)
        for name in clauses
    }


def _cancels(contract: Contract) -> int:
    return sum(one.case.intent is Intent.FIRST for one in contract.begun().exchanges)


@pytest.mark.parametrize(
    ("entries", "times"),
    [
        ({}, 2),
        (_known(AMOUNTS), 1),
        (_known(AMOUNTS, until=date.min), 2),
        (_known(AMOUNTS, untested=True), 2),
    ],
    ids=["unknown", "known", "expired", "no longer as it says"],
)
def test_what_is_known_to_deviate_is_not_asked_again(
    session: Sessions, memory: Memory, named: Named, entries: dict[str, Deviation], times: int
) -> None:
    """Only what closes the gate is worth a second appointment."""
    memory.provider.switch(["price-zeroed"])
    contract = session(deviations=entries)

    assert AMOUNTS in contract.begun().play(named(PLAIN)[0]).broken

    assert _cancels(contract) == times
    contract.finish()


@pytest.mark.parametrize(("strict", "times"), [(False, 1), (True, 2)])
def test_a_should_is_asked_again_where_it_closes_the_gate(
    session: Sessions, memory: Memory, named: Named, strict: object, times: int
) -> None:
    """A broken SHOULD is retried under --contract-strict, because it closes the gate there."""
    memory.provider.switch(["comment-overwritten"])
    contract = session(strict=bool(strict))

    assert contract.begun().play(named(COMMENTED)[0]).broken

    assert _cancels(contract) == times
    contract.finish()


def test_what_one_worker_asks_again_another_does_not(
    make_run: Opened, memory: Memory, named: Named, tmp_path: Path
) -> None:
    """Two workers that meet one breach spend one appointment more, not two, beside one each that nobody touches."""
    memory.provider.switch(["price-zeroed"])
    shared_state = SharedState("0a", tmp_path)
    made = []
    for number in range(2):
        with make_run(Share("0a", number, 2, shared_state)) as run:
            assert run.play(named(PLAIN)[0]).broken
            made.append(run.budget.appointments)

    assert made == [3, 2]


ODD = "effect/confirmed-ahead-cyrillic-720"
PLAINER = "effect/scheduled-free-latin"


HELD_ALONE = ("accept", "accept-encoding", "no x-request-id", "user-agent")
"""The parts of the documentation's request that break nothing."""


@pytest.mark.parametrize(
    ("fault", "as_usual", "parts"),
    [
        (
            "length-missed",
            False,
            (("no content-length",), ("accept", "accept-encoding", "no x-request-id", "user-agent")),
        ),
        ("ahead-stays-paid", True, ((), ())),
    ],
)
def test_what_an_odd_request_broke_is_asked_part_by_part(  # noqa: PLR0913, PLR0917  fixtures and a table
    make_run: Opened, memory: Memory, named: Named, fault: str, as_usual: object, parts: tuple[object, object]
) -> None:
    """It is sent as usual and, where that holds, with one part of the odd request at a time."""
    memory.provider.switch([fault])
    with make_run() as run:
        for name in (PLAINER, ODD):
            run.play(named(name)[0])
        run.finish()
        (row,) = (row for row in run.ledger.rows.values() if row.clause.id == FAULTS_CLAUSE[fault])

    assert row.again
    assert row.signs.as_usual is as_usual
    assert row.signs.parts == parts
    assert memory.provider.audit.active(PREFIX) == ()


def test_what_broke_is_asked_again_one_after_another(
    make_run: Opened, memory: Memory, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only several cancels at once do is then not taken for what one of them asked for."""
    widths: list[int] = []

    def noted(cases: Sequence[Case], send: Callable[[Case], Exchange], width: int) -> Sent:
        widths.append(width)
        return side_by_side(cases, send, width)

    monkeypatch.setattr("cancel_contract.run.context.side_by_side", noted)
    memory.provider.switch(["large-body-fails"])
    with make_run() as run:
        assert run.play(named("input/odd-bodies")[0]).broken

    assert widths[0] > 1
    assert widths[-1] == 1


def test_headers_that_let_somebody_in_are_told_apart(make_run: Opened, memory: Memory, named: Named) -> None:
    """Each of them is sent alone, without a token, once all of them together were let in."""
    memory.provider.switch(["client-ip-let-in"])
    with make_run() as run:
        run.play(named("access/showings")[0])
        run.finish()
        broke, held = run.ledger.rows["access/internal-headers"].signs.parts

    assert set(broke) == {"client-ip", "forwarded", "true-client-ip", "x-client-ip"}
    assert "x-forwarded-for" in held
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize(
    ("fault", "name", "clause", "parts"),
    [
        ("cookie-wins", "access/unprivileged", "access/scheme-wins", ("api_access_token in a cookie",)),
        ("query-token", "access/showings", "access/token-in-query",
         ("access_token in the query", "api_access_token in the query", "api_key in the query", "token in the query")),
    ],
)  # fmt: skip
def test_the_place_of_a_token_that_lets_somebody_in_is_told_apart(  # noqa: PLR0913, PLR0917  fixtures and a table
    make_run: Opened, memory: Memory, named: Named, fault: str, name: str, clause: str, parts: tuple[str, ...]
) -> None:
    """The token is sent in one of them at a time."""
    memory.provider.switch([fault])
    with make_run() as run:
        run.play(named(name)[0])
        run.finish()
        row = run.ledger.rows[clause]

    assert row.signs.parts[0] == parts
    assert memory.provider.audit.active(PREFIX) == ()


def test_a_header_of_a_page_that_fails_is_told_apart(make_run: Opened, memory: Memory, named: Named) -> None:
    """Each of them is sent alone, once all of them together have failed."""
    memory.provider.switch(["referer-fails"])
    with make_run() as run:
        run.play(named("input/odd-bodies")[0])
        run.finish()
        row = run.ledger.rows["input/unused-headers"]

    assert row.signs.parts[0] == ("referer",)
    assert row.breach
    assert row.breach.message.endswith("for a cancel with referer")


def test_the_cases_that_broke_are_known_by_their_keys(make_run: Opened, memory: Memory, named: Named) -> None:
    """The reads between them are none of them."""
    memory.provider.switch(["delete-cancels"])
    with make_run() as run:
        run.play(named("input/other-methods")[0])
        run.finish()

    assert run.ledger.rows["input/other-methods"].signs.keys == ("DELETE", "PATCH", "PUT")


def test_what_plain_cancels_break_too_is_of_no_part(make_run: Opened, memory: Memory, named: Named) -> None:
    """Whichever half is left in the end has nothing to do with it."""
    memory.provider.switch(["name-as-object"])
    with make_run() as run:
        for name in ("effect/neighbour", PLAIN, "effect/scheduled-free"):
            run.play(named(name)[0])
        run.finish()
        signs = run.ledger.rows["answer/types"].signs

    assert signs.broke_with
    assert signs.parts == ((), ())


@pytest.mark.parametrize(
    ("fault", "name", "clause", "part"),
    [
        ("force-deletes", "effect/neighbour", "input/switches", "force in the body"),
        ("dry-run-in-query-obeyed", "effect/neighbour", "input/switches", "dry_run in the query"),
        ("body-money-assigned", "input/assigned-fields", "input/body-ignored", "service_amount in the body"),
        ("query-assigned", "input/assigned-fields", "input/query-ignored", "status in the query"),
        ("page-fails", "effect/no_show-paid-longest", "input/query-ignored", "page in the query"),
    ],
)
def test_what_asks_for_many_things_is_narrowed_down(  # noqa: PLR0913, PLR0917  fixtures and a table
    make_run: Opened, memory: Memory, named: Named, fault: str, name: str, clause: str, part: str
) -> None:
    """It is sent by halves until one part is left, which is the request that is shown."""
    memory.provider.switch([fault])
    with make_run() as run:
        run.play(named(name)[0])
        run.finish()
        row = run.ledger.rows[clause]

    assert row.signs.is_halved
    assert row.signs.parts[0] == (part,)
    assert row.breach
    assert f"a cancel with {part}" in row.breach.message
    asked = row.breach.cancel or row.breach.curl
    assert part.partition(" ")[0] in asked
    assert len(asked) < 350
    assert memory.provider.audit.active(PREFIX) == ()


def test_what_changes_a_neighbour_is_asked_without_the_odd_cancel(
    make_run: Opened, memory: Memory, named: Named
) -> None:
    """The usual cancel alone is shown, once it has changed the neighbour, too."""
    memory.provider.switch(["later-visits-confirmed"])
    with make_run() as run:
        run.play(named("effect/neighbour")[0])
        run.finish()
        row = run.ledger.rows["effect/neighbour-untouched"]

    assert row.signs.as_usual
    assert row.breach
    assert "," not in row.breach.cancel.partition("/cancel")[0].rpartition("/")[2]
    assert not any("whose id is not a number" in step for step in row.breach.steps)
    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize(
    ("fault", "case"),
    [
        ("list-cancelled", "body-list"),
        ("query-names-appointment", "query-ids"),
        ("extra-segment-cancelled", "path-id"),
    ],
)
def test_which_of_several_cases_changed_another_appointment_is_found(
    make_run: Opened, memory: Memory, named: Named, fault: str, case: str
) -> None:
    """Each is sent alone, once one look after all of them has shown a change."""
    memory.provider.switch([fault])
    with make_run() as run:
        run.play(named("input/path-wins")[0])
        run.finish()
        row = run.ledger.rows["input/path-wins"]

    assert row.breach
    assert row.breach.case == f"input/path-wins#{case}"
    assert row.signs.cases == (1, 2)
    assert memory.provider.audit.active(PREFIX) == ()
