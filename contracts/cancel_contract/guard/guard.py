"""The transport that every request to the target passes, and that refuses what may not leave.

Its rules: the target's origin only; only appointments of the run's own, handed over, or absent; request line and
headers as the case declares them; the budgets. A refused request opens no connection.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import httpx
from typing_extensions import override

from cancel_contract.errors import Refused
from cancel_contract.exchange.case import EMPTY_OBJECT, Case, Intent, appointments_path
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.request_headers import TENANT_HEADERS, USER_HEADER, overrides, reframes
from cancel_contract.guard import body_fields as fields
from cancel_contract.guard import paths as naming
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.id_readings import settled
from cancel_contract.guard.ownership import FIRST_PROBED, Ownership
from cancel_contract.target.target import Target

_SAFE: Final = frozenset({"GET", "HEAD"})
_METHOD: Final = re.compile(r"[A-Z]+")
_TARGET: Final = re.compile(r"/[\x21-\x7e]*")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00-\x20\x7f]([^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?|")
_REFERENCES: Final = frozenset({"resource_id", "service_id", "contact_id"})
"""Ids that a create may name."""
_CHARSET: Final = re.compile(r"charset=\"?(?!utf-8|us-ascii|iso-8859-1|windows-125)", re.IGNORECASE)


class Guard(httpx.BaseTransport):
    """Passes a request on to the wire, or raises Refused with the reason.

    The case travels as the request's extension `case`; a request without one is held to the same rules.
    """

    def __init__(self, wire: httpx.BaseTransport, target: Target, ownership: Ownership, budget: Budget) -> None:
        self._wire = wire
        self._target = target
        self._ownership = ownership
        self._budget = budget

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if reason := self.objection(request):
            raise Refused(f"{request.method} {self._shown(request)} was not sent: {reason}")
        with self._budget.request():
            return self._wire.handle_request(request)

    @override
    def close(self) -> None:
        self._wire.close()

    def _shown(self, request: httpx.Request) -> str:
        return self._target.redactor.clean_text(_asked(request))

    def objection(self, request: httpx.Request) -> str | None:
        """Return why a request may not leave, or nothing if it may."""
        found = (
            reason for rule in (self._origin, _malformed, self._undeclared, self._unowned) for reason in rule(request)
        )
        return next(found, None)

    def _origin(self, request: httpx.Request) -> Iterator[str]:
        home, there = self._target.url, request.url
        if (there.scheme, there.host, there.port) != (home.scheme, home.host, home.port):
            yield f"{there.scheme}://{there.netloc.decode()} is not the target, {home}"
        if there.userinfo:
            yield "its URL holds a user or a password"

    def _undeclared(self, request: httpx.Request) -> Iterator[str]:
        case = _case(request)
        if "transfer-encoding" in request.headers and not (case and case.chunked):
            yield "no case declared that its body is sent in chunks"
        declared = {name.lower() for name, _ in case.headers} if case else set()
        for name, value in _headers(request):
            if name == "host" and value != self._target.url.netloc.decode():
                yield "its Host header names another host"
            if overrides(name) and name not in declared:
                yield f"no case declared its header {name}"
        if "target" in request.extensions and (case is None or not self._declared(case, _asked(request))):
            yield "no case declared its request target"

    def _declared(self, case: Case, asked: str) -> bool:
        shown = case.credential.show(self._target.token(case.credential.holder) or "")
        query = "&".join(part for part in (case.query, shown.query) if part)
        return naming.path_of(asked) == case.path and naming.query_of(asked) == query

    def _unowned(self, request: httpx.Request) -> Iterator[str]:
        asked = _asked(request)
        if _writes(request):
            for target in (asked, *_other_targets(request)):
                yield from self._unowned_write(request, target)
            return
        yield from self._strange_accounts(asked, writes=False)
        if not self._recognises(request):
            yield from self._strange_appointments(asked, writes=False)

    def _unowned_write(self, request: httpx.Request, asked: str) -> Iterator[str]:
        yield from self._strange_accounts(asked, writes=True)
        yield from self._strange_appointments(asked, writes=True)
        if self._makes(request):
            return
        yield from self._strange_fields(request, asked)
        if not naming.is_one_appointment(asked):
            yield "it could change something, and names no appointment"

    def _strange_accounts(self, asked: str, *, writes: bool) -> Iterator[str]:
        for account in naming.accounts(asked):
            strangers = self._ownership.foreign_account(account)
            if _matters(strangers, writes=writes):
                yield f"account {account!r} may be read as {min(strangers)}, which is not ours"

    def _strange_appointments(self, asked: str, *, writes: bool) -> Iterator[str]:
        for appointment in naming.appointments(asked):
            strangers = self._ownership.foreign_in_path(appointment)
            if _matters(strangers, writes=writes):
                fact = f"appointment {appointment!r} may be read as {min(strangers)}"
                yield f"{fact}, which is neither owned nor harmless"

    def _strange_fields(self, request: httpx.Request, asked: str) -> Iterator[str]:
        road = {name.lower() for name, _ in self._target.settings.extra_headers}
        headers = ((name, value) for name, value in _headers(request) if name not in road and self._names(name, value))
        references = self._own_references()
        given = fields.of_body(request.headers.get("content-type", ""), request.read())
        body = (pair for pair in given if pair not in references)
        for field, text in (*fields.of_query(naming.query_of(asked)), *body, *headers):
            account = "account" in field.lower() or field in TENANT_HEADERS
            if strangers := (self._ownership.foreign_account if account else self._ownership.foreign)(text):
                yield f"its field {field} may be read as {min(strangers)}, which is neither owned nor harmless"

    def _own_references(self) -> frozenset[fields.Field]:
        """Return the fields by which a body names the settings' own service and contact, in plain digits."""
        settings = self._target.settings
        known = {"service_id": settings.service_id, "contact_id": settings.contact_id}
        return frozenset((name, str(number)) for name, number in known.items() if number is not None)

    def _names(self, header: str, value: str) -> bool:
        """Whether a header may name an appointment or an account; a known user in the user's header is neither."""
        return fields.named(header) and not (header == USER_HEADER and self._ownership.is_known_user(value))

    def _makes(self, request: httpx.Request) -> bool:
        """Whether a request creates an appointment with a run marker in the run's own account."""
        case = _case(request)
        return (
            case is not None
            and case.intent is Intent.CREATE
            and request.method == "POST"
            and _asked(request) == appointments_path(self._target.account)
            and _is_marked(request.read(), self._target.settings.resource_id)
        )

    def _recognises(self, request: httpx.Request) -> bool:
        """Whether a request only looks for the run marker of one appointment."""
        case = _case(request)
        path = appointments_path(self._target.account)
        plain = re.fullmatch(rf"{re.escape(path)}/[0-9]+", _asked(request)) is not None
        return case is not None and case.intent is Intent.RECOGNISE and request.method == "GET" and plain


def _case(request: httpx.Request) -> Case | None:
    case = request.extensions.get("case")
    return case if isinstance(case, Case) else None


def _asked(request: httpx.Request) -> str:
    target: bytes = request.extensions.get("target", request.url.raw_path)
    return target.decode("latin-1")


def _headers(request: httpx.Request) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw)


def _writes(request: httpx.Request) -> bool:
    asked = _asked(request)
    overridden = naming.overrides(asked) or any(overrides(name) for name, _ in _headers(request))
    return request.method not in _SAFE or overridden or naming.cancels(asked)


def _other_targets(request: httpx.Request) -> Iterator[str]:
    """Return the request targets that its headers put in the place of its own."""
    return (value for name, value in _headers(request) if overrides(name) and "/" in value)


def _matters(strangers: frozenset[int], *, writes: bool) -> bool:
    # A read may ask for an id that no counter reaches; if it is absent, it becomes harmless.
    return bool(strangers) and (writes or min(strangers) < FIRST_PROBED)


def _malformed(request: httpx.Request) -> Iterator[str]:
    """Reasons a request could be reinterpreted in transit (request smuggling)."""
    asked = _asked(request)
    if not _METHOD.fullmatch(request.method) or request.method == "CONNECT":
        yield "its method is none of a plain request"
    if not _TARGET.fullmatch(asked):
        yield "its request target is not a path of printable ASCII characters"
    if not settled(asked):
        yield "its request target is percent-encoded too often to be read"
    yield from _malformed_headers(request)


def _malformed_headers(request: httpx.Request) -> Iterator[str]:
    length = len(request.read())
    names = [name.replace("_", "-") for name, _ in _headers(request)]
    for name, value in request.headers.raw:
        lower = name.decode("latin-1").lower()
        if not _NAME.fullmatch(name):
            yield "the name of one of its headers holds a character that none may hold"
        elif not _VALUE.fullmatch(value):
            yield f"its header {lower} holds a line break, a control character or a blank at an end"
        if reframes(lower) and not (lower == "transfer-encoding" and _is_plainly_chunked(request)):
            yield f"its header {lower} changes where its body ends or what it says"
        if lower == "content-length" and value != str(length).encode():
            yield "its header content-length is not the length of its body"
        if lower == "content-type" and length and _CHARSET.search(value.decode("latin-1")):
            yield "its body is in a charset that is not looked into"
    if names.count("content-length") > 1:
        yield "it states the length of its body more than once"
    if names.count("host") > 1:
        yield "it has more than one Host header"


def _is_plainly_chunked(request: httpx.Request) -> bool:
    """Whether a server that does not know chunks finds no other request in them, nor any id."""
    codings = request.headers.get_list("transfer-encoding")
    return codings == ["chunked"] and "content-length" not in request.headers and request.read() == EMPTY_OBJECT


def _is_marked(body: bytes, resource: int | None) -> bool:
    """Whether a create has a run marker, is for the run's resource, and names nothing that may exist already."""
    try:
        pairs = json.loads(body, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return False
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        return False
    found = dict(pairs)
    reference = found.get("external_ref")
    mark = Marker.of(reference, key := found.get("idempotency_key", reference))
    references = {name for name, _ in fields.of_body("application/json", body)} <= _REFERENCES
    plain = references and len(found) == len(pairs) and found.get("resource_id") == resource
    return mark is not None and mark.is_of(reference, key) and plain
