"""What an answer means. Lives here: from an httpx response or failure to a record or an error. May not know: retries.

No text of an answer reaches a message: it may echo the token, or tell about a person. A code does, if it has one's
form.
"""

import re
import ssl
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from contracts.client import errors
from contracts.client.errors import BrokenAnswer, ClientError
from contracts.client.waiting import seconds_asked

M = TypeVar("M", bound=BaseModel)

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_SHOWN: Final = 3
_TOLD_TYPES: Final = frozenset({"missing", "text/html", "text/plain", "text/xml", "application/xml", "text/json"})

# Nothing of the request had left when one of these is raised.
_BEFORE_SENDING: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def read(response: httpx.Response, shape: type[M], statuses: frozenset[int]) -> M:
    """Return what a successful answer holds; raise `BrokenAnswer` if it cannot be relied on."""
    fact = _unreadable(response, statuses)
    if fact is not None:
        raise broken(response, fact)
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        fact = _told(error)
    # Raised out here because the validation error, as its context, would hold the whole answer.
    raise broken(response, fact)


def broken(response: httpx.Response, fact: str) -> BrokenAnswer:
    """Make the error for an answer that said yes and cannot be relied on."""
    return BrokenAnswer(fact, **_facts(response))


def trouble(failure: httpx.HTTPError, request: httpx.Request) -> ClientError:
    """Return the error that a failed exchange means, without the failure's text: it may quote what was sent."""
    asked: dict[str, Any] = {"method": request.method, "url": str(request.url)}
    if isinstance(failure, httpx.DecodingError):
        return BrokenAnswer("the answer's content encoding is broken", **asked)
    causes = _chain(failure)
    if any(isinstance(error, httpx.InvalidURL) for error in causes):
        # httpx reads a redirect's address even where it does not follow it, and keeps the answer to itself.
        return errors.Redirected("the answer redirects to an unreadable address", **asked)
    if not isinstance(failure, _BEFORE_SENDING):
        return errors.AnswerLost(f"no whole answer came ({_cause(failure)})", **asked)
    if any(isinstance(error, ssl.SSLError) for error in causes):
        return errors.TlsFailed(f"no trusted connection ({_cause(failure)})", **asked)
    return errors.Unsent(f"no connection ({_cause(failure)})", **asked)


def refusal(response: httpx.Response) -> ClientError:
    """Return the error that an answer means whose status is no success."""
    facts = _facts(response)
    if response.is_redirect:
        place = f" to {_elsewhere(response)}" if response.has_redirect_location else ""
        return errors.Redirected(f"status is {response.status_code}{place}", **facts)
    body = _json(response)
    code = body.get("code")
    facts["code"] = code if isinstance(code, str) and _CODE.fullmatch(code) else None
    facts["retry_after"] = seconds_asked(response.headers.get("retry-after"), datetime.now(UTC))
    fact = f"status is {response.status_code}" + (f" {facts['code']}" if facts["code"] else "")
    if response.is_server_error:
        return errors.ServerError(fact, **facts)
    if response.status_code == httpx.codes.UNAUTHORIZED and "errors" in body:
        return errors.NoTokenSeen(fact, **facts)
    return errors.BY_STATUS.get(response.status_code, errors.Refusal)(fact, **facts)


def _unreadable(response: httpx.Response, statuses: frozenset[int]) -> str | None:
    if response.status_code not in statuses:
        return f"status is {response.status_code}, not {' or '.join(map(str, sorted(statuses)))}"
    if not response.content:
        return "the body is empty"
    media_type = response.headers.get("content-type", "missing").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return f"the content type is {media_type if media_type in _TOLD_TYPES else 'another'}, not application/json"
    return None


def _told(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return "the body is no JSON"
    told = [f"{'/'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in found[:_SHOWN]]
    return ", ".join(told) + (f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _facts(response: httpx.Response) -> dict[str, Any]:
    request = response.request
    return {"method": request.method, "url": str(request.url), "status": response.status_code}


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}  # an error page; its status says enough
    return body if isinstance(body, dict) else {}


def _elsewhere(response: httpx.Response) -> str:
    # No part of the address itself: a hostile one may carry what was sent, even as a host name.
    here = response.request.url
    there = here.join(response.headers["location"])
    if (there.raw_host, there.port) == (here.raw_host, here.port) and there.scheme == here.scheme:
        return "the same host"
    return "plain http" if there.scheme == "http" and here.scheme == "https" else "another host"


def _chain(failure: BaseException) -> list[BaseException]:
    chain = [failure]
    for error in chain:  # it grows on the way; mocks are known to tie such chains into a ring
        chain += [one for one in (error.__cause__, error.__context__) if one is not None and one not in chain]
    return chain


def _cause(failure: httpx.HTTPError) -> str:
    said = [error.strerror for error in _chain(failure) if isinstance(error, OSError) and error.strerror]
    return ": ".join([type(failure).__name__, *said[-1:]])
