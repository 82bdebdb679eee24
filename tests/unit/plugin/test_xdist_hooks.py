"""What a controller of workers does with its nodes."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.guard.shared_state import FIT, SharedState
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.plugin import xdist_payload as workers
from cancel_contract.plugin.begin import CONTRACT, PROBLEMS, WRONG
from cancel_contract.plugin.xdist_hooks import XdistHooks
from cancel_contract.plugin.xdist_scheduler import Scheduler
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.session import Choice, Contract
from tests.unit.run.conftest import BASE_URL


@pytest.fixture
def contract() -> Contract:
    """Return the session of a controller."""
    return Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> list[Contract]:
    """Note who takes the target's lock, and take none."""
    holders: list[Contract] = []
    monkeypatch.setattr(Contract, "hold", lambda one: holders.append(one))  # noqa: PLW0108  bound as a method
    return holders


def _hooks(contract: Contract, verbose: int = -1, told: list[str] | None = None) -> XdistHooks:
    """Return the hooks of a session's controller."""
    reporter = SimpleNamespace(write_line=(told if told is not None else []).append)
    config: Any = SimpleNamespace(
        stash={CONTRACT: contract},
        getoption=lambda _: verbose,
        pluginmanager=SimpleNamespace(get_plugin=lambda _: reporter),
    )
    return XdistHooks(config)


def _node(number: int) -> Any:  # noqa: ANN401 - a worker, as pytest-xdist has it
    return SimpleNamespace(
        workerinput={"workerid": f"gw{number}", "workercount": 2},
        gateway=SimpleNamespace(id=f"gw{number}"),
    )


def _ends(node: Any, contract: Contract) -> None:  # noqa: ANN401 - likewise
    """Have a node end, with a ledger that saw one answer."""
    found = Ledger(terms_of(contract.choice.target, load()))
    found.saw(200)
    node.workeroutput = {
        "contract": {
            "ledger": found.dump(),
            "statistics": contract.statistics.dump(),
            "exchanges": [],
            "collected": True,
        }
    }


def test_a_node_is_given_its_share_and_brings_home_what_it_found(contract: Contract) -> None:
    """The share travels in its input; the ledger comes back in its output."""
    node = _node(1)
    _hooks(contract).pytest_configure_node(node)
    _ends(node, contract)

    _hooks(contract).pytest_testnodedown(node)

    assert (node.workerinput["contract"]["number"], node.workerinput["contract"]["of"]) == (1, 2)
    assert contract.ledger is not None
    assert (contract.ledger.statuses, contract.crashed) == ({200: 1}, [])


def _ids() -> list[str]:
    return [f"tests/contract/test_scenarios.py::test_scenarios[{one.name}]" for one in scenarios(Profile.GATE, load())]


def test_a_whole_run_that_does_not_fit_is_not_dealt_out(contract: Contract) -> None:
    """Workers have collected, and nothing is sent."""
    small = Contract(replace(contract.choice, settings=seeded_settings(BASE_URL, max_requests=100)), load())

    _hooks(contract).pytest_xdist_node_collection_finished(_ids())
    with pytest.raises(pytest.UsageError, match="profile gate does not fit: 351 requests are planned, and 20 of 100 "):
        _hooks(small).pytest_xdist_node_collection_finished([*_ids(), "tests/unit/test_other.py::test_x[y]"])

    assert (contract.partial, small.partial) == (False, False)


def test_a_part_of_a_run_over_workers_is_partial(contract: Contract) -> None:
    """A part of a run over workers need not fit the budgets, and says that it is partial."""
    small = Contract(replace(contract.choice, settings=seeded_settings(BASE_URL, max_requests=100)), load())

    _hooks(small).pytest_xdist_node_collection_finished(_ids()[:3])

    assert small.partial


@pytest.mark.parametrize(("elsewhere", "counts_alone"), [(False, False), (True, True)])
def test_with_one_on_another_machine_each_counts_by_itself(
    contract: Contract, elsewhere: object, counts_alone: object
) -> None:
    """Those that could count together would spend the whole, beside the part of the one that cannot."""
    nodes, node = _hooks(contract), _node(1)
    nodes.pytest_xdist_setupnodes([SimpleNamespace(popen=True), SimpleNamespace(popen=not elsewhere)])
    nodes.pytest_configure_node(node)

    assert (workers.contract(node.workerinput["contract"]).share.shared_state is None) is counts_alone


def test_a_node_that_brings_nothing_has_crashed(contract: Contract) -> None:
    """A worker that sends nothing back has crashed, and the ledger names it."""
    _hooks(contract).pytest_testnodedown(_node(1))

    assert contract.crashed == ["gw1"]


def test_what_a_node_brings_is_taken_in_once(contract: Contract) -> None:
    """pytest-xdist tells twice of one that was interrupted."""
    node, nodes = _node(1), _hooks(contract)
    _ends(node, contract)

    nodes.pytest_testnodedown(node)
    nodes.pytest_testnodedown(node)

    assert contract.ledger is not None
    assert contract.ledger.statuses == {200: 1}


def test_what_nodes_bring_after_an_interrupt_is_taken_in(contract: Contract) -> None:
    """By then pytest-xdist tells of none any more; who was stopped before is reported, and is no crash."""
    nodes, every = _hooks(contract), [_node(number) for number in range(3)]
    for node in every:
        nodes.pytest_configure_node(node)
    for node in every[:2]:
        _ends(node, contract)
    nodes.pytest_testnodedown(every[0])

    nodes.take_in_the_rest()

    assert contract.ledger is not None
    assert contract.ledger.statuses == {200: 2}
    assert (contract.stopped, contract.crashed) == (["gw2"], [])


@pytest.mark.parametrize(("dist", "kind"), [("load", Scheduler), ("worksteal", type(None)), ("loadfile", type(None))])
def test_another_way_of_dealing_can_be_asked_for(
    contract: Contract, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, dist: str, kind: type
) -> None:
    """Only pytest-xdist's usual way is replaced."""
    monkeypatch.setattr(pytestconfig.option, "dist", dist)
    monkeypatch.setattr(pytestconfig.option, "tx", ["popen"])

    assert type(_hooks(contract).pytest_xdist_make_scheduler(pytestconfig, None)) is kind


def test_the_lock_is_taken_when_the_contract_is_collected(contract: Contract, held: list[Contract]) -> None:
    """Other tests need no target, and keep no gate from it; what is about to run is told then, once."""
    told: list[str] = []
    hooks = _hooks(contract, 0, told)
    hooks.pytest_configure_node(_node(0))
    hooks.pytest_xdist_node_collection_finished(["tests/unit/test_other.py::test_x[y]"])
    assert (held, told) == ([], [])

    for _ in range(2):
        hooks.pytest_xdist_node_collection_finished(_ids())

    assert set(map(id, held)) == {id(contract)}
    assert sum(line.startswith("target: ") for line in told) == 1


def test_workers_learn_that_another_gate_holds_the_lock(contract: Contract) -> None:
    """It is known only when they have collected: it is the answer that whoever asks first would have found."""
    contract.problem = "another gate runs"

    _hooks(contract).pytest_xdist_node_collection_finished(_ids())

    shared = SharedState(contract.share.run)
    assert shared.once(lambda: "found out anew", FIT) == "another gate runs"
    shared.forget()


def test_of_workers_elsewhere_each_is_given_what_the_lock_said(contract: Contract, held: list[Contract]) -> None:
    """They share no state: it is taken before they are started."""
    nodes = _hooks(contract)
    nodes.pytest_xdist_setupnodes([SimpleNamespace(popen=False)])

    nodes.pytest_configure_node(_node(0))

    assert [one is contract for one in held] == [True]


def test_wrong_settings_end_a_run_only_where_a_worker_collects_the_contract() -> None:
    """They travel to the workers; one that meant to play brings them home."""
    config: Any = SimpleNamespace(stash={WRONG: pytest.UsageError("ONELINK_X is no setting\nlikewise")})
    node, hooks = _node(0), XdistHooks(config)

    hooks.pytest_configure_node(node)
    hooks.pytest_xdist_node_collection_finished(["tests/unit/test_other.py::test_x[y]"])
    hooks.pytest_testnodedown(node)

    assert node.workerinput[PROBLEMS] == ["ONELINK_X is no setting", "likewise"]
    node.workeroutput = {PROBLEMS: node.workerinput[PROBLEMS]}
    with pytest.raises(pytest.UsageError, match="ONELINK_X is no setting\nlikewise"):
        hooks.pytest_testnodedown(node)
