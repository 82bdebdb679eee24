"""Begins the contract run of a pytest session: decides whether it is one, and reads the settings then."""

import sys
from contextlib import nullcontext
from functools import partial
from typing import Any, Final

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.plugin import options
from cancel_contract.plugin import xdist_payload as workers
from cancel_contract.plugin.items import FIXTURE
from cancel_contract.plugin.log_redaction import silence
from cancel_contract.plugin.progress import Progress
from cancel_contract.plugin.report_listener import ReportListener
from cancel_contract.redaction.secrets import Redactor
from cancel_contract.report.terminal import header
from cancel_contract.run.session import Contract

CONTRACT: Final = pytest.StashKey[Contract]()
REDACTOR: Final = pytest.StashKey[Redactor]()
"""Masks the machine's tokens in a session that is no run of the contract."""
WRONG: Final = pytest.StashKey[pytest.UsageError]()
"""What is wrong with the settings of a collected contract; they are not read again."""
NODES: Final = "contract-nodes"
"""The name under which pytest knows the plugin that talks to pytest-xdist."""
LISTENER: Final = "contract-listener"
"""The name under which pytest knows the plugin that listens to reports."""
PROBLEMS: Final = "contract-problems"
"""What is wrong with the settings, in a worker's input and output."""
WANTED: Final = frozenset({FIXTURE, "contract"})
"""The fixtures by which a test plays the contract."""
_TOLD: Final = pytest.StashKey[bool]()


def has_workers(config: pytest.Config) -> bool:
    """Whether other processes collect and play."""
    return not hasattr(config, "workerinput") and bool(config.getoption("tx", None))


def begun(config: pytest.Config) -> Contract:
    """Return the session's contract; the first call reads settings and options.

    Raises pytest.UsageError (exit 4) with all that is wrong with them.
    """
    if (known := config.stash.get(CONTRACT, None)) is not None:
        return known
    if (wrong := config.stash.get(WRONG, None)) is not None:
        # A named pipe gives its settings once.
        raise wrong
    try:
        contract = _contract(config)
    except Misconfigured as error:
        config.stash[WRONG] = wrong = pytest.UsageError("\n".join(error.problems))
        raise wrong from None
    config.stash[CONTRACT] = contract
    contract.tell = partial(_show, config)
    # The notes of a worker's report travel in its properties, so that only the controller may drop them.
    plain = config.getoption("--contract-plain-junit") and not hasattr(config, "workerinput")
    config.pluginmanager.register(ReportListener(contract, _progress(config), plain=plain), LISTENER)
    silence(contract.choice.target.redactor)
    return contract


def _contract(config: pytest.Config) -> Contract:
    given = getattr(config, "workerinput", {})
    if PROBLEMS in given:
        raise Misconfigured(tuple(given[PROBLEMS]))
    return workers.contract(given["contract"]) if "contract" in given else options.contract(config.getoption)


def header_lines(config: pytest.Config) -> list[str]:
    """Return the lines that say what is about to run, once and as soon as it is known; none in a quiet session."""
    contract = config.stash.get(CONTRACT, None)
    if contract is None or _TOLD in config.stash or config.getoption("verbose") < 0:
        return []
    config.stash[_TOLD] = True
    return header(contract.choice.target, contract.fragment, contract.choice.profile.value, contract.choice.seed)


def _show(config: pytest.Config, line: str) -> None:
    """Write a line that people see at once: past pytest's capture, on a worker too."""
    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        sys.stderr.write(f"\n{line}\n")
        sys.stderr.flush()


def _progress(config: pytest.Config) -> Progress | None:
    on_worker = hasattr(config, "workerinput")
    return Progress() if sys.stdout.isatty() and not on_worker and config.getoption("verbose") == 0 else None
