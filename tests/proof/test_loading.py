"""What a process loads for each command, and for the consumers' fixture: times would differ by machine."""

import json
import subprocess
import sys
from typing import Final

from cancel_contract.tools import installation
from cancel_contract.tools.commands.group import COMMANDS

SLOW: Final = {"hypothesis", "schemathesis", "starlette_testclient"}
"""What draws cases takes a second to load."""
HEAVY: Final = SLOW | {"httpcore", "httpx", "jinja2", "pydantic", "pytest", "rich", "starlette", "uvicorn"}
LOADED: Final = """
import json, sys
from typer.testing import CliRunner
from cancel_contract.tools.cli import app

codes = [CliRunner().invoke(app, typed).exit_code for typed in json.loads(sys.argv[1])]
for name in sys.argv[2:]:
    __import__(name)
print(json.dumps([codes, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def _loaded(*commands: list[str], modules: tuple[str, ...] = ()) -> tuple[list[int], set[str]]:
    """Return exit codes, and the packages that a process has loaded when it has run some commands."""
    done = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-c", LOADED, json.dumps(commands), *modules], capture_output=True, text=True, check=True
    )
    codes, loaded = json.loads(done.stdout)
    return codes, set(loaded)


def test_what_only_prints_loads_little() -> None:
    """Help, version and catalogue come without what a run needs: a test of modules, as times differ by machine."""
    helped = [[name, "--help"] for name in ("gate", "clauses")]

    codes, loaded = _loaded(["--help"], ["--version"], ["clauses"], *helped)

    assert codes == [0] * 5
    # typer itself takes pydantic for a command's options.
    assert loaded & HEAVY <= {"pydantic"}


def test_no_command_loads_what_draws_cases() -> None:
    """What draws cases is loaded where some are drawn, and not by a command that might come to it."""
    names = [name for name, command in COMMANDS.items() if not command.needs_checkout]

    codes, loaded = _loaded(*([name, "--help"] for name in names), modules=("cancel_contract.plugin.hooks",))

    assert codes == [0] * len(names)
    assert loaded & SLOW == set()


def test_the_consumers_fixture_loads_nothing_of_the_extra() -> None:
    """The fixture, and each command that does not ask for the extra, work where the base alone is installed."""
    commands = (f"tools.commands.{name}" for name, command in COMMANDS.items() if not command.needs_extra)
    modules = ("pytest_provider", "provider.consumer", *commands)
    script = "import json, sys; [__import__(name) for name in sys.argv[1:]]; print(json.dumps([*sys.modules]))"

    done = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-c", script, *(f"cancel_contract.{name}" for name in modules)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert set(installation.OF_THE_EXTRA) & set(json.loads(done.stdout)) == set()
