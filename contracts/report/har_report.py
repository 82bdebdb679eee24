"""The exchanges of a run as an HTTP Archive. Lives here: what of an exchange may be kept, and how it is written. May
not know: verdicts.

Secrets are out of an exchange already; persons' data go here. Of headers only those are kept as they are that hold
nothing else than what the protocol puts there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harfile import Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from contracts.exchange import Answer, Exchange
from contracts.report.evidence import known, masked
from contracts.report.headers import discreet_name, discreet_value, kind_of
from contracts.strict_json import parse_json

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange as plain data, fit to travel and to be shown."""

    key: str
    started: str
    milliseconds: float
    method: str
    url: str
    sent_headers: Pairs
    sent_type: str
    sent: str
    sent_size: int
    status: int
    """0 where no answer came."""
    headers: Pairs
    kind: str
    body: str
    size: int
    trouble: str
    """Why no answer came; else empty."""


def entries(exchanges: Sequence[Exchange]) -> Iterator[dict[str, Any]]:
    """Give the exchanges of a run as plain data."""
    persons = frozenset(text for exchange in exchanges for text in known(exchange))
    for exchange in exchanges:
        yield asdict(_kept(exchange, persons))


def _kept(exchange: Exchange, persons: frozenset[str]) -> Kept:
    answer = exchange.answer or Answer(0, (), b"")
    sent_type = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    return Kept(
        key=exchange.case.key,
        started=exchange.started.isoformat(),
        milliseconds=round(exchange.elapsed * 1000, 3),
        method=exchange.case.method,
        url=exchange.url,
        # Ours, secrets out.
        sent_headers=exchange.request_headers,
        sent_type=sent_type,
        sent=_body(exchange.request_body, persons),
        sent_size=len(exchange.request_body),
        status=answer.status,
        headers=_headers(answer.headers),
        kind=kind_of(answer.header("content-type") or ""),
        body=_body(answer.body, persons),
        size=len(answer.body),
        trouble="" if exchange.answer else exchange.fact,
    )


def _headers(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return tuple((discreet_name(name), discreet_value(name, value)) for name, value in pairs)


def _body(body: bytes, persons: frozenset[str]) -> str:
    value, fault = parse_json(body)
    if value is not None and fault is None:
        return json.dumps(masked(value, known=persons), ensure_ascii=False)
    return f"<{len(body)} bytes>" if body else ""


def written(kept: Iterable[Mapping[str, Any]], suite: str) -> str:
    """Give the archive's text, exchanges in the order in which they began."""
    text = StringIO()
    with HarFile.open(text, creator=Creator("cancel-contract", suite)) as archive:
        for one in sorted((Kept(**data) for data in kept), key=lambda entry: (entry.started, entry.key)):
            archive.add_entry(
                startedDateTime=one.started,
                time=one.milliseconds,
                request=_request(one),
                response=_response(one),
                timings=Timings(send=0, wait=one.milliseconds, receive=0),
                comment=one.key,
            )
    return text.getvalue()


def _request(one: Kept) -> Request:
    query = parse_qsl(urlsplit(one.url).query, keep_blank_values=True)
    return Request(
        method=one.method,
        url=one.url,
        httpVersion="HTTP/1.1",
        headers=[Record(name, value) for name, value in one.sent_headers],
        queryString=[Record(name, value) for name, value in query],
        postData=PostData(one.sent_type, text=one.sent) if one.sent else None,
        bodySize=one.sent_size,
    )


def _response(one: Kept) -> Response:
    return Response(
        status=one.status,
        statusText=_phrase(one.status),
        httpVersion="HTTP/1.1",
        headers=[Record(name, value) for name, value in one.headers],
        content=Content(size=one.size, mimeType=one.kind, text=one.body),
        redirectURL="",
        bodySize=one.size,
        comment=one.trouble or None,
    )


def _phrase(status: int) -> str:
    return next((one.phrase for one in HTTPStatus if one == status), "")
