"""Clauses repeat/...: the key of a cancelled appointment, its second life, and the history that repeats leave."""

from collections.abc import Iterator
from typing import Any, Final

from cancel_contract.clauses.clause import (
    APPOINTMENT,
    OPERATION,
    STATUS,
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.slots import MADE, is_free_again
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.attributes import FIELD as ATTRIBUTES
from cancel_contract.exchange.compare import Payload, documented_differences, field_differs, spelled
from cancel_contract.exchange.difference import broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE, FIRST_REFUSAL

_ENOUGH: Final = 2
"""Repeats from which on what grows with each of them is told from what grows with each read."""


def _key_again(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel, again = episode.one(Role.CANCEL), episode.one(Role.REBOOK)
    if episode.kind is not Kind.KEY or not cancel or cancel.status != 200 or again is None or again.status is None:
        return
    when = "when the create of a cancelled appointment is sent again with its key"
    if again.status >= FIRST_FAILURE:
        yield wrong_status(again, "200 or 409", f"{again.fact}, not 200 or 409, {when}")
    elif again.status >= FIRST_REFUSAL:
        yield None
    elif again.payload is not None:
        shown = again.payload
        if type(shown.get("id")) is not int:
            # An answer in a form of its own is told by the read.
            yield None
        elif shown["id"] != cancel.case.appointment:
            told = f"a second appointment is shown {when}"
            yield broken("list", "appointments of one key", "another one", "the cancelled one", told)
        else:
            told = f"status is {spelled(shown, 'status')}, not 'cancelled', {when}"
            # An answer of few fields is told by the read.
            is_right = ACTION.is_done(shown) or "status" not in shown
            yield None if is_right else field_differs(shown, "status", ACTION.done, told)
    after = episode.payload(Role.AFTER)
    if after is not None and after.get("status") != ACTION.done:
        told = f"read back, status is {spelled(after, 'status')}, not 'cancelled', {when}"
        yield field_differs(after, "status", ACTION.done, told)


def _slot_kept(episode: Episode, _: Terms) -> Iterator[Finding]:
    """What tells one slot for one from several for each is how a slot is booked that another appointment has, where
    nothing was cancelled.
    """
    before, third, other = episode.payload(Role.BEFORE), episode.one(Role.REBOOK), episode.one(Role.BESIDE)
    if episode.kind is not Kind.SLOT_KEPT or third is None or third.status is None:
        return
    if episode.all(Role.HOLDERS):
        yield NotApplicable(f"{third.fact} when the slot is booked again, since somebody else has it by then")
    elif third.status not in MADE or (before and (third.payload or {}).get("id") == before.get("id")):
        yield None
    elif other is not None and other.status in MADE:
        yield NotApplicable(f"{other.fact} when a slot is booked that another appointment has")
    elif other is not None and other.status is not None:
        whose = "that another appointment had got before the cancel was repeated"
        told = f"{third.fact}, not {other.status}, when the slot is booked {whose}"
        yield broken("slot", "booking of a taken slot", str(third.status), str(other.status), told)


def _second_life(episode: Episode, terms: Terms) -> Iterator[Finding]:
    revived, before = episode.one(Role.REVIVED), episode.payload(Role.BEFORE)
    if episode.kind is not Kind.SECOND_LIFE or revived is None or revived.answer is None or before is None:
        return
    if before.get("status") == ACTION.done:
        yield NotApplicable(f"{revived.fact} when a cancelled appointment is set to scheduled, and it stays cancelled")
        return
    cancel = episode.one(Role.CANCEL)
    if cancel and cancel.answer:
        told = f"{cancel.fact}, not 200, when a revived appointment is cancelled"
        yield None if cancel.status == 200 else wrong_status(cancel, "200", told)
    if cancel and cancel.status == 200:
        yield from _as_the_first_time(episode, before, terms)


def _as_the_first_time(episode: Episode, before: Payload, terms: Terms) -> Iterator[Finding]:
    for role, where in ((Role.CANCEL, "in the answer to"), (Role.AFTER, "read back after")):
        view = episode.payload(role)
        if view is not None:
            found = documented_differences(terms.fragment, view, ACTION.after(before))
            yield broken_by(found, f"{where} the cancel of a revived appointment, ")
    rebook = episode.one(Role.REBOOK)
    if rebook and rebook.answer:
        told = f"{rebook.fact}, not 201, when the slot of one that was revived and cancelled is booked"
        kept = is_free_again(episode, rebook)
        yield None if kept else broken("slot", "booking after a second life", str(rebook.status), "201", told)


def _history(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """Lists and counters in fields that no page documents; what grows by reads alone grows by less than the repeats."""
    reads = [read.payload for read in episode.all(Role.AFTER)]
    times = sum(again.answer is not None for again in episode.all(Role.AGAIN))
    if episode.kind is not Kind.REPEAT or times < _ENOUGH or len(reads) < 2:
        return
    early, late, answered = (_counters(view, terms) for view in (reads[0], reads[-1], episode.payload(Role.CANCEL)))
    still = [place for place in early if answered.get(place) == early[place]]
    grown = next((place for place in still if late.get(place, 0) - early[place] >= times), None)
    if grown:
        told = f"{grown} counts {late[grown]} after {times} repeated cancels, not {early[grown]} as before them"
        yield broken("field", f"/{grown.replace('.', '/')}", "grown with each repeat", "as before", told)
    elif still:
        yield None


def _counters(payload: Payload | None, terms: Terms) -> dict[str, int]:
    """Return the length of each list, and each whole number, below the fields that are not documented; not in those to
    which any program may write.
    """
    left_out = {*terms.fragment.documented_fields, ATTRIBUTES}
    return dict(_counted("", {name: value for name, value in (payload or {}).items() if name not in left_out}))


def _counted(place: str, value: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401  JSON's boundary
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _counted(f"{place}.{name}" if place else str(name), inner)
    elif isinstance(value, list):
        yield place, len(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield place, value


CLAUSES: Final = (
    Clause("repeat/key-again", Level.SHOULD, "policy", OPERATION,
           "A create with the key of a cancelled appointment gives that one, cancelled, or is refused", _key_again,
           evidence=STATUS),
    Clause("repeat/slot-kept", Level.MUST, "policy", OPERATION,
           "A second cancel of what had a slot before does not free it: another appointment has it by now", _slot_kept,
           evidence=STATUS),
    Clause("repeat/second-life", Level.MUST, "policy", APPOINTMENT,
           "An appointment that was revived is cancelled as the first time, its slot included", _second_life,
           evidence=STATUS),
    Clause("repeat/history", Level.SHOULD, "policy", APPOINTMENT,
           "Repeated cancels leave no rows and no counts in fields that are not documented", _history, evidence=STATUS),
)  # fmt: skip
"""The family's clauses of what comes afterwards."""
