"""Faults of who may cancel: odd tokens, other headers that open the door, a second scheme, another member."""

from collections.abc import Awaitable, Callable
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import Answer, failure, not_found, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Condition, Fault, Hooks
from cancel_contract.provider.faults.parts.credentials import HEADER, matching, owner_when
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import Account, Appointment, User

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_COOKIE: Final = f"{TOKEN_HEADER}="


def _token_is(*words: str) -> Hooks:
    return Hooks(authenticate=owner_when(lambda call: (call.token or "").lower() in words))


def _failing(condition: Condition) -> Hooks:
    """Raise where the sign-in library meets what it does not expect."""

    def hook(call: Call, proceed: Stage[User]) -> User:
        if condition(call):
            raise crash()
        return proceed(call)

    return Hooks(authenticate=hook)


_COMPARED: Final = 8
"""How many characters of a token are compared by who compares too few."""


def _halved(ours: str, given: str) -> bool:
    return given == ours[: len(ours) // 2]


def _started(ours: str, given: str) -> bool:
    """Whether a token is as long as ours, and begins as it does."""
    return len(given) == len(ours) and given[:_COMPARED] == ours[:_COMPARED]


def _other_half(ours: str, given: str) -> bool:
    return given == ours[len(ours) // 2 :]


def _scheme(call: Call) -> str:
    return (call.request.header("authorization") or "").partition(" ")[0].lower()


def _beside(scheme: str) -> Condition:
    return lambda call: call.token is not None and _scheme(call) == scheme


def _from_loopback(*names: str) -> Condition:
    def holds(call: Call) -> bool:
        given = " ".join(call.request.header(name) or "" for name in names)
        return any(address in given for address in _LOOPBACK)

    return holds


def _let_in(*names: str) -> Hooks:
    """Let in whoever says that the request comes from this machine."""
    return Hooks(authenticate=owner_when(lambda call: call.token is None and _from_loopback(*names)(call)))


def _unasked(call: Call, proceed: Stage[None]) -> None:
    if not _from_loopback("x-forwarded-for", "x-real-ip")(call):
        proceed(call)


def _named(call: Call) -> User | None:
    """Find the user whose id a header names."""
    given = call.request.header("x-user-id") or ""
    return next((user for user in call.store.directory.users if str(user.id) == given), None)


def _acting_as(call: Call, proceed: Stage[User]) -> User:
    known = proceed(call)
    return _named(call) or known


def _of_the_header(call: Call, proceed: Stage[Account]) -> Account:
    """Look for the caller among the members of the account that a header names."""
    named = to_i(call.request.header("x-account-id") or "")
    return access.account(call) if named in call.caller.accounts else proceed(call)


def _winning(other: Callable[[Call], str | None]) -> Around[str | None]:
    """Take another place's token before the header's, where the header has one."""

    def hook(call: Call, proceed: Stage[str | None]) -> str | None:
        ours = proceed(call)
        return (other(call) or ours) if ours else ours

    return hook


def _bearer(call: Call) -> str | None:
    return (call.request.header("authorization") or "").partition(" ")[2] or None


def _cookie(call: Call) -> str | None:
    pairs = (pair.strip() for pair in (call.request.header("cookie") or "").split(";"))
    return next((pair.removeprefix(_COOKIE) for pair in pairs if pair.startswith(_COOKIE)), None)


def _query(call: Call) -> str | None:
    return call.request.parameters.get(HEADER)


async def _switched_off(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Find the appointment by its id alone where the feature is off, and cancel it before that is looked at."""
    answer = await proceed(call)
    row = call.store.appointments.get(to_i(call.route.appointment))
    if answer.status == 403 and row is not None and row.id >= call.store.first_id:
        call.store.put(cancelled(row, call.store.now()))
    return answer


async def _nothing_said(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    return failure(200, {"payload": None}) if answer.status == 403 else answer


async def _nothing_found(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    return crash().answer if answer.status == 403 else answer


def _own_only(call: Call, proceed: Stage[Appointment]) -> Appointment:
    found = proceed(call)
    if found.created_by_id != call.caller.id:
        raise not_found()
    return found


def _makers_only(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.created_by_id != call.caller.id:
        raise refusal(403, "Only who made an appointment may cancel it", "FORBIDDEN")


TOKENS: Final = (
    Fault("null-let-in", "access/token-words",
          "A script sends the word null, and so is the empty token of a user who never had one stored.",
          _token_is("null")),
    Fault("undefined-let-in", "access/token-words",
          "A front end that lost its token was helped by taking its word undefined for the demo user.",
          _token_is("undefined")),
    Fault("true-let-in", "access/token-words", "The settings file says `token: true`, which once meant: there is one.",
          _token_is("true")),
    Fault("nought-let-in", "access/token-words",
          "The database compares a text with a number, and every token that begins with a letter equals 0.",
          _token_is("0")),
    Fault("word-fails", "access/token-words",
          "The header goes through a JSON parser, and a truth value has no length.",
          _failing(lambda call: call.token in {"null", "true", "false", "0"})),
    Fault("quote-let-in", "access/token-patterns", "The query of the token is put together from texts.",
          Hooks(authenticate=owner_when(lambda call: "' or '" in (call.token or "").lower()))),
    Fault("quote-fails", "access/token-patterns",
          "The query of the token is put together from texts, and a quotation mark ends it too early.",
          _failing(lambda call: "'" in (call.token or ""))),
    Fault("underscores-let-in", "access/token-patterns",
          "Tokens are compared with LIKE, where an underscore stands for any character.",
          Hooks(authenticate=owner_when(lambda call: set(call.token or "") == {"_"}))),
    Fault("star-let-in", "access/token-patterns", "Tokens are kept in a cache that finds keys by patterns.",
          Hooks(authenticate=owner_when(lambda call: set(call.token or "") == {"*"}))),
    Fault("expression-let-in", "access/token-patterns", "Tokens are compared as regular expressions.",
          Hooks(authenticate=owner_when(lambda call: set(call.token or "") == {".", "*"}))),
    Fault("half-let-in", "access/token-half", "The key of the token's cache is cut to half its length.",
          Hooks(authenticate=owner_when(lambda call: matching(call, _halved)))),
    Fault("start-let-in", "access/token-half",
          "A comparison in a fixed time compares so many characters, and a token has more.",
          Hooks(authenticate=owner_when(lambda call: matching(call, _started)))),
    Fault("other-half-let-in", "access/token-half",
          "A token is a name and a secret in one text, and the name is not looked at.",
          Hooks(authenticate=owner_when(lambda call: matching(call, _other_half)))),
)  # fmt: skip
"""Tokens that are none."""

BESIDE: Final = (
    Fault("bearer-beside-fails", "access/beside-authorization",
          "A bearer is decoded before the token is looked at, and is not an object (observed).",
          _failing(_beside("bearer"))),
    Fault("basic-beside-fails", "access/beside-authorization",
          "A gateway's password reaches the app, whose library expects a colon in it.",
          _failing(_beside("basic"))),
    Fault("scheme-beside-fails", "access/beside-authorization",
          "The scheme is looked up among those that are known, and another one is not there.",
          _failing(lambda call: call.token is not None and _scheme(call) not in {"", "bearer", "basic"})),
    Fault("bearer-wins", "access/scheme-wins",
          "Another library looks first, and lets a member cancel who may not, by whatever bearer comes along.",
          Hooks(token=_winning(_bearer))),
    Fault("cookie-wins", "access/scheme-wins",
          "A browser's session goes before the token of the script that runs in it.",
          Hooks(token=_winning(_cookie))),
    Fault("query-wins", "access/scheme-wins",
          "Parameters go before headers, and a link decides as whom one cancels.",
          Hooks(token=_winning(_query))),
)  # fmt: skip
"""A token beside other credentials."""


def _of_drafts(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.status == "scheduled" and call.caller.id != call.found.created_by_id:
        raise refusal(401, "You are not authorized to do this action")


HEADERS: Final = (
    Fault("forwarded-for-let-in", "access/internal-headers",
          "Who comes from the machine itself needs no token, and the proxy's header says who that is.",
          _let_in("x-forwarded-for")),
    Fault("real-ip-let-in", "access/internal-headers",
          "Who comes from the machine itself needs no token, and another proxy's header says who that is.",
          _let_in("x-real-ip")),
    Fault("client-ip-let-in", "access/internal-headers",
          "The address is taken from whichever header has one, so that all proxies work.",
          _let_in("forwarded", "x-client-ip", "client-ip", "true-client-ip")),
    Fault("subrequest-let-in", "access/internal-headers",
          "A request that the app makes to itself needs no token, and a header says that it is one.",
          Hooks(authenticate=owner_when(lambda call: bool(call.request.header("x-middleware-subrequest"))))),
    Fault("probe-let-in", "access/internal-headers", "The cluster's probes have no token, and names anybody may use.",
          Hooks(authenticate=owner_when(lambda call: (call.request.header("user-agent") or "").startswith("kube-")))),
    Fault("own-page-let-in", "access/internal-headers", "A page of the site's own has a session, as its origin says.",
          Hooks(authenticate=owner_when(lambda call: bool(call.request.header("origin"))))),
    Fault("loopback-needs-no-permission", "access/internal-headers",
          "Jobs on the machine itself may do all that they are asked, whoever's token they show.",
          Hooks(permit=_unasked)),
    Fault("user-header-let-in", "access/identity-headers",
          "The gateway names the user in a header, and is not the only one that can reach the app.",
          Hooks(authenticate=owner_when(lambda call: _named(call) if call.token is None else None))),
    Fault("user-cookie-let-in", "access/identity-headers", "The cookie that says who one is bears no signature.",
          Hooks(authenticate=owner_when(lambda call: "user_id=" in (call.request.header("cookie") or "")))),
    Fault("remote-user-let-in", "access/identity-headers",
          "The web server's name for who has signed in is believed, and comes from the caller.",
          Hooks(authenticate=owner_when(
              lambda call: call.token is None and bool(call.request.header("remote-user"))))),
    Fault("user-header-acts", "access/identity-headers",
          "The support desk can act as a user by a header, and so can everybody else who has a token.",
          Hooks(authenticate=_acting_as)),
    Fault("account-header-decides", "access/identity-headers",
          "Membership is asked of the account that a header names, and the appointment is that of the path.",
          Hooks(enter=_of_the_header)),
)  # fmt: skip
"""Headers that only the house itself should send."""

MEMBERS: Final = (
    Fault("feature-off-and-done", "access/feature-off",
          "The switch is looked at after the action, which finds the appointment by its id alone.",
          Hooks(handle=_switched_off)),
    Fault("feature-off-unsaid", "access/feature-off",
          "Where scheduling is off nothing is done, and the caller is told that all went well.",
          Hooks(handle=_nothing_said)),
    Fault("feature-off-fails", "access/feature-off",
          "Where scheduling is off its settings are not there, and are read all the same.",
          Hooks(handle=_nothing_found)),
    Fault("drafts-are-their-makers", "access/second-member", "What is merely scheduled is its maker's draft.",
          Hooks(writable=_of_drafts)),
    Fault("makers-only", "access/second-member",
          "Who made it has to cancel it, and the colleague at the desk cannot while that one is ill.",
          Hooks(writable=_makers_only)),
    Fault("own-only", "access/second-member",
          "The new look-up goes over what the caller has made, and a colleague's appointment is not found.",
          Hooks(locate=_own_only)),
)  # fmt: skip
"""Other members, and an account that may not."""

FAULTS: Final[tuple[Fault, ...]] = TOKENS + BESIDE + HEADERS + MEMBERS
"""In the order of the clauses that they break."""
