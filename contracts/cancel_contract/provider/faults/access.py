"""Faults of access: who is let in, and what a refusal tells or does."""

from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import (
    Answer,
    failure,
    not_found,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults import rows
from cancel_contract.provider.faults.credentials import (
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
from cancel_contract.provider.faults.foreign import naming_client, numbered, refusing_foreign
from cancel_contract.provider.store.records import Account, Appointment


def _remembered(call: Call, proceed: Stage[Account]) -> Account:
    entered: set[str] = call.memory.setdefault("entered", set())
    if call.route.account in entered:
        return access.account(call)
    found = proceed(call)
    entered.add(call.route.account)
    return found


def _owner_everywhere(call: Call, proceed: Stage[Account]) -> Account:
    first = call.store.directory.users[0]
    return access.account(call) if call.caller == first else proceed(call)


def _any_account(call: Call, _: Stage[Appointment]) -> Appointment:
    found = call.store.appointments.get(to_i(call.route.appointment))
    if found is None:
        raise not_found()
    return found


def _scheduling_only(call: Call, proceed: Stage[None]) -> None:
    if not call.tenant.scheduling:
        proceed(call)


def _early(call: Call, proceed: Stage[None]) -> None:
    row = call.store.get(call.tenant.id, to_i(call.route.appointment))
    if row is None or not row.cancelled:
        proceed(call)


def _showing(call: Call, answer: Answer) -> Answer:
    row = call.store.appointments.get(to_i(call.route.appointment))
    if answer.status != 401 or row is None:
        return answer
    return failure(401, {"error": "You are not authorized to do this action", "appointment": appointment_payload(row)})


TOKENS: Final = (
    Fault(
        "anonymous-let-in",
        "access/no-token",
        "The filter is skipped for the new action.",
        Hooks(authenticate=owner_when(lambda call: call.request.header(HEADER) is None)),
    ),
    Fault(
        "empty-token-let-in",
        "access/empty-token",
        "An empty token finds the user whose token was never made.",
        Hooks(authenticate=owner_when(lambda call: call.request.header(HEADER) == "")),
    ),
    Fault(
        "any-token-let-in",
        "access/wrong-token",
        "The filter looks whether there is a token, not whose.",
        Hooks(authenticate=owner_when(lambda call: call.token is not None and matching(call, str.__eq__) is None)),
    ),
    Fault(
        "beginning-let-in",
        "access/token-prefix",
        "The query of the token ends in a wildcard.",
        Hooks(authenticate=owner_when(lambda call: matching(call, str.startswith))),
    ),
    Fault(
        "longer-let-in",
        "access/token-suffix",
        "The token is cut to its column's length before it is compared.",
        Hooks(authenticate=owner_when(lambda call: matching(call, lambda ours, given: given.startswith(ours)))),
    ),
    Fault(
        "end-let-in",
        "access/token-suffix",
        "The query of the token begins with a wildcard.",
        Hooks(authenticate=owner_when(lambda call: matching(call, str.endswith))),
    ),
    Fault(
        "case-ignored",
        "access/token-case",
        "The database's collation ignores case.",
        Hooks(
            authenticate=owner_when(
                lambda call: matching(call, lambda ours, given: ours.casefold() == given.casefold())
            )
        ),
    ),
    Fault(
        "blanks-ignored",
        "access/token-blank",
        "All blanks are taken out of a token that people paste.",
        Hooks(authenticate=owner_when(lambda call: matching(call, lambda ours, given: ours == "".join(given.split())))),
    ),
    Fault(
        "query-token",
        "access/token-in-query",
        "Parameters and headers are read alike, and tokens end in logs.",
        Hooks(token=from_query),
    ),
    Fault(
        "query-token-renamed",
        "access/token-in-query",
        "A library for links in mails brings its own name for a token in the query.",
        Hooks(token=renamed_in_query),
    ),
    Fault(
        "header-token-renamed",
        "access/token-in-other-header",
        "The sign-in library's own header is read again after an upgrade, and its checks are not.",
        Hooks(token=from_other_header),
    ),
    Fault(
        "bare-authorization",
        "access/token-in-other-header",
        "The scheme is optional to the new middleware.",
        Hooks(token=bare_authorization),
    ),
    Fault(
        "wildcard-let-in",
        "access/wrong-token",
        "Tokens are compared with LIKE, so that letter case is the database's matter.",
        Hooks(authenticate=owner_when(lambda call: "%" in (call.token or ""))),
    ),
    Fault(
        "bearer-token",
        "access/token-as-bearer",
        "Another library of authentication is loaded beside the old one.",
        Hooks(token=as_bearer),
    ),
    Fault(
        "cookie-token",
        "access/token-in-cookie",
        "The web app's cookie is taken, and any page can make a browser cancel.",
        Hooks(token=from_cookie),
    ),
    Fault(
        "body-token",
        "access/token-in-body",
        "Parameters of the body and headers are read alike.",
        Hooks(token=from_body),
    ),
    Fault(
        "two-tokens-let-in",
        "access/two-tokens",
        "Two headers are a list, and a list that is not empty passes for a token that was found.",
        Hooks(authenticate=owner_when(has_two)),
    ),
    Fault(
        "two-tokens-fail",
        "access/two-tokens",
        "The look-up takes a text, and is given a list.",
        Hooks(authenticate=failing_on_two),
    ),
)
"""Who is taken for whom."""

TENANTS: Final = (
    Fault(
        "membership-remembered",
        "access/foreign-token",
        "The cache of memberships has a key without the user.",
        Hooks(operations=EVERY, enter=_remembered),
    ),
    Fault(
        "membership-skipped",
        "access/foreign-token",
        "The new controller does not inherit the check of the account.",
        Hooks(enter=lambda call, _: access.account(call)),
    ),
    Fault(
        "owner-everywhere",
        "access/foreign-account",
        "The first user of the installation counts as its owner in every account.",
        Hooks(enter=_owner_everywhere),
    ),
    Fault(
        "unscoped",
        "access/foreign-appointment",
        "The look-up goes over all appointments, not over those of the account.",
        Hooks(locate=_any_account),
    ),
    Fault(
        "permission-skipped",
        "access/unprivileged",
        "The policy has no rule for the new action.",
        Hooks(permit=_scheduling_only),
    ),
    Fault(
        "permission-skipped-once-cancelled",
        "access/unprivileged",
        "What is cancelled already returns early, before the permission is looked at, and shows the client.",
        Hooks(permit=_early),
    ),
    Fault(
        "refused-and-done",
        "access/refused-untouched",
        "The filter runs after the action.",
        Hooks(handle=rows.refused_and_done),
    ),
    Fault(
        "unsigned-and-done",
        "access/refused-untouched",
        "A background job is queued before the token is looked at.",
        Hooks(handle=rows.refused_and_done, when=lambda call: call.request.header(HEADER) is None),
    ),
    Fault(
        "unprivileged-and-done",
        "access/refused-untouched",
        "The policy is asked after the transaction.",
        Hooks(handle=rows.refused_and_done, when=lambda call: call.request.header(HEADER) is not None),
    ),
    Fault(
        "refusal-names-client",
        "access/refusal-tells-nothing",
        "The error is written for the support desk.",
        Hooks(locate=naming_client),
    ),
    Fault(
        "refusal-shows-appointment",
        "access/refusal-tells-nothing",
        "The refusal is rendered by the view of the success.",
        Hooks(answer=_showing),
    ),
    Fault(
        "foreign-forbidden",
        "access/refusal-alike",
        "The appointment is found first and its account compared afterwards.",
        Hooks(locate=refusing_foreign(refusal(403, "Appointment belongs to another account", "FORBIDDEN"))),
    ),
    Fault(
        "foreign-told-beside-number",
        "access/refusal-alike",
        "Each sentence has the number of its request, and one of them tells that the appointment is another's.",
        Hooks(locate=numbered),
    ),
    Fault(
        "foreign-worded",
        "access/refusal-alike",
        "Two branches raise two texts.",
        Hooks(locate=refusing_foreign(refusal(404, "Appointment could not be found in this account"))),
    ),
)
"""Which account, which appointment, which permission."""

FAULTS: Final[tuple[Fault, ...]] = TOKENS + TENANTS
"""Every fault of access."""
