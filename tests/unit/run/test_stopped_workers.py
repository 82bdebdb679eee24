"""An interrupted run over several workers is judged by what came home, and says what did not."""

from datetime import date

from cancel_contract.fragment.document import load
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.run.assembly import terms_of
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract
from tests.unit.run.conftest import BASE_URL


def test_a_worker_that_was_stopped_is_told(memory: object) -> None:  # noqa: ARG001  it holds the working folder
    """A stopped worker is reported, and is no failure of the suite; the others' findings are kept."""
    contract = Contract(Choice(seeded_settings(BASE_URL), Profile.GATE), load())
    contract.ledger = Ledger(terms_of(contract.choice.target, load()))
    contract.interrupted, contract.stopped = True, ["gw1"]

    contract.conclude(date(2026, 11, 25))

    assert contract.ledger.suite_failures == []
    assert contract.ledger.inconclusive == [
        "the run was interrupted",
        "worker gw1 was stopped before it brought home what it found",
    ]
    assert contract.code is Exit.INCONCLUSIVE
