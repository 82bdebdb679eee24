"""Writes the exchanges of a run as an HTTP Archive."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harfile import Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from cancel_contract.ledger.recording import Kept


def render(kept: Iterable[Mapping[str, Any]], suite: str) -> str:
    """Return the archive's text, exchanges in the order in which they began."""
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
