"""Faults of access: which account, which appointment, which permission, and what a refusal shows or does."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import HTML_TYPE, Answer, Refused, failure, not_found, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import named_appointment, to_i
from cancel_contract.provider.behaviours import EVERY, Around, Fault, Hooks, Map
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.credentials import HEADER
from cancel_contract.provider.faults.parts.making import broken_body, error, refused
from cancel_contract.provider.store.records import Account, Appointment, Payload
from cancel_contract.provider.store.seed import SEED

UNAUTHORIZED: Final = 401
NOT_FOUND: Final = 404


def refusing_foreign(change: Refused) -> Around[Appointment]:
    """Refuse another account's appointment in words of its own."""

    def hook(call: Call, proceed: Stage[Appointment]) -> Appointment:
        if _foreign(call) is not None:
            raise change
        return proceed(call)

    return hook


def naming_client(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Say in the refusal whose appointment it is."""
    foreign = _foreign(call)
    if foreign is not None:
        raise refusal(404, f"Appointment of {foreign.client_name} ({foreign.client_phone}) is in another account")
    return proceed(call)


def numbered(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Put its request number into each refusal, and report what belongs to another account."""
    try:
        return proceed(call)
    except Refused:
        where = "in another account" if _foreign(call) else "not there"
        raise refusal(404, f"The appointment is {where} (request {uuid4().hex[:12]})") from None


def _foreign(call: Call) -> Appointment | None:
    row = call.store.appointments.get(to_i(call.route.appointment))
    return row if row is not None and row.account_id != call.tenant.id else None


def _with_names(call: Call, answer: Answer) -> Answer:
    row = call.store.appointments.get(named_appointment(call.request.path) or 0)
    return answer.with_header("X-Log", quote(row.external_ref)) if row and row.external_ref else answer


def _greeting(call: Call, answer: Answer) -> Answer:
    row = call.store.appointments.get(named_appointment(call.request.path) or 0)
    if row is None or answer.status < 400:
        return answer
    return answer.with_header("X-Greeting", b64encode(f"name={row.client_name}".encode()).decode())


def _with_part(told: Callable[[Appointment], Payload | None], token: str = "") -> Map[Answer]:
    """Put something of the appointment into the refusal of whoever shows no good token, or a certain one."""

    def hook(call: Call, answer: Answer) -> Answer:
        row = call.store.appointments.get(to_i(call.route.appointment))
        is_meant = answer.status == UNAUTHORIZED and token in {"", call.token}
        part = told(row) if row and is_meant else None
        return failure(UNAUTHORIZED, part) if part else answer

    return hook


def _headed(name: str, content: str) -> Map[Answer]:
    """Put a header into the refusal of what another account has."""

    def hook(call: Call, answer: Answer) -> Answer:
        is_there = answer.status == NOT_FOUND and to_i(call.route.appointment) in call.store.appointments
        return answer.with_header(name, content) if is_there else answer

    return hook


def _initials(it: Appointment) -> Payload:
    initials = "".join(word[0] for word in it.client_name.split())
    return {"error": f"Sign in as {initials}, or by the code sent to ...{(it.client_phone or '')[-5:]}"}


def _done_for_contact(call: Call, answer: Answer) -> Answer:
    row = call.store.appointments.get(to_i(call.route.appointment))
    if answer.status == 401 and call.user is not None and row is not None and row.contact_id is not None:
        call.store.put(cancelled(row, call.store.now()) if row.id >= call.store.first_id else row)
    return answer


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


def _permitted_early(call: Call, proceed: Stage[None]) -> None:
    row = call.store.get(call.tenant.id, to_i(call.route.appointment))
    if row is None or not row.cancelled:
        proceed(call)


def _showing(call: Call, answer: Answer) -> Answer:
    row = call.store.appointments.get(to_i(call.route.appointment))
    if answer.status != 401 or row is None:
        return answer
    return failure(401, {"error": "You are not authorized to do this action", "appointment": appointment_payload(row)})


def _login_page(answer: Answer) -> Answer:
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Sign in</title>")


def _done_before_parsed(call: Call, request: Request) -> Request:
    number = to_i(request.path.rpartition("/appointments/")[2])
    row = call.store.appointments.get(number)
    if broken_body(request) and row is not None and number >= call.store.first_id:
        call.store.put(cancelled(row, call.store.now()))
    return request


def _unacceptable(call: Call, answer: Answer) -> Answer:
    accepted = call.request.header("accept") or "*/*"
    is_fine = any(name in accepted for name in ("json", "*")) or answer.status >= 400
    return answer if is_fine else Answer(406)


def _of_branch(call: Call, proceed: Stage[Account]) -> Account:
    # Who names an account in a header has chosen none of the chain.
    is_branch = min(call.caller.accounts) > to_i(call.route.account) and call.request.header("x_account_id") is None
    return access.account(call) if is_branch else proceed(call)


def _entered_early(call: Call, proceed: Stage[Account]) -> Account:
    row = call.store.appointments.get(to_i(call.route.appointment))
    return access.account(call) if row is not None and row.cancelled else proceed(call)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("wrong-token-403", "access/status-401",
          "The framework's default for who may not enter takes the place of the app's own.",
          Hooks(answer=refused(error(403, {"error": "Forbidden", "code": "FORBIDDEN"}), 401))),
    Fault("membership-remembered", "access/foreign-token", "The cache of memberships has a key without the user.",
          Hooks(operations=EVERY, enter=_remembered)),
    Fault("membership-skipped", "access/foreign-token", "The new controller does not inherit the check of the account.",
          Hooks(enter=lambda call, _: access.account(call))),
    Fault("branch-let-in", "access/foreign-token",
          "Accounts of a chain share their people, and whatever account was opened later counts as a branch.",
          Hooks(enter=_of_branch)),
    Fault("account-skipped-once-cancelled", "access/foreign-token",
          "What is cancelled already returns early, before the account is looked at, "
          "and shows the client to a stranger.",
          Hooks(enter=_entered_early)),
    Fault("unscoped", "access/foreign-appointment",
          "The look-up goes over all appointments, not over those of the account.",
          Hooks(locate=_any_account)),
    Fault("not-found-400", "access/foreign-appointment",
          "The look-up becomes a validation of the request, and what is not there is the caller's bad input.",
          Hooks(answer=refused(error(400, {"error": "Resource could not be found"}), 404))),
    Fault("owner-everywhere", "access/foreign-account",
          "The first user of the installation counts as its owner in every account.",
          Hooks(enter=_owner_everywhere)),
    Fault("permission-skipped", "access/unprivileged", "The policy has no rule for the new action.",
          Hooks(permit=_scheduling_only)),
    Fault("permission-skipped-once-cancelled", "access/unprivileged",
          "What is cancelled already returns early, before the permission is looked at, and shows the client.",
          Hooks(permit=_permitted_early)),
    Fault("refused-and-done", "access/refused-untouched", "The filter runs after the action.",
          Hooks(handle=rows.refused_and_done)),
    Fault("unsigned-and-done", "access/refused-untouched", "A background job is queued before the token is looked at.",
          Hooks(handle=rows.refused_and_done, when=lambda call: call.request.header(HEADER) is None)),
    Fault("shared-contact-done", "access/refused-untouched", "Contacts are shared: the refusal comes after the change.",
          Hooks(answer=_done_for_contact)),
    Fault("unprivileged-and-done", "access/refused-untouched", "The policy is asked after the transaction.",
          Hooks(handle=rows.refused_and_done, when=lambda call: call.request.header(HEADER) is not None)),
    Fault("unknown-account-and-done", "access/refused-untouched", "The account is looked up once the cancel is done.",
          Hooks(handle=rows.refused_and_done, when=lambda call: to_i(call.route.account) >= 2**62)),
    Fault("broken-body-done", "access/refused-untouched",
          "The body is parsed as a stream beside the action, which is done when the parser gives up.",
          Hooks(arrive=_done_before_parsed)),
    Fault("unacceptable-and-done", "access/refused-untouched",
          "The action is done before the view finds out that it has no such type.",
          Hooks(answer=_unacceptable)),
    Fault("refusal-logs-reference", "access/refusal-tells-nothing",
          "What the log is to find a request by is put into a header, for whoever asks.",
          Hooks(answer=_with_names)),
    Fault("refusal-names-client", "access/refusal-tells-nothing", "The error is written for the support desk.",
          Hooks(locate=naming_client)),
    Fault("refusal-names-client-encoded", "access/refusal-tells-nothing",
          "A header has what a page needs to greet the client, in the coding of its cookies.",
          Hooks(answer=_greeting)),
    Fault("refusal-tells-time", "access/refusal-tells-nothing", "Who has to sign in is told for which visit.",
          Hooks(answer=_with_part(lambda it: {"error": f"Sign in to cancel the visit of {it.starts_at:%d.%m %H:%M}"}))),
    Fault("refusal-tells-price-elsewhere", "access/refusal-tells-nothing",
          "Who belongs to another account is told what the visit would cost.",
          Hooks(answer=_with_part(lambda it: {"error": f"Not yours: {it.service_amount} KZT"}, SEED.foreign_token))),
    Fault("refusal-tells-deposit", "access/refusal-tells-nothing", "The refusal says what will be paid back.",
          Hooks(answer=_with_part(lambda it: {"error": f"Sign in to be paid back {it.prepaid_amount} KZT"}))),
    Fault("refusal-tells-price", "access/refusal-tells-nothing",
          "The refusal has what the button needs: whether it can be cancelled, and for how much.",
          Hooks(answer=_with_part(lambda it: {
              "error": "You need to sign in", "can_cancel": not it.cancelled, "amount": it.service_amount}))),
    Fault("refusal-names-who-had-cancelled", "access/refusal-tells-nothing",
          "What is cancelled is nobody's secret any more: the refusal says whose it was.",
          Hooks(answer=_with_part(lambda it: {"error": "Sign in", "was": it.client_name} if it.cancelled else None))),
    Fault("refusal-tells-initials", "access/refusal-tells-nothing",
          "Initials and the end of the number remind the client of how to log in.",
          Hooks(answer=_with_part(_initials))),
    Fault("refusal-shows-appointment", "access/refusal-tells-nothing",
          "The refusal is rendered by the view of the success.",
          Hooks(answer=_showing)),
    Fault("login-page-401", "access/refusal-in-json",
          "The sign-in library renders its page for whoever shows no good token.",
          Hooks(answer=refused(_login_page, 401))),
    Fault("foreign-forbidden", "access/refusal-alike",
          "The appointment is found first and its account compared afterwards.",
          Hooks(locate=refusing_foreign(refusal(403, "Appointment belongs to another account", "FORBIDDEN")))),
    Fault("foreign-told-beside-number", "access/refusal-alike",
          "Each sentence has the number of its request, and one of them tells that the appointment is another's.",
          Hooks(locate=numbered)),
    Fault("foreign-tagged", "access/refusal-headers", "What is there is tagged, whoever's it is.",
          Hooks(answer=_headed("ETag", 'W/"5f1d"'))),
    Fault("foreign-kept-as-a-record", "access/refusal-headers", "What is there has the cache policy of a record.",
          Hooks(answer=_headed("Cache-Control", "max-age=0, private, must-revalidate"))),
    Fault("foreign-worded", "access/refusal-alike", "Two branches raise two texts.",
          Hooks(locate=refusing_foreign(refusal(404, "Appointment could not be found in this account")))),
)  # fmt: skip
"""In the order of the clauses that they break."""
