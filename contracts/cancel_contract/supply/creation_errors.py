"""Explains why appointments cannot be created, and what to do about it."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from cancel_contract.clauses.error_bodies import says_why
from cancel_contract.errors import NoRoom, Unprepared
from cancel_contract.exchange.described import made_with
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.redaction.personal_data import discreet
from cancel_contract.target.settings import remedy, variable

_REMEDIES: Final = {
    401: f"{variable('api_token')} is not taken here; {remedy('api_token')}",
    403: f"the member may not make appointments; name one who may, or set {variable('appointment_ids')}",
}
_ANY_REMEDY: Final = f"see what the target's log says, or set {variable('appointment_ids')}"


_UNPROCESSABLE: Final = 422
INVALID: Final = frozenset({400, _UNPROCESSABLE})
"""Statuses by which frameworks refuse a value."""
CONFLICT: Final = 409
"""What a taken slot is answered with, and other rules that an appointment meets (observed)."""
LOCKED: Final = 423
"""What some servers answer while somebody else books."""
OF_THE_PLACE: Final = frozenset(
    {"OUTSIDE_WORKING_HOURS", "BLOCKED_BY_BREAK", "BLOCKED_BY_HOLIDAY", "BLOCKED_BY_VACATION"}
)
"""Codes of a create in a slot that nobody can have, whoever had it before (sibling)."""
_OF_FIREWALLS: Final = frozenset({400, 403, 405, 406, 418})
"""Statuses that a firewall before the target answers to a text that it rejects; two vendors have taken 405 and 418."""
_TOO_LARGE: Final = 413
"""What a server before the target answers to a body that is longer than it lets through."""
_OF_A_START: Final = re.compile(
    r"\bstarts?[_ ]?at|\bstart[_ ](time|date)|working|hours|slot|weekend|holiday|\btoo[_ ](far|soon|early|late)"
    r"|\b(past|future|advance|window|horizon)\b|рабоч|слот|занят|выходн"
)
"""Words by which a refusal speaks of when an appointment begins."""
_BUSY: Final = "busy"
_OF_CONTENT: Final = re.compile(r"contact|client|patient|phone|external_?ref|idempotency|клиент|пациент|телефон")
"""Words by which a conflict speaks of what the create names, such as a contact who may have one visit at a time."""
_BY_CHANCE: Final = 5
"""Slots in a row that others may have taken just now, where a conflict does not say what it is about (policy)."""
_OF_THE_REST: Final = re.compile(r"duration|status|complet|no_show|missed|birth|рожд")
"""Words by which it speaks of something else, which may be wrong for a time to come alone: a visit that is over."""


def is_of_the_slot(
    refusal: Exchange, *, accepted: bool, others: bool = False, alike: int = 0, is_shifted: bool = False
) -> bool:
    """Whether a create was refused for its time; `accepted` says whether the same was accepted at another time,
    `others` whether any other was, `alike` in how many slots before the same was refused alike, and `is_shifted`
    whether it begins off the grid of slots, which alone may be refused.
    """
    if refusal.status == LOCKED:
        return True
    if refusal.status == CONFLICT:
        # Once, it may be another client who was faster.
        is_of_content = (alike and _speaks_of_content(refusal)) or (others and alike >= _BY_CHANCE)
        return _speaks_of_a_start(refusal) or not is_of_content
    if refusal.status not in INVALID or refusal.answer is None:
        return False
    told = text_of(refusal).lower()
    if not accepted and (is_shifted or _is_spelled_otherwise(refusal)):
        return False
    return accepted or bool(_tells_of_a_start(told) and not _OF_THE_REST.search(told))


def _is_spelled_otherwise(refusal: Exchange) -> bool:
    """Whether a create has spelled its start with an offset or a fraction, which alone may be refused."""
    sent, _ = parse_json(refusal.case.body or b"")
    return isinstance(sent, dict) and any(made_with({"starts_at": sent.get("starts_at")}))


def is_of_the_shape(refusal: Exchange) -> bool:
    """Whether a create was refused for its content, by what the answer says."""
    says = refusal.status in INVALID and refusal.answer is not None and says_why(refusal.answer)
    is_of_no_slot = refusal.status == CONFLICT and not _speaks_of_a_start(refusal)
    return says or refusal.status in {_UNPROCESSABLE, _TOO_LARGE} or is_of_no_slot


def may_be_of_a_firewall(refusal: Exchange) -> bool:
    """Whether a firewall may have refused a create for a text; others of a caller who may make some are accepted."""
    return refusal.status in _OF_FIREWALLS


def _speaks_of_a_start(conflict: Exchange) -> bool:
    return _tells_of_a_start(_subject(conflict))


def _tells_of_a_start(text: str) -> bool:
    # A client may be busy as well.
    is_busy = _BUSY in text and not _OF_CONTENT.search(text)
    return is_busy or _OF_A_START.search(text) is not None


def _speaks_of_content(conflict: Exchange) -> bool:
    return _OF_CONTENT.search(_subject(conflict)) is not None


def _subject(conflict: Exchange) -> str:
    """Return what a conflict is about: its code or, if it has none, its text."""
    return (code_of(conflict) or text_of(conflict)).lower()


def text_of(refusal: Exchange) -> str:
    """Return the body of a refusal; empty if there is none."""
    return refusal.answer.body.decode(errors="replace") if refusal.answer else ""


def status_and_code(refusal: Exchange) -> str:
    """Return the status of a refusal, and its code if it has one."""
    return f"{refusal.fact}{code_of(refusal)}"


def code_of(exchange: Exchange) -> str:
    """Return the error code of an answer after a blank; empty if it has none."""
    body = exchange.answer.json if exchange.answer else None
    return f" {discreet(str(body['code']))}" if isinstance(body, dict) and "code" in body else ""


def unmade(exchange: Exchange, asked: Collection[str], hidden: str = "") -> Unprepared:
    """Return the error that says why no appointment can be created; `asked` are the optional fields of the create, and
    `hidden` is how a read of what it should have made was answered, where that shows nothing.
    """
    if hidden and not exchange.is_refused:
        return Unprepared(
            f"no appointment can be used: a create was answered {exchange.status}, and reads do not show what it has "
            f"made ({hidden}); see what the target's log says"
        )
    advice = _on_status(exchange.status or 0, asked)
    return Unprepared(f"no appointment can be made: {status_and_code(exchange)}; {advice}")


def _on_status(status: int, asked: Collection[str]) -> str:
    if status == 404:
        given = [name for name in ("service_id", "contact_id") if name in asked]
        *others, last = map(variable, ("account_id", "resource_id", *given))
        return f"see that {', '.join(others)} and {last} are of this target and belong together"
    return _REMEDIES.get(status, _ANY_REMEDY)


def all_taken(number: int, last: str) -> NoRoom:
    """Return the error that says that every slot tried was refused, the last one by such an answer."""
    remedies = f"set {variable('resource_id')} to one with free working hours, or see what the target's log says"
    return NoRoom(f"{number} slots in a row were refused ({last}): {remedies}")


def none_left(named: int, passed_over: Sequence[str]) -> Unprepared:
    """Return the error that says that no provided appointment can be used any more."""
    is_useless = len(passed_over) == named
    reasons = f" ({'; '.join(passed_over)})" if passed_over else ""
    those, are = ("the one appointment", "is") if named == 1 else (f"the {named} appointments", "are")
    fact = f"cannot be used{reasons}: name others" if is_useless else f"{are} used up{reasons}: name more"
    return Unprepared(f"{those} of {variable('appointment_ids')} {fact}")


def of_no_use(snapshot: Snapshot) -> str:
    """Return why an appointment that the settings name cannot be cancelled."""
    if snapshot.is_imported:
        return "it was imported and cannot be cancelled"
    if snapshot.not_undone:
        return snapshot.not_undone
    return "it stays cancelled" if snapshot.payload else snapshot.seen.fact


def not_rebooked(snapshot: Snapshot, refusal: Exchange) -> Unprepared:
    """Return the error that says that the slot of an appointment may not be booked."""
    return Unprepared(
        f"the slot of appointment {snapshot.id} may not be booked again ({refusal.fact}): "
        f"set {variable('api_token')} to the token of a member who may make appointments"
    )
