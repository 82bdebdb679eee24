"""Checks the token, the account, the permissions and the appointment, in the real server's order (observations 6 and
7).
"""

from typing import Final

from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.provider.api.answers import (
    Refused,
    failure,
    not_found,
    refusal,
    signed_out,
)
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.store.records import (
    IMPORTED,
    Account,
    Appointment,
    User,
)

TOKEN_HEADER: Final = ENDPOINT.token_header


def token(call: Call) -> str | None:
    """Read the token from its header; a blank one is none."""
    return (call.request.header(TOKEN_HEADER) or "").strip() or None


def authenticate(call: Call) -> User:
    """Find the token's holder."""
    if call.token is None:
        raise signed_out()
    user = call.store.directory.user_of(call.token)
    if user is None:
        raise refusal(401, "Invalid Access Token")
    return user


def account(call: Call) -> Account:
    """Find the account that the path names."""
    found = call.store.directory.account(to_i(call.route.account))
    if found is None:
        raise not_found()
    if found.suspended:
        raise refusal(401, "Account is suspended")
    return found


def enter(call: Call) -> Account:
    """Find the account and see that the caller is a member of it."""
    found = account(call)
    if found.id not in call.caller.accounts:
        raise refusal(401, "You are not authorized to access this account")
    return found


def permit(call: Call) -> None:
    """See that scheduling is on and that the caller may use it."""
    if not call.tenant.scheduling:
        raise refusal(403, "Scheduling is not enabled for this account", "FEATURE_DISABLED")
    if not call.caller.privileged:
        raise refusal(401, "You are not authorized to do this action")


def identify(call: Call) -> int:
    """Read the appointment's id from the path."""
    return to_i(call.route.appointment)


def locate(call: Call, number: int) -> Appointment:
    """Find an appointment inside the account entered."""
    found = call.store.get(call.tenant.id, number)
    if found is None:
        raise not_found()
    return found


def writable(call: Call) -> None:
    """Refuse to change what was imported."""
    if call.found.source == IMPORTED:
        raise refusal(422, "Imported Medelement appointments are read-only", "APPOINTMENT_READ_ONLY")


def rejected() -> Refused:
    """Make the refusal of a repeated cancel under the policy `rejected` (policy)."""
    return Refused(failure(409, {"error": "Appointment is already cancelled", "code": "APPOINTMENT_ALREADY_CANCELLED"}))
