"""The commands that print, and what a controller of workers does with its nodes."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from contracts import plugin
from contracts.clauses import CATALOGUE
from contracts.cli import main
from contracts.embedded import seeded_settings
from contracts.fragment import load
from contracts.ledger import Ledger
from contracts.profiles import Profile
from contracts.report.catalogue import table
from contracts.run import terms_of
from contracts.session import Choice, Contract
from tests.unit.running.conftest import BASE_URL


def test_the_table_has_a_row_for_each_clause() -> None:
    """It tells id, level, source and statement."""
    shown = table(CATALOGUE)

    assert [column.header for column in shown.columns] == ["id", "level", "source", "statement"]
    assert [*shown.columns[0].cells] == [clause.id for clause in CATALOGUE]
    assert [*shown.columns[3].cells] == [clause.statement for clause in CATALOGUE]


@pytest.mark.parametrize("options", [(), ("--markdown",)])
def test_the_catalogue_is_printed_by_its_command(
    options: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`contracts clauses` prints the catalogue, for a terminal or as the page."""
    monkeypatch.setattr(sys, "argv", ["contracts", "clauses", *options])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert [clause.id for clause in CATALOGUE if clause.id not in printed] == []
    assert printed.startswith("# The clauses") is bool(options)


@pytest.fixture
def contract(monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Give the session of a controller; it need not hold a lock."""
    monkeypatch.setattr(Contract, "hold", lambda _: None)
    return Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())


def _node(contract: Contract, number: int) -> Any:  # noqa: ANN401 - a worker, as pytest-xdist has it
    return SimpleNamespace(
        config=SimpleNamespace(stash={plugin.CONTRACT: contract}),
        workerinput={"workerid": f"gw{number}", "workercount": 2},
        gateway=SimpleNamespace(id=f"gw{number}"),
    )


def test_a_node_is_given_its_share_and_brings_home_what_it_found(contract: Contract) -> None:
    """The share travels in its input; the ledger comes back in its output."""
    node = _node(contract, 1)
    plugin.pytest_configure_node(node)
    found = Ledger(terms_of(contract.choice.target, load()), lambda *_: None)  # type: ignore[arg-type,return-value]
    found.saw(200)
    node.workeroutput = {"contract": {"ledger": found.dump(), "tally": contract.tally.dump(), "exchanges": []}}

    plugin.pytest_testnodedown(node)

    assert (node.workerinput["contract"]["number"], node.workerinput["contract"]["of"]) == (1, 2)
    assert contract.ledger is not None
    assert (contract.ledger.statuses, contract.crashed) == ({200: 1}, [])


def test_a_node_that_brings_nothing_has_crashed(contract: Contract) -> None:
    """Its name is kept for the ledger."""
    plugin.pytest_testnodedown(_node(contract, 1))

    assert contract.crashed == ["gw1"]
