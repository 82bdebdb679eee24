"""From a recorded entry to an exchange.

Lives here: what was asked and what came, as far as it was recorded. May not know: sequences, verdicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from contracts.case import Case, Intent
from contracts.credential import HEADER, MEMBER, Credential
from contracts.exchange import Answer, Exchange, Trouble
from contracts.har import Entry, text_of
from contracts.judging.address import LARGEST_ID, Address, What, is_number
from contracts.judging.asker import RIGHT, Shown, is_mask, is_secret
from contracts.redaction import SHORTEST, forms
from contracts.strict_json import parse_json

_LARGE: Final = 100_000
_READ_ONLY: Final = "APPOINTMENT_READ_ONLY"
_REFUSALS: Final = frozenset({401, 403, 404, 409, 422})
_TOLD_TOKEN: Final = "$ONELINK_API_TOKEN"  # noqa: S105  what stands for a token
_OTHER: Final = "$RECORDED_SECRET"
_IN_HEADER: Final[Mapping[str, str]] = {
    RIGHT: _TOLD_TOKEN,
    "prefix": f"{_TOLD_TOKEN}_PREFIX",
    "tail": f"{_TOLD_TOKEN}_TAIL",
    "case": f"{_TOLD_TOKEN}_CASE",
    "suffix": f"{_TOLD_TOKEN}0",
}
_BESIDE: Final[Mapping[str, tuple[str, str]]] = {
    "bearer": ("authorization", f"Bearer {_TOLD_TOKEN}"),
    "cookie": ("cookie", f"{HEADER}={_TOLD_TOKEN}"),
}
"""What stands for a token, by how it was shown."""


class Part(StrEnum):
    """A part of an exchange that a recording may lack."""

    BODY = "body"
    HEADERS = "headers"
    TIME = "time"
    WORDS = "words"
    """Persons' data, which a recorder may mask inside a body."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange, and what is missing of it."""

    exchange: Exchange
    address: Address
    topic: str
    lacks: frozenset[Part] = frozenset()


def recorded(number: int, entry: Entry, address: Address, asked: Shown, topic: str) -> Recorded:
    """Give the exchange of an entry whose asker is known as far as can be."""
    answer, lacks = _answer(entry, asked)
    elapsed = _elapsed(entry)
    if elapsed is None:
        lacks |= {Part.TIME}
    case = Case(
        key=f"entry {number}",
        intent=_intent(entry, address, topic, answer),
        path=address.path,
        method=entry.request.method.upper(),
        # A topic that is no way of showing a token is only told; nothing is ever sent for it.
        credential=MEMBER if topic == RIGHT else Credential(showing=topic),
        query=address.query,
        appointment=_named(address, answer),
        abandoned=answer is None,
    )
    exchange = Exchange(
        number=number,
        case=case,
        url=_told_url(address, topic),
        request_headers=tuple((pair.name, _told_value(pair.name, pair.value, topic)) for pair in entry.request.headers),
        request_body=entry.request.post_data.text.encode("utf-8", "replace") if entry.request.post_data else b"",
        started=entry.started,
        elapsed=elapsed or 0.0,
        answer=answer,
        # Who gave up, the recorder cannot tell: a page that is left ends its requests too.
        trouble=None if answer else Trouble.LOST,
        trouble_text="" if answer else "the recording holds no answer",
    )
    return Recorded(exchange, address, topic, lacks)


def _answer(entry: Entry, asked: Shown) -> tuple[Answer | None, frozenset[Part]]:
    response = entry.response
    if response.status == 0:
        return None, frozenset()
    body = text_of(response.content)
    headers = tuple((pair.name, pair.value) for pair in response.headers)
    lacks = frozenset({Part.BODY} if body is None else ())
    if not headers:
        lacks |= {Part.HEADERS}
        headers = (("content-type", response.content.mime_type),) if response.content.mime_type else ()
    value, fault = parse_json(body) if body else (None, "it is empty")
    if body is None or response.status in {204, 304}:
        fault = None
    answer = Answer(response.status, headers, body or b"", value, fault, None, _echoes(asked, headers, body))
    return answer, lacks | {Part.WORDS} if _is_masked(answer) else lacks


def _is_masked(answer: Answer) -> bool:
    told = [value for name, value in (answer.payload or {}).items() if name.startswith("client_")]
    return any(isinstance(value, str) and value and is_mask(value) for value in told)


def _echoes(asked: Shown, headers: tuple[tuple[str, str], ...], body: bytes | None) -> tuple[str, ...]:
    tokens = [token for token in asked.tokens if len(token) >= SHORTEST and not token.startswith("$")]
    if not tokens:
        return ()
    whole = b"\n".join([*(value.encode("utf-8", "replace") for _, value in headers), body or b""])
    return (_TOLD_TOKEN[1:],) if any(form in whole for token in tokens for form in _forms(token)) else ()


@lru_cache(maxsize=256)
def _forms(token: str) -> frozenset[bytes]:
    return forms(token)


def _elapsed(entry: Entry) -> float | None:
    """Seconds from the request to the whole answer, without the recorder's own queue where that is told apart."""
    known = [part for part in (entry.timings.send, entry.timings.wait, entry.timings.receive) if part >= 0]
    if entry.timings.wait >= 0:
        return sum(known) / 1000
    return entry.time / 1000 if entry.time >= 0 else None


def _told_value(name: str, value: str, topic: str) -> str:
    if not is_secret(name) or value.startswith("$ONELINK_"):
        return value
    if name.lower() == HEADER:
        return _IN_HEADER.get(topic, _OTHER)
    place, told = _BESIDE.get(topic, ("", ""))
    return told if name.lower() == place else _OTHER


def _told_url(address: Address, topic: str) -> str:
    token = _TOLD_TOKEN if topic == "query" else _OTHER
    pairs = parse_qsl(address.query, keep_blank_values=True)
    told = "&".join(f"{name}={token if name == HEADER else value}" for name, value in pairs)
    return f"{address.origin}{address.path}{'?' if told else ''}{told}"


def _named(address: Address, answer: Answer | None) -> int | None:
    """The appointment that a path names; as which one a text that is no number was read, the answer tells."""
    if not is_number(address.text) and answer and answer.payload is not None:
        given = answer.payload.get("id")
        return given if isinstance(given, int) and str(given) in address.text else address.appointment
    return address.appointment


_READS: Final[Mapping[What, Intent]] = {What.ONE: Intent.READ, What.ALL: Intent.LIST}


def _intent(entry: Entry, address: Address, topic: str, answer: Answer | None) -> Intent:
    method = entry.request.method.upper()
    if address.what is not What.CANCEL:
        return _READS[address.what] if method in {"GET", "HEAD"} else Intent.CREATE
    if method != "POST":
        return Intent.OTHER_METHOD
    if topic != RIGHT:
        return Intent.REFUSED
    if not address.plain:
        return Intent.OTHER_PATH
    return _spelled(address) or (_refused(answer) if answer and answer.status in _REFUSALS else _sent(entry))


def _spelled(address: Address) -> Intent | None:
    if not is_number(address.account):
        return Intent.MALFORMED_ACCOUNT
    if not is_number(address.text):
        return Intent.MALFORMED_ID
    return None if 1 <= int(address.text[:30]) <= LARGEST_ID else Intent.BOUNDARY_ID


def _refused(answer: Answer) -> Intent:
    """What a refusal of the member says of the case: a recording does not show what else would have made it legal."""
    if answer.status == 404:
        return Intent.UNKNOWN_ID
    code = answer.json.get("code") if isinstance(answer.json, dict) else None
    return Intent.READONLY if code == _READ_ONLY else Intent.REFUSED


def _sent(entry: Entry) -> Intent:
    data = entry.request.post_data
    text = data.text.strip() if data else ""
    if text in {"", "{}", "null"}:
        return Intent.CANCEL
    if len(text) > _LARGE:
        return Intent.LARGE_BODY
    if "json" not in (data.mime_type if data else "").lower():
        return Intent.FOREIGN_BODY
    _, fault = parse_json(text.encode("utf-8", "replace"))
    return Intent.BROKEN_BODY if fault else Intent.BODY
