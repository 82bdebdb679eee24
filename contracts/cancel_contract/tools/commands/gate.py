"""`gate`: the contract, played by pytest from wherever the command is run."""

import os
import sys
from typing import Final

import typer

from cancel_contract.tools.installation import contract_folder

_PLUGIN: Final = "cancel_contract.plugin.hooks"
_BESIDE: Final = ("xdist", "hypothesispytest", "pytest_github_actions_annotate_failures")
"""The plugins, by the names under which they are installed, that a gate takes; others are named with -p."""
_WITHOUT: Final = ("no:cacheprovider", "no:unraisableexception")
"""Plugins of pytest's own: one writes a folder, the other collects garbage five times at the end."""
_OF_THE_CALLER: Final = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


def gate(ctx: typer.Context) -> None:
    """Judge a target by the contract, and end with the exit code of its verdict.

    The target is named by ONELINK_ variables or by a .env in this folder; without ONELINK_BASE_URL it is the reference
    provider, started for the run on loopback. Plays the suite's own tests with pytest; whatever stands behind `gate`
    goes to pytest: --target URL, --contract-profile quick|gate|thorough, --clause ID, --case KEY, --contract-strict,
    --plan, --deviations FILE, --contract-json FILE, --contract-html FILE, --contract-har FILE, --junit-xml FILE, -x,
    -n WORKERS, and all others that `cancel-contract gate -h` lists. No pytest configuration, conftest.py or plugin of
    this folder or environment is taken; name a plugin with -p.

    Ends with 0: the gate is open; 1: closed; 2: interrupted; 3: the suite failed; 4: wrong settings or options;
    5: nothing selected; 6: no verdict.
    """
    import pytest  # noqa: PLC0415  help does without

    for name in _OF_THE_CALLER:
        os.environ.pop(name, None)
    sys.exit(pytest.main([*arguments(), *ctx.args]))


def arguments() -> list[str]:
    """Return what pytest is told before what people typed."""
    folder = contract_folder()
    named = [part for name in (*_BESIDE, _PLUGIN, *_WITHOUT) for part in ("-p", name)]
    alone = ["--disable-plugin-autoload", "--noconftest", "--rootdir", str(folder.parent), "-c", os.devnull]
    return [str(folder), *alone, *named, "--import-mode=importlib", "--assert=plain"]
