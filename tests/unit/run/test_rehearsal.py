"""A rehearsal tells of each request which clauses need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.report.plan import request_lines
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.rehearsal import Rehearsed, played, usual

if TYPE_CHECKING:
    from tests.unit.run.conftest import Opened

NAME = "input/method-override"


@pytest.fixture
def requests(make_run: Opened) -> tuple[Rehearsed, ...]:
    """Return the requests of one scenario, and of the end of a run."""
    with make_run() as run:
        return tuple(played(run, [one for one in scenarios(Profile.GATE, load()) if one.name == NAME]))


def test_each_request_is_told_with_the_clauses_that_need_it(requests: tuple[Rehearsed, ...]) -> None:
    """An appointment is made and read, asked about, and cancelled at the end."""
    (header,) = [one for one in requests if one.exchange.case.key == f"{NAME}#header"]

    assert header.scenario == NAME
    assert "input/method-override" in header.clauses
    assert requests[-1].scenario == "finish"


def test_what_most_of_a_kind_serve_is_told_once(requests: tuple[Rehearsed, ...]) -> None:
    """Every answer is judged for what it leaks; that a method is another one concerns some requests alone."""
    common = usual(requests)
    told = [*request_lines(requests)]

    assert "answer/no-token" in common["a cancel that is refused"]
    # Those that are refused, and those that succeed.
    assert sum("answer/no-token" in line for line in told) == 2
    assert f"  {NAME}" in told
    assert next(line for line in told if line.startswith("    POST    supply/")).endswith("none: create")
