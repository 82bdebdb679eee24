"""What may be left behind is told, with what can be done about it."""

from cancel_contract.ledger.statistics import Statistics
from cancel_contract.report.incidents import incidents


def test_what_the_target_has_made_of_it_is_told() -> None:
    """No command may cancel what bears no mark: somebody has to look."""
    made = "appointments 7, 8 of the run's client, which the target has made by itself"

    assert [*incidents(Statistics(copies=[7, 8]), "cancel-contract sweep")] == [
        f"perhaps still active: {made}; cancel them by hand"
    ]
