"""The commands beside the gate, as they are typed."""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.exchange import stored_cases

Run = Callable[..., Any]


@pytest.mark.parametrize("name", ["serve", "clauses", "draw"])
def test_a_command_tells_how_it_is_used(command: Run, name: str) -> None:
    """Each command has a help of its own, and stands in the help of all."""
    own, whole = command("-m", "cancel_contract", name, "--help"), command("-m", "cancel_contract", "--help")

    assert (own.code, whole.code) == (0, 0)
    assert f"cancel_contract {name} [OPTIONS]" in own.out
    assert re.search(rf"^\W*{name} ", whole.out, re.MULTILINE)


def test_the_catalogue_is_printed(command: Run) -> None:
    """Each clause is one line, with level, source and statement."""
    done = command("-m", "cancel_contract", "clauses")

    rows = [re.split(r"\s{2,}", line.strip()) for line in done.out.splitlines()[1:]]
    assert done.code == 0
    assert rows == [[clause.id, clause.level.value, clause.source, clause.statement] for clause in CATALOGUE]


def test_a_taken_port_is_wrong_input(command: Run) -> None:
    """Serving on a port that is taken ends with a message and the code of wrong settings."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("-m", "cancel_contract", "serve", "--port", str(port))

    assert done.code == 4
    assert done.err.startswith(f"127.0.0.1 port {port} cannot be listened on (")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("claws",), "No such command 'claws'"),
        (("sweep", "all"), "Got unexpected extra argument(s) (all)"),
        (("doctor", "--taget", "x"), "No such option: --taget"),
        (("sweep", "--run"), "Option '--run' requires an argument"),
    ],
)
def test_a_command_that_is_typed_wrong_is_wrong_input(command: Run, typed: tuple[str, ...], told: str) -> None:
    """A slip of the keyboard is no failed run, and prints no traceback."""
    done = command("-m", "cancel_contract", *typed)

    assert done.code == 4
    assert told in done.err
    assert "Traceback" not in done.err


def test_drawing_gives_what_is_checked_in(command: Run, tmp_path: Path) -> None:
    """The stored cases are those that the fragment gives today, with the pinned libraries; a seed gives others."""
    told = {}
    for seed in ("0", "7"):
        file = tmp_path / f"{seed}.json"
        assert command("-m", "cancel_contract", "draw", "--file", str(file), "--seed", seed).code == 0
        told[seed] = file.read_text(encoding="utf-8")

    assert told["0"] == stored_cases.PATH.read_text(encoding="utf-8") != told["7"]
