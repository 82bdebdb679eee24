"""Variants that render correct answers differently."""

import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from random import Random
from typing import Any, Final

from cancel_contract.provider.api.answers import (
    HTML_TYPE,
    Answer,
    Refused,
    encode,
    failure,
    invalid,
    not_found,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import methods_of
from cancel_contract.provider.behaviours import Around
from cancel_contract.provider.store.records import IMPORTED, Account, Payload

EACH: Final = 25
"""One request in so many is throttled."""

RATE: Final = 40
"""Requests a second above which the rate throttles."""

SECOND: Final = timedelta(seconds=1)

_UNDOCUMENTED_FROM: Final = "client_comment"
_NULLABLE: Final = (
    "contact_id",
    "service_id",
    "company_id",
    "conversation_id",
    "created_by_id",
    "client_phone",
    "client_identifier",
    "client_birth_date",
    "client_gender",
)
_ROW_FIELDS: Final = {
    "payments": ("id", "amount", "payment_method", "payment_kind"),
    "expense": ("id", "amount", "status"),
}


def extended(_: Call, payload: Payload) -> Payload:
    """Add fields on every level."""
    rows = [{**row, "fiscal_receipt": None} for row in payload["payments"]]
    expense = payload["expense"] and {**payload["expense"], "ledger": {"number": 7}}
    more = {"resource_name": "Test room 1", "owner_id": None, "tags": ["a"], "patient_contact_id": None}
    return {**payload, "payments": rows, "expense": expense, **more}


def documented_only(_: Call, payload: Payload) -> Payload:
    """Leave all undocumented fields out, if they were not left out before."""
    names = list(payload)
    if _UNDOCUMENTED_FROM not in payload:
        return payload
    kept = {name: payload[name] for name in names[: names.index(_UNDOCUMENTED_FROM)]}
    rows = [_only(row, _ROW_FIELDS["payments"]) for row in kept["payments"]]
    return {**kept, "payments": rows, "expense": kept["expense"] and _only(kept["expense"], _ROW_FIELDS["expense"])}


def _only(row: Payload, names: tuple[str, ...]) -> Payload:
    return {name: row[name] for name in names}


def nulled(_: Call, payload: Payload) -> Payload:
    """Null what may be null, but for the marks of the caller and for money."""
    return {**payload, **dict.fromkeys(_NULLABLE)}


def reordered(_: Call, answer: Answer) -> Answer:
    """Sort the keys backwards."""
    return _respelled(answer, lambda value: encode(_backwards(value)))


def in_xml(call: Call, answer: Answer) -> Answer:
    """Write an answer as XML where the ending of the path asks for it."""
    if not call.original.path.endswith(".xml"):
        return answer
    fields = (json.loads(answer.body or b"{}").get("payload") or {}).items()
    told = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields)
    return replace(answer, body=f"<payload>{told}</payload>".encode()).with_header("Content-Type", "application/xml")


def indented(_: Call, answer: Answer) -> Answer:
    """Indent."""
    return _respelled(answer, lambda value: json.dumps(value, ensure_ascii=False, indent=2).encode())


def escaped(_: Call, answer: Answer) -> Answer:
    """Escape whatever is not ASCII."""
    return _respelled(answer, lambda value: json.dumps(value).encode())


def _respelled(answer: Answer, spell: Callable[[Any], bytes]) -> Answer:
    if not (answer.header("content-type") or "").startswith("application/json"):
        return answer
    return replace(answer, body=spell(json.loads(answer.body)))


def _backwards(value: object) -> object:
    if isinstance(value, dict):
        return {name: _backwards(value[name]) for name in sorted(value, reverse=True)}
    return [_backwards(item) for item in value] if isinstance(value, list) else value


def compressed(call: Call, answer: Answer, members: int = 1) -> Answer:
    """Compress for whoever accepts gzip, in one member or in several (RFC 1952, 2.2)."""
    if "gzip" not in (call.request.header("accept-encoding") or "") or not answer.body:
        return answer
    size = -(-len(answer.body) // members)
    pieces = (answer.body[at : at + size] for at in range(0, len(answer.body), size))
    packed = replace(answer, body=b"".join(gzip.compress(piece, 1, mtime=0) for piece in pieces))
    return packed.with_header("Content-Encoding", "gzip").with_header("Vary", "Accept-Encoding")


def chunked(_: Call, answer: Answer) -> Answer:
    """Send chunks."""
    return replace(answer, chunked=True)


def in_pieces(_: Call, answer: Answer) -> Answer:
    """Send several pieces."""
    return replace(answer, pieces=3) if answer.body else answer


def closing(_: Call, answer: Answer) -> Answer:
    """Close the connection afterwards."""
    return answer.with_header("Connection", "close")


def adorned(_: Call, answer: Answer) -> Answer:
    """Add what proxies add."""
    more = (
        ("Server", "nginx"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("X-RateLimit-Remaining", "2999"),
        ("Set-Cookie", "lb=a1; Path=/; HttpOnly"),
    )
    return replace(answer, headers=answer.headers + more)


def jittered(call: Call, answer: Answer) -> Answer:
    """Wait a time of its own for each request."""
    return replace(answer, delay=answer.delay + Random(call.seed * 100_003 + call.number).random() * 0.06)  # noqa: S311 - a delay is no secret


def throttled(refused: Callable[[Call], Answer]) -> Around[Awaitable[Answer]]:
    """Answer each so-manieth request 429, without effect."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        return refused(call) if call.number % EACH == 0 else await proceed(call)

    return hook


def rated(refused: Callable[[Call], Answer]) -> Around[Awaitable[Answer]]:
    """Refuse what comes above a rate, without effect."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        now = call.store.clock()
        # A clock that was set back has nothing to do with a rate.
        recent = [when for when in call.memory.get("recent", []) if timedelta() <= now - when < SECOND]
        call.memory["recent"] = recent
        if len(recent) >= RATE:
            return refused(call)
        recent.append(now)
        return await proceed(call)

    return hook


def after_seconds(_: Call) -> Answer:
    """Answer 429 with seconds."""
    return _too_many().with_header("Retry-After", "1")


def after_date(call: Call) -> Answer:
    """Answer 429 with a date."""
    return _too_many().with_header("Retry-After", format_datetime(call.store.now() + SECOND, usegmt=True))


def after_nothing(_: Call) -> Answer:
    """Answer 429 as the throttle below the app does by default."""
    return Answer(429, (("Content-Type", "text/plain"),), b"Retry later\n")


def _too_many() -> Answer:
    return failure(429, {"error": "Too many requests"})


def coded(_: Call, answer: Answer) -> Answer:
    """Add a code to the app's 404."""
    if answer.status != 404 or b'{"error":' not in answer.body:
        return answer
    return replace(answer, body=encode({**json.loads(answer.body), "code": "APPOINTMENT_NOT_FOUND"}))


def fingerprinted(call: Call, answer: Answer) -> Answer:
    """Add to the app's 404 what an issue tracker knows it by, which hangs on the path."""
    if answer.status != 404 or b'{"error":' not in answer.body:
        return answer
    mark = sha256(call.request.path.encode()).hexdigest()
    return replace(answer, body=encode({**json.loads(answer.body), "issue": mark[:12], "shard": int(mark[:2], 16)}))


def not_allowed(call: Call, answer: Answer) -> Answer:
    """Answer 405 where the path is one of the API's."""
    allowed = methods_of(call.request.path)
    if call.route.operation != "unrouted" or not allowed or answer.status != 404:
        return answer
    return failure(405, {"error": "Method Not Allowed"}).with_header("Allow", ", ".join(allowed))


def paged(_: Call, answer: Answer) -> Answer:
    """Answer the framework's errors with a page."""
    if b'{"status":' not in answer.body[:10]:
        return answer
    text = f"<!DOCTYPE html><html><body><h1>{answer.status}</h1></body></html>"
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=text.encode())


def challenging(_: Call, answer: Answer) -> Answer:
    """Add a challenge to a 401."""
    is_refusal = answer.status == 401
    return answer.with_header("WWW-Authenticate", 'ApiKey realm="api"') if is_refusal else answer


async def acceptable_only(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer 406 where JSON is not accepted, without effect."""
    accepted = call.request.header("accept") or "*/*"
    if not any(kind in accepted for kind in ("json", "*/*", "application/*")):
        return refusal(406, "Not Acceptable").answer
    return await proceed(call)


def strict_id(call: Call, proceed: Stage[int]) -> int:
    """Take ids of digits only."""
    _digits_only(call.route.appointment)
    return proceed(call)


def strict_account(call: Call, proceed: Stage[Account]) -> Account:
    """Take account ids of digits only."""
    _digits_only(call.route.account)
    return proceed(call)


def _digits_only(text: str) -> None:
    if not (text.isascii() and text.isdecimal()):
        raise not_found()


def hiding(call: Call, proceed: Stage[None]) -> None:
    """Answer 404 where a permission is missing."""
    try:
        proceed(call)
    except Refused as refused:
        is_refusal = refused.answer.status == 401
        raise (not_found() if is_refusal else refused) from None


def conflicting(call: Call, proceed: Stage[None], *, status: int) -> None:
    """Refuse an imported appointment with another status than usual."""
    if call.found.source == IMPORTED:
        raise refusal(status, "Booking requires verification", "MEDELEMENT_BOOKING_REQUIRES_VERIFICATION")
    proceed(call)


async def absent(_: Call, __: Stage[Awaitable[Answer]]) -> Answer:
    """Answer 404."""
    return not_found().answer


async def forbidden(_: Call, __: Stage[Awaitable[Answer]]) -> Answer:
    """Answer that the action is not permitted."""
    return refusal(401, "You are not authorized to do this action").answer


async def priced_only(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer 422 where neither a service nor an amount is given."""
    if not call.body.get("service_id") and not call.body.get("service_amount"):
        return invalid("service_amount is required and must be greater than 0").answer
    return await proceed(call)
