"""Items whose cases schemathesis draws: collected in place of those that play stored cases, where a session draws."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from cancel_contract.plugin.begin import WRONG, begun
from cancel_contract.plugin.items import DRAWN, scenario_of
from cancel_contract.plugin.play import noting, play

if TYPE_CHECKING:
    from cancel_contract.run.drawn_cases import DrawnCases

_STORED: Final = "contract/test_generated_cases.py"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, Sequence[pytest.Collector], Sequence[pytest.Collector]]:
    """Collect, of the two files with generated cases, the one that the session plays."""
    found = yield
    is_drawn = file_path.match(DRAWN)
    if not is_drawn and not file_path.match(_STORED):
        return found
    try:
        contract = begun(parent.config)
    except pytest.UsageError:
        # Here it would be an error of one file; it is told when everything is collected.
        return [] if is_drawn else found
    generation = contract.choice.generation(contract.fragment)
    if (generation is not None) != is_drawn:
        if not parent.session.isinitpath(file_path):
            return []
        # Told when everything is collected, since here it would be an error of one file.
        cases = f"draws its cases: name {DRAWN}" if generation else f"plays the stored cases: name {_STORED}"
        parent.config.stash[WRONG] = pytest.UsageError(f"profile {contract.choice.profile} {cases}, or the folder")
        return found
    if generation:
        # schemathesis takes a second to load, so that sessions that play stored cases block its plugin.
        import schemathesis.pytest.plugin  # noqa: PLC0415

        from cancel_contract.run.drawn_cases import GENERATION  # noqa: PLC0415  likewise

        GENERATION.set(generation)
        if not parent.config.pluginmanager.is_registered(schemathesis.pytest.plugin):
            parent.config.pluginmanager.register(schemathesis.pytest.plugin, "schemathesis-of-the-contract")
    return found


@pytest.fixture
def batch() -> "DrawnCases":
    """The cases of the batch that an item draws."""
    from cancel_contract.run.drawn_cases import DrawnCases  # noqa: PLC0415  as above

    return DrawnCases()


# In place of pytest's own call.
@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Play an item that draws as the scenario it is, so that it fails when all of its cases are sent."""
    if "batch" not in pyfuncitem.funcargs:
        return None
    contract = begun(pyfuncitem.config)
    known = {one.name: one for one in contract.choice.scenarios(contract.fragment)}
    scenario = scenario_of(pyfuncitem, known)
    if scenario is None:
        return None
    batch: Any = pyfuncitem.funcargs["batch"]
    draw = partial(pyfuncitem.obj, batch=batch)
    play(contract, replace(scenario, play=lambda context: batch.play(context, draw)), noting(pyfuncitem))
    return True
