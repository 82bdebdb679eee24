"""A run over several workers that was interrupted: what came home is judged, and what did not is told."""

from datetime import date

from contracts.embedded import seeded_settings
from contracts.fragment import load
from contracts.gate import Exit
from contracts.ledger import Ledger
from contracts.profiles import Profile
from contracts.run import terms_of
from contracts.session import Choice, Contract
from tests.unit.running.conftest import BASE_URL


def test_a_worker_that_was_stopped_is_told(memory: object) -> None:  # noqa: ARG001  it holds the working folder
    """It is no failure of the suite; the others' findings are kept."""
    contract = Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())
    contract.ledger = Ledger(terms_of(contract.choice.target, load()), lambda *_: None)  # type: ignore[arg-type,return-value]
    contract.interrupted, contract.stopped = True, ["gw1"]

    contract.conclude(date(2026, 11, 25))

    assert contract.ledger.harness == []
    assert contract.ledger.inconclusive == [
        "the run was interrupted",
        "worker gw1 was stopped before it brought home what it found",
    ]
    assert contract.code is Exit.INCONCLUSIVE
