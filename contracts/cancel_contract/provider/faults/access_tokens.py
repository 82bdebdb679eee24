"""Faults of tokens: who is taken for whom."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Condition, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.credentials import (
    HEADER,
    as_bearer,
    bare_authorization,
    failing_on_two,
    from_body,
    from_cookie,
    from_other_header,
    from_query,
    has_two,
    matching,
    owner_when,
    renamed_in_query,
)

LONGEST_TOKEN: Final = 255
"""Characters that a column for tokens holds."""


_LONG: Final = 3
"""Pauses that a request takes which is still under way when others have come."""


def _is_cancelled(call: Call) -> bool:
    row = call.store.appointments.get(rows.number_of(call))
    return bool(call.request.header(HEADER)) and row is not None and row.cancelled


def _is_bare(call: Call) -> bool:
    request = call.request
    claims = ("authorization", "cookie", "x_forwarded_for", "remote_user", "x_user_id")
    shown = any(request.header(name) for name in (HEADER, *claims))
    return request.header(HEADER) is None and not shown and not request.parameters and not request.body


def _has_a_scheme(call: Call) -> bool:
    return (call.request.header("authorization") or "").startswith("Bearer ")


def _without_token(condition: Condition) -> Hooks:
    """Let in some of those who show no token."""
    return Hooks(authenticate=owner_when(lambda call: call.request.header(HEADER) is None and condition(call)))


async def _sharing_the_user(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep a token for as long as its request is under way, and lend it to those who have none."""
    under_way: list[str] = call.memory.setdefault("tokens", [])
    given = call.request.header(HEADER)
    if given is None:
        await rows.pause()
        lent = tuple((HEADER, token) for token in under_way[-1:])
        call.request = replace(call.request, headers=(*call.request.headers, *lent))
        return await proceed(call)
    under_way.append(given)
    for _ in range(_LONG):
        await rows.pause()
    under_way.remove(given)
    return await proceed(call)


def _but_for_case(ours: str, given: str) -> bool:
    return ours.casefold() == given.casefold()


def _but_for_blanks(ours: str, given: str) -> bool:
    return ours == "".join(given.split())


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("anonymous-let-in", "access/no-token", "The filter is skipped for the new action.",
          Hooks(authenticate=owner_when(lambda call: call.request.header(HEADER) is None))),
    Fault("bare-call-let-in", "access/no-token",
          "A call without any credential is taken for one from inside the house.",
          Hooks(authenticate=owner_when(_is_bare))),
    Fault("form-in-parts-let-in", "access/no-token", "Files come from a widget of the public page, which has no token.",
          _without_token(lambda call: call.request.media_type == "multipart/form-data")),
    Fault("json-let-in", "access/no-token", "What other systems send is JSON, and its signature is not checked yet.",
          _without_token(lambda call: call.request.media_type == "application/json" and bool(call.body))),
    Fault("chunks-let-in", "access/no-token", "The gateway checks tokens once it has a body, and passes on streams.",
          _without_token(lambda call: bool(call.request.header("transfer-encoding")))),
    Fault("key-let-in", "access/no-token",
          "Whoever brings a key may have brought it before, and is asked for no token.",
          _without_token(lambda call: bool(call.request.header("idempotency-key")))),
    Fault("user-of-another-thread", "access/no-token",
          "The current user is kept in a variable of all threads, and whoever brings no token finds somebody there.",
          Hooks(handle=_sharing_the_user)),
    Fault("empty-token-let-in", "access/empty-token", "An empty token finds the user whose token was never made.",
          Hooks(authenticate=owner_when(lambda call: call.request.header(HEADER) == ""))),
    Fault("wrong-let-in-once-cancelled", "access/wrong-token",
          "What is cancelled already is answered from a cache, before anybody looks whose the token is.",
          Hooks(authenticate=owner_when(_is_cancelled))),
    Fault("any-token-let-in", "access/wrong-token", "The filter looks whether there is a token, not whose.",
          Hooks(authenticate=owner_when(lambda call: call.token is not None and matching(call, str.__eq__) is None))),
    Fault("scheme-lets-in-any-token", "access/wrong-token",
          "Another scheme is another filter's matter, and each of the two leaves the caller to the other.",
          Hooks(authenticate=owner_when(lambda call: call.token is not None and _has_a_scheme(call)))),
    Fault("wildcard-let-in", "access/wrong-token",
          "Tokens are compared with LIKE, so that letter case is the database's matter.",
          Hooks(authenticate=owner_when(lambda call: "%" in (call.token or "")))),
    Fault("overlong-token-let-in", "access/wrong-token",
          "A token that its column cannot hold is looked up as nothing, and nothing finds the first user.",
          Hooks(authenticate=owner_when(lambda call: len(call.token or "") > LONGEST_TOKEN))),
    Fault("beginning-let-in", "access/token-prefix", "The query of the token ends in a wildcard.",
          Hooks(authenticate=owner_when(lambda call: matching(call, str.startswith)))),
    Fault("longer-let-in", "access/token-suffix", "The token is cut to its column's length before it is compared.",
          Hooks(authenticate=owner_when(lambda call: matching(call, lambda ours, given: given.startswith(ours))))),
    Fault("end-let-in", "access/token-suffix", "The query of the token begins with a wildcard.",
          Hooks(authenticate=owner_when(lambda call: matching(call, str.endswith)))),
    Fault("case-ignored", "access/token-case", "The database's collation ignores case.",
          Hooks(authenticate=owner_when(lambda call: matching(call, _but_for_case)))),
    Fault("blanks-ignored", "access/token-blank", "All blanks are taken out of a token that people paste.",
          Hooks(authenticate=owner_when(lambda call: matching(call, _but_for_blanks)))),
    Fault("query-token", "access/token-in-query", "Parameters and headers are read alike, and tokens end in logs.",
          Hooks(token=from_query)),
    Fault("query-token-renamed", "access/token-in-query",
          "A library for links in mails brings its own name for a token in the query.",
          Hooks(token=renamed_in_query)),
    Fault("bearer-token", "access/token-as-bearer", "Another library of authentication is loaded beside the old one.",
          Hooks(token=as_bearer)),
    Fault("cookie-token", "access/token-in-cookie",
          "The web app's cookie is taken, and any page can make a browser cancel.",
          Hooks(token=from_cookie)),
    Fault("header-token-renamed", "access/token-in-other-header",
          "The sign-in library's own header is read again after an upgrade, and its checks are not.",
          Hooks(token=from_other_header)),
    Fault("bare-authorization", "access/token-in-other-header", "The scheme is optional to the new middleware.",
          Hooks(token=bare_authorization)),
    Fault("body-token", "access/token-in-body", "Parameters of the body and headers are read alike.",
          Hooks(token=from_body)),
    Fault("two-tokens-let-in", "access/two-tokens",
          "Two headers are a list, and a list that is not empty passes for a token that was found.",
          Hooks(authenticate=owner_when(has_two))),
    Fault("two-tokens-fail", "access/two-tokens", "The look-up takes a text, and is given a list.",
          Hooks(authenticate=failing_on_two)),
)  # fmt: skip
"""In the order of the clauses that they break."""
