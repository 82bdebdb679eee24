"""What a whole gate comes to, and how near its plan was."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import SEED
from cancel_contract.run.lanes import MOST, Lanes
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.share import Share
from tests.unit.run.conftest import TODAY, code, played
from tests.unit.run.test_changed_appointments import PAID
from tests.unit.run.test_workers import worker_of

if TYPE_CHECKING:
    from tests.proof.in_memory.conftest import Whole
    from tests.unit.run.conftest import Memory, Named, Opened, Sessions

OFF = 0.15
"""The part by which a family's plan may be off."""


def test_an_honest_provider_keeps_the_contract(whole: Whole) -> None:
    """Every clause is tested and holds, no stranger is named, and nothing is left active."""
    run, memory = whole.run, whole.memory
    verdicts = {row.clause.id: row.verdict for row in run.ledger.rows.values()}

    assert whole.broken == []
    assert set(verdicts.values()) == {Verdict.HELD}
    assert code(run) is Exit.HELD
    assert (memory.provider.audit.named, memory.provider.audit.touched) == (0, ())
    assert memory.provider.audit.active(PREFIX) == ()
    assert (run.statistics.requests, run.statistics.appointments) == (len(memory.asked), run.budget.appointments)


def test_ids_that_are_given_serve_first_come_first(make_run: Opened, memory: Memory, named: Named) -> None:
    """Without leave to make appointments the given ones are used, revived where spent, and the rest is excused."""
    given = SEED.paid_expense_appointment_ids[1:4]
    memory.provider.switch(variants=["creation-refused"])

    with make_run(resource_id=None, appointment_ids=given) as run:
        for scenario in named():
            run.play(scenario)
        run.finish()
        held = {row.clause.family for row in run.ledger.rows.values() if row.held}

    creates = [one for one in memory.asked if one.method == "POST" and one.path.endswith("/appointments")]
    assert creates == []
    assert held >= {"answer", "effect", "repeat"}
    assert {reason for name, reason in run.ledger.excuses.items() if not name.startswith("repeat/beside")} == {
        "the 3 appointments of ONELINK_APPOINTMENT_IDS are used up: name more"
    }
    assert [row.clause.id for row in run.ledger.rows.values() if row.broken] == []
    assert memory.provider.audit.named == 0


def test_a_session_comes_to_its_verdict(whole: Whole) -> None:
    """Rows, statistics and exit code stand when it has ended."""
    contract = whole.contract
    contract.conclude(TODAY)

    assert {row.verdict for row in contract.rows} == {Verdict.HELD}
    assert (contract.code, contract.statistics.still_active, contract.crashed) == (Exit.HELD, [], [])


def test_the_plan_comes_near_to_what_is_done(whole: Whole) -> None:
    """No family sends more than some requests or appointments beside what its plan says."""
    planned: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for scenario in scenarios(Profile.GATE, load()):
        requests, appointments = whole.spent[scenario.name]
        planned[scenario.family] += scenario.requests
        sent[scenario.family] += requests
        made[scenario.family] += appointments - scenario.appointments

    off = {family: planned[family] / sent[family] - 1 for family in planned}
    # Connections are open already here: the reads that open them for parallel cancels are left out.
    off.pop("repeat")
    assert {family: part for family, part in off.items() if abs(part) > OFF} == {}
    assert set(made.values()) == {0}


def test_what_a_whole_gate_changes_is_told(whole: Whole) -> None:
    """A whole gate on an honest server reports one changed appointment: the one with the paid expense."""
    assert [(one.id, one.setting, one.became) for one in whole.run.statistics.changed] == [PAID]


def test_two_workers_come_to_the_verdict_of_one(session: Sessions, memory: Memory, named: Named) -> None:
    """What workers bring home adds up to one ledger, one statistics and one exit code."""
    contract = session()
    contract.hold()
    halves = (named("effect/", "readonly/", "generated/", "stateful/"), named("repeat/", "access/", "input/"))
    for number, half in enumerate(halves):
        worker = worker_of(contract, number)
        worker.wire = memory
        played(worker, *half)
        assert worker.problem == ""
        contract.merge(json.loads(json.dumps(worker.dump())))
    contract.finish()
    contract.conclude(TODAY)

    assert {row.verdict for row in contract.rows} == {Verdict.HELD}
    assert contract.code is Exit.HELD
    assert contract.statistics.requests == len(memory.asked)
    store = memory.provider.store
    assert contract.statistics.appointments == store.next_id() - store.first_id


def test_no_two_requests_of_a_run_have_one_id(whole: Whole) -> None:
    """A whole gate against a right target: each request has an id of this run, but one, and no other has it."""
    ids = list(filter(None, (request.header("x-request-id") for request in whole.memory.asked)))

    assert len(set(ids)) == len(ids) == whole.run.budget.requests - 1
    assert all(one.startswith(f"cancel-contract-{whole.contract.share.run}-") for one in ids)


def test_a_whole_gate_in_lanes_comes_to_the_same_verdict(make_run: Opened, memory: Memory, named: Named) -> None:
    """Every scenario is shown once, what they spent adds up, and nothing is left."""
    every = named()
    with make_run() as run:
        lanes = Lanes(run, Share(), every, MOST)
        shown = [lanes.shown(scenario) for scenario in every]
        lanes.stop()
        ended = lanes.finish()

    assert {id(one.run) for one in shown} <= {*map(id, ended)}
    assert len(ended) == MOST
    assert {row.verdict for row in run.ledger.rows.values()} == {Verdict.HELD}
    assert sum(len(one.exchanges) for one in ended) == run.statistics.requests == len(memory.asked)
    assert sum(one.requests for one in shown) < run.statistics.requests <= 380
    assert memory.provider.audit.active(PREFIX) == ()
    assert (memory.provider.audit.named, memory.provider.audit.touched) == (0, ())


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("refusal-tells-price", "access/refusal-tells-nothing"),
        ("contact-with-the-rooms-visits", "answer/nobody-seen"),
        ("long-slot-held", "effect/slot-free"),
    ],
)
def test_what_one_lane_alone_does_not_show_is_found(
    make_run: Opened, memory: Memory, named: Named, fault: str, clause: str
) -> None:
    """The last looks are at what all lanes have sent."""
    every = named()
    memory.provider.switch([fault])
    with make_run(max_requests=2000, max_appointments=200) as run:
        lanes = Lanes(run, Share(), every, MOST)
        for scenario in every:
            lanes.shown(scenario)
        lanes.stop()
        lanes.finish()

    assert run.ledger.rows[clause].broken
    assert memory.provider.audit.active(PREFIX) == ()
