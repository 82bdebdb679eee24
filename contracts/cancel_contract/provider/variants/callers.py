"""Honest variants of how odd callers are met: other credentials, headers, bodies and paths."""

import re
from collections.abc import Awaitable
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import unquote

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import HTML_TYPE, Answer, failure, framework_error, not_found, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import EVERY, Condition, Hooks, Variant
from cancel_contract.provider.store.records import Payload, User
from cancel_contract.provider.store.seed import SEED

_INSIDE: Final = ("127.0.0.1", "::1", "localhost")
_FORWARDED: Final = ("x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip", "true-client-ip")
_IDENTITY: Final = ("x-user-id", "x-user", "remote-user", "x-remote-user", "x-account-id", "x-tenant-id")
_SAID: Final[tuple[str, ...]] = ("cancellation_reason", "cancelled_at")
_ATTACK: Final = re.compile(r"['*%;]|\.\*|--")


def _one_scheme(call: Call, proceed: Stage[User]) -> User:
    """Refuse whoever shows a token and something else besides: one cannot know who is meant."""
    if call.token is not None and call.request.header("authorization") is not None:
        raise refusal(401, "Only one way of signing in is taken")
    return proceed(call)


def _named_only(call: Call, proceed: Stage[User]) -> User:
    if not call.request.header("user-agent"):
        raise refusal(403, "Say in User-Agent which program asks", "USER_AGENT_REQUIRED")
    return proceed(call)


def _for_the_second(call: Call, payload: Payload) -> Payload:
    is_second = call.token == SEED.second_token
    return {**payload, "client_phone": "***"} if is_second and "client_phone" in payload else payload


def _uncommented_for_the_second(call: Call, payload: Payload) -> Payload:
    is_second = call.token == SEED.second_token
    return {**payload, "client_comment": None, "custom_attributes": {}} if is_second else payload


def _moneyless_for_the_second(call: Call, payload: Payload) -> Payload:
    is_second = call.token == SEED.second_token
    return {**payload, "payments": [], "expense": None} if is_second else payload


def _escaped(_: Call, payload: Payload) -> Payload:
    comment = payload.get("client_comment")
    return {**payload, "client_comment": escape(comment)} if comment else payload


def _refusing(condition: Condition, status: int, phrase: str) -> Hooks:
    """Let what stands before the app refuse a request."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        if condition(call):
            return framework_error(status, phrase, accepts_json=call.request.accepts_json).answer
        return await proceed(call)

    return Hooks(EVERY, handle=hook)


def _says_inside(call: Call) -> bool:
    given = " ".join(call.request.header(name) or "" for name in _FORWARDED)
    return any(address in given for address in _INSIDE)


def _says_who(call: Call) -> bool:
    return any(call.request.header(name) is not None for name in _IDENTITY)


def _looks_like_an_attack(call: Call) -> bool:
    return bool(_ATTACK.search(call.request.header(TOKEN_HEADER) or ""))


def _is_no_object(call: Call) -> bool:
    return call.request.json is not None and not isinstance(call.request.json, dict)


def _holds_fields(call: Call) -> bool:
    """Whether a cancel brings fields or parameters, of which the operation knows none."""
    return call.route.operation == "cancel" and bool(call.body or call.request.parameters)


def _has_no_length(call: Call) -> bool:
    return call.request.method == "POST" and call.request.header("content-length") is None


def _page_for_any_path(call: Call, answer: Answer) -> Answer:
    if call.original.method not in {"GET", "HEAD"}:
        return answer
    return Answer(200, (("Content-Type", HTML_TYPE),), b"<!DOCTYPE html><title>Clinic</title><div id=app></div>")


def _hidden(call: Call, proceed: Stage[None]) -> None:
    if not call.tenant.scheduling:
        raise not_found()
    proceed(call)


def _tidied(_: Call, request: Request) -> Request:
    """Take other spellings for the plain path before anything looks at it; one that is escaped twice is none."""
    path = "/" if "%25" in request.path else unquote(request.path)
    path = re.sub(r"/[^/]+/\.\.(?=/)|/\.(?=/)|;[^/]*", "", path)
    return replace(request, path=path.lower().rstrip(". "))


def _without_a_strange_type(_: Call, request: Request) -> Request:
    """Leave out a content type that nothing is known to parse, as what has parsers for some types alone does."""
    if "/" in request.media_type:
        return request
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] != "content-type"))


def _without_fields(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.body:
        raise refusal(422, "Unpermitted parameters", "VALIDATION_ERROR")


async def _keys_known(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Give the first answer of a key again to the same request, and refuse the key of another one."""
    key = call.request.header("idempotency-key")
    asked = (call.original.path, call.original.body)
    kept: dict[str, tuple[object, Answer]] = call.memory.setdefault("keys", {})
    if key is None:
        return await proceed(call)
    if key not in kept:
        kept[key] = (asked, await proceed(call))
    first, answer = kept[key]
    return answer if first == asked else failure(422, {"error": "This Idempotency-Key is that of another request"})


def _with_what_was_asked_for(call: Call, payload: Payload) -> Payload:
    shown = {name: call.body[name] for name in _SAID if name in call.body}
    asked = call.request.parameters.get("include") == "resource"
    return {**payload, **shown, **({"resource": {"id": payload["resource_id"], "name": "Room 1"}} if asked else {})}


CALLERS: Final[tuple[Variant, ...]] = (
    Variant("one-scheme-only", "A token beside an Authorization header is answered 401.",
            Hooks(EVERY, authenticate=_one_scheme)),
    Variant("inside-claims-refused", "Whoever claims to come from the machine itself is turned away at the door.",
            _refusing(_says_inside, 403, "Forbidden")),
    Variant("identity-claims-refused", "Headers that name a user or an account are refused at the door.",
            _refusing(_says_who, 400, "Bad Request")),
    Variant("colleague-sees-no-money", "A member without that right is shown no payments and no expense.",
            Hooks(EVERY, render=_moneyless_for_the_second)),
    Variant("colleague-sees-less", "A member without that right is shown no telephone numbers.",
            Hooks(EVERY, render=_for_the_second)),
    Variant("colleague-sees-no-comments", "A comment on a client is shown to whoever wrote it, and to no other member.",
            Hooks(EVERY, render=_uncommented_for_the_second), should=frozenset({"effect/undocumented-kept"})),
    Variant("comment-escaped", "A cancel answers with the comment as a page would show it, and reads as it is.",
            Hooks(render=_escaped), should=frozenset({"effect/undocumented-kept"})),
    Variant("names-asked-for", "A program has to say its name.", Hooks(EVERY, authenticate=_named_only)),
    Variant("token-firewall", "A firewall blocks tokens that look like attacks, with a page.",
            _refusing(_looks_like_an_attack, 403, "Forbidden"),
            should=frozenset({"access/status-401", "input/error-keys"})),
    Variant("feature-off-hidden", "Where scheduling is off there is nothing: 404.", Hooks(EVERY, permit=_hidden)),
    Variant("page-for-any-path", "Whatever is read by no route gets the page of the site's program.",
            Hooks(frozenset({"unrouted"}), answer=_page_for_any_path)),
    Variant("objects-only", "A JSON body that is not an object is answered 400.",
            _refusing(_is_no_object, 400, "Bad Request")),
    Variant("bodies-refused", "Unpermitted parameters raise: a cancel with any field in its body is answered 422.",
            Hooks(writable=_without_fields)),
    Variant("unknown-fields-refused", "A gateway that knows the schema answers fields and parameters beyond it 422.",
            _refusing(_holds_fields, 422, "Unprocessable Entity")),
    Variant("conditions-heeded", "A POST with If-None-Match: * for what is there is answered 412 (RFC 9110, 13.1.2).",
            _refusing(lambda call: call.request.header("if-none-match") == "*", 412, "Precondition Failed")),
    Variant("programs-only", "Whatever has an Origin comes from a page, and pages have an API of their own: 403.",
            _refusing(lambda call: call.request.header("origin") is not None, 403, "Forbidden")),
    Variant("pages-marked", "Whatever has an Origin is a form to the framework, and needs the mark of one: 422.",
            _refusing(lambda call: call.request.header("origin") is not None, 422, "InvalidAuthenticityToken")),
    Variant("other-languages-refused", "Who takes no language of the house is answered 406 (RFC 9110, 12.5.4).",
            _refusing(lambda call: (call.request.header("accept-language") or "").startswith("de"), 406,
                      "Not Acceptable")),
    Variant("keys-known", "A key of idempotency stands for one request, and is refused for another one.",
            Hooks(handle=_keys_known)),
    Variant("more-on-request", "What a caller asks for, or says of a cancel, is shown in fields beside the documented.",
            Hooks(render=_with_what_was_asked_for)),
    Variant("length-required", "A POST without a length is answered 411, with or without a body (RFC 9110, 15.5.12).",
            _refusing(_has_no_length, 411, "Length Required")),
    Variant("strange-types-ignored", "A body of a type that is none is not read; JSON that is none is answered 400.",
            Hooks(arrive=_without_a_strange_type)),
    Variant("paths-tidied", "A path is read without regard to case, escapes, dots and parameters, then guarded.",
            Hooks(arrive=_tidied)),
)  # fmt: skip
"""Other ways of meeting odd callers."""
