"""Builds the HTTP request of a case, with its token."""

from collections.abc import Sequence
from typing import Final

import httpx

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.credential import Shown
from cancel_contract.exchange.request_headers import USER_AGENT
from cancel_contract.target.target import Target

CONNECT_TIMEOUT: Final = 10.0
"""Seconds to wait for a connection (policy)."""
NO_PATIENCE: Final = 1e-6
"""Seconds to wait for an answer that is to be lost."""


def request_of(case: Case, target: Target, more: Sequence[tuple[str, str]] = ()) -> httpx.Request:
    """Return the HTTP request of a case, with its token, and with more headers than the case has."""
    shown = _show(case, target)
    query = "&".join(part for part in (case.query, shown.query) if part)
    # Accept keeps framework answers in JSON (observed).
    fixed = [(b"user-agent", USER_AGENT.encode()), (b"accept", b"application/json"), (b"accept-encoding", b"gzip")]
    given = {name.lower().encode() for name in (*case.without, *(name for name, _ in case.headers))}
    headers = [(name, value) for name, value in fixed if name not in given]
    headers += [(name.encode(), value) for name, value in (*case.headers, *shown.headers)]
    headers += [(name.encode(), value.encode()) for name, value in more]
    extra = target.settings.extra_headers
    headers += [(name.encode(), value.get_secret_value().encode()) for name, value in extra]
    path = f"{case.path}?{query}" if query else case.path
    extensions = {"case": case, "target": path.encode(), "timeout": _timeout(case, target)}
    body = case.body if case.body is not None else shown.body
    if case.chunked:
        # A body that comes in pieces makes httpx send chunks.
        return httpx.Request(
            case.method, target.url, headers=headers, content=iter([body or b""]), extensions=extensions
        )
    # A POST without a body states its length, as every client library does; curl does not.
    request = httpx.Request(case.method, target.url, headers=headers, content=body or b"", extensions=extensions)
    if "content-length" in case.without and not body:
        del request.headers["content-length"]
    return request


def _show(case: Case, target: Target) -> Shown:
    token, over = (target.token(it) if it else None for it in (case.credential.holder, case.credential.over))
    if token is None and case.credential.showing != "none":
        raise AssertionError(f"{case.key} asks for a token that the settings do not name")
    shown = case.credential.show(token or "", over)
    if shown.body is not None and case.body is not None:
        raise AssertionError(f"{case.key} has a body and shows its token in one")
    return shown


def _timeout(case: Case, target: Target) -> dict[str, float]:
    patience = target.settings.time_limit
    reading = NO_PATIENCE if case.abandoned else patience
    return {"connect": CONNECT_TIMEOUT, "read": reading, "write": patience, "pool": 60.0}
