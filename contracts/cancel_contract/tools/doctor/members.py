"""Checks the other members' tokens with a few reads each."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context
from cancel_contract.run.finding import Finding
from cancel_contract.run.probes import is_another
from cancel_contract.run.scenarios.provided import listed
from cancel_contract.target.settings import NONE, remedy, variable

REFUSALS: Final = (401, 403, 404)
_QUESTION: Final = "are the other tokens good?"
_STRANGER: Final = "access this account"
"""The error of a token whose owner is not a member of the account (observed)."""
_NOBODYS: Final = Credential(showing="wrong")


def members(context: Context) -> Iterator[Finding]:
    """Say of each other token whether its owner is such a member as the settings say."""
    if context.has(Holder.UNPRIVILEGED):
        yield _unprivileged(context)
    if context.has(Holder.FOREIGN):
        yield _foreign(context)
    if context.has(Holder.SECOND):
        yield _second(context)


def _unprivileged(context: Context) -> Finding:
    seen, account = _seen(context, Credential(Holder.UNPRIVILEGED)), context.target.account
    if seen.status == OK:
        return _good(Holder.UNPRIVILEGED, f"is a member's of account {account}, who may read")
    if finding := _unknown(context, Holder.UNPRIVILEGED, seen):
        return finding
    if _STRANGER in _error(seen).lower():
        return _wrong(Holder.UNPRIVILEGED, f"is refused as that of a stranger to account {account} ({seen.fact})")
    return _good(Holder.UNPRIVILEGED, f"is known, and refused as that of a member ({seen.fact})")


def _foreign(context: Context) -> Finding:
    seen, account = _seen(context, Credential(Holder.FOREIGN)), context.target.account
    if seen.status == OK:
        return _wrong(Holder.FOREIGN, f"opens account {account}, too, so that its owner may cancel there")
    return _unknown(context, Holder.FOREIGN, seen) or _good(Holder.FOREIGN, f"is refused in account {account}")


def _second(context: Context) -> Finding:
    seen, account = _seen(context, Credential(Holder.SECOND)), context.target.account
    if seen.status == OK:
        return _good(Holder.SECOND, f"opens account {account}")
    return _unknown(context, Holder.SECOND, seen) or _wrong(
        Holder.SECOND, f"is refused in account {account} ({seen.fact})"
    )


def _unknown(context: Context, holder: Holder, seen: Exchange) -> Finding | None:
    if seen.status not in REFUSALS:
        return Finding(_QUESTION, f"{variable(holder)} cannot be looked at: {seen.fact}", "look into the server's log")
    nobodys = _seen(context, _NOBODYS), _seen(context, _NOBODYS)
    if is_another(seen, nobodys, lambda: _seen(context, _NOBODYS)):
        return None
    return _wrong(holder, f"is answered as a token that nobody has ({seen.fact})")


def _seen(context: Context, credential: Credential) -> Exchange:
    return listed(context, credential, context.target.account)


def _error(exchange: Exchange) -> str:
    told = exchange.answer.json if exchange.answer else None
    return str(told.get("error")) if isinstance(told, dict) else ""


def _good(holder: Holder, fact: str) -> Finding:
    return Finding(_QUESTION, f"{variable(holder)} {fact}")


def _wrong(holder: Holder, fact: str) -> Finding:
    what_to_do = f"{remedy(holder)}, or to {NONE} where there is no such member"
    return Finding(_QUESTION, f"{variable(holder)} {fact}", what_to_do)
