"""The READMEs agree with the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.clauses.clause import Level
from cancel_contract.fragment.document import load as load_fragment
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.row import Row, Verdict, compared
from cancel_contract.plugin.hooks import pytest_addoption
from cancel_contract.report.breach_text import cause_lines
from cancel_contract.run.profiles import Profile
from cancel_contract.run.scenarios import SCENARIOS
from cancel_contract.target.loading import load
from cancel_contract.target.settings import Settings, variable
from cancel_contract.tools.commands.group import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("contracts", "benchmarks")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *(page for folder in FOLDERS for page in sorted((ROOT / folder).rglob("*.md"))))
    if "node_modules" not in path.parts
}
README = PAGES["README.md"]
SETTINGS = PAGES["contracts/cancel_contract/target/README.md"]
OPTIONS = PAGES["contracts/cancel_contract/plugin/README.md"]
MEASURED = PAGES["benchmarks/README.md"]
COMMAND_LINE = PAGES["contracts/cancel_contract/tools/README.md"]
PACKAGE = PAGES["contracts/cancel_contract/README.md"]
LONGEST = 150
"""Lines of the README that a stranger reads."""
SAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
VARIABLES = [variable(name) for name in Settings.model_fields]


def _rows(header: str, page: str = README) -> Iterator[list[str]]:
    """Yield the cells of the table whose head begins so."""
    lines = iter(page[page.index(header) :].splitlines()[2:])
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|"))]


def _settings() -> dict[str, list[str]]:
    """Return the cells of each setting's row, by its variable."""
    return {row[0].strip("`"): row[1:] for row in _rows("| variable |", SETTINGS)}


def test_the_readme_is_short() -> None:
    """A stranger reads it whole; more is written beside what it describes."""
    assert README.count("\n") <= LONGEST


@pytest.fixture(scope="module")
def options() -> set[str]:
    """Return the options that the plugin adds to pytest."""
    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    return {name for group in parser._groups for option in group.options for name in option.names()}


def test_every_setting_has_a_row_and_no_row_is_without_one() -> None:
    """The table of variables is that of Settings, in its order."""
    assert [*_settings()] == VARIABLES


def test_every_default_stands_in_its_row() -> None:
    """A setting whose default is a number, or a zone, shows it."""
    shown = {name: cells[0] for name, cells in _settings().items()}
    defaults = {variable(name): field.default for name, field in Settings.model_fields.items()}
    numbers = {name: f"{value:g}" for name, value in defaults.items() if type(value) in {int, float}}

    assert {name: text for name, text in numbers.items() if f"({text})" not in shown[name]} == {}
    assert defaults["ONELINK_TIME_ZONE"] in shown["ONELINK_TIME_ZONE"]


def test_every_row_names_the_clauses_that_its_setting_lets_run() -> None:
    """A clause that stays untested without a setting stands in its row, alone or with its whole family."""
    for name, (_, required, lets_run, _) in _settings().items():
        clauses = [clause for clause in CATALOGUE if name in map(variable, clause.needs)]
        missing = [one.id for one in clauses if f"`{one.id}`" not in lets_run and f"`{one.family}/…`" not in lets_run]
        assert missing == [], name
        assert ("`none`" in required) == any(one.level is Level.MUST for one in clauses), name


def test_every_row_says_whether_an_appointment_may_be_lost() -> None:
    """The appointments that a scenario may cancel for good are those whose rows say so."""
    used = {"appointment_ids", *(name for scenario in SCENARIOS for name in scenario.uses_up)}

    assert {name for name, cells in _settings().items() if "lost**" in cells[3]} == {*map(variable, used)}


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

    assert codes == [4, 1, 3, 2, 6, 5, 0]
    assert set(codes) - {2, 5} == set(Exit)


def test_every_verdict_has_a_row() -> None:
    """The table of verdicts goes from best to worst."""
    assert [row[0] for row in _rows("| verdict |")] == [verdict.word for verdict in sorted(Verdict)]


def test_every_option_has_a_row_and_every_option_that_is_named_exists(options: set[str]) -> None:
    """Options of ours stand in the plugin's table, and no page names others of that look."""
    form = r"(?<=[`\s])(--(?:contract|clause|case|target|plan|deviations)[a-z-]*)"

    assert {name for row in _rows("| option of", OPTIONS) for name in re.findall(form, row[0])} == options
    assert {name for page in PAGES.values() for name in re.findall(form, page)} <= options


def test_every_profile_is_told() -> None:
    """The README has a sentence for each profile."""
    assert [profile for profile in Profile if f"`{profile}`" not in README] == []


def test_every_command_that_is_told_exists() -> None:
    """The pages name commands of `cancel-contract` by the names that they have."""
    told = {name for page in PAGES.values() for name in re.findall(r"`cancel-contract ([a-z]+)", page)}
    told |= set(re.findall(r"^cancel-contract ([a-z]+)", README, re.MULTILINE))

    assert told
    assert told <= {*COMMANDS}
    assert {row[0].strip("`").split()[1] for row in _rows("| command |", COMMAND_LINE)} == {*COMMANDS}


def test_the_packages_have_rows_in_the_order_of_their_imports() -> None:
    """The table of packages is that of import-linter's layers, from the first to the last."""
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    names = [name for layer in reversed(layers[0]["layers"]) for name in layer.split(" | ")]

    assert [name for row in _rows("| package |", PACKAGE) for name in re.findall(r"`(\w+)(?:/|\.py)`", row[0])] == names


@pytest.mark.parametrize("page", PAGES)
def test_every_path_and_link_of_a_page_leads_somewhere(page: str) -> None:
    """What a page names in backquotes, or links to, exists."""
    here = (ROOT / page).parent
    paths = {ROOT / path for path in re.findall(r"`((?:contracts|openapi|tests|benchmarks)/[\w./-]*)`", PAGES[page])}
    links = {here / link for link in re.findall(r"\]\(([^)#]+)\)", PAGES[page]) if "://" not in link}

    assert [path for path in paths | links if not path.exists()] == []


def test_every_page_can_be_reached() -> None:
    """From the README, links lead to each page that is written by hand."""
    seen, waiting = set[str](), ["README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        links = re.findall(r"\]\(([^)#]+\.md)\)", PAGES[page])
        targets = {((ROOT / page).parent / link).resolve() for link in links if "://" not in link}
        waiting += {target.relative_to(ROOT).as_posix() for target in targets} - seen

    assert {*PAGES} - seen == set()


NAMES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.md") if path.stem != "README")


def test_every_measured_page_has_a_row() -> None:
    """What was measured is shown with its page, each page once."""
    assert [re.findall(r"\[(\w+)\]", row[0]) for row in _rows("| measured |", MEASURED)] == [[name] for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_the_date_of_a_measured_page_stands_in_its_row(name: str) -> None:
    """A row says how old its page is, and what has written that."""
    page = (ROOT / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
    told = {row[0]: row[2] for row in _rows("| measured |", MEASURED)}

    assert page.splitlines()[0].rpartition(", ")[2] == told[f"[{name}]({name}.md)"]
    assert f"python benchmarks/{name}.py" in page
    assert (ROOT / "benchmarks" / f"{name}.py").exists()


SET_UP = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]' && "


def test_the_two_commands_do_all_their_set_up() -> None:
    """Each makes an environment, installs with the constraints, and runs pytest."""
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]

    assert [line.startswith(SET_UP) for line in lines] == [True, True]
    assert [" ".join(line.removeprefix(SET_UP).split()[:2]) for line in lines] == [
        ".venv/bin/pytest tests/contract",
        ".venv/bin/pytest tests",
    ]


def test_ci_runs_the_readme_s_test_command() -> None:
    """What CI plays is what people are told to type."""
    told = [line.removeprefix(SET_UP) for line in README.splitlines() if line.startswith(SET_UP)]
    played = re.findall(r"^\.venv/bin/pytest .*$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)

    assert played == told[1:]


def test_the_lines_for_windows_do_the_same() -> None:
    """PowerShell's lines differ from the shell's in the launcher, the folder and the separator alone."""
    told = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    windows = [
        line.replace("python3", "py").replace(" &&", ";").replace(".venv/bin/", ".venv\\Scripts\\") for line in told
    ]

    assert [line for line in README.splitlines() if line.startswith("py -m venv")] == windows


def test_the_failure_has_the_parts_of_a_failure() -> None:
    """The README's first block is what a breach looks like now, line for line."""
    block = README.split("```text\n")[1].split("```")[0].splitlines()
    clause = next(one for one in CATALOGUE if one.id == block[0].split()[0])
    told: dict[str, Any] = {"request_id": "id", "asked": "asked", "before": "before", "steps": ("a", "b")}
    breach = Breach("fact", "effect/x#first", "curl", "answer", **told)
    broke, held = ({((name,), frozenset(name)) for name in names} for names in (("a", "ab"), ("c", "d")))
    row = compared(Row(clause, broken=4), broke, held)
    lines = [*cause_lines({clause.id: breach}, {clause.id: row}, load_fragment(), lambda _: "again")]

    assert [line[:11] for line in block[1 : len(lines)]] == [line[:11] for line in lines[1:]]
    assert block[1:3] == lines[1:3]
    assert block[len(lines) :][-1].startswith("exit 1: gate closed")
