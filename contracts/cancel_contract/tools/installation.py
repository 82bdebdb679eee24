"""How the suite is installed: from a checkout or from a wheel, with the extra `gate` or without.

It looks at files and at the names of packages; it loads none of them.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_ROOT: Final = _PACKAGE.parents[1]
OF_THE_EXTRA: Final = (
    "schemathesis", "hypothesis", "allpairspy", "dotenv", "filelock", "harfile", "ijson",
    "pytest_github_actions_annotate_failures", "ruamel.yaml", "xdist",
)  # fmt: skip
"""Modules that the extra `gate` brings."""


def is_checkout() -> bool:
    """Whether the package lies in a clone of its repository, beside the files that maintainers' commands write."""
    return _PACKAGE.parent.name == "contracts" and (_ROOT / "pyproject.toml").is_file()


def contract_folder() -> Path:
    """Return the folder of the test files that a gate plays: the checkout's own, or the wheel's copy of it."""
    return _ROOT / "tests" / "contract" if is_checkout() else _PACKAGE / "contract"


def lacking() -> str:
    """Return the name of a module of the extra `gate` that is not installed; empty where all are."""
    return next((name for name in OF_THE_EXTRA if not _is_there(name)), "")


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        # The package around it is not installed.
        return False
