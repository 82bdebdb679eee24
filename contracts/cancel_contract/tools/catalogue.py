"""The catalogue as people read it, as a table and as a page of Markdown. It knows no verdicts."""

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from cancel_contract.clauses import Clause

_HEAD: Final = ("id", "level", "source", "statement")
_NARROWEST: Final = 40
"""Columns for a statement, however narrow the terminal is."""


def table(clauses: Sequence[Clause], width: int | None = None) -> str:
    """The catalogue as text: a line each, or as many as a terminal of this width asks for (default: that of stdout)."""
    rows = [_HEAD, *((clause.id, clause.level.value, clause.source, clause.statement) for clause in clauses)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    before = sum(widths) + 2 * len(widths)
    # A pipe has no width; a table that is cut to 80 columns cannot be searched.
    columns = shutil.get_terminal_size((0, 0)).columns if width is None else width
    room = max(columns - before, _NARROWEST) if columns else None
    return "".join(f"{line}\n" for row in rows for line in _lines(row, widths, room))


def _lines(row: Sequence[str], widths: Sequence[int], room: int | None) -> Iterator[str]:
    *cells, statement = row
    before = "".join(f"{cell:{width}}  " for cell, width in zip(cells, widths, strict=True))
    first, *more = textwrap.wrap(statement, room) if room else [statement]
    yield before + first
    yield from (" " * len(before) + line for line in more)


def markdown(clauses: Sequence[Clause]) -> str:
    """The catalogue as a page."""
    return "\n".join(_page(clauses)) + "\n"


def _page(clauses: Sequence[Clause]) -> Iterator[str]:
    # What a setting is called takes longer to load than the whole table to print.
    from cancel_contract.fragment.document import FILE_NAME  # noqa: PLC0415
    from cancel_contract.target.settings import variable  # noqa: PLC0415

    yield "# The clauses"
    yield ""
    yield (
        f"{len(clauses)} promises of the endpoint that cancels an appointment. A broken MUST closes the gate. "
        "Sources: *documented* on the endpoint's page, *sibling* on another page of the API, *observed* in the "
        "provider's behaviour, *policy* our own choice."
    )
    yield ""
    yield f"Written by `cancel-contract clauses --markdown`. The fragment is `openapi/{FILE_NAME}`."
    for family in dict.fromkeys(clause.family for clause in clauses):
        yield ""
        yield f"## {family}/…"
        yield ""
        yield "| id | level | source | statement | pointer | needs |"
        yield "|---|---|---|---|---|---|"
        for clause in (one for one in clauses if one.family == family):
            needs = ", ".join(f"`{variable(name)}`" for name in clause.needs)
            cells = (f"`{clause.id}`", clause.level, clause.source, clause.statement, f"`{clause.pointer}`", needs)
            yield f"| {' | '.join(cells)} |"
