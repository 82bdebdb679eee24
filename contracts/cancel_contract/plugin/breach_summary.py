"""Shows each cause of breaches once, at the end, in place of every item that failed by it."""

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cancel_contract.ledger.exit_code import Effect
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.plugin.report_listener import LATE, ReportListener
from cancel_contract.report.breach_text import cause_lines
from cancel_contract.run.session import Contract


def lines(contract: Contract, listener: ReportListener) -> Iterator[str]:
    """Yield how many clauses are broken, by how many bugs, and a paragraph for each request that showed breaches."""
    shown = {name: row.breach for name, row in _broken(contract).items() if row.breach and _is_shown(contract, row)}
    rows, again = {row.clause.id: row for row in contract.rows}, contract.choice.again
    told = [*cause_lines(shown, rows, contract.fragment, again, listener.broken_by)]
    # Each paragraph begins at the margin.
    bugs = sum(not line.startswith(" ") for line in told)
    if shown:
        many = f"{len(shown)} clauses are broken, by {bugs} bug{'' if bugs == 1 else 's'}, probably"
        yield many if len(shown) > 1 else "1 clause is broken"
    for line in told:
        yield from ([] if line.startswith(" ") else [""])
        yield line
    yield from ([""] if shown else [])


def count_lines(failed: Collection[str]) -> Iterator[str]:
    """Yield what the failed tests are, given by their ids: scenarios, and clauses that no scenario shows as failed."""
    late = sum(one.startswith(LATE) for one in failed)
    scenarios = len(failed) - late
    if late:
        are = f"{late} clause{'s' if late > 1 else ''} judged when the run ends"
        told = f"{scenarios} scenario{'s' if scenarios > 1 else ''} that met a broken clause, and {are}"
        yield f"tests: what pytest counts as failed: {told if scenarios else f'{are}, and no scenario'}"
    elif scenarios > 1:
        yield f"tests: the {scenarios} that pytest counts as failed are scenarios that met a broken clause"


def _broken(contract: Contract) -> Mapping[str, Row]:
    return {row.clause.id: row for row in contract.rows if row.verdict is Verdict.BROKEN}


def _is_shown(contract: Contract, row: Row) -> bool:
    """Whether a breach is news, and not a known deviation, of which the ledger says enough."""
    return row.clause.id not in contract.deviating or contract.effect(row) is Effect.CLOSES


@contextmanager
def items_left_out(contract: Contract, listener: ReportListener, reporter: Any) -> Generator[None]:  # noqa: ANN401  pytest's
    """Let pytest show those failures alone of which the ledger lacks a clause; its count keeps all."""
    failed, shown = reporter.stats.get("failed", []), _broken(contract).keys()
    rest = [one for one in failed if not (names := listener.failed_by(one)) or not names <= shown]
    if rest == failed:
        yield
        return
    reporter.stats["failed"] = rest
    try:
        yield
    finally:
        reporter.stats["failed"] = failed
