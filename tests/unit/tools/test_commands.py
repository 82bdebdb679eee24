"""The command line: what each command refuses, and how a slip of the keyboard ends."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cancel_contract.clauses import CATALOGUE
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.tools import installation
from cancel_contract.tools.catalogue import table
from cancel_contract.tools.cli import app
from cancel_contract.tools.commands import gate
from cancel_contract.tools.commands.group import COMMANDS, MISCONFIGURED

Typed = Callable[..., Result]


@pytest.fixture
def typed() -> Typed:
    """Run a command as it is typed."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    return run


def test_the_table_has_a_row_for_each_clause() -> None:
    """It tells id, level, source and statement."""
    head, *rows = table(CATALOGUE, width=0).splitlines()

    assert head.split() == ["id", "level", "source", "statement"]
    assert [row.split()[0] for row in rows] == [clause.id for clause in CATALOGUE]
    assert all(row.endswith(clause.statement) for row, clause in zip(rows, CATALOGUE, strict=True))


def test_the_table_fits_a_terminal() -> None:
    """A long statement goes on below its beginning."""
    lines = table(CATALOGUE, width=110).splitlines()

    assert max(map(len, lines)) <= 110
    assert len(lines) > len(CATALOGUE) + 1
    assert " ".join(" ".join(lines).split()) == " ".join(table(CATALOGUE, width=0).split())


@pytest.mark.parametrize("options", [(), ("--markdown",)])
def test_the_catalogue_is_printed_by_its_command(options: tuple[str, ...], typed: Typed) -> None:
    """`cancel-contract clauses` prints the catalogue, for a terminal or as the page."""
    done = typed("clauses", *options)

    assert done.exit_code == 0
    assert [clause.id for clause in CATALOGUE if clause.id not in done.output] == []
    assert done.output.startswith("# The clauses") is bool(options)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Usage: "),
        (("--nope",), "No such option: --nope"),
        (("claws",), "No such command 'claws'. Did you mean 'clauses'?"),
        (("clauses", "all"), "Got unexpected extra argument(s) (all)"),
        (("doctor", "--taget", "x"), "No such option: --taget"),
        (("sweep", "--run"), "Option '--run' requires an argument"),
        (("serve", "--port", "many"), "Invalid value for '--port': 'many': Input should be a valid integer"),
        (
            ("serve", "--latency", "-1"),
            "Invalid value for '--latency': '-1': Input should be greater than or equal to 0",
        ),
        (("serve", "--repeat-policy", "any"), "Invalid value for '--repeat-policy': 'any'"),
        (("judge",), "Missing argument 'FILE.har': see `root judge --help`"),
        (("prove", "--jobs", "-1"), "Invalid value for '--jobs': '-1': Input should be greater than or equal to 0"),
        (("draw", "--fuzzed", "0"), "Invalid value for '--fuzzed': '0': Input should be greater than or equal to 1"),
        (("prove", "--readme", os.devnull), f"--readme {os.devnull} has no place for the totals: write <!-- proof"),
    ],
)
def test_a_slip_of_the_keyboard_is_wrong_input(words: tuple[str, ...], message: str, typed: Typed) -> None:
    """It ends with the code of wrong settings, says what is wrong, and prints no traceback."""
    done = typed(*words)

    assert done.exit_code == MISCONFIGURED == Exit.MISCONFIGURED.value
    assert message in done.output
    assert "Traceback" not in done.output
    assert not words or len(done.output.splitlines()) == 1


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.needs_checkout])
def test_a_maintainers_command_refuses_outside_a_checkout(
    name: str, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would write into an installed package: one line says what it needs, and help is given all the same."""
    monkeypatch.setattr(installation, "is_checkout", lambda: False)

    done, helped = typed(name), typed(name, "--help")

    assert (done.exit_code, helped.exit_code) == (4, 0)
    assert done.output == (
        f"{name} is for maintainers and writes into a checkout, which this is not: "
        "clone the suite's repository, and there pip install -e '.[dev]'\n"
    )


@pytest.mark.parametrize("words", [("prove", "--write"), ("prove", "--readme"), ("draw", "--file")])
def test_a_file_that_cannot_be_written_is_said_before_any_work(
    words: tuple[str, str], typed: Typed, tmp_path: Path
) -> None:
    """Minutes of work would be lost with it: one line names the file, the reason and the remedy."""
    folder, nowhere = typed(*words, str(tmp_path)), typed(*words, str(tmp_path / "none" / "file"))

    assert (folder.exit_code, nowhere.exit_code) == (4, 4)
    assert folder.output == f"{words[1]} {tmp_path} cannot be written, it is a folder: name another file\n"
    reason = "it is not there" if words[1] == "--readme" else f"there is no folder {tmp_path}/none"
    assert nowhere.output == f"{words[1]} {tmp_path}/none/file cannot be written, {reason}: name another file\n"


@pytest.mark.parametrize("name", ["gate", "doctor", "sweep", "judge", "drift"])
def test_a_command_without_the_extra_says_what_to_install(
    name: str, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever installed the fixture alone is told the line to type, not a traceback."""
    monkeypatch.setattr(installation, "OF_THE_EXTRA", ("yaml", "not_there.at_all", "nowhere"))

    done = typed(name, "x")

    assert done.exit_code == 4
    assert (
        done.output == f"{name} needs not_there.at_all, which is not installed: pip install 'cancel-contract[gate]'\n"
    )


def test_a_gate_hands_over_what_was_typed(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of pytest go to pytest as they are, a short one and a lone help among them; the exit code comes back."""
    handed: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        handed.append(arguments)
        return 6

    monkeypatch.setattr(pytest, "main", main)
    words = ["-n", "2", "-k", "not input", "-xvv", "--target", "https://a.test", "--", "--help"]

    done = typed("gate", *words)

    assert done.exit_code == 6
    assert handed == [[*gate.arguments(), *words]]


@pytest.mark.parametrize("command", ["judge", "drift"])
def test_a_recording_that_is_no_text_is_told_in_one_line(command: str, tmp_path: Path, typed: Typed) -> None:
    """The parser's complaint comes as bytes, and in three lines."""
    path = tmp_path / "recorded.har"
    path.write_bytes(b"\xff\xfe{}")

    done = typed(command, str(path))

    reason = "its JSON goes wrong before the first entry (lexical error: invalid char in json text.)"
    assert (done.exit_code, done.output) == (4, f"{path} is no recording: {reason}; save the HAR file anew\n")
