"""Says which causes are probably one bug although other requests have shown them: what follows from what."""

from typing import Final

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.spoken import HELD
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.cause import Cause

_DEPTH: Final = 4
"""Parts of a pointer that say of whom something is told: its beginning, the payload, a member and a member of that."""


def _ids(*names: str) -> frozenset[str]:
    return frozenset(BY_ID[name].id for name in names)


_NEIGHBOUR: Final = _ids("effect/neighbour-untouched")
_TO_STAY: Final = _ids("access/refused-untouched", "access/feature-off", "input/path-wins", "effect/any-order")
"""Clauses about appointments that were not cancelled, and may have been changed by the cancel of another one."""
_UNREADABLE: Final = _ids("answer/id-echo", "answer/valid-json")
"""Clauses whose breach leaves nothing of an answer right: it is another appointment's, or no text."""
_FOLLOWS_ANOTHER: Final = _ids(
    "input/unknown-id",
    "input/boundary-id",
    "input/not-found",
    "input/path-access",
    "input/path-rights",
    "access/wrong-token",
    "access/no-token",
    "effect/new-booking",
    "effect/deleted-afterwards",
)
_PLACE: Final = _ids(
    "effect/status-cancelled", "effect/payment-status-cancelled", "effect/times-kept", "answer/end-after-start",
    "effect/new-booking", "effect/lasting", "answer/id-echo",
)  # fmt: skip
"""Clauses about what lists, calendars and bookings find an appointment by."""
_LISTS: Final = _ids(
    "effect/listed", "effect/listed-alike", "effect/lists-agree", "effect/filtered-list", "effect/calendar",
    "effect/deleted-afterwards",
)  # fmt: skip
"""Clauses about lists and calendars."""
_AGREE: Final = _ids("effect/lists-agree")
"""The one that compares them: which of the two is wrong it does not say."""
_SLOTS: Final = _ids("effect/slot-free", "repeat/second-life")
_STATES: Final = frozenset(ACTION.changes)
_DONE: Final = _ids("answer/status-200", "effect/status-cancelled", "input/body-ignored", "effect/new-booking")
"""Clauses that tell why an appointment has another status in the end, too."""
_IN_THE_END: Final = _ids("repeat/parallel-final-state", "effect/lasting", "effect/settled")
_MONEY: Final = frozenset({"service_amount", "prepaid_amount", "settlement_amount", "payments"})
_OF_MONEY: Final = _ids(
    "answer/money-adds-up", "effect/other-writer", "effect/slot-race", "repeat/two-members", "effect/settled"
)
"""Clauses that an amount breaks wherever it comes from."""
_AFTER_BOOKING: Final = _ids("effect/new-booking", "effect/lasting", "effect/settled", "repeat/key-again")
"""Clauses about what is left of an appointment once its slot is booked, or another one is deleted."""
_FOLLOW: Final = (
    (_UNREADABLE, _FOLLOWS_ANOTHER),
    (_PLACE | _LISTS - _AGREE, _LISTS),
    (_PLACE | _SLOTS, _SLOTS),
    (_AFTER_BOOKING, _AFTER_BOOKING | _LISTS | _OF_MONEY),
)
"""Clauses whose breach explains those of others, whatever the field."""
_ABSENT: Final = _ids("access/foreign-appointment", "input/not-found", "input/unknown-id", "effect/deleted-afterwards")
"""Clauses about the refusal of what is not there."""
_UNTOLD, _KEYS = _ids("input/unknown-id"), _ids("input/error-keys")
_OF_ACCOUNT: Final = _ids("answer/account-echo")
"""Of whose account an answer is: what a member of another one, once let in, is answered about it."""
_ASKED_FOR_MORE: Final = _ids("input/account-wins", "input/body-ignored", "input/query-ignored", "input/envelope-back")
"""Clauses of cancels that ask for more, one after another about one appointment: where one of them has given it to
another account, the others do not find it.
"""
_GONE: Final = "404"
_CONFLICT: Final = "409 "
"""How an answer begins that says what stands in the way."""
_SHAPES: Final = _OF_ACCOUNT | _ids("answer/documented-fields", "answer/types", "answer/enumerations", "answer/formats")
"""Clauses about a field as such, whatever a cancel makes of it."""

_FOREIGN, _VIEWER, _ANYBODY, _NOBODY = "foreign", "unprivileged", "any token", "no token"
_PLACES: Final = _ids(
    "access/no-token", "access/token-in-query", "access/token-as-bearer", "access/token-in-cookie",
    "access/token-in-other-header", "access/token-in-body", "input/path-access",
)  # fmt: skip
"""Clauses of whoever shows no token in its header."""
_FORMS: Final = _ids(
    "access/empty-token", "access/wrong-token", "access/token-prefix", "access/token-suffix", "access/token-case",
    "access/token-blank", "access/token-words", "access/token-patterns", "access/token-half", "access/two-tokens",
)  # fmt: skip
"""Clauses of whoever shows a token that nobody has."""
_PLAIN: Final = _ids("access/no-token", "access/wrong-token", "access/foreign-token", "access/unprivileged")
"""Clauses of whoever shows nothing besides: what lets them in needs no more."""
_LET_IN: Final = frozenset({"200"})


def are_one(one: Cause, other: Cause) -> bool:
    """Whether two causes are probably one bug."""
    if _about(one) & _about(other) or _leak_in_one_place(one.breach, other.breach) or _is_one_conflict(one, other):
        return True
    if one.breach.got == other.breach.got == "missing":
        return True
    return any(_follows(*pair) for pair in ((one, other), (other, one)))


def _is_one_conflict(one: Cause, other: Cause) -> bool:
    """Whether two cancels were refused in the same words for what others do."""
    return one.breach.answer == other.breach.answer and one.breach.answer.startswith(_CONFLICT)


def explains(one: Cause, other: Cause) -> bool:
    """Whether a cause is what another one follows from, and not the other way round."""
    is_plainer = bool(_PLAIN & frozenset(one.clauses)) and not _PLAIN & frozenset(other.clauses)
    return (is_plainer and _lets_in_alike(one, other)) or (_follows(one, other) and not _follows(other, one))


def _follows(first: Cause, other: Cause) -> bool:
    """Whether the second cause probably follows from the first."""
    leads, its = frozenset(first.clauses), frozenset(other.clauses)
    if any(leads & those and its <= follow for those, follow in _FOLLOW):
        return True
    fields, others = {*first.breach.fields} - {""}, {*other.breach.fields} - {""}
    is_of_field = bool(fields & others)
    return (
        bool(leads & _NEIGHBOUR and its & _TO_STAY and is_of_field)
        or bool(leads & _UNREADABLE and others)
        or bool(leads & _SHAPES and is_of_field)
        or bool(leads & _DONE and its <= _IN_THE_END and others and others <= _STATES)
        or bool(fields & _MONEY and its <= _OF_MONEY and (others & _MONEY or not others))
        or bool(leads & _ABSENT and its <= _ABSENT and first.breach.got == other.breach.got)
        or bool(leads & _UNTOLD and its <= _KEYS and first.breach.what != "status")
        or (_whose(first) == _FOREIGN and its <= _OF_ACCOUNT)
        or bool(leads & _OF_ACCOUNT and its & _ASKED_FOR_MORE and other.breach.got == _GONE)
        or _lets_in_alike(first, other)
    )


def _lets_in_alike(one: Cause, other: Cause) -> bool:
    """Whether both let somebody in, and whoever comes so, or as a member of another account, needs no right token."""
    if not {one.breach.got, other.breach.got} <= _LET_IN or not {one.breach.what, other.breach.what} <= {"status"}:
        return False
    whose, others = _whose(one), _whose(other)
    return whose != "" and (whose == others or {whose, others} == {_FOREIGN, _ANYBODY})


def _whose(cause: Cause) -> str:
    """Return who was let in; empty where it was nobody who may not cancel."""
    held = (name for name in (_FOREIGN, _VIEWER) if HELD[name].partition(" of ")[2] in cause.breach.message)
    clauses = frozenset(cause.clauses)
    is_nobodys = clauses & _PLACES or "without a token" in cause.breach.message
    return next(held, _ANYBODY if clauses & _FORMS else _NOBODY if is_nobodys else "")


def _leak_in_one_place(one: Breach, other: Breach) -> bool:
    """Whether something leaks in one member, or in a member and in what is in it."""
    here, there = (f"{'/'.join(breach.where.split('/')[:_DEPTH])}/" for breach in (one, other))
    return one.what == other.what == "leak" and (here.startswith(there) or there.startswith(here))


def _about(cause: Cause) -> frozenset[str]:
    """Return the fields that differ, but for those that a cancel changes."""
    if cause.breach.what == "leak":
        return frozenset()
    return frozenset(cause.breach.fields) - {"", "expense", *ACTION.changes}
