"""Renders report.html: one page that loads nothing from elsewhere.

The page is `templates/report.html`; every value in it is escaped.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from cancel_contract.clauses.families import HEADINGS
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.report.highlights import (
    WORST_FIRST,
    allowed,
    by_cause,
    closing,
    seen,
    untested,
    word_of_entry,
)
from cancel_contract.report.model import Promise, RunReport, Word
from cancel_contract.report.request_ids import log_line
from cancel_contract.report.timings import seconds

_TITLES: Final[Mapping[int, tuple[str, Word]]] = {
    Exit.HELD: ("Gate open", "HELD"),
    Exit.BROKEN: ("Gate closed", "BROKEN"),
    Exit.ABORTED: ("No verdict", "ABORTED"),
    Exit.INCONCLUSIVE: ("No verdict", "UNTESTED"),
}
_OTHER: Final[tuple[str, Word]] = ("No verdict", "UNTESTED")


def render(outcome: RunReport) -> str:
    """Return the page."""
    title, look = _TITLES.get(outcome.conclusion.exit, _OTHER)
    return _template().render(
        run=outcome,
        title=title,
        look=look,
        detail=_detail(outcome.conclusion.meaning),
        families=_families(outcome.clauses),
        closing=by_cause(closing(outcome)),
        allowed=by_cause(allowed(outcome)),
        first=_first(outcome),
        untested=untested(outcome),
        words=WORST_FIRST,
        took=seconds((outcome.ended - outcome.started).total_seconds()),
    )


def _first(outcome: RunReport) -> Mapping[str, str]:
    """Return, by clause, the one that shows the evidence of their cause."""
    causes = by_cause([*closing(outcome), *allowed(outcome)])
    return {one.id: clause.id for clause, others in causes for one in others}


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("cancel_contract.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": _moment, "seconds": seconds, "slug": _slug, "asked": _asked, "named": _named}
    environment.filters |= {"seen": seen, "word_of_entry": word_of_entry, "laid_out": _laid_out, "setting": _setting}
    environment.filters["log_line"] = log_line
    return environment.get_template("report.html")


def _families(clauses: Sequence[Promise]) -> Sequence[tuple[str, str, Sequence[Promise]]]:
    names = dict.fromkeys(clause.family for clause in clauses)
    return [(name, HEADINGS[name], [clause for clause in clauses if clause.family == name]) for name in names]


def _detail(meaning: str) -> str:
    """Return the rest of a statement after the words that are its title."""
    detail = meaning.partition(": ")[2]
    return f"{detail[:1].upper()}{detail[1:]}." if detail else ""


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC"


def _slug(clause: Promise) -> str:
    return clause.id.partition("/")[2]


def _named(word: Word) -> str:
    """Return a verdict as a name in the page's styles."""
    return word.lower().replace(" ", "-")


def _setting(value: object) -> str:
    """Return a setting's value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _laid_out(answer: str) -> str:
    """Return an answer with one field of its body a line, if it is complete JSON."""
    head, start, body = answer.partition("{")
    try:
        return f"{head.rstrip()}\n{json.dumps(json.loads(start + body), ensure_ascii=False, indent=2)}"
    except ValueError:
        return answer


def _asked(clause: Promise) -> str:
    """Return how often a clause was exercised, in words."""
    times = clause.held + clause.broken
    if not times:
        return "not exercised"
    if clause.broken and clause.held:
        return f"broken {clause.broken} of {times} times"
    did = "broken" if clause.broken else "kept"
    return f"{did} once" if times == 1 else f"{did} each of {times} times"
