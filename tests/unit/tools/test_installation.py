"""What is installed: a checkout or a wheel, with the extra that a gate needs or without."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from cancel_contract.tools import installation

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0] for line in requirements}


def test_the_names_that_are_looked_for_are_those_of_the_extra() -> None:
    """Each module comes with a package of the extra `gate` that the base does not ask for, and each package has one."""
    distributions = packages_distributions()
    homes = {name for module in installation.OF_THE_EXTRA for name in distributions[module.partition(".")[0]]}
    extra = _names(EXTRAS["gate"]) - _names(PROJECT["dependencies"])

    # These come with the base, too: with httpx and typer.
    assert {name.lower().replace("_", "-") for name in homes} >= extra - {"httpcore", "rich"}
    assert installation.lacking() == ""


def test_every_package_that_the_project_is_built_on_is_named() -> None:
    """They are dependencies of the base or of an extra, and whoever develops has all of them."""
    assert {"pytest", "uvicorn", "starlette", "httpx"} <= _names(PROJECT["dependencies"])
    assert {"schemathesis", "hypothesis", "pytest-xdist"} <= _names(EXTRAS["gate"])
    assert "respx" in _names(EXTRAS["dev"])
    assert "cancel-contract[gate]" in EXTRAS["dev"]


def test_a_gate_plays_the_contract_of_its_own_version() -> None:
    """A checkout plays its own tests."""
    assert installation.is_checkout()
    assert installation.contract_folder() == ROOT / "tests" / "contract"
