"""Sends a case once, and records what was sent and what came, with secrets removed."""

import errno
import gzip
import itertools
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, cast

import httpx

from cancel_contract.errors import Refused
from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.guard.framing import framing_fault, undecodable, unlike
from cancel_contract.guard.guard import Guard
from cancel_contract.guard.request import request_of
from cancel_contract.guard.request_ids import RequestIds
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.target.target import ROAD, Target


class Attempts:
    """Sends cases through the guard, each once; the exchanges are numbered."""

    def __init__(self, target: Target, guard: Guard, request_ids: RequestIds) -> None:
        self._target, self._guard, self._request_ids = target, guard, request_ids
        self._numbers = itertools.count(1)

    def once(self, case: Case) -> Exchange:
        """Send a case once, and return its exchange. Raises Refused (guard) and Overspent (budget)."""
        request = request_of(case, self._target, self._request_ids.header(case, self._target.settings))
        return self._exchanged(case, request, datetime.now(UTC))

    def _exchanged(self, case: Case, request: httpx.Request, started: datetime) -> Exchange:
        answer, trouble, text = self._came(request)
        clean = self._target.redactor
        return Exchange(
            number=next(self._numbers),
            case=case,
            url=clean.clean_text(f"{self._target.settings.base_url}{request.extensions['target'].decode()}"),
            request_headers=clean.clean_pairs(self._headers(request)),
            request_body=clean.clean(request.content),
            # Several that leave together wait for one another at the last moment.
            started=request.extensions.get("started", started),
            elapsed=request.extensions.get("elapsed", 0.0),
            answer=answer,
            trouble=trouble,
            trouble_text=discreet_quotes(clean.clean_text(text)),
        )

    def _headers(self, request: httpx.Request) -> Iterator[tuple[str, str]]:
        """Yield a request's headers; one from the settings appears by its name only, however short its value is."""
        extra = {(name, value.get_secret_value().encode()) for name, value in self._target.settings.extra_headers}
        for name, value in ((name.decode(), value) for name, value in request.headers.raw):
            yield name, f"${ROAD}{name}" if (name, value) in extra else value.decode("latin-1")

    def _came(self, request: httpx.Request) -> tuple[Answer | None, Trouble | None, str]:
        try:
            return self._answer(self._guard.handle_request(request), request.method), None, ""
        except httpx.LocalProtocolError as error:
            # A request that cannot be encoded is our mistake, and says nothing about the target.
            text = self._target.redactor.clean_text(str(error))
            raise Refused(f"{request.method} {request.extensions['case'].key} cannot be sent as HTTP: {text}") from None
        except httpx.TransportError as error:
            return None, *_trouble(error, request)

    def _answer(self, response: httpx.Response, method: str) -> Answer:
        tape: bytes = response.extensions.get("tape", b"")
        framing = framing_fault(tape, method)
        if framing and (stream := response.extensions.get("network_stream")):
            # Bytes after the answer may be taken for the answer to the next request.
            stream.close()
        try:
            body = _decoded(response)
            value, fault = parse_json(body)
        except httpx.DecodingError:
            # The bytes as they came, which are all that is known of it.
            body = b"".join(cast("httpx.SyncByteStream", response.stream))
            framing = undecodable(response.headers.get("content-encoding", ""), len(body))
            value, fault = None, "it is not in the content encoding that the answer states"
        clean = self._target.redactor
        headers = tuple((name.decode("latin-1"), text.decode("latin-1")) for name, text in response.headers.raw)
        heads = "\n".join(part for pair in headers for part in pair).encode()
        encoded: Mapping[str, str] = {}
        if found := clean.found(heads + b"\n" + body):
            encoded = clean.encodings(heads + b"\n" + body)
            body, headers = clean.clean(body), clean.clean_pairs(headers)
            value = value if value is None else parse_json(body)[0]
        echoes = tuple(name for name in found if not name.startswith(ROAD))
        encodings = tuple(encoded.get(name, "") for name in echoes)
        return Answer(response.status_code, headers, body, value, fault, framing, echoes, encodings)


def _decoded(response: httpx.Response) -> bytes:
    """Return a body without its content coding. Raises DecodingError if it is not in the one that is stated."""
    if response.headers.get("content-encoding", "").strip().lower() not in _GZIP:
        return response.read()
    # Of several members (RFC 1952, 2.2), as proxies write them, httpx reads the first alone.
    came = b"".join(cast("httpx.SyncByteStream", response.stream))
    try:
        return gzip.decompress(came)
    except (OSError, EOFError, zlib.error) as error:
        raise httpx.DecodingError(str(error)) from error


_GZIP: Final = frozenset({"gzip", "x-gzip"})
_BEFORE_ANSWER: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout)

_CUT: Final = re.compile(r"received (\d+) bytes, expected (\d+)")
"""What httpcore says of a body that ended too early."""
_UNSENT: Final = "Server disconnected without sending a response"
"""What httpcore says wherever a head is not whole."""


def _trouble(error: httpx.TransportError, request: httpx.Request) -> tuple[Trouble, str]:
    text = str(error) or type(error).__name__
    if isinstance(error, _BEFORE_ANSWER):
        return Trouble.UNREACHABLE, text
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT, text
    # The same error stands for a connection that ended before an answer, and for an answer that is no HTTP: the bytes
    # that were seen tell them apart.
    if (tape := request.extensions.get("tape")) and not _is_closed_here(error):
        return Trouble.BROKEN, _broken_off(text, len(tape))
    return Trouble.LOST, text


def _is_closed_here(error: BaseException | None) -> bool:
    """Whether the pool of connections has closed one that another thread had just begun to use."""
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.EBADF:
            return True
        error = error.__cause__ or error.__context__
    return False


def _broken_off(text: str, came: int) -> str:
    """Say how much of an answer came, where httpcore says it in its own way, or says that nothing came."""
    if cut := _CUT.search(text):
        return unlike(int(cut[2]), int(cut[1]))
    return f"the connection ended in its head, after {came} bytes" if text.startswith(_UNSENT) else text
