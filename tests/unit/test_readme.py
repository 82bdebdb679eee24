"""The README agrees with the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cancel_contract.ledger.gate import Exit
from cancel_contract.ledger.ledger import Verdict
from cancel_contract.plugin.hooks import pytest_addoption
from cancel_contract.run.profiles import Profile
from cancel_contract.target.loading import load
from cancel_contract.target.settings import Settings, variable
from cancel_contract.tools.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
VARIABLES = [variable(name) for name in Settings.model_fields]


def _rows(header: str) -> Iterator[list[str]]:
    """Yield the cells of the table whose head begins so."""
    lines = iter(README[README.index(header) :].splitlines()[2:])
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.fixture(scope="module")
def options() -> set[str]:
    """Return the options that the plugin adds to pytest."""
    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    return {name for group in parser._groups for option in group.options for name in option.names()}


def test_every_setting_has_a_row_and_no_row_is_without_one() -> None:
    """The table of variables is that of Settings, in its order."""
    assert [row[0].strip("`") for row in _rows("| variable |")] == VARIABLES


def test_every_default_stands_in_its_row() -> None:
    """A setting whose default is a number, or a zone, tells it."""
    told = {row[0].strip("`"): row[1] for row in _rows("| variable |")}
    defaults = {variable(name): field.default for name, field in Settings.model_fields.items()}
    numbers = {name: f"{value:g}" for name, value in defaults.items() if type(value) in {int, float}}

    assert {name: text for name, text in numbers.items() if f"({text})" not in told[name]} == {}
    assert defaults["ONELINK_TIME_ZONE"] in told["ONELINK_TIME_ZONE"]


def test_the_sample_names_exactly_the_settings() -> None:
    """The file that people copy has a line for each setting, and its lines can be read."""
    assert re.findall(r"^#?(ONELINK_\w+)=", SAMPLE, re.MULTILINE) == VARIABLES


def test_the_sample_is_a_sample(tmp_path: Path) -> None:
    """Copied as it is, with a token and an account filled in, it gives settings."""
    copied = tmp_path / ".env"
    filled = SAMPLE.replace("API_TOKEN=\n", "API_TOKEN=t0ken-of-the-tests\n", 1).replace(
        "ACCOUNT_ID=\n", "ACCOUNT_ID=3\n", 1
    )
    copied.write_text(filled, encoding="utf-8")

    settings = load({}, copied)

    assert (settings.base_url, settings.account_id, settings.resource_id) == ("https://staging.example", 3, None)


def test_the_defaults_of_the_sample_are_the_defaults() -> None:
    """What stands behind a # is what holds without it."""
    given = dict(re.findall(r"^#(ONELINK_\w+)=(\S+)$", SAMPLE, re.MULTILINE))
    given.pop("ONELINK_APPOINTMENT_IDS")

    assert load(given, Path("nowhere")) == Settings()


def test_every_exit_code_has_a_row_in_the_order_in_which_it_applies() -> None:
    """The table of exit codes holds those of the suite, and pytest's own."""
    codes = [int(code) for row in _rows("| exit |") for code in row[0].split(",")]

    assert codes == [4, 1, 3, 6, 2, 5, 0]
    assert set(codes) - {2, 5} == set(Exit)


def test_every_verdict_has_a_row() -> None:
    """The table of verdicts goes from best to worst."""
    assert [row[0] for row in _rows("| verdict |")] == [verdict.word for verdict in sorted(Verdict)]


def test_every_option_is_told_and_every_option_that_is_told_exists(options: set[str]) -> None:
    """Options of ours stand in the README, and it names no others of that look."""
    told = set(re.findall(r"(?<=[`\s])(--(?:contract|clause|case|target|plan|deviations)[a-z-]*)", README))

    assert told == options


def test_every_profile_is_told() -> None:
    """The README has a sentence for each profile."""
    assert [profile for profile in Profile if f"`{profile}`" not in README] == []


def test_every_command_that_is_told_exists() -> None:
    """The README names commands of `cancel-contract` by the names that they have."""
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    told = set(re.findall(r"cancel-contract ([a-z]+)", README))

    assert told
    assert told <= names


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:contracts|openapi|tests)/[\w./-]*)`", README))))
def test_every_path_that_is_told_exists(path: str) -> None:
    """Every path that the README names exists."""
    assert (ROOT / path).exists()


PAGES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.md") if path.stem != "README")


def test_every_measured_page_has_a_row() -> None:
    """What was measured is told with its page, each page once."""
    assert [re.findall(r"\[(\w+)\]", row[0]) for row in _rows("| measured |")] == [[name] for name in PAGES]


@pytest.mark.parametrize("name", PAGES)
def test_the_date_of_a_measured_page_stands_in_its_row(name: str) -> None:
    """A row tells how old its page is, and who has written that."""
    page = (ROOT / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
    told = {row[0]: row[2] for row in _rows("| measured |")}

    assert page.splitlines()[0].rpartition(", ")[2] == told[f"[{name}](benchmarks/{name}.md)"]
    assert f"python benchmarks/{name}.py" in page
    assert (ROOT / "benchmarks" / f"{name}.py").exists()


def test_the_two_commands_do_all_their_set_up() -> None:
    """Each makes an environment, installs with the constraints, and runs pytest."""
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]

    assert [line.rpartition(" && ")[2] for line in lines] == [
        ".venv/bin/pytest tests/contract",
        ".venv/bin/pytest tests",
    ]
    assert {line.rpartition(" && ")[0] for line in lines} == {
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]'"
    }
