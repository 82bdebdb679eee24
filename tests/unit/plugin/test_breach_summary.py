"""What is told of the tests that pytest counts as failed."""

import pytest

from cancel_contract.plugin.breach_summary import count_lines

SCENARIO, LATE = "tests/contract/test_scenarios.py::test_scenarios[effect/slot]", "tests/contract::verdict[effect/late]"


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        ([SCENARIO], []),
        ([SCENARIO] * 2, ["tests: the 2 that pytest counts as failed are scenarios that met a broken clause"]),
        ([LATE], ["tests: what pytest counts as failed: 1 clause judged when the run ends, and no scenario"]),
        (
            [SCENARIO, LATE, LATE],
            [("tests: what pytest counts as failed: 1 scenario that met a broken clause, and 2 clauses judged when the "
             "run ends")],
        ),
    ],
)  # fmt: skip
def test_what_pytest_counts_as_failed_is_told(failed: list[str], told: list[str]) -> None:
    """A dot of each scenario is printed before the run ends, and what is found then has none."""
    assert [*count_lines(failed)] == told
