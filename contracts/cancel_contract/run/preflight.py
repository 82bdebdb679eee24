"""Checks that the target is fit to be tested, with one read per question."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from cancel_contract.clauses.error_bodies import says_why
from cancel_contract.errors import Overspent, Unreachable
from cancel_contract.exchange.case import Case, Intent, appointment_path, appointments_path, range_query
from cancel_contract.exchange.credential import HEADER, Credential
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard import redirect
from cancel_contract.guard.budget import Budget
from cancel_contract.guard.sender import ADVICE
from cancel_contract.guard.wire import VIA
from cancel_contract.redaction.personal_data import discreet
from cancel_contract.redaction.request_ids import HEADER as ID_HEADER
from cancel_contract.run.context import Context
from cancel_contract.run.finding import Finding
from cancel_contract.run.resource import appointments
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far the target's clock may be off before times in reports mislead (policy)."""

_MOMENT: Final = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [-+\w]{1,5}")
_SLOW: Final = re.compile("no answer (in time|within)")
_NO_TOKEN: Final = Credential(showing="none")
UNAUTHORIZED: Final = 401
NOT_FOUND: Final = 404
_REFUSING: Final = frozenset({UNAUTHORIZED, 403})
"""Statuses that may refuse a request without a token."""
_NO_LIST: Final = frozenset({404, 405, 501})
"""Statuses of an API that lists no appointments: no page of it documents a list."""
_NOBODYS: Final = 2**62 + 2**41
"""An id that no counter reaches."""
_DOWN: Final = "look into the server's log: it, or a proxy before it, fails or is shut for a while"


def examine(context: Context, *more: Callable[[Context], Iterator[Finding]]) -> Iterator[Finding]:
    """Ask question after question, each by one read; stop if an answer makes the next one pointless.

    A caller with time asks more of a target that is fit.
    """
    try:
        first = _list(context, "is it this API", _NO_TOKEN)
        yield _there(context, first)
        for ask in (lambda on: _api(on, first), lambda on: _token(on, first), appointments, _clock):
            finding = ask(context)
            yield finding
            if not finding.is_good and finding.stops:
                return
        yield from _request_ids(context)
        for others in more:
            yield from others(context)
    except Overspent as error:
        fact, _, remedy = str(error).rpartition(": ")
        yield Finding("may it be asked?", fact, remedy)
    except Unreachable as error:
        yield _unreachable(str(error), context.target)


def waits_told(budget: Budget, target: Target, tell: Callable[[str], None]) -> AbstractContextManager[None]:
    """Report each wait for a throttled target, because nothing else is shown during the first answers."""
    told = {429: "429 (too many requests)", 503: "503 (not available)"}
    return budget.showing(
        lambda seconds, status: tell(f"{target.url} answered {told[status]}: trying again in {seconds:.0f} s")
    )


def first_problem(context: Context) -> str:
    """The first finding that prevents the test, as one line; empty if there is none."""
    for finding in examine(context):
        if not finding.is_good and finding.stops:
            return f"{finding.question} {finding.fact}: {finding.remedy}"
    return ""


def _list(context: Context, key: str, credential: Credential | None = None, **headers: str) -> Exchange:
    now = datetime.now(UTC).replace(microsecond=0)
    query = range_query(now, now + timedelta(minutes=1))
    path = appointments_path(context.target.account)
    given = tuple((name.replace("_", "-"), value.encode()) for name, value in headers.items())
    case = Case(key, Intent.LIST, path, "GET", credential or Credential(), query, given, repeatable=True)
    return context.send(case)


def _absent(context: Context, key: str, credential: Credential | None = None) -> Exchange:
    path = appointment_path(context.target.account, _NOBODYS)
    return context.send(Case(key, Intent.READ, path, "GET", credential or Credential(), repeatable=True))


def _unreachable(text: str, target: Target) -> Finding:
    lower = text.lower()
    remedies = (
        (("too many requests",), "wait until it is less busy"),
        (("answered a read",), _DOWN),
        (("wrong version", "record layer"), f"it speaks no TLS: correct scheme or port in {variable('base_url')}"),
        (("mismatch",), f"correct the host in {variable('base_url')}: the certificate is another's"),
        (("certificate has expired",), "renew the server's certificate"),
        (("certificate_verify", "certificate verify"), f"set {variable('ca_bundle')} to the authority that signed it"),
        ((VIA,), "start the proxy or correct its address, or name the target's host in NO_PROXY"),
        (("refused",), f"start the server, or correct the port in {variable('base_url')}"),
        (("name or service", "nodename", "getaddrinfo", "resolution"), f"correct the host in {variable('base_url')}"),
        (
            ("knows the token", "not know the token"),
            f"take a fresh token from the profile page into {variable('api_token')}",
        ),
    )
    fitting = (remedy for words, remedy in remedies if any(word in lower for word in words))
    plain = f"; if it speaks TLS, write https into {variable('base_url')}" if target.url.scheme == "http" else ""
    limit = f"if it needs more than {target.settings.time_limit:g} s, set {variable('time_limit')} higher; else "
    slow = limit if _SLOW.search(lower) else ""
    remedy = next(fitting, f"{slow}check the network, the VPN and the server, then try again{plain}")
    return Finding("is the target there?", text.removesuffix(f": {ADVICE}"), remedy)


def _there(context: Context, exchange: Exchange) -> Finding:
    secured = "TLS is in order" if context.target.url.scheme == "https" else "without TLS"
    return Finding("is the target there?", f"it answers in {exchange.elapsed * 1000:.0f} ms, {secured}")


def _api(context: Context, exchange: Exchange) -> Finding:
    """Judge the answer to a request without a token: this API refuses it, and lists appointments with the right one.

    A 401 that says why in JSON is enough. Frameworks refuse in other ways, and so do other services, so that only the
    right token tells them apart.
    """
    question, answer = "is it this API?", exchange.answer
    if answer is None:
        return Finding(question, exchange.fact, "check the network and the server, then try again")
    if answer.status == UNAUTHORIZED and says_why(answer):
        return Finding(question, "it answers 401 in JSON where no token is sent")
    kind = answer.header("content-type") or "no content type"
    told = f"it answers {answer.status} ({kind}) where no token is sent"
    if refused := redirect.refusal(answer):
        fact, remedy = refused
        return Finding(question, f"{told}, and {fact}", remedy)
    if answer.status in _NO_LIST and (status := _refuses_a_read(context)):
        return Finding(question, f"it lists nothing, and answers {status} in JSON where no token is sent")
    if answer.status in _REFUSING and _lists(context):
        return Finding(question, f"{told}, and lists appointments where the right one is")
    stranger = f"correct {variable('base_url')}: another service, a login page or a proxy answers there"
    also = ", and lists nothing with the token" if answer.status in _REFUSING else ""
    return Finding(question, f"{told}, not 401 in JSON{also}", _DOWN if answer.status >= 500 else stranger)


def _refuses_a_read(context: Context) -> int | None:
    """How a read of an appointment without a token is refused; nothing if it is not, or not in JSON."""
    answer = _absent(context, "is it this API, which lists nothing", _NO_TOKEN).answer
    return answer.status if answer and answer.status in _REFUSING and says_why(answer) else None


def _lists(context: Context) -> bool:
    """Whether the account's appointments are listed, as this API does, with the right token."""
    try:
        answer = _list(context, "does it list appointments").answer
    except Unreachable:
        return False
    rows = answer.json.get("payload") if answer and answer.status == 200 and isinstance(answer.json, dict) else None
    return isinstance(rows, list)


def _token(context: Context, first: Exchange) -> Finding:
    question = "is the token good, the account visible?"
    if first.status in _NO_LIST:
        seen = _absent(context, "is the token good")
        is_good = seen.status == NOT_FOUND and seen.answer is not None and says_why(seen.answer)
        told = f"a read of an appointment that is not there answers {seen.status}"
        return Finding(question, told, "" if is_good else "look into the server's log for this request")
    try:
        exchange = _list(context, "is the token good")
    except Unreachable:
        if context.exchanges[-1].status != UNAUTHORIZED:
            raise
        return _refused_token(context, question)
    status = exchange.status
    if status == 200:
        return Finding(question, "the account's appointments can be listed")
    remedies = {
        403: "switch scheduling on for the account, let the token's owner list appointments, or name another account",
        404: f"correct {variable('account_id')}: there is no such account, or the API is under another path",
    }
    told = f"the list of appointments answers {status}" if exchange.answer else exchange.fact
    return Finding(question, told, remedies.get(status or 0, "look into the server's log for this request"))


_REFUSALS: Final = (
    ("suspended", f"have the account of {variable('account_id')} taken back into service, or name another"),
    ("account", f"make the token's owner a member of {variable('account_id')}"),
    ("not authorized", "give the token's owner the permission to use scheduling, or take another member's token"),
)
"""What a word in the error of a 401 means (observed)."""


_WORDED: Final = ("error", "detail", "message", "title")
"""Keys under which frameworks say why they refuse."""


def _refused_token(context: Context, question: str) -> Finding:
    """Find out who refused the token, and why."""
    for finding in (_other_spelling(context), _plain_encoding(context)):
        if finding:
            return Finding(question, *finding)
    last = context.exchanges[-1] if context.exchanges else None
    body = last.answer.json if last and last.answer and isinstance(last.answer.json, dict) else {}
    error = next((text for key in _WORDED if isinstance(text := body.get(key), str) and text), None)
    for word, remedy in _REFUSALS:
        if word in str(error).lower():
            return Finding(question, f"401 ({error})", remedy)
    fresh = f"take a fresh token from the profile page into {variable('api_token')}"
    if error:
        return Finding(question, f"401 ({error})", fresh)
    return Finding(
        question,
        "401 (as where no token is sent)",
        f"{fresh}; if the same token works elsewhere, a proxy drops headers whose name has an underscore "
        "(nginx: underscores_in_headers on)",
    )


def _tried(attempt: Callable[[], Exchange]) -> bool:
    try:
        return attempt().status == 200
    except Unreachable:
        return False


def _other_spelling(context: Context) -> tuple[str, str] | None:
    """Try the header with dashes: the app accepts it, and it passes proxies that drop underscores (observed)."""
    if _tried(lambda: _list(context, "with dashes", Credential(showing="dashes"))):
        return (
            f"401 with the header {HEADER}, 200 with {HEADER.replace('_', '-')}",
            "a proxy drops headers whose name has an underscore: nginx needs underscores_in_headers on",
        )
    return None


def _plain_encoding(context: Context) -> tuple[str, str] | None:
    """Try without Accept-Encoding: one generation of the provider was reported to refuse a good token with it."""
    if _tried(lambda: _list(context, "without Accept-Encoding", accept_encoding="identity")):
        return (
            "401 with Accept-Encoding: gzip, 200 without",
            "the server fails on Accept-Encoding, which every client library sends: mend it, it is no matter of tokens",
        )
    return None


def _request_ids(context: Context) -> Iterator[Finding]:
    """Say that requests bear no id, if the target refuses the header; nothing else is to be said of it."""
    if refused := context.request_ids.refused:
        passes = "what stands before it should let through letters, digits and dashes in that header"
        remedy = f"it is left out, so that your log shows no id of the run's requests: {passes}"
        yield Finding(f"does it take {ID_HEADER}?", refused, remedy, stops=False)


def _clock(context: Context) -> Finding:
    question = "does the clock agree?"
    dates = [answer.header("date") for one in context.exchanges if (answer := one.answer) and answer.header("date")]
    if not dates or not dates[-1]:
        return Finding(question, "the target sends no Date header")
    try:
        off = abs(parsedate_to_datetime(dates[-1]) - datetime.now(UTC))
    except (ValueError, TypeError):
        told = dates[-1] if _MOMENT.fullmatch(dates[-1]) else discreet(dates[-1])
        return Finding(question, f"the Date header is {told!r}", "mend its Date header", stops=False)
    if off <= CLOCK_TOLERANCE:
        return Finding(question, f"it is {off.total_seconds():.0f} s off")
    return Finding(
        question, f"it is {off.total_seconds():.0f} s off", "set the clock of the server, or yours", stops=False
    )
