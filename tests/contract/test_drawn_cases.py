"""The cases that schemathesis draws from the fragment now, collected instead of the stored ones by a run that draws.

Each is sent and judged as it is drawn. No body raises, since hypothesis would send the case again, and call it
flaky: the item fails afterwards.
"""

from typing import Any

import pytest
from schemathesis import Case

from cancel_contract.exchange.generated_cases import Batch
from cancel_contract.run.drawn_cases import DrawnCases, schema

pytestmark = pytest.mark.contract("generated")


@schema(Batch.EXAMPLES).parametrize()
def test_examples(case: Case[Any], batch: DrawnCases) -> None:
    """The examples of the fragment."""
    batch.send(case)


@schema(Batch.COVERAGE_POSITIVE).parametrize()
def test_coverage_positive(case: Case[Any], batch: DrawnCases) -> None:
    """Valid values at each edge of each parameter."""
    batch.send(case)


@schema(Batch.COVERAGE_NEGATIVE).parametrize()
def test_coverage_negative(case: Case[Any], batch: DrawnCases) -> None:
    """Each parameter broken in each way, and other methods."""
    batch.send(case)


@schema(Batch.FUZZING_POSITIVE).parametrize()
def test_fuzzing_positive(case: Case[Any], batch: DrawnCases) -> None:
    """Valid values at random."""
    batch.send(case)


@schema(Batch.FUZZING_NEGATIVE).parametrize()
def test_fuzzing_negative(case: Case[Any], batch: DrawnCases) -> None:
    """Broken values at random."""
    batch.send(case)
