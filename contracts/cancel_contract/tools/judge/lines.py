"""Writes the findings in a recording as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cancel_contract.clauses import Level
from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.report.breach_text import paragraph

_MEANING: Final = {
    Exit.HELD: "no MUST clause was seen broken",
    Exit.BROKEN: "a MUST clause was seen broken",
    Exit.ABORTED: "no verdict: the suite itself failed",
    Exit.INCONCLUSIVE: "no verdict",
}


def recording_lines(  # noqa: PLR0913, PLR0917  a recording is told by all of these
    name: str, fragment: Fragment, met: Mapping[str, int], ledger: Ledger, rows: Sequence[Row], code: Exit
) -> Iterator[str]:
    """Return the breaches, the ledger, the incidents, and what the exit code means."""
    breaches = {row.clause.id: row.breach for row in rows if row.breach}
    by_clause = {row.clause.id: row for row in rows}
    for cause in causes(breaches, by_clause):
        yield from paragraph(cause, by_clause, fragment, f"{cause.breach.case} of {name}")
        yield ""
    told = ", ".join(f"{count} {what}" for what, count in met.items() if count)
    yield f"cancel appointment · fragment {fragment.digest} · {name} · {told or 'no entries'}"
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    yield " · ".join(f"{verdict.word} {count}" for verdict, count in counts.items()) + (
        " · partial: what was not recorded was not judged"
    )
    yield from (_line(row) for row in rows if row.verdict in {Verdict.BROKEN, Verdict.ABORTED})
    held = [row.clause.id for row in rows if row.verdict is Verdict.HELD]
    if held:
        yield f"held: {', '.join(held)}"
    yield from (f"suite failure: {line}" for line in ledger.suite_failures)
    yield f"exit {code.value}: {_MEANING[code]}{_why(rows, ledger, code)}"


def recording_data(  # noqa: PLR0913, PLR0917  as above
    name: str, fragment: Fragment, met: Mapping[str, int], ledger: Ledger, rows: Sequence[Row], code: Exit
) -> Mapping[str, Any]:
    """Return the same for programs."""
    return {
        "recording": name,
        "fragment": fragment.digest,
        "exit": code,
        "meaning": f"{_MEANING[code]}{_why(rows, ledger, code)}",
        "entries": dict(met),
        "clauses": [_data(row) for row in rows],
        "suite_failures": [*ledger.suite_failures],
    }


def _data(row: Row) -> Mapping[str, Any]:
    breach = row.breach
    return {
        "id": row.clause.id,
        "level": row.clause.level.value,
        "verdict": row.verdict.word,
        "held": row.held,
        "broken": row.broken,
        "failures": [*row.failures],
        "message": breach.message if breach else "",
        "entry": breach.case if breach else "",
        "answer": breach.answer if breach else "",
    }


def _line(row: Row) -> str:
    fact = (
        "; ".join(row.failures) or f"{row.breach.message if row.breach else ''} ({row.broken} of {_times(row)} times)"
    )
    return f"{row.verdict.word:<9} {row.clause.id:<29} {row.clause.level:<7} {row.clause.source:<11} {fact}"


def _times(row: Row) -> int:
    return row.held + row.broken


def _why(rows: Sequence[Row], ledger: Ledger, code: Exit) -> str:
    reasons = list(ledger.inconclusive)
    should = sum(row.verdict is Verdict.BROKEN and row.clause.level is Level.SHOULD for row in rows)
    if code is Exit.HELD and should:
        reasons.append(f"{should} SHOULD clauses were, which count under --strict")
    return f": {'; '.join(reasons)}" if reasons else ""
