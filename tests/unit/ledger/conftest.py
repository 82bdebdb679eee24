"""Ledgers over clauses whose findings a test chooses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cancel_contract.clauses import (
    Clause,
    Finding,
    Level,
    Terms,
)
from cancel_contract.clauses.clause import STATUS
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.difference import Broken, Difference, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger.ledger import Ledger

OWN = "/api/v1/accounts/3/scheduling/appointments/7"
DEAR = {"id": 7, "status": "scheduled", "payment_status": "prepaid", "service_amount": 90, "prepaid_amount": 10}


def of_a_status(message: str) -> Broken:
    """Return a breach by a status, told in some words."""
    return broken("status", "status", "409", "200", message)


def _broken(fact: str) -> Broken:
    return Broken((Difference("body", "body", fact, "another"), Difference("field", "/id", "1", "2")), fact)


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
                yield _broken(finding) if isinstance(finding, str) else finding

        return Clause(slug, level, "policy", "/info", "It is so", found, Exchange, needs, evidence=STATUS)

    return make


@pytest.fixture
def ledger() -> Callable[..., Ledger]:
    """Return a maker of ledgers over some clauses."""

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
    return lambda key: Exchange(1, Case(key, Intent.FIRST, "/"), "https://one-link.test/", (), b"", started, 0.1)


@pytest.fixture
def told(exchange: Callable[..., Exchange]) -> Callable[..., Exchange]:
    """Return a maker of exchanges by number, intent, and the appointment that the answer shows."""

    def make(
        number: int,
        intent: Intent,
        payload: object = None,
        *,
        key: str = "effect/x#first",
        **parts: Any,  # noqa: ANN401  parts of a case
    ) -> Exchange:
        case = Case(key, intent, OWN, **{"appointment": 7, **parts})
        made = exchange(200 if payload else 404, {"payload": payload} if payload else {"error": "gone"})
        headers = (("x-request-id", f"cancel-contract-00000000-{number}"),)
        return replace(made, number=number, case=case, request_headers=headers)

    return make
