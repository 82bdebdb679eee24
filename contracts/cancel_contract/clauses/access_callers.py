"""Clauses access/...: odd tokens, headers that only the house itself sends, other members, and accounts that may not."""

from collections.abc import Callable, Iterator
from typing import Final

from cancel_contract.clauses.clause import OPERATION, STATUS, Clause, Finding, Level, Terms, otherwise_accepted
from cancel_contract.clauses.statuses import IGNORED_OR_REFUSED, REFUSAL, wrong_status
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import asked_for, spoken_of

INTERNAL: Final = "internal headers"
"""The part of a topic that says that a request claims to come from the server's own network."""
IDENTITY: Final = "identity headers"
"""The part of a topic that says that a request names a user or an account in a header."""
FEATURE_OFF: Final = "feature off"
"""The topic of a cancel in an account in which scheduling is switched off."""


def _refused(*topics: str) -> Callable[[Episode, Terms], Iterator[Finding]]:
    """A 4xx of any shape; a topic may go on after the words that are given."""

    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        cancel = episode.one(Role.CANCEL)
        concerns = any(topic in {episode.topic, *episode.topic.split(" with ")[1:]} for topic in topics)
        if episode.kind is Kind.REFUSAL and concerns and cancel and cancel.answer:
            told = f"{cancel.fact}, not {REFUSAL}, {spoken_of(episode.topic, cancel.case)}"
            yield None if 400 <= cancel.answer.status < 500 else wrong_status(cancel, REFUSAL, told)

    return findings


_switched_off: Final = _refused(FEATURE_OFF)


def _feature_off(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """A 4xx, and the account's own appointment of that id stays as it was."""
    for found in _switched_off(episode, terms):
        yield found
        before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
        if before is not None and after and after.answer:
            yield change(terms.fragment, before, after, "where scheduling is switched off")


def _beside(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if exchange.case.intent is Intent.BESIDE and exchange.answer and not otherwise_accepted(exchange):
        status = exchange.answer.status
        told = f"{exchange.fact}, not {IGNORED_OR_REFUSED}, for {asked_for(exchange.case)}"
        legal = status == 200 or 400 <= status < 500
        yield None if legal else wrong_status(exchange, IGNORED_OR_REFUSED, told)


def _second_member(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    # Another type of body may be refused to anybody.
    intent = exchange.case.intent
    is_judged = intent is Intent.FIRST or (intent is Intent.FOREIGN_BODY and exchange.status == 200)
    if exchange.case.credential.holder is Holder.SECOND and is_judged and exchange.answer:
        told = f"{exchange.fact}, not 200, for another member's cancel"
        yield None if exchange.status == 200 else wrong_status(exchange, "200", told)


def _clause(slug: str, statement: str, *topics: str, needs: tuple[str, ...] = ()) -> Clause:
    return Clause(
        f"access/{slug}", Level.MUST, "policy", OPERATION, statement, _refused(*topics), needs=needs, evidence=STATUS
    )


CLAUSES: Final = (
    _clause("token-words", "A word such as null, undefined or true is no token", "null", "undefined", "true", "zero"),
    _clause("token-patterns", "A pattern or a piece of a query is no token",
            "quote", "underscores", "star", "expression"),
    _clause("token-half", "Half a token is refused, alone or with another half", "half", "start", "other-half"),
    _clause("internal-headers", "Nobody gets in, or may do more, by claiming to be inside the network", INTERNAL),
    _clause("identity-headers", "Nobody gets in, or may do more, by naming a user, a role or an account", IDENTITY),
    _clause("scheme-wins", "A token elsewhere does not outweigh that of a member who may not cancel",
            "bearer over unprivileged", "cookie-and-query over unprivileged", needs=("unprivileged_api_token",)),
    Clause("access/feature-off", Level.MUST, "policy", OPERATION,
           "Nothing is cancelled where scheduling is switched off", _feature_off, needs=("disabled_account_id",),
           evidence=STATUS),
    Clause("access/beside-authorization", Level.MUST, "policy", OPERATION,
           "An Authorization header beside the token gives no 5xx", _beside, Exchange, evidence=STATUS),
    Clause("access/second-member", Level.MUST, "policy", OPERATION,
           "A member may cancel what another member has made", _second_member, Exchange,
           needs=("second_api_token",), evidence=STATUS),
)  # fmt: skip
"""This part of the family, in the order in which it is read."""
