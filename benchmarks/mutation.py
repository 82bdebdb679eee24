"""Mutates the clauses and what the guard decides by, and lists the mutants that survive the unit tests.

Needs mutmut (`pip install mutmut==3.8.1`).
"""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from string import Template
from time import perf_counter
from typing import Annotated, Final

import typer
from pages import HERE, ROOT, publish, table

CONFIGS: Final = HERE / "mutation"
FOLDER: Final = ROOT / "build" / "mutation"
COPIED: Final = ("contracts", "tests", "openapi", "conftest.py", "pyproject.toml", "README.md")
TESTS: Final = ("tests/unit/clauses", "tests/unit/guard", "tests/unit/exchange")
PLUGINS: Final = ("reborn", "forked")
FIRST: Final = "cancel_contract.guard.ownership.*__mutmut_1"
"""The mutants that mutmut tries itself, once it has made all of them and recorded which test calls what."""
MOST_ALIVE: Final = 0.05
"""The share of the mutants that may survive (the figure that is asked for)."""
_ROW: Final = re.compile(r"^\s+(?P<name>\S+): (?P<status>.+)$", re.MULTILINE)
_UNTRIED: Final = "not checked"
_DEAD: Final = frozenset({"killed", "timeout", "caught by type check", "segfault"})


def _copy() -> None:
    """Copy the suite, as it is now, to where it is mutated; the results of an earlier run stay.

    mutmut finds a package in `src` alone, so that the source root has this name in the copy.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, copy = ROOT / name, FOLDER / ("src" if name == "contracts" else name)
        if source.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, FOLDER)
    for plugin in PLUGINS:
        shutil.copy(CONFIGS / f"{plugin}.py", FOLDER)
    tests = ", ".join(f'"{name}"' for name in TESTS)
    config = Template((CONFIGS / "config.toml").read_text(encoding="utf-8")).substitute(tests=tests)
    with (FOLDER / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(config)


def _mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=FOLDER, env=os.environ, check=False, capture_output=True, text=True)  # noqa: S603  our own command
    return done.stdout


def _tried(jobs: int, *, again: bool) -> None:
    """Make the mutants anew where their function has changed, and try them."""
    _mutmut("run", "--max-children", str(jobs), FIRST)
    copy = FOLDER / "mutants"
    command = [sys.executable, "-m", "pytest", "--rootdir=.", "-q", "-p", "no:randomly", "-p", "no:xdist"]
    command += [word for plugin in PLUGINS for word in ("-p", plugin)] + list(TESTS)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(copy / "src"), str(copy))),
        "MUTANTS_AT_ONCE": str(jobs),
    }
    if again:
        environment["MUTANTS_AGAIN"] = "1"
    # Each child writes its dots to standard output.
    subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command


def statuses() -> dict[str, str]:
    """Return what became of each mutant."""
    return {row["name"]: row["status"] for row in _ROW.finditer(_mutmut("results", "--all", "true"))}


def alive(found: Mapping[str, str]) -> list[str]:
    """Return the mutants that no test has killed."""
    return [name for name, status in found.items() if status not in {*_DEAD, _UNTRIED}]


def _reasons() -> dict[str, str]:
    return dict(tomllib.loads((CONFIGS / "equivalent.toml").read_text(encoding="utf-8")))


def _reason(name: str, reasons: Mapping[str, str]) -> str:
    return next((reason for pattern, reason in reasons.items() if fnmatch.fnmatch(name, pattern)), "")


def _change(name: str) -> str:
    lines = _mutmut("show", name).splitlines()
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    return "; ".join(f"`{line.strip()}`" for line in changed)


def _module(name: str) -> str:
    return name.partition(".x")[0]


def _open(told: Mapping[str, str]) -> list[str]:
    return [name for name, reason in told.items() if not reason]


def _headline(found: Mapping[str, str], told: Mapping[str, str]) -> str:
    open_ = _open(told)
    return (
        f"{len(found)} mutants of clauses and guard, {len(found) - len(told)} killed, {len(told)} alive, "
        f"{len(told) - len(open_)} of them equivalent: {len(open_) / len(found):.1%} survive"
    )


def _lines(every: Mapping[str, str], found: Mapping[str, str], told: Mapping[str, str], took: str) -> Iterator[str]:
    open_ = _open(told)
    yield (f"Asked for: at most {MOST_ALIVE:.0%}. {took}; {len(every) - len(found)} mutants were not tried.")
    yield ""
    yield (
        f"mutmut 3.8.1 over the clauses, the guard and what it decides by; tests: {', '.join(TESTS)}. Clauses are made "
        "when their module is imported, so each mutant of theirs is tried with clauses made anew."
    )
    yield ""
    made, tried, left = (Counter(map(_module, names)) for names in (every, found, open_))
    rows = [(name, made[name], tried[name], left[name]) for name in sorted(made)]
    yield from table(("module", "mutants", "tried", "alive"), rows)
    yield ""
    changes = [(name, found[name], _change(name), told[name] or "**open**") for name in told]
    yield from table(("mutant", "status", "change", "why it cannot be killed"), changes)


def main(
    jobs: Annotated[int, typer.Option(help="mutants at once", min=1)] = 2,
    *,
    again: Annotated[bool, typer.Option(help="try only what lived, or was not tried, with the tests of now")] = False,
) -> None:
    """Mutate, and report the survivors; exit 1 if there are too many."""
    begun = perf_counter()
    if not again:
        shutil.rmtree(FOLDER, ignore_errors=True)
    _copy()
    # mutmut records again which test calls what, for new tests.
    (FOLDER / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    _tried(jobs, again=again)
    every, reasons = statuses(), _reasons()
    found = {name: status for name, status in every.items() if status != _UNTRIED}
    told = {name: _reason(name, reasons) for name in alive(found)}
    took = f"{(perf_counter() - begun) / 60:.0f} minutes{' for those that were tried again' if again else ''}"
    lines = _lines(every, found, told, took)
    publish("mutation", "Mutation of clauses and guard", _headline(found, told), lines)
    raise typer.Exit(int(len(_open(told)) > MOST_ALIVE * len(found) or len(found) < len(every)))


if __name__ == "__main__":
    typer.run(main)
