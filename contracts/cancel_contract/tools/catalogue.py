"""Writes the catalogue of clauses as a table and as Markdown."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from cancel_contract.clauses import Clause
from cancel_contract.fragment.document import Fragment
from cancel_contract.target.settings import variable


def table(clauses: Sequence[Clause]) -> Table:
    """The catalogue for a terminal."""
    shown = Table("id", "level", "source", "statement", box=None, pad_edge=False)
    for clause in clauses:
        shown.add_row(clause.id, clause.level, clause.source, clause.statement)
    return shown


def markdown(clauses: Sequence[Clause], fragment: Fragment) -> str:
    """The catalogue as a page."""
    return "\n".join(_page(clauses, fragment)) + "\n"


def _page(clauses: Sequence[Clause], fragment: Fragment) -> Iterator[str]:
    yield "# The clauses"
    yield ""
    yield (
        f"{len(clauses)} promises of the endpoint that cancels an appointment. A broken MUST closes the gate. "
        "Sources: *documented* on the endpoint's page, *sibling* on another page of the API, *observed* in the "
        "provider's behaviour, *policy* our own choice."
    )
    yield ""
    yield f"Written by `cancel-contract clauses --markdown`. The fragment is `openapi/{fragment.path.name}`."
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
