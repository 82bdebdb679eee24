"""The exchanges of a run as plain data, safe to be sent between processes and to be shown.

Secrets are already out of an exchange; personal data is masked here. A header keeps its value only where it is on the
list of harmless ones.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.ledger.masked import known, masked
from cancel_contract.redaction.headers import discreet_name, discreet_value, kind_of

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange as plain data, safe to send and to show."""

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
    """Yield the exchanges of a run as plain data."""
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
        # The run's own headers, with secrets removed.
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
