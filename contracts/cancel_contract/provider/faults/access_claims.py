"""Faults of who may cancel: roles and accounts that a request claims for itself."""

from collections.abc import Callable
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Condition, Fault, Hooks
from cancel_contract.provider.store.records import Account

_MASTERS: Final = frozenset({"admin", "administrator"})
_TENANTS: Final = ("x-tenant-id", "x-organization-id", "x-workspace-id")


def _says(*names: str) -> Callable[[Call], str]:
    return lambda call: next(filter(None, map(call.request.header, names)), "")


def _unasked_for(condition: Condition) -> Hooks:
    """Ask nobody for a permission who claims to have it."""

    def hook(call: Call, proceed: Stage[None]) -> None:
        if not (call.tenant.scheduling and condition(call)):
            proceed(call)

    return Hooks(permit=hook)


def _of_tenant(call: Call, proceed: Stage[Account]) -> Account:
    """Look for the caller among the members of the account that a header names."""
    claimed = to_i(_says(*_TENANTS)(call))
    return access.account(call) if claimed in call.caller.accounts else proceed(call)


def _of_parameter(call: Call, proceed: Stage[Account]) -> Account:
    """Look for the caller among the members of the account that the query names."""
    claimed = to_i(call.request.parameters.get("account_id") or "")
    return access.account(call) if claimed in call.caller.accounts else proceed(call)


def _of_body(call: Call, proceed: Stage[Account]) -> Account:
    """Look for the caller among the members of the account that the body names."""
    return access.account(call) if call.body.get("account_id") in call.caller.accounts else proceed(call)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("role-header-let-in", "access/identity-headers",
          "The role comes from the gateway in a header, or from whoever writes one.",
          _unasked_for(lambda call: _says("x-role", "x-user-role")(call) in _MASTERS)),
    Fault("permissions-header-let-in", "access/identity-headers",
          "The gateway has looked up the permissions, and the app looks no further.",
          _unasked_for(lambda call: bool(_says("x-permissions", "x-scope")(call)))),
    Fault("role-parameter-let-in", "access/identity-headers",
          "The front end says in a parameter which role its buttons are for.",
          _unasked_for(lambda call: call.request.parameters.get("role") in _MASTERS)),
    Fault("role-in-body-let-in", "access/identity-headers", "The form says which role its buttons are for.",
          _unasked_for(lambda call: call.body.get("role") in _MASTERS)),
    Fault("on-behalf-let-in", "access/identity-headers", "Who acts for another one has that one's permissions.",
          _unasked_for(lambda call: bool(call.body.get("on_behalf_of")))),
    Fault("account-in-body-decides", "access/identity-headers",
          "Membership is asked of the account in the body, and the appointment is that of the path.",
          Hooks(enter=_of_body)),
    Fault("tenant-header-decides", "access/identity-headers",
          "Membership is asked of the tenant in a header, and the appointment is that of the path.",
          Hooks(enter=_of_tenant)),
    Fault("tenant-parameter-decides", "access/identity-headers",
          "Membership is asked of the account in the query, which wins over that of the path.",
          Hooks(enter=_of_parameter)),
)  # fmt: skip
"""What is claimed."""
