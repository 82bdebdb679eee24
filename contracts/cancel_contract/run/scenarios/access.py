"""Cancels by those who may not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cancel_contract.exchange.case import Case, Intent, cancel_path
from cancel_contract.exchange.credential import SHOWINGS, Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Held
from cancel_contract.run.context import OK, Stage
from cancel_contract.run.scenarios.provided import (
    FOREIGN_APPOINTMENT,
    NOT_FOUND,
    known,
    other,
    unfit,
)
from cancel_contract.run.scenarios.scenario import Situation
from cancel_contract.target.settings import Settings, variable

ABSENT: Final = 2**62 + 2**40
"""An id that no counter reaches, and whose low 32 bits are 0; asked for before it is used."""

_EITHER: Final = ("twice", "right-first")
"""Two tokens of which one is right: a server may take it, or refuse both."""
# A header name with dashes is the same to the provider (observed), so it is no wrong one.
_SHOWINGS: Final = tuple(name for name in SHOWINGS if name not in {"right", "dashes", *_EITHER})


def over(stage: Stage) -> Callable[[Held, Case], Case]:
    """Gives the same case over another appointment."""

    def again(held: Held, case: Case) -> Case:
        return replace(case, path=cancel_path(stage.target.account, held.id), appointment=held.id)

    return again


def _refusals(stage: Stage, *credentials: Credential) -> None:
    victim = stage.victim()
    path = cancel_path(stage.target.account, victim.id)
    cases = [
        (str(shown), Case(str(shown), Intent.REFUSED, path, credential=shown, appointment=victim.id))
        for shown in credentials
    ]
    stage.untouched(Kind.REFUSAL, victim, cases, over(stage))


def _showings(stage: Stage) -> None:
    _refusals(stage, *(Credential(showing=name) for name in _SHOWINGS))
    for name in _EITHER:
        if stage.wants(name):
            _either(stage, Credential(showing=name))
            stage.answered(name)


def _either(stage: Stage, shown: Credential) -> None:
    """A cancel that may be refused or done: if it is done, then as any first cancel is, and by the right token."""
    held = stage.victim()
    path = cancel_path(stage.target.account, held.id)
    asked = stage.send(Case(str(shown), Intent.REFUSED, path, credential=shown, appointment=held.id))
    after = stage.read(held.id)
    steps = ((Role.BEFORE, held.seen), (Role.CANCEL, asked), (Role.AFTER, after))
    stage.submit(Kind.REFUSAL, *steps, topic=str(shown))
    if asked.status == OK:
        stage.submit(Kind.FIRST_CANCEL, *steps, topic=str(held.payload.get("status")))
        stage.cancelled(held.id)
    stage.forget_if_touched(after)


def _foreign_token(stage: Stage) -> None:
    if stage.target.settings.foreign_account_id:
        other(stage)
    else:
        known(stage, Holder.FOREIGN)
    _refusals(stage, Credential(Holder.FOREIGN))


def _foreign_token_again(stage: Stage) -> None:
    """Of one that is cancelled already, for whom an early return may come before the account is looked at."""
    other(stage)
    number, credential = stage.spent(), Credential(Holder.FOREIGN)
    path = cancel_path(stage.target.account, number)
    asked = stage.send(Case("cancelled", Intent.REFUSED, path, credential=credential, appointment=number))
    stage.submit(Kind.REFUSAL, (Role.CANCEL, asked), topic=str(credential))


def _unprivileged(stage: Stage) -> None:
    known(stage, Holder.UNPRIVILEGED)
    _refusals(stage, Credential(Holder.UNPRIVILEGED))


def _foreign(settings: Settings) -> tuple[int, int]:
    return settings.foreign_account_id or 0, settings.foreign_appointment_id or 0


def _foreign_appointment(stage: Stage) -> None:
    """Another account's appointment under one's own account, beside one that does not exist."""
    _, appointment = _foreign(stage.target.settings)
    own, unknown = stage.target.account, stage.absent(ABSENT)
    before = other(stage)
    if before is None:
        _see_that_it_is_no_own(stage, appointment)
    # Before and after, so that what grows from answer to answer differs between the two as it does from the third.
    nothing = stage.send(Case("absent", Intent.UNKNOWN_ID, cancel_path(own, unknown)))
    asked = stage.send(Case("foreign", Intent.REFUSED, cancel_path(own, appointment)))
    again = stage.send(Case("absent again", Intent.UNKNOWN_ID, cancel_path(own, unknown)))
    after = _seen_again(stage)
    stage.submit(
        Kind.REFUSAL, *_with(Role.BEFORE, before), (Role.CANCEL, asked), *_with(Role.AFTER, after),
        topic="foreign appointment",
    )  # fmt: skip
    stage.submit(Kind.ALIKE, (Role.CANCEL, asked), (Role.AGAIN, nothing), (Role.AGAIN, again))


def _see_that_it_is_no_own(stage: Stage, appointment: int) -> None:
    """Without the other account's member this much can be seen: it is not the account's own."""
    seen = stage.read(appointment)
    if (seen.payload or {}).get("account_id") == stage.target.account:
        raise unfit("foreign_appointment_id", f"names appointment {appointment}, which the account itself has")


def _foreign_account(stage: Stage) -> None:
    """One's own token in another account."""
    account, appointment = _foreign(stage.target.settings)
    before = other(stage)
    number = appointment or stage.victim().id
    asked = stage.send(Case("cancel", Intent.REFUSED, cancel_path(account, number)))
    if asked.status == NOT_FOUND and not stage.has(Holder.FOREIGN):
        raise unfit(
            "foreign_account_id",
            f"is answered as an account that is not there, and no {variable('foreign_api_token')} shows it",
        )
    after = _seen_again(stage)
    stage.submit(
        Kind.REFUSAL, *_with(Role.BEFORE, before), (Role.CANCEL, asked), *_with(Role.AFTER, after),
        topic="foreign account",
    )  # fmt: skip


def _seen_again(stage: Stage) -> Held | None:
    """What the other account's own member sees of its appointment now; kept for the next situation."""
    account, appointment = _foreign(stage.target.settings)
    if not stage.has(Holder.FOREIGN) or not appointment:
        return None
    after = Held(appointment, stage.read(appointment, Credential(Holder.FOREIGN), account))
    stage.other = after if after.seen.status == OK else None
    return after


def _with(role: Role, held: Held | None) -> tuple[tuple[Role, Exchange], ...]:
    return ((role, held.seen),) if held else ()


_GROUP: Final = "refused"

SITUATIONS: Final = (
    Situation("access/showings", _showings, 0, len(_SHOWINGS) + 1 + 2 * len(_EITHER), group=_GROUP),
    Situation("access/foreign-token", _foreign_token, 0, 4, ("foreign_api_token",), _GROUP),
    Situation("access/unprivileged", _unprivileged, 0, 4, ("unprivileged_api_token",), _GROUP),
    Situation(
        "access/foreign-appointment", _foreign_appointment, 0, 5,
        ("foreign_account_id", "foreign_appointment_id"), _GROUP, (FOREIGN_APPOINTMENT,),
    ),
    Situation(
        "access/foreign-account", _foreign_account, 0, 2, ("foreign_account_id",), _GROUP, (FOREIGN_APPOINTMENT,)
    ),
    # The last of its group: where nothing is cancelled yet, what the others have left untouched is.
    Situation(
        "access/foreign-token-once-cancelled", _foreign_token_again, 0, 1,
        ("foreign_account_id", "foreign_api_token"), _GROUP,
    ),
)  # fmt: skip
"""The family's situations."""
