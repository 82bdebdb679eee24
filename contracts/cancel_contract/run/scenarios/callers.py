"""Cancels by another member, beside other credentials, and in an account in which scheduling is switched off."""

from dataclasses import replace
from typing import Final

from cancel_contract.clauses.access_callers import FEATURE_OFF
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.effect import first_cancel_with
from cancel_contract.run.scenarios.foreign_bodies import FORM, parts_with
from cancel_contract.run.scenarios.provided import NOT_FOUND, listed, unfit
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.supply.variations import FULL

_UNAUTHORIZED: Final = 401
_RICH: Final = replace(FULL, status="scheduled", payment="cash-settled", contact=True, service=True)
_SCHEMES: Final = (b"Bearer MTIz", b"Basic MTIz", b"Negotiate x")
"""A bearer that is base64 of a number, a name without a password, and a scheme that few know."""


def _second_member(context: Context) -> None:
    snapshot, second = context.fresh(_RICH), Credential(Holder.SECOND)
    # What a member may not even read, or with a token that nobody has, says nothing about cancels.
    seen = context.read(snapshot.id, second)
    if seen.status != OK:
        raise unfit(Holder.SECOND.value, f"does not open an appointment of the account ({seen.fact})")
    # What a member is shown depends on its rights: all three are of the second one.
    first_cancel_with(context, Snapshot(snapshot.id, seen), "second member", parts_with(FORM), second)


def _beside(context: Context) -> None:
    owned = context.cancelled_appointment()
    path = ACTION.path(context.target.account, owned)
    context.each(
        Case(
            f"beside {value.decode().partition(' ')[0]}",
            Intent.BESIDE,
            path,
            headers=(("authorization", value),),
            appointment=owned,
        )
        for value in _SCHEMES
    )


def _feature_off(context: Context) -> None:
    """One's own appointment under the path of an account in which scheduling is switched off."""
    account, victim = context.target.settings.disabled_account_id or 0, context.victim()
    asked = context.send(Case("cancel", Intent.ODDLY_REFUSED, ACTION.path(account, victim.id), appointment=victim.id))
    after = context.read(victim.id)
    if not context.was_read(victim, after):
        _see_that_it_is_off(context, account, asked.status)
    steps = ((Role.BEFORE, victim.seen), (Role.CANCEL, asked), (Role.AFTER, after))
    context.submit(Kind.REFUSAL, *steps, topic=FEATURE_OFF)


def _see_that_it_is_off(context: Context, account: int, status: int | None) -> None:
    """Raise Unprepared if an account refuses for another reason: then its refusal would prove nothing."""
    if status == _UNAUTHORIZED:
        raise unfit("disabled_account_id", f"is {account}, of which the token's member is none (status is 401)")
    if status == NOT_FOUND and listed(context, MEMBER, account).status == OK:
        raise unfit("disabled_account_id", f"is {account}, in which scheduling is switched on")


SCENARIOS: Final = (
    Scenario("access/second-member", _second_member, 1, 4, ("second_api_token",)),
    Scenario("access/beside-authorization", _beside, 0, len(_SCHEMES), group="refused"),
    Scenario("access/feature-off", _feature_off, 0, 2, ("disabled_account_id",), "refused"),
)
"""Scenarios of this part of the family."""
