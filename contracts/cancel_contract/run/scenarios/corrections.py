"""Corrects an appointment before its first cancel: it is moved, and its client's name, price and deposit change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cancel_contract.clauses.writers import was_refused
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import ACCEPTED, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import instant, utc
from cancel_contract.run.context import Context
from cancel_contract.supply.creation_errors import INVALID
from cancel_contract.supply.requests import updating
from cancel_contract.supply.variations import MOVE, PLAIN, VISITS
from cancel_contract.supply.verification import PAUSES

_IDENTIFIER: Final = "TEST 8K"
_BIRTH_DATE: Final = "1990-01-01"
_MORE: Final = 11
"""By how much price and deposit are raised: what was paid in full stays paid in full."""


def corrected(context: Context, snapshot: Snapshot) -> Snapshot:
    """Change it in one request, if the run has created it; returns it as it was read after that.

    It is moved where its room was asked for and the calendar has shown that a slot begins there. A target that refuses
    this leaves it as it was made. If no read shows a change that was answered, it may come at any time: then another
    appointment is returned, as it was made.
    """
    fields = _fields(context, snapshot)
    if not fields:
        return _read(context, snapshot)
    every = {**fields, **_described(snapshot.payload)}
    change = context.send(updating(context.target.account, snapshot.id, "correct", every))
    if change.status in INVALID and every != fields:
        # One that may not change closes the door to all.
        change = context.send(updating(context.target.account, snapshot.id, "correct less", fields))
    else:
        fields = every
    seen = _read(context, snapshot)
    for pause in PAUSES:
        if was_refused(change) or _shows(seen, change, fields):
            return seen
        context.wait(pause)
        seen = _read(context, snapshot)
    if _shows(seen, change, fields):
        return seen
    made = context.supply.asked_for(snapshot.id)
    return _read(context, context.fresh(replace(made.variation if made else PLAIN, is_moved=False)))


def _read(context: Context, snapshot: Snapshot) -> Snapshot:
    return Snapshot(snapshot.id, context.read(snapshot.id))


def _shows(seen: Snapshot, change: Exchange, fields: Mapping[str, Any]) -> bool:
    """Whether a read shows what the answer to a change shows, or else what was sent."""
    answered = change.payload if change.payload and change.status != ACCEPTED else {}
    wanted = {name: answered.get(name, value) for name, value in fields.items()}
    return all(same(name, seen.payload.get(name), value) for name, value in wanted.items())


def _fields(context: Context, snapshot: Snapshot) -> dict[str, Any]:
    made, slots = context.supply.asked_for(snapshot.id), context.supply.learned.slots
    if made is None:
        return {}
    times = _later(snapshot.payload) if made.variation.is_moved else {}
    is_shown = bool(times and slots and slots.was_offered(times["starts_at"]))
    moved = {name: utc(moment) for name, moment in times.items()} if is_shown else {}
    return {**moved, **_renamed(snapshot.payload), **dearer(snapshot.payload)}


def dearer(payload: Mapping[str, Any], names: Sequence[str] = ("service_amount", "prepaid_amount")) -> dict[str, int]:
    """Return a higher price and deposit of an appointment with a deposit, or others of its amounts; nothing if it lacks
    one of them.
    """
    amounts = {name: payload.get(name) for name in names}
    received = {name: amount + _MORE for name, amount in amounts.items() if isinstance(amount, int) and amount > 0}
    return received if len(received) == len(amounts) else {}


def _later(payload: Mapping[str, Any]) -> dict[str, datetime]:
    times = {name: instant(payload.get(name)) for name in ("starts_at", "ends_at")}
    later = {name: moment + timedelta(minutes=MOVE) for name, moment in times.items() if moment}
    return later if len(later) == len(times) else {}


def rewritten(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what else is told of a client and of a visit, otherwise than an appointment has it; of what it lacks
    nothing.
    """
    born = {"client_birth_date": _BIRTH_DATE} if isinstance(payload.get("client_birth_date"), str) else {}
    return {**_described(payload), **born}


def _described(payload: Mapping[str, Any]) -> dict[str, str]:
    """What else is told of a client and of a visit, otherwise than it is."""
    known = {"client_identifier": _IDENTIFIER} if isinstance(payload.get("client_identifier"), str) else {}
    comment, visit = payload.get("client_comment"), payload.get("appointment_type")
    corrected = {"client_comment": f"{comment}, corrected"} if isinstance(comment, str) else {}
    other = {"appointment_type": next(one for one in VISITS if one != visit)} if visit in VISITS else {}
    return {**known, **corrected, **other}


def _renamed(payload: Mapping[str, Any]) -> dict[str, str]:
    name = payload.get("client_name")
    return {"client_name": f"{name}er"} if isinstance(name, str) else {}
