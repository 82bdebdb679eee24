"""Clauses answer/...: the answer to a successful cancel, and what no answer may contain."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from cancel_contract.clauses.answer_losses import answered
from cancel_contract.clauses.answer_secrets import no_secrets, no_token
from cancel_contract.clauses.clause import (
    ANSWER,
    APPOINTMENT,
    BODY,
    FIELDS,
    HEADERS,
    OPERATION,
    STATUS,
    TIME,
    WIRE,
    WORDS,
    Clause,
    Finding,
    Level,
    Terms,
    succeeded,
    under_test,
)
from cancel_contract.clauses.disclosure import asked_encoding, no_appointment, no_error, nobody_else
from cancel_contract.clauses.envelope import no_payload
from cancel_contract.clauses.error_bodies import faulty, no_json
from cancel_contract.clauses.fields import (
    documented,
    is_bound,
    is_enumeration,
    is_format,
    is_null,
    is_type,
    schema,
    whole_money,
)
from cancel_contract.clauses.identity import account_echo, id_echo
from cancel_contract.clauses.internals import no_internals
from cancel_contract.clauses.odd import asks_for_length, may_be_a_page
from cancel_contract.clauses.seen_clients import nobody_seen
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import shown, spelled, value_of
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.exchange.timestamps import instant
from cancel_contract.redaction.headers import kind_of

_WORD: Final = r"[\w!#$%&'*+.^`|~-]+"
_PARAMETER: Final = re.compile(rf'({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*")')
_JSON_TYPE: Final = re.compile(rf"\s*application/json(?:\s*;\s*(?:{_PARAMETER.pattern})?)*\s*", re.IGNORECASE)
"""A media type with any parameters (RFC 9110, 8.3.1 and 5.6.6); one that a recipient does not know does not matter."""
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
"""UTF-8, and its part that escaped JSON needs."""


def _status_200(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    is_first = exchange.case.intent is Intent.FIRST and under_test(exchange)
    if is_first and exchange.answer and not asks_for_length(exchange):
        yield None if exchange.status == 200 else wrong_status(exchange, "200", f"{exchange.fact}, not 200")


def _valid_json(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if not under_test(exchange) or not (answer := exchange.answer) or may_be_a_page(exchange):
        return
    if succeeded(exchange) or answer.says_json:
        yield no_json(answer, f"the body is {faulty(answer)}") if answer.json_fault else None


def _content_type(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if succeeded(exchange) and exchange.answer and not may_be_a_page(exchange):
        stated = exchange.answer.header("content-type") or ""
        charsets = {value.strip('"') for name, value in _PARAMETER.findall(stated.lower()) if name == "charset"}
        right = _JSON_TYPE.fullmatch(stated) and charsets <= _CHARSETS
        got, wanted = kind_of(stated) or "missing", "application/json in UTF-8"
        told = f"the content type is {got}, not {wanted}"
        yield None if right else broken("header", "content-type", got, wanted, told)


def _length(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if not under_test(exchange):
        return
    if exchange.trouble is Trouble.BROKEN:
        yield broken("answer", "message", "broken off or no HTTP", "whole", exchange.fact)
    elif answer := exchange.answer:
        told = answer.framing_fault
        yield broken("answer", "length", "not to be trusted", "that of the body", told) if told else None


def _envelope(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if succeeded(exchange) and exchange.answer and exchange.answer.json is not None:
        yield no_payload(exchange.answer.json)


def _times(exchange: Exchange) -> tuple[datetime, datetime, Mapping[str, Any]] | None:
    payload = exchange.payload if succeeded(exchange) else None
    if payload is None:
        return None
    starts, ends = instant(payload.get("starts_at")), instant(payload.get("ends_at"))
    return (starts, ends, payload) if starts and ends else None


def _end_after_start(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if times := _times(exchange):
        starts, ends, _payload = times
        told = f"ends_at is {ends.isoformat()}, not after {starts.isoformat()}"
        yield None if ends > starts else broken("field", "/ends_at", "not after starts_at", "after starts_at", told)


def _duration(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if (times := _times(exchange)) and not exchange.case.other_duration:
        starts, ends, payload = times
        minutes, stated = (ends - starts).total_seconds() / 60, payload.get("duration_min")
        if isinstance(stated, str):
            return  # That it is a text is told by its type.
        told = f"duration_min is {spelled(payload, 'duration_min')}, not the {minutes:g} minutes of its times"
        got = shown(value_of(payload, "duration_min"), "duration_min")
        # Of times with seconds the minutes may be the whole ones, or rounded.
        parts = not minutes.is_integer() and type(stated) is int and abs(stated - minutes) < 1
        yield None if parts or stated == minutes else broken("field", "/duration_min", got, f"{minutes:g}", told)


def _adds_up(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    payload = exchange.payload if succeeded(exchange) else None
    if payload is None:
        return
    service, prepaid, settled = (payload.get(f"{name}_amount") for name in ("service", "prepaid", "settlement"))
    if isinstance(service, int) and isinstance(prepaid, int) and isinstance(settled, int) and service > 0:
        within = prepaid + settled <= service
        told = f"{prepaid} prepaid and {settled} settled are more than the {service} of the service"
        wanted = "no more than service_amount"
        yield None if within else broken("field", "/prepaid_amount", "more with settlement_amount", wanted, told)


def _time_limit(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    if not under_test(exchange):
        return
    if exchange.trouble is Trouble.TIMEOUT:
        yield _too_late(terms, f"no answer came within {terms.time_limit:g} s")
    elif exchange.answer:
        took = exchange.elapsed
        told = f"the answer took {took:.1f} s, not {terms.time_limit:g} s at most"
        yield None if took <= terms.time_limit else _too_late(terms, told)


def _too_late(terms: Terms, told: str) -> Broken:
    return broken("answer", "time", "too late", f"within {terms.time_limit:g} s", told)


def _private(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if succeeded(exchange) and exchange.answer:
        control = (exchange.answer.header("cache-control") or "").lower()
        kept = re.search(r"\bmax-age=\"?0*[1-9]", control) and not re.search(r"\bprivate\b|\bno-store\b", control)
        shared = kept or re.search(r"\bpublic\b|\bs-maxage\b", control)
        told = f"Cache-Control is {control!r}, so shared caches may keep a person's data"
        yield broken("header", "cache-control", repr(control), "private", told) if shared else None
        for name in _OF_SHARED_CACHES:
            asked = (exchange.answer.header(name) or "").lower()
            told = f"{name} is {asked!r}, so shared caches may keep a person's data"
            is_kept = re.search(r"\bmax-age=\"?0*[1-9]", asked) and not re.search(r"\bno-store\b|\bprivate\b", asked)
            yield broken("header", name, repr(asked), "no-store", told) if is_kept else None


_OF_SHARED_CACHES: Final = ("surrogate-control", "cdn-cache-control")
"""Headers that speak to shared caches alone (RFC 9213)."""

CLAUSES: Final = (
    Clause("answer/status-200", Level.MUST, "documented", ANSWER,
           "A cancel by a member who may cancel answers 200", _status_200, Exchange, evidence=STATUS),
    Clause("answer/given", Level.MUST, "documented", ANSWER,
           "A cancel is answered", answered, evidence=WIRE),
    Clause("answer/valid-json", Level.MUST, "documented", "RFC 8259, 8.1",
           "The body is JSON that any parser takes", _valid_json, Exchange, evidence=BODY),
    Clause("answer/content-type", Level.MUST, "documented", f"{ANSWER}/content",
           "A successful answer says that it is JSON", _content_type, Exchange, evidence=HEADERS),
    Clause("answer/encoding", Level.MUST, "policy", "RFC 9110, 8.4",
           "The body comes in a content encoding that the request accepts", asked_encoding, Exchange, evidence=HEADERS),
    Clause("answer/length", Level.MUST, "policy", "RFC 9112, 6.3",
           "The message is whole, and as long and encoded as it says", _length, Exchange, evidence=WIRE),
    Clause("answer/envelope", Level.MUST, "documented", "/components/schemas/Envelope",
           "A successful answer holds the appointment in a payload", _envelope, Exchange, evidence=BODY),
    Clause("answer/no-error", Level.MUST, "policy", "/components/schemas/Envelope",
           "A successful answer has no error beside its payload", no_error, Exchange, evidence=BODY),
    Clause("answer/documented-fields", Level.MUST, "documented", f"{APPOINTMENT}/required",
           "Every documented field is there", documented, Exchange, evidence=STATUS),
    Clause("answer/types", Level.MUST, "documented", FIELDS,
           "Every documented field has its documented type", schema(is_type), Exchange, evidence=WORDS),
    Clause("answer/nulls", Level.MUST, "observed", FIELDS,
           "A field that is never null is not null", schema(is_null), Exchange, evidence=STATUS),
    Clause("answer/enumerations", Level.MUST, "observed", "/components/schemas/Status/enum",
           "A status, type or kind is one of the known values", schema(is_enumeration), Exchange, evidence=STATUS),
    Clause("answer/formats", Level.MUST, "documented", f"{FIELDS}/starts_at",
           "Moments and days are written as ISO 8601, moments with a zone", schema(is_format), Exchange,
           evidence=WORDS),
    Clause("answer/bounds", Level.MUST, "observed", "/components/schemas/Minutes",
           "Ids are positive 64-bit numbers and durations last 5 to 720 minutes", schema(is_bound), Exchange,
           evidence=STATUS),
    Clause("answer/whole-money", Level.MUST, "observed", "/components/schemas/Money",
           "Amounts are whole numbers and not negative", whole_money, Exchange, evidence=STATUS),
    Clause("answer/money-adds-up", Level.SHOULD, "observed", f"{FIELDS}/service_amount",
           "What was received is not more than the service costs", _adds_up, Exchange, evidence=STATUS),
    Clause("answer/id-echo", Level.MUST, "documented", "/components/parameters/AppointmentId",
           "The answer is about the appointment that the path names", id_echo, Exchange, evidence=STATUS),
    Clause("answer/account-echo", Level.MUST, "documented", "/components/parameters/AccountId",
           "The answer is about the account that the path names", account_echo, Exchange, evidence=STATUS),
    Clause("answer/end-after-start", Level.MUST, "observed", f"{FIELDS}/ends_at",
           "An appointment ends after it starts", _end_after_start, Exchange, evidence=STATUS),
    Clause("answer/duration", Level.SHOULD, "observed", f"{FIELDS}/duration_min",
           "The duration is the minutes between start and end", _duration, Exchange, evidence=STATUS),
    Clause("answer/time-limit", Level.MUST, "policy", OPERATION,
           "Every answer comes within the time limit", _time_limit, Exchange, evidence=TIME),
    Clause("answer/no-token", Level.MUST, "policy", "/components/securitySchemes/apiAccessToken",
           "No answer gives the token back", no_token, Exchange, evidence=BODY, judges_fixture_requests=True),
    Clause("answer/inner-secrets", Level.MUST, "policy", OPERATION,
           "No answer shows a password, a key, another's token, a session or a bank card", no_secrets, Exchange,
           evidence=BODY),
    Clause("answer/no-internals", Level.MUST, "policy", OPERATION,
           "No answer shows a stack trace or server internals", no_internals, Exchange, evidence=BODY),
    Clause("answer/no-appointment", Level.MUST, "policy", f"{OPERATION}/responses/404",
           "A refusal with 401, 403 or 404 shows no appointment at all", no_appointment, Exchange, evidence=BODY),
    Clause("answer/nobody-else", Level.MUST, "policy", ANSWER,
           "A successful answer shows no other client's appointment", nobody_else, Exchange,
           evidence=STATUS, held_by=WORDS),
    Clause("answer/nobody-seen", Level.MUST, "policy", OPERATION,
           "No answer names a client of another appointment, and no list shows one of another account",
           nobody_seen, evidence=WORDS),
    Clause("answer/private", Level.SHOULD, "policy", "RFC 9111, 5.2.2.9",
           "No shared cache is asked to keep the answer", _private, Exchange, evidence=HEADERS),
)  # fmt: skip
"""The family, in the order in which it is read."""
