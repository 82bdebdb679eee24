"""The READMEs' commands for consumers of the API, run as they stand."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECTION = (ROOT / "README.md").read_text("utf-8").split("## I consume the API")[1].split("\n## ")[0]
PROVIDER = (ROOT / "contracts/cancel_contract/provider/README.md").read_text("utf-8")
LINES = re.findall(r"^cancel-contract (.+)$", SECTION + PROVIDER, re.MULTILINE)


def test_every_command_is_shown() -> None:
    """The README's section for consumers has a line for each of their commands."""
    assert {line.split()[0] for line in LINES} == {"serve", "judge", "drift"}


@pytest.mark.parametrize("line", LINES)
def test_the_line_runs(
    line: str,
    recorded: Callable[..., Any],
    har: Callable[..., Path],
    contracts: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line of the README ends with 0; a server is asked for its list alone, which reads the same options."""
    monkeypatch.chdir(ROOT)
    path = str(har(recorded()))
    words = [path if word == "recorded.har" else word for word in shlex.split(line.split(" > ", maxsplit=1)[0])]
    listing = ["--list"] if words[0] == "serve" and "--list" not in words else []

    done = contracts(*words, *listing)

    assert done.exit_code == 0, done.output
