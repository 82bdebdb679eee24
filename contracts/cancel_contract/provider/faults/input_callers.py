"""Faults of other spellings of the path, which open what the plain one keeps shut, and of who asks in which words."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import HTML_TYPE, Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts.credentials import owner_when
from cancel_contract.provider.faults.parts.making import broken, error, succeeded, value
from cancel_contract.provider.store.records import Account, Payload

_EXTRA: Final = re.compile(r"(/appointments/[^/]+/cancel)/([^/]+)/?$")
_SPELLED: Final = (".json", "/")
_SHOWN_TO_PHONES: Final = ("id", "status", "starts_at", "client_name")


def _unguarded(condition: Callable[[str], bool], tidied: Callable[[str], str]) -> Hooks:
    """Take a spelling for the plain path, and let anybody in by it."""

    def arrive(_: Call, request: Request) -> Request:
        return replace(request, path=tidied(request.path)) if condition(request.path) else request

    return Hooks(
        arrive=arrive,
        authenticate=owner_when(lambda call: call.token is None and condition(call.original.path)),
    )


def _is_extra(path: str) -> bool:
    return _EXTRA.search(path) is not None


def _without_extra(path: str) -> str:
    return _EXTRA.sub(r"\1", path)


def _climbing(path: str) -> bool:
    return "/../" in path


def _climbed(path: str) -> str:
    return re.sub(r"/[^/]+/\.\./", "/", path)


def _ends(*endings: str) -> Callable[[str], bool]:
    return lambda path: path.lower().endswith(endings)


def _cut(*endings: str) -> Callable[[str], str]:
    def hook(path: str) -> str:
        ending = next((it for it in endings if path.lower().endswith(it)), "")
        return path[: len(path) - len(ending)]

    return hook


def _spelled(call: Call) -> bool:
    return call.original.path.endswith(_SPELLED)


def _let_every_member(call: Call, proceed: Stage[None]) -> None:
    if not _spelled(call):
        proceed(call)


def _let_every_account(call: Call, proceed: Stage[Account]) -> Account:
    return access.account(call) if _spelled(call) else proceed(call)


async def _of_the_rest(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Cancel what a segment behind the path names, too."""
    answer = await proceed(call)
    found = _EXTRA.search(call.original.path)
    number = to_i(found[2]) if found else 0
    row = call.store.appointments.get(number)
    if answer.status == 200 and row is not None and row.id >= call.store.first_id:
        call.store.put(cancelled(row, call.store.now()))
    return answer


def _tidied(_: Call, request: Request) -> Request:
    return replace(request, path=_without_extra(request.path))


def _takes_anything(call: Call) -> bool:
    return call.request.header("accept") is None


def _as_page(call: Call, answer: Answer) -> Answer:
    if not _takes_anything(call) or answer.status != 200:
        return answer
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Cancelled</title>")


def _agent(call: Call) -> str:
    return (call.request.header("user-agent") or "").lower()


async def _for_known_agents(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if re.search(r"bot|java|okhttp|go-http|libwww", _agent(call)):
        return error(403, {"error": "Forbidden"})(Answer(403))
    return await proceed(call)


def _short(envelope: Payload) -> Payload:
    return {"payload": {name: envelope["payload"][name] for name in _SHOWN_TO_PHONES}}


def _short_for_phones(call: Call, answer: Answer) -> Answer:
    return succeeded(value(_short))(call, answer) if "mobile" in _agent(call) else answer


def _sent_to_the_page(call: Call, answer: Answer) -> Answer:
    if "mozilla" not in _agent(call) or answer.status != 200:
        return answer
    return Answer(302, (("Location", call.request.path.removesuffix("/cancel")),))


OPEN: Final = (
    Fault("extra-segment-unguarded", "input/path-access",
          "The guard's rule ends with the path, the route goes on with whatever follows.",
          _unguarded(_is_extra, _without_extra)),
    Fault("trailing-dot-unguarded", "input/path-access", "The file system drops dots at the end, the guard does not.",
          _unguarded(_ends("."), lambda path: path.rstrip("."))),
    Fault("trailing-blank-unguarded", "input/path-access", "The route strips blanks at the end, the guard does not.",
          _unguarded(_ends("%20", "%09"), _cut("%20", "%09"))),
    Fault("page-suffix-unguarded", "input/path-access", "Pages need no token, and a suffix makes a page of everything.",
          _unguarded(_ends(".html", ".xml"), _cut(".html", ".xml"))),
    Fault("climbing-unguarded", "input/path-access",
          "The guard compares the beginning of the path, and the app goes up from there again.",
          _unguarded(_climbing, _climbed)),
    Fault("escaped-twice-unguarded", "input/path-access", "The guard decodes once, and the app once more.",
          _unguarded(lambda path: "%25" in path, lambda path: unquote(unquote(path)))),
    Fault("capital-root-unguarded", "input/path-access", "The guard's rules know case, the API's mount does not.",
          _unguarded(lambda path: path.startswith("/API/"), lambda path: path.replace("/API/", "/api/", 1))),
    Fault("backslash-unguarded", "input/path-access", "A backslash is a slash to the server, a letter to the guard.",
          _unguarded(lambda path: "\\" in path or "%5c" in path.lower(),
                     lambda path: re.sub(r"\\|%5[cC]", "/", path))),
)  # fmt: skip
"""Spellings that let anybody in."""

RIGHTS: Final = (
    Fault("spelling-needs-no-permission", "input/path-rights",
          "The policy is looked up by the path, and one with a slash or a suffix has no entry.",
          Hooks(permit=_let_every_member)),
    Fault("spelling-needs-no-account", "input/path-rights",
          "Membership is asked where the path is as it is written down, and nowhere else.",
          Hooks(enter=_let_every_account)),
    Fault("extra-segment-cancelled", "input/path-wins",
          "Several may be named in one path, and what follows the cancel is cancelled, too.",
          Hooks(arrive=_tidied, handle=_of_the_rest)),
    Fault("extra-segment-fails", "input/path-spelling", "What follows the cancel is taken for a format without a view.",
          Hooks(arrive=_tidied, answer=lambda call, it: broken()(it) if _is_extra(call.original.path) else it)),
)  # fmt: skip
"""Spellings that give other rights."""

CALLERS: Final = (
    Fault("no-accept-fails", "input/no-accept", "The header is split before anybody looks whether it came.",
          Hooks(answer=lambda call, answer: broken()(answer) if _takes_anything(call) else answer)),
    Fault("no-accept-page", "input/no-accept", "Who asks for nothing in particular gets what a browser would.",
          Hooks(answer=_as_page)),
    Fault("no-accept-refused", "input/no-accept", "Who does not ask for JSON gets none, when all is done.",
          Hooks(answer=lambda call, answer: Answer(406) if _takes_anything(call) else answer)),
    Fault("agent-refused", "input/user-agent", "A rule against robots knows the names of common libraries.",
          Hooks(handle=_for_known_agents)),
    Fault("phones-see-less", "input/user-agent", "Phones get a short answer, which no documented field is missed from.",
          Hooks(answer=_short_for_phones)),
    Fault("browser-sent-on", "input/user-agent", "A browser is sent on to the page of the appointment.",
          Hooks(answer=_sent_to_the_page)),
    Fault("no-agent-fails", "input/user-agent", "The statistics of callers expect a name.",
          Hooks(answer=lambda call, answer: broken()(answer) if not _agent(call) else answer)),
)  # fmt: skip
"""Who asks, and for what."""

FAULTS: Final[tuple[Fault, ...]] = OPEN + RIGHTS + CALLERS
"""In the order of the clauses that they break."""
