"""Turns a recorded entry into an exchange."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cancel_contract.clauses.access_callers import IDENTITY, INTERNAL
from cancel_contract.clauses.clause import Part
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import MEMBER, UNKNOWN, Credential
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.exchange.request_headers import (
    ADDRESS_HEADERS,
    IDENTITY_HEADERS,
    LOOPBACK,
    METHOD_OVERRIDES,
)
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.redaction.secrets import SHORTEST, forms
from cancel_contract.tools.judge.address import (
    LARGEST_ID,
    Address,
    What,
    is_number,
)
from cancel_contract.tools.judge.credentials import RIGHT, Shown, is_mask
from cancel_contract.tools.judge.display import (
    TOKEN,
    shown_body,
    shown_headers,
    shown_path,
    shown_query,
    shown_url,
)
from cancel_contract.tools.judge.har_body import body_of
from cancel_contract.tools.judge.har_entry import Entry, Request

_LARGE: Final = 100_000
_CREATED: Final = 201
_READ_ONLY: Final = "APPOINTMENT_READ_ONLY"
_OF_THE_CLINIC: Final = "MEDELEMENT_"
"""Prefixes of the codes with which a later generation refuses an imported appointment (observed)."""
_REFERENCES: Final = frozenset({"external_ref", "idempotency_key"})
_LOST: Final = frozenset({412, 423})
"""Statuses for whoever loses to another writer (RFC 9110, 15.5.13; RFC 4918, 11.3)."""
_REFUSALS: Final = frozenset({401, 403, 404, 409, 410, 422}) | _LOST
_JSON: Final = re.compile(r"(\*|application)/(\*|json|[\w.-]+\+json)(?!\S*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
"""A range of media types (RFC 9110, 12.5.1) by which JSON may be answered."""
_WHOLE_VALUES: Final = frozenset({"content-type", "content-encoding", "cache-control"})
"""Headers of an answer whose values are judged."""
_OF_READS: Final = frozenset({"if-none-match", "range"})
"""Headers with a meaning for reads alone."""
_STAND_IN: Final = re.compile(r"<string \d+>")
"""What stands in the suite's own recordings for a text that may be personal."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange, and what is missing of it."""

    exchange: Exchange
    address: Address
    topic: str
    lacks: frozenset[Part] = frozenset()
    caller: str = ""
    """The token it was sent with, or what stands for it; empty where none is shown."""


def recorded(number: int, entry: Entry, address: Address, asked: Shown, topic: str) -> Recorded:
    """Return the exchange of an entry, with its sender as far as that is known."""
    answer, lacks = _answer(entry, asked)
    elapsed = _elapsed(entry)
    if elapsed is None:
        lacks |= {Part.TIME}
    case = Case(
        key=f"entry {number}",
        intent=_intent(entry, address, topic, answer),
        path=shown_path(address),
        method=entry.request.method.upper(),
        # A topic that is not a way to carry a token is only shown; nothing is ever sent with it.
        credential=MEMBER if topic == RIGHT else Credential(showing=topic),
        query=shown_query(address, topic),
        appointment=_named(address, answer),
        abandoned=answer is None,
    )
    exchange = Exchange(
        number=number,
        case=case,
        url=shown_url(address, topic),
        request_headers=shown_headers(entry.request, topic),
        request_body=shown_body(entry.request.post_data),
        started=entry.started,
        elapsed=elapsed or 0.0,
        answer=answer,
        # The recorder cannot tell who gave up: leaving a page ends its requests too.
        trouble=None if answer else Trouble.LOST,
        trouble_text="" if answer else "the recording holds no answer",
    )
    claim = _claim(entry.request)
    is_certain = claim and topic not in {RIGHT, UNKNOWN}
    topic = f"{topic} with {claim}" if is_certain else topic
    return Recorded(exchange, address, topic, lacks, asked.caller)


def _answer(entry: Entry, asked: Shown) -> tuple[Answer | None, frozenset[Part]]:
    response = entry.response
    if not response.has_come:
        return None, frozenset()
    is_head = entry.request.method.upper() == "HEAD"
    body = b"" if is_head else body_of(response)
    headers = tuple((pair.name, pair.value) for pair in response.headers)
    lacks = frozenset({Part.BODY} if body is None else ())
    if not headers or not response.headers_whole or any(_is_masked_header(*pair) for pair in headers):
        lacks |= {Part.HEADERS}
    if not response.header("content-type") and response.content.mime_type and Part.HEADERS in lacks:
        headers = (*headers, ("content-type", response.content.mime_type))
    value, fault = parse_json(body) if body else (None, "it is empty")
    if body is None or response.status in {204, 304}:
        fault = None
    answer = Answer(response.status, headers, body or b"", value, fault, None, _echoes(asked, headers, body))
    return answer, lacks | {Part.WORDS} if is_masked(answer) else lacks


def _is_masked_header(name: str, value: str) -> bool:
    return name.lower() in _WHOLE_VALUES and (is_mask(value) or _STAND_IN.search(value) is not None)


def is_masked(answer: Answer | None) -> bool:
    """Whether a recorder has replaced personal data."""
    return any(is_mask(text) for text in personal(answer))


def personal(answer: Answer | None) -> Iterator[str]:
    """Yield the texts of a shown appointment that are personal, or chosen by the caller."""
    payload = (answer.payload if answer else None) or {}
    named = (value for name, value in payload.items() if name.startswith("client_") or name in _REFERENCES)
    yield from (value for value in named if isinstance(value, str) and value)


def _echoes(asked: Shown, headers: tuple[tuple[str, str], ...], body: bytes | None) -> tuple[str, ...]:
    tokens = [token for token in asked.tokens if len(token) >= SHORTEST and not token.startswith("$")]
    if not tokens:
        return ()
    whole = b"\n".join([*(value.encode("utf-8", "replace") for _, value in headers), body or b""])
    return (TOKEN[1:],) if any(form in whole for token in tokens for form in _forms(token)) else ()


@lru_cache(maxsize=256)
def _forms(token: str) -> frozenset[bytes]:
    return forms(token)


def _elapsed(entry: Entry) -> float | None:
    """Return the seconds from the request to the whole answer, without the recorder's own queue if it is known."""
    known = [part for part in (entry.timings.send, entry.timings.wait, entry.timings.receive) if part >= 0]
    if entry.timings.wait >= 0:
        return sum(known) / 1000
    return entry.time / 1000 if entry.time >= 0 else None


def _named(address: Address, answer: Answer | None) -> int | None:
    """Return the appointment that a path names; for a text that is not a number, the answer says as which one it was
    read.
    """
    if not is_number(address.text) and answer and answer.payload is not None:
        given = answer.payload.get("id")
        return given if isinstance(given, int) and str(given) in address.text else address.appointment
    return address.appointment


_ABSENT: Final[Mapping[int, Intent]] = {404: Intent.UNKNOWN_ID, 410: Intent.DELETED}
_READS: Final[Mapping[What, Intent]] = {What.ONE: Intent.READ, What.ALL: Intent.LIST}


def _intent(entry: Entry, address: Address, topic: str, answer: Answer | None) -> Intent:
    method = entry.request.method.upper()
    if address.what is not What.CANCEL:
        if method in {"GET", "HEAD"}:
            return _READS[address.what]
        # An update that changes nothing, and a create that is replayed, show an appointment that is not new.
        made = address.what is What.ALL and method == "POST" and answer is not None and answer.status == _CREATED
        return Intent.CREATE if made else Intent.REVIVE
    if method != "POST":
        return Intent.OTHER_METHOD
    if _claim(entry.request):
        return Intent.BESIDE if topic == RIGHT else Intent.ODDLY_REFUSED
    return _of_cancel(entry, address, topic, answer)


def _of_cancel(entry: Entry, address: Address, topic: str, answer: Answer | None) -> Intent:
    sent = _sent(entry)
    if topic == UNKNOWN and address.plain and entry.response.is_a_page_that_refuses:
        # What stands before the application may have taken the token for an attack.
        return Intent.ODDLY_REFUSED
    # A caller that accepts no JSON may be answered anything else (RFC 9110, 12.1).
    if topic != RIGHT or sent is Intent.ACCEPT:
        return sent if sent is Intent.ACCEPT else _of_others(sent, address)
    if not address.plain:
        return Intent.OTHER_PATH
    sent = Intent.QUERY if address.query and sent is Intent.FIRST else sent
    refused = _refused(answer) if answer and answer.status in _REFUSALS else None
    # What was sent besides is a reason of its own.
    if sent is Intent.METHOD_OVERRIDE or (refused is Intent.REFUSED and sent is not Intent.FIRST):
        refused = None
    return _spelled(address) or refused or sent


def _of_others(sent: Intent, address: Address) -> Intent:
    """Return the intent of whoever may not cancel; a strict server refuses a body or a query before that."""
    if not address.plain:
        return Intent.OTHER_PATH
    return Intent.ODDLY_REFUSED if address.query or sent is not Intent.FIRST else Intent.REFUSED


def _claim(request: Request) -> str:
    """Return which headers say that a request comes from the house itself, as topics of refusals name them."""
    given = [(pair.name.lower(), pair.value) for pair in request.headers]
    if any(name in IDENTITY_HEADERS for name, _ in given):
        return IDENTITY
    return INTERNAL if any(name in ADDRESS_HEADERS and LOOPBACK in value for name, value in given) else ""


def _spelled(address: Address) -> Intent | None:
    if not is_number(address.account):
        return Intent.MALFORMED_ACCOUNT
    if not is_number(address.text):
        return Intent.MALFORMED_ID
    if not 1 <= int(address.account[:30]) <= LARGEST_ID:
        return Intent.UNKNOWN_ACCOUNT
    return None if 1 <= int(address.text[:30]) <= LARGEST_ID else Intent.BOUNDARY_ID


def _refused(answer: Answer) -> Intent:
    """Return what a refusal of the member says about the case: a recording shows no other reason why it is legal."""
    if answer.status in _ABSENT:
        return _ABSENT[answer.status]
    code = answer.json.get("code") if isinstance(answer.json, dict) else None
    if code == _READ_ONLY or (isinstance(code, str) and code.startswith(_OF_THE_CLINIC)):
        return Intent.READONLY
    return Intent.RACED if answer.status in _LOST else Intent.REFUSED


def _sent(entry: Entry) -> Intent:
    """Return what a request carries beside its path; an unrecorded body counts as any body that may be ignored."""
    request, data = entry.request, entry.request.post_data
    if any(pair.name.lower() in METHOD_OVERRIDES for pair in request.headers):
        return Intent.METHOD_OVERRIDE
    if any("chunked" in pair.value.lower() for pair in request.headers if pair.name.lower() == "transfer-encoding"):
        return Intent.CHUNKED
    if data is not None and data.text is not None and len(data.text) > _LARGE:
        return Intent.LARGE_BODY
    text = (data.text or "").strip() if data else ""
    if text not in {"", "{}", "null"}:
        return _carried(data.mime_type if data else "", text)
    if not text and _is_unkept(request):
        return Intent.BODY
    return _by_headers(request)


def _by_headers(request: Request) -> Intent:
    accepted = next((pair.value for pair in request.headers if pair.name.lower() == "accept"), "")
    if accepted.strip() and not _JSON.search(accepted):
        return Intent.ACCEPT
    return Intent.HEADERS if any(pair.name.lower() in _OF_READS for pair in request.headers) else Intent.FIRST


def _carried(kind: str, text: str) -> Intent:
    if "json" not in kind.lower():
        return Intent.FOREIGN_BODY
    value, fault = parse_json(text.encode("utf-8", "replace"))
    return Intent.BROKEN_BODY if fault else Intent.BODY if isinstance(value, dict) else Intent.SHAPE


def _is_unkept(request: Request) -> bool:
    """Whether a body was sent that the recorder did not keep."""
    length = next((pair.value.strip() for pair in request.headers if pair.name.lower() == "content-length"), "")
    stated = [int(length)] if length.isdecimal() and len(length) < 20 else []
    stated += [request.body_size] if request.body_size >= 0 else []
    kept = request.post_data
    return any(stated) or (kept is not None and kept.text is None and bool(kept.mime_type))
