"""Clauses input/...: bodies that a cancel has no use for."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.bodies import CODING_REFUSED, REFUSED, ignored
from cancel_contract.clauses.clause import OPERATION, STATUS, Clause, Finding, Level, Terms, otherwise_accepted
from cancel_contract.clauses.statuses import IGNORED_OR_REFUSED, wrong_status
from cancel_contract.exchange.case import EMPTY_OBJECT, PERMITTED, Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import asked_for


def _shapes(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    intent, status = exchange.case.intent, exchange.status
    if status is None or otherwise_accepted(exchange):
        return
    if intent in PERMITTED and exchange.case.body == EMPTY_OBJECT:
        legal = status in terms.repeat_statuses | {200}
        told = f"{exchange.fact}, not 200, for an empty object in {asked_for(exchange.case)}"
        yield None if legal else wrong_status(exchange, "200", told)
    elif intent is Intent.SHAPE:
        told = f"{exchange.fact}, not {IGNORED_OR_REFUSED}, for {asked_for(exchange.case)}"
        legal = status == 200 or 400 <= status < 500
        yield None if legal else wrong_status(exchange, IGNORED_OR_REFUSED, told)


BODIES: Final = (
    Clause("input/body-shapes", Level.MUST, "documented", OPERATION,
           "An empty object is ignored, and a list, a text or a number gives no 5xx", _shapes, Exchange,
           evidence=STATUS),
    Clause("input/account-wins", Level.MUST, "policy", "/components/parameters/AccountId",
           "An account in body or query does not outweigh the path", ignored(Intent.ACCOUNT_BESIDE), evidence=STATUS),
    Clause("input/envelope-back", Level.MUST, "documented", OPERATION,
           "What was read before, sent as the body, is ignored, or refused without effect", ignored(Intent.ENVELOPE), evidence=STATUS),
    Clause("input/body-chunked", Level.MUST, "policy", "RFC 9112, 7.1",
           "A body that is sent in chunks is ignored, or refused without effect", ignored(Intent.CHUNKED, refusals=CODING_REFUSED),
           evidence=STATUS),
    Clause("input/switches", Level.MUST, "policy", OPERATION,
           "A body or query that asks for a dry run, a refund or the like is ignored, or refused without effect",
           ignored(Intent.SWITCH), evidence=STATUS),
    Clause("input/reason", Level.MUST, "documented", OPERATION,
           "A reason in the body is ignored, or refused without effect",
           ignored(Intent.REASON, refusals=REFUSED), evidence=STATUS),
)  # fmt: skip
"""In the order in which they are read."""
