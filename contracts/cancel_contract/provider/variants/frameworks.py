"""Turns the defaults of other web frameworks into hooks that change the provider's own answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http.client import responses
from typing import Any, Final

from cancel_contract.provider.api.answers import HTML_TYPE, Answer, encode
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import methods_of
from cancel_contract.provider.behaviours import EVERY, Hooks
from cancel_contract.provider.variants.renderings import strict_account, strict_id

_NO_ROUTE: Final = "/no-route"
_BELOW_THE_APP: Final = frozenset({400, 406, 413})
_PAGE: Final = "<!DOCTYPE html><html><body><h1>{}</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of the application: its status, what it says, and its code if it has one."""

    status: int
    text: str
    code: str | None = None

    @property
    def phrase(self) -> str:
        """What HTTP calls the status."""
        return responses.get(self.status, f"Status {self.status}")


Spell = Callable[[Call, Failure], Answer]
"""How an error is written."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a framework answers what is not the application's success."""

    error: Spell
    """What the application refuses."""
    below: Spell | None = None
    """What the framework refuses before it: no route, a body that cannot be read; as the application where none."""
    method: Spell | None = None
    """A method that the path does not take; as no route where none."""
    options: Spell | None = None
    odd_id: Spell | None = None
    """An id that is not a number; cast as the provider casts it where none."""
    untidy: Spell | None = None
    """A path with a slash at its end, two in a row or a suffix; taken for the plain one where none."""
    unacceptable: Spell | None = None
    """An Accept without JSON; passed over where none."""
    page: bool = False
    """Whether whoever asks for a page gets one."""
    reads_body: bool = True
    unauthorized: int = 401
    """The status for a token that nobody has."""
    forbidden: int = 401
    """The status for a token whose owner may not do this here."""


def manners(it: Manners) -> Hooks:
    """Return the hooks that make the provider answer so."""
    return Hooks(
        EVERY,
        arrive=lambda _, request: _arrived(it, request),
        identify=strict_id if it.odd_id else None,
        enter=strict_account if it.odd_id else None,
        handle=lambda call, proceed: _negotiated(it, call, proceed),
        answer=lambda call, answer: _answered(it, call, answer),
    )


def _arrived(it: Manners, request: Request) -> Request:
    if it.untidy and _is_untidy(request.path):
        request = replace(request, path=_NO_ROUTE)
    if it.reads_body or not request.path.endswith("/cancel"):
        return request
    headers = tuple(pair for pair in request.headers if pair[0] != "content-type")
    return replace(request, headers=headers, body=b"")


def _is_untidy(path: str) -> bool:
    return path.endswith("/") or "//" in path or "/./" in path or "." in path.rpartition("/")[2]


async def _negotiated(it: Manners, call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    accepted = call.request.header("accept") or "*/*"
    kinds = ("json", "*/*", "application/*", *(("text/html",) if it.page else ()))
    if it.unacceptable and not any(kind in accepted for kind in kinds):
        return it.unacceptable(call, Failure(406, "Not Acceptable"))
    return await proceed(call)


def _answered(it: Manners, call: Call, answer: Answer) -> Answer:
    if answer.status < 400:
        asks = it.page and "text/html" in (call.request.header("accept") or "")
        return page(call, Failure(answer.status, "Appointment")) if asks else answer
    told = _text_of(it, answer)
    return _spelled(it, call, told)(call, told)


def _spelled(it: Manners, call: Call, told: Failure) -> Spell:
    if told.status == 406 and it.unacceptable:
        return it.unacceptable
    if call.route.operation == "unrouted":
        return _of_router(it, call)
    is_odd = not all(_is_number(text) for text in (call.route.account, call.route.appointment or "1"))
    if it.odd_id and is_odd:
        return it.odd_id
    return it.below if it.below and told.status in _BELOW_THE_APP else it.error


def _of_router(it: Manners, call: Call) -> Spell:
    if it.untidy and call.request.path == _NO_ROUTE:
        return it.untidy
    method, allowed = call.original.method, methods_of(call.original.path)
    if method == "OPTIONS" and allowed and it.options:
        return it.options
    if it.method and allowed and method not in allowed:
        return it.method
    return it.below or it.error


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _text_of(it: Manners, answer: Answer) -> Failure:
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = {}
    said = body.get("error") or "".join(body.get("errors", ()))
    unauthorized = it.forbidden if "not authorized" in said else it.unauthorized
    status = unauthorized if answer.status == 401 else answer.status
    return Failure(status, said or responses.get(status, ""), body.get("code"))


def in_json(spell: Callable[[Call, Failure], Any], kind: str = "application/json", status: int | None = None) -> Spell:
    """Write an error as JSON, of another status perhaps."""

    def spelled(call: Call, told: Failure) -> Answer:
        number = status or told.status
        return Answer(number, (("Content-Type", kind),), encode(spell(call, replace(told, status=number))))

    return spelled


def in_text(text: str, status: int | None = None) -> Spell:
    """Write an error as a line."""
    return lambda _, told: Answer(
        status or told.status, (("Content-Type", "text/plain; charset=utf-8"),), text.encode()
    )


def bare(status: int | None = None, *headers: tuple[str, str]) -> Spell:
    """Answer with an empty body."""
    return lambda _, told: Answer(status or told.status, headers)


def allowing(spell: Spell, methods: str = "POST") -> Spell:
    """Name in a header the methods that a path takes."""
    return lambda call, told: spell(call, told).with_header("Allow", methods)


def page(_: Call, told: Failure) -> Answer:
    """Answer with a page."""
    return Answer(told.status, (("Content-Type", HTML_TYPE),), _PAGE.format(told.text).encode())


def tidied(status: int) -> Spell:
    """Lead to the path without a slash at its end."""
    return lambda call, _: Answer(status, (("Location", call.original.path.rstrip("/")),))
