"""The record of one scenario as it was played: its exchanges, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import OK, Exchange


class Kind(StrEnum):
    """What was played."""

    FIRST_CANCEL = "first cancel"
    REPEAT = "repeated cancels"
    BURST = "parallel cancels of one appointment"
    SPREAD = "parallel cancels of several appointments"
    LOST = "cancel whose answer was lost"
    REFUSAL = "refused cancel"
    ALIKE = "refusals of something and of nothing"
    REFUSALS = "refusals of two appointments"
    BODY = "cancel with fields to assign"
    PATH_WINS = "cancel that names another appointment beside its path"
    METHOD = "other method"
    PATH = "other spelling of the path"
    CALLER = "cancel by another program"
    READONLY = "cancel of an imported appointment"
    SLOT = "slot of a cancelled appointment"
    NEIGHBOUR = "neighbour of cancelled appointments"
    MODEL = "steps in any order"
    GATEWAY = "a case that only a gateway answers"
    WHOLE = "all cancels of a run"
    SEEN = "all cancels of a run beside its lists and calendars"
    MADE = "all creates of a run"
    LATE = "later look at a cancelled appointment"
    SAME = "two cancels of one appointment, however far apart in a run"
    UNDO = "another request that could undo a cancel"
    LISTS = "lists and calendar after a cancel"
    DELETED = "cancelled appointment that is deleted"
    KEY = "create with the key of a cancelled appointment"
    SLOT_KEPT = "slot that another appointment has, after a second cancel of the one that had it before"
    SECOND_LIFE = "cancelled appointment that is revived and cancelled again"
    RACE = "cancel beside another writer"
    MEMBERS = "cancels by two members at once"


class Role(StrEnum):
    """The part that an exchange has in its episode."""

    BEFORE = "before"
    """A read (or the create's answer) that shows the appointment before."""
    CANCEL = "cancel"
    AGAIN = "again"
    """A repeated or parallel cancel."""
    AFTER = "after"
    OTHER_BEFORE = "other before"
    """Another appointment, before."""
    OTHER_AFTER = "other after"
    LISTED = "listed"
    CALENDAR = "calendar"
    REBOOK = "rebook"
    HOLDERS = "holders"
    """The list of who has a slot that could not be booked."""
    REVIVED = "revived"
    DELETED = "deleted"
    BESIDE = "beside"
    """What another writer sent together with the cancel."""


_CHANGES: Final = frozenset({Intent.UPDATE, Intent.REVIVE})


@dataclass(frozen=True, slots=True)
class Episode:
    """One scenario as it was played: exchanges with their roles, in order."""

    kind: Kind
    steps: tuple[tuple[Role, Exchange], ...]
    topic: str = ""
    """What distinguishes it from others of its kind: a credential, an earlier status."""
    expected: Mapping[str, Any] | None = None
    """The state that a model predicts for the appointment."""
    latest: Exchange | None = None
    """The last cancel before a read, where the steps have none: what it shows may be that one's doing."""
    changes: tuple[Exchange, ...] = ()
    """The updates of the appointment before the last step: what it shows may be about one of them."""

    def all(self, role: Role) -> tuple[Exchange, ...]:
        """The exchanges of a role, in order."""
        return tuple(exchange for named, exchange in self.steps if named is role)

    def one(self, role: Role) -> Exchange | None:
        """Return the first exchange of a role."""
        return next(iter(self.all(role)), None)

    def payload(self, role: Role) -> Mapping[str, Any] | None:
        """Return the appointment that the first exchange of a role shows."""
        exchange = self.one(role)
        return exchange.payload if exchange else None

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of the cancels that it is about."""
        return frozenset(exchange.case.key for role, exchange in self.steps if role in {Role.CANCEL, Role.AGAIN})


Evidence = Exchange | Episode


def episode_of(
    kind: Kind,
    steps: tuple[tuple[Role, Exchange], ...],
    topic: str,
    expected: Mapping[str, Any] | None,
    exchanges: Sequence[Exchange],
) -> Episode:
    """Return an episode with what went before it among all exchanges of a run."""
    # A topic says what the look comes after.
    is_late = kind is Kind.LATE and not topic and steps[-1][0] is Role.AFTER
    return Episode(
        kind, steps, topic, expected, latest_cancel(exchanges, steps), changes_before(exchanges, steps, is_late=is_late)
    )


def latest_cancel(exchanges: Sequence[Exchange], steps: Sequence[tuple[Role, Exchange]]) -> Exchange | None:
    """Return the last cancel that was accepted before the last of some steps, of the same appointment if there is one.

    Nothing where one of the steps is a cancel.
    """
    if not steps or any(role in {Role.CANCEL, Role.AGAIN} for role, _ in steps):
        return None
    seen = steps[-1][1]
    earlier = [one for one in exchanges if one.number < seen.number and one.case.is_under_test and one.status == OK]
    own = [one for one in earlier if one.case.appointment == seen.case.appointment]
    return next(reversed(own or earlier), None)


def changes_before(
    exchanges: Sequence[Exchange], steps: Sequence[tuple[Role, Exchange]], *, is_late: bool
) -> tuple[Exchange, ...]:
    """Return the updates of the appointments that some steps name, before the last of them.

    A look at the end may show what the deletion of another one has done, too.
    """
    named = {one.case.appointment for _, one in steps} - {None}
    last = max((one.number for _, one in steps), default=0)
    earlier = [one for one in exchanges if one.number < last]
    updates = (one for one in earlier if one.case.intent in _CHANGES and one.case.appointment in named)
    deletions = (one for one in earlier if one.case.intent is Intent.DELETE and is_late)
    return (*updates, *deletions)


def is_unread(evidence: Evidence) -> bool:
    """Whether an answer under test could not be read: how it was delivered is wrong, and what it says is not known."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [exchange for _, exchange in evidence.steps]
    return any(one.is_unread and one.case.is_under_test for one in exchanges)


def is_judgeable(evidence: Evidence) -> bool:
    """Whether the application itself gave every answer of a piece of evidence.

    A gateway's answer says nothing about the application; the one kind that is about gateways is judged nevertheless.
    """
    if isinstance(evidence, Exchange):
        return not evidence.is_of_gateway
    return evidence.kind is Kind.GATEWAY or not any(exchange.is_of_gateway for _, exchange in evidence.steps)
