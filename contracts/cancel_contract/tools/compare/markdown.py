"""Writes the comparison of two runs as Markdown, for the summary of a pipeline's job."""

from collections.abc import Iterator, Sequence

from cancel_contract.report.markdown import plain
from cancel_contract.report.timings import seconds
from cancel_contract.tools.compare.comparison import Change, Comparison


def markdown(comparison: Comparison) -> str:
    """Return the page."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(it: Comparison) -> Iterator[str]:
    yield f"## Cancel contract, compared: {_title(it)}"
    yield ""
    yield f"- before: {plain(it.old)}"
    yield f"- now: {plain(it.new)}"
    yield from (f"- not the same {plain(difference)}" for difference in it.differences)
    yield ""
    yield from _table("❌ newly broken", it.broken)
    yield from _table("➖ newly untested", it.untested)
    yield from _table("✅ repaired", it.repaired)
    if it.gone:
        yield f"No more in the contract: {', '.join(f'`{name}`' for name in it.gone)}."
        yield ""
    if it.new_fields:
        yield f"New fields, which the fragment does not name: {plain(', '.join(it.new_fields))}."
        yield ""
    was, now = (seconds(p95) if p95 is not None else "nothing answered" for p95 in it.p95)
    yield f"{'🐢 Slower at p95' if it.is_slower else 'Answers at p95'}: {was}, now {now}."


def _title(it: Comparison) -> str:
    counted = ((len(it.broken), "newly broken"), (len(it.untested), "newly untested"), (len(it.repaired), "repaired"))
    told = [f"{count} {what}" for count, what in counted if count]
    return ", ".join(told) or "every clause has the verdict that it had"


def _table(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield f"| {title} | level | before | now |"
    yield "|---|---|---|---|"
    for change in changes:
        before = change.before or "not in the contract"
        yield f"| `{change.clause}` | {change.level} | {before} | {plain(change.fact) or change.now} |"
    yield ""
