"""Writes the run as a Markdown summary, for the page of a pipeline's job."""

import re
from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.families import HEADINGS
from cancel_contract.ledger.masked import shortened
from cancel_contract.report.breach_text import LONGEST_ANSWER
from cancel_contract.report.highlights import (
    WORST_FIRST,
    allowed,
    by_cause,
    closing,
    seen,
    untested,
    word_of_entry,
)
from cancel_contract.report.markdown import plain as _plain
from cancel_contract.report.model import Promise, RunReport
from cancel_contract.report.request_ids import log_line
from cancel_contract.report.timings import seconds

_SIGNS: Final = {"HELD": "✅", "NOT APPLICABLE": "⚪", "UNTESTED": "➖", "BROKEN": "❌", "ABORTED": "⚠️"}
MOST_SHOWN: Final = 20
"""Breaches whose evidence is shown: a job's page holds a megabyte at most."""


def render(outcome: RunReport) -> str:
    """Return the summary's text."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(run: RunReport) -> Iterator[str]:
    conclusion = run.conclusion
    where = "the embedded reference provider" if run.target.embedded else run.target.url
    took = seconds((run.ended - run.started).total_seconds())
    version = f", version {_plain(run.target.version)}" if run.target.version else ""
    yield f"## Cancel contract: {_plain(conclusion.meaning)}"
    yield ""
    yield (
        f"{_plain(where)}{version}, account {run.target.account}, profile {run.profile}, "
        f"fragment `{run.fragment.digest}`, {took}, exit {conclusion.exit}"
        + ("; partial: only what was selected was judged" if conclusion.partial else "")
    )
    yield ""
    if reasons := (*conclusion.reasons, *conclusion.suite_failures):
        yield from (f"- {_plain(reason)}" for reason in reasons)
        yield ""
    yield from _families(run)
    yield from _table(run)
    yield from _evidence(run)
    yield from _untested(run)
    yield from _incidents(run)


def _families(run: RunReport) -> Iterator[str]:
    words = WORST_FIRST[::-1]
    yield f"| family | {' | '.join(f'{_SIGNS[word]} {word}' for word in words)} |"
    yield f"|---|{'--:|' * len(words)}"
    for family in dict.fromkeys(clause.family for clause in run.clauses):
        counts = [sum(one.family == family and one.verdict == word for one in run.clauses) or "" for word in words]
        yield f"| {family}: {HEADINGS[family].lower()} | {' | '.join(map(str, counts))} |"
    yield ""


def _table(run: RunReport) -> Iterator[str]:
    told = [*closing(run), *allowed(run)]
    if not told:
        return
    yield "| verdict | clause | level | finding | times |"
    yield "|---|---|---|---|--:|"
    for clause in told:
        verdict = f"{_SIGNS[clause.verdict]} {clause.verdict}"
        times = f"{clause.broken} of {clause.held + clause.broken}" if clause.broken else ""
        yield f"| {verdict} | `{clause.id}` | {clause.level} | {_plain('; '.join(seen(clause)))} | {times} |"
    yield ""


def _evidence(run: RunReport) -> Iterator[str]:
    shown = by_cause([one for one in (*closing(run), *allowed(run)) if one.breach])
    for clause, others in shown[:MOST_SHOWN]:
        names = ", ".join(f"<code>{one.id}</code>" for one in (clause, *others))
        yield f"<details><summary>Evidence of {names}</summary>"
        yield ""
        yield from _shown(clause)
        yield "</details>"
    if len(shown) > MOST_SHOWN:
        yield f"The evidence of {len(shown) - MOST_SHOWN} more is in the other reports."
    if shown:
        yield ""


def _shown(clause: Promise) -> Iterator[str]:
    if clause.breach:
        yield from _block("sh", clause.breach.curl)
        yield from _block("text", shortened(clause.breach.answer, LONGEST_ANSWER))
        if log := log_line(clause.breach):
            yield from (_plain(f"{log[:1].upper()}{log[1:]}."), "")
        yield "Run the case again, on a new appointment:"
        yield ""
        yield from _block("sh", clause.breach.rerun)


def _block(kind: str, text: str) -> Iterator[str]:
    """Yield a block of code, whose fence is longer than any in its text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield from (f"{fence}{kind}", text, fence, "")


def _untested(run: RunReport) -> Iterator[str]:
    for reason, clauses in untested(run).items():
        told = (f"`{one.id}`{f' ({word})' if (word := word_of_entry(one)) else ''}" for one in clauses)
        yield f"- {_SIGNS['UNTESTED']} UNTESTED, {_plain(reason)}: {', '.join(told)}"
    if untested(run):
        yield ""


def _incidents(run: RunReport) -> Iterator[str]:
    statistics = run.statistics
    yield (
        f"{statistics.requests} requests, {statistics.appointments} appointments created, "
        f"{statistics.throttled} answers 429 or 503 waited for, connections lost: {statistics.lost}."
    )
    if statistics.incidents:
        yield ""
        statuses = ", ".join(map(str, sorted({one.status for one in statistics.incidents})))
        yield f"Answered by a gateway: {len(statistics.incidents)} requests, with {statuses}; the reports list each."
    for name, wait in statistics.own_changes.items():
        yield f"The target changes {name} of new appointments by itself: each is used {wait:.1f} s later."
    for name, answer in statistics.refused_headers.items():
        yield ""
        yield f"Left out: the target refuses the header `{name}` ({_plain(answer)}): its log has no id of the run's."
    for one in statistics.changed:
        yield ""
        expected = "expected" if one.is_expected else "unexpected"
        yield f"Changed: appointment {one.id} (`{one.setting}`): {_plain(one.became)} ({expected})"
    if statistics.still_active:
        yield ""
        active = ", ".join(map(str, statistics.still_active))
        yield f"Still active: appointments {active}; `cancel-contract sweep` finds them."
    if statistics.unanswered_creates:
        yield ""
        told = _plain(", ".join(statistics.unanswered_creates))
        yield f"Perhaps made by creates: {told}; `cancel-contract sweep` finds what bears its mark."
    if statistics.copies:
        yield ""
        copies = ", ".join(map(str, statistics.copies))
        yield f"Made by the target itself, of the run's client: appointments {copies}; cancel them by hand."
