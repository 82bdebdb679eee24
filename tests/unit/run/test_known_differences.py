"""A run of a target that is known to deviate by a cause."""

import pytest

from cancel_contract.ledger.deviation import Deviation, Standing
from cancel_contract.ledger.exit_code import Exit
from tests.unit.run.conftest import PLAIN, TODAY, Memory, Named, Sessions, played

ENTRIES = {"service_amount": Deviation(difference="service_amount", reason="it is set to 0", owner="qa", until=TODAY)}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no entry expire while a run begins."""
    monkeypatch.setattr("cancel_contract.run.session.lasting", lambda entries, _: frozenset(entries))


@pytest.mark.parametrize(
    ("faults", "shown"),
    [
        (["price-zeroed"], "service_amount"),
        (["price-zeroed", "prepayment-zeroed"], "prepaid_amount"),
        (["prepayment-zeroed"], "prepaid_amount"),
    ],
)
def test_the_named_cause_alone_keeps_no_gate_closed(
    session: Sessions, memory: Memory, named: Named, faults: list[str], shown: str
) -> None:
    """Every clause that it breaks is covered; what breaks by another cause as well is not, and shows that one."""
    memory.provider.switch(faults)
    is_known = shown == "service_amount"

    contract = played(session(deviations=ENTRIES, partial=True), *named(PLAIN, "effect/confirmed", "effect/scheduled"))
    contract.conclude(TODAY)

    broken = {row.clause.id: row.breach for row in contract.rows if row.breach}
    assert contract.code is (Exit.HELD if is_known else Exit.BROKEN)
    assert {"effect/amounts-kept", "effect/read-back"} & broken.keys()
    assert all(shown in one.message for one in broken.values())
    assert {one.standing for one in contract.deviating.values()} <= {Standing.KNOWN}
    assert (set(contract.deviating) == set(broken)) is is_known


def test_a_cause_that_a_whole_run_did_not_see_closes_the_gate(session: Sessions, named: Named) -> None:
    """The file stays true; a part of a run knows nothing of it."""
    for partial, code in ((False, Exit.BROKEN), (True, Exit.HELD)):
        contract = played(session(deviations=ENTRIES, partial=partial), *named(PLAIN))
        contract.conclude(TODAY)

        assert contract.code is code
        assert [str(one) for one in contract.deviating.values()] == [
            "service_amount differs nowhere any more: take the entry out (it is set to 0; qa)"
        ] * (not partial)
