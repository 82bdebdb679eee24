"""Cancels by callers who may not cancel."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import combinations
from typing import Final

from cancel_contract.clauses.access_callers import IDENTITY, INTERNAL
from cancel_contract.clauses.alike import difference
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import SHOWINGS, Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import FIRST_REFUSAL, OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.probes import absent
from cancel_contract.run.scenarios.oddly import ODD, Body, Oddly
from cancel_contract.run.scenarios.provided import (
    FOREIGN_APPOINTMENT,
    NOT_FOUND,
    known,
    other,
    unfit,
)
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.run.untouched import untouched
from cancel_contract.target.settings import Settings, variable

ABSENT: Final = 2**62 + 2**40
_ANOTHER: Final = 2**62 + 2**43 + 2**38
"""Each an id that no counter reaches, and whose low 32 bits are 0; a read shows it absent before it is used."""

_EITHER: Final = ("twice", "right-first")
"""Two tokens of which one is right: a server may accept it, or refuse both."""
# A header name with dashes is the same to the provider (observed), so it is not a wrong one.
_SHOWINGS: Final = tuple(
    name for name in SHOWINGS if name not in {"right", "dashes", "cookie-and-query", *_EITHER, *ODD}
)


_NOBODY, _VIEWER = Credential(showing="none"), Credential(Holder.UNPRIVILEGED)
_FOREIGNER = Credential(Holder.FOREIGN)
_AS_NOBODY: Final = (Oddly(_NOBODY, INTERNAL), Oddly(_NOBODY, IDENTITY))
_AS_VIEWER: Final = (Oddly(_VIEWER, INTERNAL), Oddly(_VIEWER, IDENTITY))
_OVER_VIEWER: Final = tuple(
    Oddly(Credential(showing=name, over=Holder.UNPRIVILEGED), body=body)
    for name, body in (("bearer", Body.FORM), ("cookie-and-query", Body.JSON))
)
_IN_PLACES: Final = tuple(Oddly(one) for one in (Credential(showing=name) for name in _SHOWINGS) if one.parts)
"""A token in several wrong places at once."""
_AS_FOREIGNER: Final = (Oddly(_FOREIGNER, IDENTITY),)
_MOST_COMPARED: Final = 8
"""How many answers for nothing are compared before a difference counts (policy)."""
_ODD: Final = frozenset({"query", "body", "wildcard", "long", "non-ascii", "both-wrong", *_EITHER})
"""Tokens that stand where, or look like what, a strict server or a firewall refuses before it looks who asks."""


def over(context: Context) -> Callable[[Snapshot, Case], Case]:
    """Returns the same case over another appointment."""

    def again(snapshot: Snapshot, case: Case) -> Case:
        return replace(case, path=ACTION.path(context.target.account, snapshot.id), appointment=snapshot.id)

    return again


def _refusals(context: Context, credentials: Iterable[Credential], *odd: Oddly) -> None:
    victim = context.victim()
    path = ACTION.path(context.target.account, victim.id)
    cases = [
        (str(shown), Case(str(shown), _refusal(shown), path, credential=shown, appointment=victim.id))
        for shown in credentials
    ]
    cases += [one.topic(context, victim) for one in odd]
    untouched(context, Kind.REFUSAL, victim, cases, over(context))


def _refusal(shown: Credential) -> Intent:
    return Intent.ODDLY_REFUSED if shown.showing in _ODD else Intent.REFUSED


def _showings(context: Context) -> None:
    odd = [Oddly(Credential(showing=name)) for name in ODD]
    shown = (Credential(showing=name) for name in _SHOWINGS)
    _refusals(context, shown, *odd, *_AS_NOBODY)
    for name in _EITHER:
        if context.wants(name):
            _either(context, Credential(showing=name))
            context.answered(name)


def _either(context: Context, shown: Credential) -> None:
    """Send a cancel that may be refused or done: if it is done, then like any first cancel, and by the right token."""
    snapshot = context.victim()
    path = ACTION.path(context.target.account, snapshot.id)
    asked = context.send(Case(str(shown), _refusal(shown), path, credential=shown, appointment=snapshot.id))
    after = context.read(snapshot.id)
    steps = ((Role.BEFORE, snapshot.seen), (Role.CANCEL, asked), (Role.AFTER, after))
    context.submit(Kind.REFUSAL, *steps, topic=str(shown))
    if asked.status == OK:
        context.submit(Kind.FIRST_CANCEL, *steps, topic=str(snapshot.payload.get("status")))
        if Snapshot(snapshot.id, after).is_cancelled:
            context.cancelled(snapshot.id)
    context.forget_if_touched(after)


def _foreign_token(context: Context) -> None:
    if context.target.settings.foreign_account_id:
        other(context)
    else:
        known(context, Holder.FOREIGN)
    has_account = context.target.settings.foreign_account_id is not None
    _refusals(context, [_FOREIGNER], *(_AS_FOREIGNER if has_account else ()))


def _foreign_token_again(context: Context) -> None:
    """A foreign token on a cancelled appointment, where a server may return early, before it checks the account."""
    other(context)
    number, credential = context.cancelled_appointment(), Credential(Holder.FOREIGN)
    path = ACTION.path(context.target.account, number)
    for shown in (credential, Credential(showing="wrong")):
        key = ACTION.done if shown is credential else f"{ACTION.done}, {shown}"
        asked = context.send(Case(key, Intent.REFUSED, path, credential=shown, appointment=number))
        context.submit(Kind.REFUSAL, (Role.CANCEL, asked), topic=str(shown))


def _unprivileged(context: Context) -> None:
    known(context, Holder.UNPRIVILEGED)
    _refusals(context, [_VIEWER], *_AS_VIEWER, *_OVER_VIEWER)


def _apart(*cases: Oddly) -> Callable[[Context, AbstractSet[str]], None]:
    """Return what sends those of some cases that broke a clause part by part: a header, or a place of the token."""

    def play(context: Context, keys: AbstractSet[str]) -> None:
        known = {key for broke in context.ledger.broke.values() for key in broke}
        # Who is let in without them says nothing about headers.
        odd = [one for one in cases if not one.besides or f"{context.scenario}#{one.credential}" not in known]
        if broke := [one for one in odd if f"{context.scenario}#{one.name}" in keys]:
            _one_by_one(context, broke)

    return play


def _one_by_one(context: Context, broke: Sequence[Oddly]) -> None:
    """Send cases part by part; each is judged by its answer alone, since one that is let in cancels."""
    victim = context.victim()
    topics = [topic for one in broke for topic in one.apart(context, victim)]
    if not topics:
        return
    came = context.side_by_side([case for _, case in topics])
    if came.error:
        raise came.error
    for (topic, _), exchange in zip(topics, came.exchanges, strict=True):
        if exchange:
            context.submit(Kind.REFUSAL, (Role.CANCEL, exchange), topic=topic)
    context.forget_if_touched(context.read(victim.id))


def _foreign(settings: Settings) -> tuple[int, int]:
    return settings.foreign_account_id or 0, settings.foreign_appointment_id or 0


def _foreign_appointment(context: Context) -> None:
    """Another account's appointment under one's own account, beside one that does not exist."""
    _, appointment = _foreign(context.target.settings)
    own, unknown = context.target.account, absent(context, ABSENT)
    before = other(context)
    _see_that_it_is_no_own(context, appointment)
    # Before and after, so that what grows from answer to answer also differs between these two.
    nothing = context.send(Case("absent", Intent.UNKNOWN_ID, ACTION.path(own, unknown)))
    asked = context.send(Case("foreign", Intent.REFUSED, ACTION.path(own, appointment)))
    again = context.send(Case("absent again", Intent.UNKNOWN_ID, ACTION.path(own, unknown)))
    # A check may look at plain numbers, or at requests without a format, alone.
    spelled = f"{ACTION.path(own, f'{appointment}abc')}.json"
    otherwise = context.send(Case("foreign, as text in .json", Intent.ODDLY_REFUSED, spelled))
    _submit_both(context, "foreign appointment", before, asked, otherwise)
    told = [nothing, again]
    if not _alike(asked, told):
        # What is made from an id, such as a digest or its last digits, differs between any two.
        path = ACTION.path(own, absent(context, _ANOTHER))
        told.append(context.send(Case("absent, another", Intent.UNKNOWN_ID, path)))
    while not (alike := _alike(asked, told)) and len(told) < _MOST_COMPARED:
        # What differs from answer to answer, such as the name of a server, is now and then the same in two.
        told.append(context.send(replace(nothing.case, key="absent, more")))
    context.submit(Kind.ALIKE, (Role.CANCEL, asked), *((Role.AGAIN, one) for one in alike or told[:2]))


def _alike(asked: Exchange, told: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return two answers for nothing from which one does not differ; none if there are no such two."""
    return next((pair for pair in combinations(told, 2) if not difference(asked, *pair)), ())


def _see_that_it_is_no_own(context: Context, appointment: int) -> None:
    """Ids may be counted in each account anew: then the account has one of this id, too, which is a stranger's."""
    view = context.read(appointment).payload
    if view and view.get("account_id") in {None, context.target.account}:
        raise unfit("foreign_appointment_id", f"names appointment {appointment}, which the account itself has")


def _foreign_account(context: Context) -> None:
    """One's own token in another account."""
    account, appointment = _foreign(context.target.settings)
    before = other(context)
    number = appointment or context.victim().id
    asked = context.send(Case("cancel", Intent.REFUSED, ACTION.path(account, number)))
    # A check that looks at the text alone, where the look-up casts it, knows no such account.
    as_text = context.send(Case("cancel, as text", Intent.ODDLY_REFUSED, ACTION.path(f"{account}abc", number)))
    if asked.status == NOT_FOUND and not context.has(Holder.FOREIGN):
        raise unfit(
            "foreign_account_id",
            f"is answered as an account that is not there, and no {variable('foreign_api_token')} shows it",
        )
    _submit_both(context, "foreign account", before, asked, as_text)


def _submit_both(context: Context, topic: str, before: Snapshot | None, *asked: Exchange) -> None:
    """Look once for several requests that were to be refused; if something changed, any of them may have done it, but
    for the refusals where another one was let in.
    """
    after = _seen_again(context)
    are_refused = all(one.status is None or one.status >= FIRST_REFUSAL for one in asked)
    for one in asked:
        seen = after if are_refused or (one.status or 0) < FIRST_REFUSAL else None
        steps = (*_with(Role.BEFORE, before), (Role.CANCEL, one), *_with(Role.AFTER, seen))
        context.submit(Kind.REFUSAL, *steps, topic=topic)


def _seen_again(context: Context) -> Snapshot | None:
    """Read the other account's appointment as its own member; kept for the next scenario."""
    account, appointment = _foreign(context.target.settings)
    if not context.has(Holder.FOREIGN) or not appointment:
        return None
    after = Snapshot(appointment, context.read(appointment, Credential(Holder.FOREIGN), account))
    context.other = after if after.seen.status == OK else None
    return after


def _with(role: Role, snapshot: Snapshot | None) -> tuple[tuple[Role, Exchange], ...]:
    return ((role, snapshot.seen),) if snapshot else ()


_GROUP: Final = "refused"

SCENARIOS: Final = (
    Scenario("access/showings", _showings, 0, len(_SHOWINGS) + len(ODD) + 3 + 2 * len(_EITHER), group=_GROUP,
             apart=_apart(*_AS_NOBODY, *_IN_PLACES)),
    Scenario("access/foreign-token", _foreign_token, 0, 5, ("foreign_api_token",), _GROUP,
             apart=_apart(*_AS_FOREIGNER)),
    Scenario("access/unprivileged", _unprivileged, 0, 8, ("unprivileged_api_token",), _GROUP,
             apart=_apart(*_AS_VIEWER, *_OVER_VIEWER)),
    Scenario(
        "access/foreign-appointment", _foreign_appointment, 0, 7,
        ("foreign_account_id", "foreign_appointment_id"), _GROUP, (FOREIGN_APPOINTMENT,),
    ),
    Scenario(
        "access/foreign-account", _foreign_account, 0, 3, ("foreign_account_id",), _GROUP, (FOREIGN_APPOINTMENT,)
    ),
    # The last of its group: if nothing is cancelled yet, it cancels what the others left unchanged.
    Scenario(
        "access/foreign-token-once-cancelled", _foreign_token_again, 0, 2,
        ("foreign_account_id", "foreign_api_token"), _GROUP,
    ),
)  # fmt: skip
"""The family's scenarios."""
