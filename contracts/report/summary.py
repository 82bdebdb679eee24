"""The run as a Markdown summary, for the page of a pipeline's job. Lives here: the lines. May not know: files."""

import re
from collections.abc import Iterator
from typing import Final

from contracts.report.findings import WORST_FIRST
from contracts.report.html_report import FAMILIES
from contracts.report.outcome import Outcome, Promise
from contracts.report.plot import seconds

_SIGNS: Final = {"HELD": "✅", "UNTESTED": "➖", "BROKEN": "❌", "ABORTED": "⚠️"}
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")


def written(outcome: Outcome) -> str:
    """Give the summary's text."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(run: Outcome) -> Iterator[str]:
    conclusion = run.conclusion
    where = "the embedded reference provider" if run.target.embedded else run.target.url
    yield f"## Cancel contract: {_plain(conclusion.meaning)}"
    yield ""
    yield (
        f"{_plain(where)}, account {run.target.account}, profile {run.profile}, fragment `{run.fragment.digest}`, "
        f"{seconds((run.ended - run.started).total_seconds())}, exit {conclusion.exit}"
        + ("; partial: only what was selected was judged" if conclusion.partial else "")
    )
    yield ""
    if reasons := (*conclusion.reasons, *conclusion.harness):
        yield from (f"- {_plain(reason)}" for reason in reasons)
        yield ""
    yield from _families(run)
    yield from _told(run)
    yield from _met(run)


def _families(run: Outcome) -> Iterator[str]:
    words = WORST_FIRST[::-1]
    yield f"| family | {' | '.join(f'{_SIGNS[word]} {word}' for word in words)} |"
    yield f"|---|{'--:|' * len(words)}"
    for family in dict.fromkeys(clause.family for clause in run.clauses):
        counts = [sum(one.family == family and one.verdict == word for one in run.clauses) or "" for word in words]
        yield f"| {family}: {FAMILIES[family].lower()} | {' | '.join(map(str, counts))} |"
    yield ""


def _told(run: Outcome) -> Iterator[str]:
    told = [one for one in run.clauses if one.verdict != "HELD" or one.deviation]
    if run.conclusion.partial:
        told = [one for one in told if one.verdict != "UNTESTED"]
    if not told:
        return
    yield "| verdict | clause | level | what was seen |"
    yield "|---|---|---|---|"
    for clause in sorted(told, key=lambda one: WORST_FIRST.index(one.verdict)):
        yield f"| {_SIGNS[clause.verdict]} {clause.verdict} | `{clause.id}` | {clause.level} | {_fact(clause)} |"
    yield ""


def _fact(clause: Promise) -> str:
    facts = [clause.breach.message if clause.breach else "", clause.reason, *clause.failures]
    facts.append(clause.deviation.told if clause.deviation else "")
    return _plain("; ".join(filter(None, facts)))


def _met(run: Outcome) -> Iterator[str]:
    met = run.met
    yield (
        f"{met.requests} requests, {met.appointments} appointments made, {met.throttled} answers 429 waited for, "
        f"connections lost: {met.lost}."
    )
    if met.left:
        yield ""
        yield f"Left standing: appointments {', '.join(map(str, met.left))}; `python -m contracts sweep` finds them."


def _plain(text: str) -> str:
    """A text of which Markdown makes nothing."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
