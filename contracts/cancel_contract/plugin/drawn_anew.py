"""A session of pytest that draws the stored cases anew: it sends nothing and writes a file (`cancel-contract draw`)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from cancel_contract.exchange import stored_cases
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.fragment.document import load
from cancel_contract.plugin.items import name_in
from cancel_contract.run.drawn_cases import DrawnCases, forget_own_constants

_DRAWN: Final = pytest.StashKey[dict[str, tuple[GeneratedCase, ...]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register where the cases are written."""
    parser.addoption("--stored-cases", metavar="FILE", type=Path, default=stored_cases.PATH)


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing drawn."""
    forget_own_constants()
    config.addinivalue_line("markers", "contract(family): an item that plays a scenario against the target")
    config.stash[_DRAWN] = {}


@pytest.fixture
def batch(request: pytest.FixtureRequest) -> Iterator[DrawnCases]:
    """Keep the cases of a batch."""
    cases = DrawnCases()
    yield cases
    request.config.stash[_DRAWN][name_in(request.node.nodeid)] = cases.cases


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the cases down, where every batch was drawn."""
    if exitstatus == pytest.ExitCode.OK:
        drawn = session.config.stash[_DRAWN]
        batches = {batch: drawn[batch.scenario] for batch in Batch}
        corpus = stored_cases.Corpus(load().digest, stored_cases.versions(), batches)
        stored_cases.write(corpus, session.config.getoption("--stored-cases"))
