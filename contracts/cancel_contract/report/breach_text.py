"""Writes the causes of breaches as paragraphs: what was promised, what came, and how to see it again."""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import Cause, causes
from cancel_contract.ledger.evidence import shortened
from cancel_contract.ledger.row import Row
from cancel_contract.report.request_ids import log_line

LONGEST_ANSWER: Final = 600
"""Characters of an answer that are shown; report.json and report.html show all that is kept."""
_WIDTH: Final = 118
_REPEATABLE: Final = "may be sent again as it is"
_OWN_ONLY: Final = "changes the appointment: send it again only to one of your own"


def cause_lines(
    breaches: Mapping[str, Breach], rows: Mapping[str, Row], fragment: Fragment, again: Callable[[str], str]
) -> Iterator[str]:
    """Yield a paragraph for each cause of breaches, given by clause; `again` makes the command that plays a case."""
    for cause in causes(breaches):
        yield from paragraph(cause, rows, fragment, again(cause.breach.case))


def paragraph(cause: Cause, rows: Mapping[str, Row], fragment: Fragment, again: str, known: str = "") -> Iterator[str]:
    """Yield one cause: the fact, the promise and its source, the request and the answer once, the clauses beneath.

    `known` names the item that has shown the same cause before: its evidence is not repeated.
    """
    row, breach = rows[cause.clauses[0]], cause.breach
    clause = row.clause
    yield f"{clause.id} BROKEN: {breach.message}"
    if known:
        yield from _also(cause.clauses[1:])
        yield f"  cause    the same as in {known}, which shows request and answer"
        yield f"  again    {again}"
        return
    yield f"  promise  {clause.statement}"
    yield f"  source   {clause.level}, {clause.source}, {fragment.place(clause.pointer)}"
    yield from _also(cause.clauses[1:])
    yield f"  times    {times(row)}"
    yield f"  request  {breach.curl}"
    yield f"           {_REPEATABLE if breach.repeatable else _OWN_ONLY}"
    yield f"  answer   {shortened(breach.answer, LONGEST_ANSWER)}"
    if log := log_line(breach):
        yield f"  log      {log}"
    yield f"  again    {again}"


def _also(clauses: tuple[str, ...]) -> Iterator[str]:
    if clauses:
        told = textwrap.wrap(", ".join(clauses), _WIDTH - 11, break_on_hyphens=False)
        yield f"  breaks   {told[0]}"
        yield from (f"           {line}" for line in told[1:])


def times(row: Row) -> str:
    """Return how many times of how many a clause was broken, in words."""
    asked = row.held + row.broken
    return f"{row.broken} of {asked} times" if row.held else f"each of {asked} times"
