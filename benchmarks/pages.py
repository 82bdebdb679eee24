"""Shared parts of the benchmarks: dated result pages, tables, the machine, and a provider beside a run in its own
process.
"""

import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import typer

from cancel_contract.provider import Provider, Running, running
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.target.settings import PREFIX, secret_names, variable

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
STRANGERS: Final = 1000
"""Strangers' appointments that every provider holds here: the number that the figures are asked for."""
GATE: Final = (
    sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q",
    str(ROOT / "tests" / "contract"),
)  # fmt: skip
"""The gate as a process: to be started in any folder."""


def machine() -> str:
    """Return what a figure depends on besides the code."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    python = platform.python_version()
    return f"{cores} cores ({platform.machine()}), {platform.system()}, Python {python}, load {load:.1f} at the end"


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(map(str, head))} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '&#124;') for cell in row)} |"


def publish(name: str, title: str, headline: str, lines: Iterable[str]) -> None:
    """Write a dated page beside its benchmark, print it, and write headline and date into the table of README.md."""
    today = datetime.now(UTC).date()
    head = (f"# {title}, {today}", "", f"Written by `python benchmarks/{name}.py`; {machine()}.", "", headline, "")
    text = "\n".join([*head, *lines]) + "\n"
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")
    readme = HERE / "README.md"
    readme.write_text(retold(readme.read_text(encoding="utf-8"), name, headline, today), encoding="utf-8")
    typer.echo(text)


def retold(readme: str, name: str, headline: str, today: date) -> str:
    """Return a README with a benchmark's row replaced. Raises ValueError if it has no such row, or two."""
    begin = f"| [{name}]({name}.md) | "
    cells = f"{headline.replace('|', '&#124;')} | {today} |"
    told, rows = re.subn(rf"^{re.escape(begin)}.*$", lambda _: begin + cells, readme, flags=re.MULTILINE)
    if rows != 1:
        raise ValueError(f"README.md has {rows} rows that begin with {begin!r}, not one")
    return told


@contextmanager
def served(provider: Provider) -> Iterator[tuple[Running, dict[str, str]]]:
    """Serve a provider, and give the environment in which the suite reaches it; nothing else of ours is set there."""
    with running(provider) as server:
        settings = seeded_settings(server.base_url, repeat_policy=provider.repeat_policy)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        for name in settings.model_fields_set:
            value = getattr(settings, name)
            kept[variable(name)] = value.get_secret_value() if name in secret_names() else str(value)
        yield server, kept
