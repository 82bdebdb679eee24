"""Says what of a wrong answer is stored: what the read after it shows of the same fields."""

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from cancel_contract.clauses.writers import IN_BOOKING, IN_UPDATE
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import PERMITTED
from cancel_contract.exchange.difference import Broken
from cancel_contract.exchange.episode import Evidence, Kind, Role
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.ledger.masked import masked, shortened

MOST_MEMBERS: Final = 3
_LONGEST_MEMBER: Final = 160
"""How many members of an answer are shown by themselves, and characters of each."""
_ALIKE: Final = {True: " (as answered)", False: " (not as answered)"}


def members_after(evidence: Evidence, shown: Exchange, broken: Broken, persons: AbstractSet[str]) -> tuple[str, ...]:
    """Return what the read after an answer shows in the fields in which that answer is wrong."""
    after = of_another(evidence, broken) or _read_after(evidence, shown)
    if after is None or after.payload is None or shown.payload is None:
        return ()
    names = dict.fromkeys(filter(None, (one.field for one in broken.differences)))
    there = [(name, after.payload[name]) for name in names if name in after.payload][:MOST_MEMBERS]
    told = ((name, masked(value, name, persons), same(name, value, shown.payload.get(name))) for name, value in there)
    places = tuple(one.where for one in broken.differences)
    # Of what is masked, the form says too little.
    if after.case.appointment != shown.case.appointment:
        of = f" of appointment {after.case.appointment}"
        return tuple(f"{member(name, value, places)}{of}" for name, value, _ in told)
    return tuple(f"{member(name, value, places)}{_ALIKE[alike] * _is_masked(value)}" for name, value, alike in told)


def of_another(evidence: Evidence, broken: Broken) -> Exchange | None:
    """Return the read of another appointment than the answer shows, if that is what was judged: one that a cancel has
    named beside its own, or that was booked at the same moment.
    """
    if isinstance(evidence, Exchange):
        return None
    is_booked = evidence.kind is Kind.RACE and str(broken.cause).startswith(f"{IN_BOOKING}, ")
    return evidence.one(Role.OTHER_AFTER) if is_booked or evidence.kind is Kind.PATH_WINS else None


def is_of_update(evidence: Evidence, broken: Broken) -> bool:
    """Whether what was judged is the answer to an update at the same moment as the cancel that is shown."""
    is_race = not isinstance(evidence, Exchange) and evidence.kind is Kind.RACE
    return is_race and str(broken.cause).startswith(f"{IN_UPDATE}, ")


def how_stored(evidence: Evidence, shown: Exchange, broken: Broken, before: Mapping[str, Any]) -> str:
    """Return whether the read after an answer shows the fields that are wrong in it alike, or as they were before."""
    after = _read_after(evidence, shown)
    names = {one.field for one in broken.differences}
    if after is None or "" in names or not broken.message.startswith("in the answer"):
        return ""
    answer, seen = shown.payload or {}, after.payload or {}
    known = names & seen.keys()
    if known and all(name in answer and same(name, seen[name], answer[name]) for name in known):
        return "; and so it is stored"
    if known and all(name in before and same(name, seen[name], before[name]) for name in known):
        return "; but it is stored as before"
    return ""


def what_was_done(evidence: Evidence, shown: Exchange, broken: Broken, before: Mapping[str, Any]) -> str:
    """Return what a cancel with a wrong status has done, as the read after it shows, or else its own answer."""
    if broken.cause.what != "status" or not shown.case.is_under_test or ACTION.is_done(before):
        return ""
    is_accepted = shown.status is not None and shown.status < FIRST_REFUSAL
    if not isinstance(evidence, Exchange):
        after = _next_read(evidence, shown)
        if before and after is not None and ACTION.is_done(after.payload):
            return "; and the appointment is cancelled" if is_accepted else "; and yet the appointment is cancelled"
    number = (shown.payload or {}).get("id")
    is_let_in = is_accepted and shown.case.intent not in PERMITTED and ACTION.is_done(shown.payload)
    return f"; its answer shows appointment {number} as cancelled" if is_let_in and type(number) is int else ""


def _next_read(evidence: Evidence, shown: Exchange) -> Exchange | None:
    """Return the first read of an episode after a request about the same appointment."""
    reads = [] if isinstance(evidence, Exchange) else evidence.all(Role.AFTER)
    return next((one for one in reads if one.number > shown.number and one.appointment == shown.appointment), None)


def _read_after(evidence: Evidence, shown: Exchange) -> Exchange | None:
    """Return the first read of an episode after an answer about the same appointment, where both show it."""
    after = _next_read(evidence, shown)
    return after if after and after.payload is not None and shown.payload is not None else None


def _is_masked(value: object) -> bool:
    return isinstance(value, str) and value.startswith("<")


def member(name: str, value: Any, places: Iterable[str] = ()) -> str:  # noqa: ANN401  JSON's boundary
    """Return a member of a payload as it is shown: `payload.payments: []`; of its rows, where one of some places is in
    each of them, that alone: `payload.payments.created_at: [...]`.
    """
    _, _, key = next((place for place in places if place.startswith(f"/{name}/*/")), "").rpartition("/")
    if key and isinstance(value, list) and value and all(isinstance(row, dict) and key in row for row in value):
        told = json.dumps([row[key] for row in value], ensure_ascii=False)
        return f"payload.{name}.{key}: {shortened(told, _LONGEST_MEMBER)}"
    is_long = isinstance(value, list) and len(value) > 1
    # What was added stands last.
    rows, told = (f"{len(value)} entries, the last ", value[-1]) if is_long else ("", value)
    return f"payload.{name}: {rows}{shortened(json.dumps(told, ensure_ascii=False), _LONGEST_MEMBER)}"
