"""Ledgers over clauses whose findings a test chooses."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from cancel_contract.clauses import (
    Clause,
    Finding,
    Level,
    Terms,
)
from cancel_contract.clauses.clause import STATUS
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.episode import Evidence
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger.ledger import Ledger


@pytest.fixture
def clause() -> Callable[..., Clause]:
    """Return a maker of clauses: `findings` are given one by one to each piece of evidence."""

    def make(
        slug: str, *findings: str | Finding | Exception, level: Level = Level.MUST, needs: tuple[str, ...] = ()
    ) -> Clause:
        def found(_: Exchange, __: Terms) -> Iterator[Finding]:
            for finding in findings:
                if isinstance(finding, Exception):
                    raise finding
                yield broken("body", "body", finding, "another", finding) if isinstance(finding, str) else finding

        return Clause(slug, level, "policy", "/info", "It is so", found, Exchange, needs, evidence=STATUS)

    return make


@pytest.fixture
def ledger() -> Callable[..., Ledger]:
    """Give a maker of ledgers over some clauses; a breach is told by its message and the length of its case's key."""

    def tell(evidence: Evidence, broken: Broken) -> Breach:
        assert isinstance(evidence, Exchange)
        one, key = broken.cause, evidence.case.key
        four = {"what": one.what, "where": one.where, "got": one.got, "wanted": one.wanted}
        return Breach(broken.message, key, "curl", "200", len(key), **four, more=(("field", "/id", "1", "2"),))

    def make(*clauses: Clause, seen: Sequence[int] = (200, 401, 404)) -> Ledger:
        made = Ledger(Terms(load(), 3), clauses)
        for status in seen:
            made.saw(status)
        return made

    return make


@pytest.fixture
def asked() -> Callable[[str], Exchange]:
    """Return a maker of exchanges by the key of their case."""
    started = datetime(2026, 11, 2, tzinfo=UTC)
    return lambda key: Exchange(1, Case(key, Intent.CANCEL, "/"), "https://one-link.test/", (), b"", started, 0.1)
