"""Clauses input/...: unusual ids, bodies, methods and paths."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses import input_callers
from cancel_contract.clauses.bodies import ignored
from cancel_contract.clauses.clause import (
    BODY,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    Terms,
    otherwise_accepted,
    under_test,
)
from cancel_contract.clauses.envelope import unreadable
from cancel_contract.clauses.error_bodies import unexplained
from cancel_contract.clauses.fields import difference
from cancel_contract.clauses.identity import wrong_id
from cancel_contract.clauses.input_bodies import BODIES
from cancel_contract.clauses.odd import is_odd
from cancel_contract.clauses.statuses import IGNORED_OR_REFUSED, REFUSAL, wanted_status, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import OTHER_METHODS, Intent
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.compare import spelled
from cancel_contract.exchange.difference import Broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.spoken import asked_for, unusual
from cancel_contract.fragment.schema_errors import SchemaError

_GONE: Final = 410
"""What once was there and is deleted may be told so (RFC 9110, 15.5.11)."""
_FREE: Final = OTHER_METHODS | {Intent.OTHER_PATH}


def _refused_with_json(intent: Intent) -> Callable[[Exchange, Terms], Iterator[Finding]]:
    """A 4xx that says in JSON what was wrong; any 4xx if no row can have such an id."""

    def findings(exchange: Exchange, _: Terms) -> Iterator[Finding]:
        answer = exchange.answer
        if exchange.case.intent is intent and answer and exchange.case.credential.is_right:
            if not 400 <= answer.status < 500:
                yield _not_refused(exchange)
            else:
                yield None if is_odd(exchange) else unexplained(answer, f", for {_what(exchange)}")

    return findings


def _not_refused(exchange: Exchange) -> Broken:
    return wrong_status(exchange, REFUSAL, f"{exchange.fact}, not {REFUSAL}, for {_what(exchange)}")


def _not_found(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if exchange.case.intent is Intent.UNKNOWN_ID and exchange.answer and exchange.case.credential.is_right:
        told = f"{exchange.fact}, not 404, for {_what(exchange)}"
        # Of an answer that is no refusal at all another clause says that it is none.
        wanted = "404" if 400 <= exchange.answer.status < 500 else REFUSAL
        yield None if exchange.status == 404 else wrong_status(exchange, wanted, told)


def _what(exchange: Exchange) -> str:
    path = exchange.case.path
    return path if len(path) < 120 else f"a path of {len(path)}"


def _cast_or_refused(intent: Intent) -> Callable[[Exchange, Terms], Iterator[Finding]]:
    """A 4xx of any shape, or the answer of the appointment as which the server read the text."""

    def findings(exchange: Exchange, _: Terms) -> Iterator[Finding]:
        answer = exchange.answer
        if exchange.case.intent is not intent or not answer or not exchange.case.credential.is_right:
            return
        if answer.status < 300 and answer.payload is not None and exchange.case.appointment is not None:
            given, ours = answer.payload.get("id"), exchange.case.appointment
            told = f"it was cast to {spelled(answer.payload, 'id')}, not to {ours}, for {_what(exchange)}"
            yield None if given == ours else wrong_id(answer.payload, told)
        elif not otherwise_accepted(exchange):
            # A server in front of the application may redirect to the path as it spells it.
            refused = 300 <= answer.status < 500
            broke = _not_refused(exchange)
            # Of what came with a success the cause is that it does not show whose it is.
            hidden = unreadable(answer, broke.message) if answer.status == 200 and exchange.case.appointment else None
            yield None if refused else hidden or broke

    return findings


def _harmless(intent: Intent) -> Callable[[Exchange, Terms], Iterator[Finding]]:
    """Ignored or refused; never a 5xx."""

    def findings(exchange: Exchange, _: Terms) -> Iterator[Finding]:
        if exchange.case.intent is intent and exchange.answer and not otherwise_accepted(exchange):
            status = exchange.answer.status
            legal = status == 200 or 400 <= status < 500
            told = f"{exchange.fact}, not {IGNORED_OR_REFUSED}, for {asked_for(exchange.case)}"
            yield None if legal else wrong_status(exchange, IGNORED_OR_REFUSED, told)

    return findings


def _path_wins(episode: Episode, terms: Terms) -> Iterator[Finding]:
    if episode.kind is not Kind.PATH_WINS:
        return
    other, later = episode.payload(Role.OTHER_BEFORE), episode.one(Role.OTHER_AFTER)
    cancel = episode.one(Role.CANCEL)
    if cancel and cancel.answer and other is not None and later and later.answer:
        told = f"after {asked_for(cancel.case)} ({cancel.answer.status}), in appointment {other.get('id')}"
        yield change(terms.fragment, other, later, f"{told}, which it names beside its own")


def _is_of_a_site(asked: Exchange) -> bool:
    """Whether a read got what a site before the application has for any path, a page; or TRACE what was sent."""
    answer, method = asked.answer, asked.case.method
    if answer is None or answer.status >= FIRST_REFUSAL:
        return False
    is_echo = method == "TRACE" and (answer.header("content-type") or "").lower().startswith("message/http")
    return is_echo or (method == "GET" and not answer.says_json)


def _cancels_nothing(kind: Intent) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, terms: Terms) -> Iterator[Finding]:
        asked = episode.one(Role.CANCEL)
        if episode.kind is not Kind.METHOD or not asked or asked.case.intent is not kind or not asked.answer:
            return
        method, status = asked.case.method, asked.answer.status
        # Anything on the way may answer OPTIONS and HEAD, and lead elsewhere; 501 means a method that the server does
        # not know (RFC 9110).
        is_of_the_way = (method in {"OPTIONS", "HEAD"} and status < 300) or _is_of_a_site(asked)
        legal = 300 <= status < 500 or status == 501 or is_of_the_way
        told = f"{asked.fact}, not {REFUSAL}, for {asked_for(asked.case)}"
        yield None if legal else wrong_status(asked, REFUSAL, told)
        before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
        if before is not None and after and after.answer:
            yield change(terms.fragment, before, after, f"after {asked_for(asked.case)}")

    return findings


def _path_access(episode: Episode, terms: Terms) -> Iterator[Finding]:
    asked, before, after = episode.one(Role.CANCEL), episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if episode.kind is Kind.PATH and asked and asked.answer and asked.case.credential.showing == "none":
        refused = 300 <= asked.answer.status < 500
        where = f"without a token on {_spelled(asked, terms)}"
        told = f"{asked.fact}, not a refusal, {where}"
        yield None if refused else wrong_status(asked, "a refusal", told)
        if before is not None and after and after.answer:
            yield change(terms.fragment, before, after, where)


def _spelled(asked: Exchange, terms: Terms) -> str:
    return unusual(asked.case.path, ACTION.path(terms.account, asked.case.appointment or 0))


def _path_spelling(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    right = exchange.case.credential.is_right
    if exchange.case.intent is Intent.OTHER_PATH and exchange.answer and right and not otherwise_accepted(exchange):
        status = exchange.answer.status
        legal = status == 200 or 300 <= status < 500
        told = f"{exchange.fact}, not {IGNORED_OR_REFUSED}, on {_spelled(exchange, terms)}"
        yield None if legal else wrong_status(exchange, IGNORED_OR_REFUSED, told)


def _is_error_of_the_app(exchange: Exchange) -> bool:
    answer = exchange.answer
    return bool(under_test(exchange) and answer and 400 <= answer.status < 500 and not is_odd(exchange))


def _error_shape(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    answer = exchange.answer
    # A page has its own clauses: where a refusal is expected, they require JSON.
    if answer and _is_error_of_the_app(exchange) and answer.says_json and answer.json is not None:
        yield unexplained(answer)


def _error_keys(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    answer = exchange.answer
    if answer and _is_error_of_the_app(exchange) and answer.says_json and answer.json is not None:
        errors = terms.fragment.answer_errors(answer.status, answer.json)
        yield _unlike_the_fragment(answer.status, errors) if errors else None


def _unlike_the_fragment(status: int, errors: Sequence[SchemaError]) -> Broken:
    told = f"the body of a {status} is not as the fragment has it: {errors[0].message}"
    return Broken(tuple(dict.fromkeys(replace(difference(error), what="body") for error in errors)), told)


def _named_status(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    answer = exchange.answer
    if under_test(exchange) and answer:
        status, intent = answer.status, exchange.case.intent
        early = is_odd(exchange) and (300 <= status < 500 or status == 501)
        # Whoever loses to another writer is told so in many ways: 409, 412, 423.
        lost = intent is Intent.RACED and 400 <= status < 500
        is_gone = intent is Intent.DELETED and status == _GONE
        fine = status in terms.fragment.statuses or early or is_gone or lost or (intent in _FREE and status < 400)
        told = f"{exchange.fact}, which the fragment does not name, for {asked_for(exchange.case)}"
        yield None if fine else wrong_status(exchange, wanted_status(intent, terms), told)


_NOT_FOUND: Final = f"{OPERATION}/responses/404"

CLAUSES: Final = (
    Clause("input/unknown-id", Level.MUST, "observed", _NOT_FOUND,
           "An appointment that is not there gives a 4xx with a JSON error", _refused_with_json(Intent.UNKNOWN_ID), Exchange,
           evidence=BODY),
    Clause("input/not-found", Level.SHOULD, "sibling", _NOT_FOUND,
           "An appointment that is not there gives 404", _not_found, Exchange, evidence=STATUS),
    Clause("input/boundary-id", Level.MUST, "observed", _NOT_FOUND,
           "An id at an edge of the numbers gives a 4xx, with a JSON error where an appointment may have it", _refused_with_json(Intent.BOUNDARY_ID), Exchange,
           evidence=BODY),
    Clause("input/unknown-account", Level.MUST, "observed", _NOT_FOUND,
           "An account that is not there gives a 4xx, with a JSON error if there can be one", _refused_with_json(Intent.UNKNOWN_ACCOUNT), Exchange,
           evidence=BODY),
    Clause("input/malformed-id", Level.MUST, "observed", _NOT_FOUND,
           "An id that is not a number gives a 4xx, or names what it is cast to", _cast_or_refused(Intent.MALFORMED_ID), Exchange,
           evidence=STATUS),
    Clause("input/malformed-account", Level.MUST, "observed", _NOT_FOUND,
           "An account that is not a number gives a 4xx, or names what it is cast to",
           _cast_or_refused(Intent.MALFORMED_ACCOUNT), Exchange, evidence=STATUS),
    Clause("input/body-ignored", Level.MUST, "observed", OPERATION,
           "Fields in a body are not assigned: they are ignored, or refused without effect", ignored(Intent.BODY), evidence=STATUS),
    Clause("input/query-ignored", Level.MUST, "observed", OPERATION,
           "Fields in the query are not assigned: they are ignored, or refused without effect", ignored(Intent.QUERY), evidence=STATUS),
    Clause("input/body-broken", Level.MUST, "observed", f"{OPERATION}/responses/400",
           "A body that is broken JSON gives no 5xx", _harmless(Intent.BROKEN_BODY), Exchange, evidence=STATUS),
    Clause("input/body-large", Level.MUST, "observed", OPERATION,
           "A large body gives no 5xx", _harmless(Intent.LARGE_BODY), Exchange, evidence=STATUS),
    Clause("input/body-foreign", Level.MUST, "observed", OPERATION,
           "A body of another type gives no 5xx", _harmless(Intent.FOREIGN_BODY), Exchange, evidence=STATUS),
    Clause("input/accept", Level.SHOULD, "observed", OPERATION,
           "Asking for another type of answer gives no 5xx", _harmless(Intent.ACCEPT), Exchange, evidence=STATUS),
    *BODIES,
    Clause("input/path-wins", Level.MUST, "observed", "/components/parameters/AppointmentId",
           "An id in body or query, or behind the path, does not outweigh that of the path", _path_wins, evidence=STATUS),
    Clause("input/other-methods", Level.MUST, "observed", OPERATION,
           "Other methods on the path cancel nothing", _cancels_nothing(Intent.OTHER_METHOD), evidence=STATUS),
    Clause("input/method-override", Level.MUST, "policy", OPERATION,
           "A GET that asks to be taken for a POST cancels nothing", _cancels_nothing(Intent.METHOD_OVERRIDE),
           evidence=STATUS),
    Clause("input/path-access", Level.MUST, "policy", OPERATION,
           "Other spellings of the path need the same token and rights", _path_access, evidence=STATUS),
    Clause("input/path-spelling", Level.MUST, "observed", OPERATION,
           "Other spellings of the path give no 5xx", _path_spelling, Exchange, evidence=STATUS),
    Clause("input/error-shape", Level.MUST, "observed", f"{OPERATION}/responses",
           "Errors of the application are objects that say what was wrong", _error_shape, Exchange, evidence=STATUS),
    Clause("input/error-keys", Level.SHOULD, "sibling", _NOT_FOUND,
           "Errors have the keys that the fragment names", _error_keys, Exchange, evidence=STATUS),
    Clause("input/named-status", Level.MUST, "observed", f"{OPERATION}/responses",
           "Every answer has a status that the fragment or HTTP names for it", _named_status, Exchange,
           evidence=STATUS),
    *input_callers.CLAUSES,
)  # fmt: skip
"""The family, in the order in which it is read."""
