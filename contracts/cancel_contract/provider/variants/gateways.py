"""Variants where a gateway or limiter answers in place of a correct provider; such a request has no effect, but for a
create that is done too late.
"""

import re
from collections.abc import Awaitable, Callable, Container
from typing import Final

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import HTML_TYPE, Answer, Refused, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Around
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.store.seed import SEED
from cancel_contract.provider.variants.renderings import EACH

_REASONS: Final = {
    403: "Forbidden",
    406: "Not Acceptable",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
    524: "A timeout occurred",
}
_PAGE: Final = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
)
_CREATED: Final = 201
_THIRD: Final = 3
_HANDED_OVER: Final = frozenset(
    map(str, (SEED.readonly_appointment_id, SEED.foreign_appointment_id, *SEED.paid_expense_appointment_ids))
)


def page(status: int) -> Answer:
    """Answer as nginx does by itself."""
    body = _PAGE.format(f"{status} {_REASONS[status]}").encode()
    return Answer(status, (("Content-Type", "text/html"), ("Server", "nginx")), body)


def unavailable(retry_after: str | None = None) -> Answer:
    """Answer 503, as nginx' limiter does unless it is told otherwise."""
    answer = page(503)
    return answer.with_header("Retry-After", retry_after) if retry_after else answer


class _Every:
    """The numbers of each so-manieth request."""

    def __init__(self, step: int) -> None:
        self._step = step

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and number % self._step == 0


def at(numbers: Container[int], answer: Callable[[], Answer]) -> Around[Awaitable[Answer]]:
    """Answer some requests by their number in the run, without effect.

    A cancel of what was handed over is spared: it is asked for once in a run, which without its answer has no verdict.
    """

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        spared = call.request.method == "POST" and call.route.appointment in _HANDED_OVER
        return answer() if call.number in numbers and not spared else await proceed(call)

    return hook


FORBIDDEN: Final = at(_Every(EACH), lambda: page(403).with_header("Retry-After", "1"))
LIMITED: Final = at(_Every(EACH), unavailable)
RESTARTED: Final = at(_Every(140), lambda: page(502))
TIMED_OUT: Final = at({60}, lambda: page(504))
IMPATIENT: Final = at(_Every(40), lambda: page(408))
GIVEN_UP: Final = at({61}, lambda: page(524))
SHUT: Final = at(range(70, 73), lambda: unavailable("1"))


def sited(_: Call, request: Request) -> Request:
    """Heed a header that names another method, for which there is the site's own page alone."""
    if request.method == "POST" and request.header("x-http-method-override"):
        raise Refused(Answer(200, (("Content-Type", HTML_TYPE),), b"<!DOCTYPE html><div id=app></div>"))
    return request


async def done_too_late(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Do the third create, and answer as if nobody knew."""
    answer = await proceed(call)
    done = call.memory["done"] = call.memory.get("done", 0) + (answer.status == _CREATED)
    return page(408) if answer.status == _CREATED and done == _THIRD else answer


async def ended_later(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer the third create as a gateway, and have the application end it some requests later."""
    if (late := call.memory.get("late")) and call.number >= late[0]:
        call.memory["late"] = None
        await late[2](late[1])
    if call.route.operation != "create":
        return await proceed(call)
    if late and late[1].body.get("idempotency_key") == call.body.get("idempotency_key"):
        return refusal(409, "It is under way", "DUPLICATE_IDEMPOTENCY_KEY").answer
    call.memory["asked"] = call.memory.get("asked", 0) + 1
    if call.memory["asked"] == _THIRD:
        call.memory["late"] = call.number + _LATER, call, proceed
        return page(504)
    return await proceed(call)


def unmarked(_: Call, payload: Payload) -> Payload:
    """Show a member none of the references."""
    return {**payload, "external_ref": None, "idempotency_key": None}


_CANCEL_PATH: Final = re.compile(r"(/[a-z]\w*)+/\d+(/[a-z]+)+/\d+/cancel")
_NO_BACKEND: Final = Answer(404, (("Content-Type", "text/plain"),), b"default backend - 404")
_LATER: Final = 25
"""Requests after which the application ends what a gateway did not wait for."""
_LONGEST_HEADER: Final = 4096
_ATTACK: Final = re.compile(r"[%*'();,]|[^\x20-\x7e]")
"""What a firewall takes for an injection."""


def _is_odd(request: Request) -> bool:
    """Whether a cancel has another path, type of body or of answer, or a query, than the documentation's."""
    is_usual = _CANCEL_PATH.fullmatch(request.path) and not request.query
    accepted = request.header("accept") or "*/*"
    is_of_json = request.media_type in {"", "application/json"} and ("json" in accepted or "*/*" in accepted)
    return "cancel" in request.path.lower() and not (is_usual and is_of_json)


async def challenged(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Challenge whatever is odd, as a delivery network does."""
    return page(403).with_header("cf-mitigated", "challenge") if _is_odd(call.request) else await proceed(call)


async def unrouted(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Answer what no rule of an ingress forwards with the page of its default backend."""
    is_of_cancel = "cancel" in call.request.path.lower()
    is_forwarded = call.request.method == "POST" and _CANCEL_PATH.fullmatch(call.request.path)
    return _NO_BACKEND if is_of_cancel and not is_forwarded else await proceed(call)


async def firewalled(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Refuse long headers, tokens that look like an attack, and bodies whose length is not known."""
    token = call.request.header(TOKEN_HEADER) or ""
    if len(token) > _LONGEST_HEADER:
        return page(431)
    if _ATTACK.search(token):
        return page(406)
    return page(501) if call.request.header("transfer-encoding") else await proceed(call)
