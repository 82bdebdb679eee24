"""The model of stateful tests: a small pool of appointments, the steps, and the expected state after each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange, Trouble
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.probes import knows
from cancel_contract.supply.variations import FULL, PLAIN, Variation

POOL: Final[tuple[Variation, ...]] = (FULL, PLAIN)
"""The appointments of one play: one with payments, one without."""


class Step(StrEnum):
    """A step: what is done to one appointment of the pool."""

    CANCEL = "cancel"
    PARALLEL = "two cancels at once"
    ANONYMOUS = "cancel without a token"
    WRONG = "cancel with a wrong token"
    NEAR = "cancel with a token cut short"
    FOREIGN = "cancel with another account's token"
    UNPRIVILEGED = "cancel without the permission"
    READ = "read"


_CREDENTIALS: Final[Mapping[Step, Credential]] = {
    Step.ANONYMOUS: Credential(showing="none"),
    Step.WRONG: Credential(showing="wrong"),
    Step.NEAR: Credential(showing="prefix"),
    Step.FOREIGN: Credential(Holder.FOREIGN),
    Step.UNPRIVILEGED: Credential(Holder.UNPRIVILEGED),
}

REFUSALS: Final = tuple(_CREDENTIALS)
"""The steps by callers who may not cancel."""


@dataclass(slots=True)
class _Tracked:
    snapshot: Snapshot
    expected: Mapping[str, Any]
    done: tuple[str, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        return ACTION.is_done(self.expected)


class Model:
    """A pool of appointments, each with its expected state."""

    def __init__(self, context: Context, pool: Sequence[Variation] = POOL) -> None:
        self._context = context
        snapshots = [context.fresh(variation) for variation in pool]
        self._pool = [_Tracked(snapshot, snapshot.payload) for snapshot in snapshots]
        self._unseen: set[int] = set()
        """The places of cancelled ones of which a cancel was refused, and that were not looked at since."""
        self._seen: int | None = None
        """The place of the one that was looked at after the last step."""

    def step(self, step: Step, place: int) -> None:
        """Play one step on one appointment of the pool, then compare that one with the model."""
        place %= len(self._pool)
        tracked, is_refused = self._pool[place], step in _CREDENTIALS
        if place in self._unseen and not is_refused:
            self._look(place)
        if self._act(step, tracked):
            tracked.done = (*tracked.done, step.value)
            self._seen = None
            # Several refusals of one that is cancelled share a look.
            if is_refused and tracked.is_cancelled:
                self._unseen.add(place)
            else:
                self._look(place)

    def end(self) -> None:
        """Compare every appointment that was not looked at last: a step may have changed another one than its own."""
        for place in range(len(self._pool)):
            if place != self._seen:
                self._compare(self._pool[place])

    def _look(self, place: int) -> None:
        self._compare(self._pool[place])
        self._unseen.discard(place)
        self._seen = place

    def _act(self, step: Step, tracked: _Tracked) -> bool:
        if step is Step.READ:
            return True
        if step is Step.CANCEL:
            self._cancel(tracked)
            return True
        if step is Step.PARALLEL:
            self._parallel(tracked)
            return True
        credential = _CREDENTIALS[step]
        if not self._shows(credential.holder, tracked.snapshot.id):
            return False
        self._refused(tracked, credential)
        return True

    def _shows(self, holder: Holder, appointment: int) -> bool:
        """Whether a refusal of a holder's token proves anything: one of an unknown token does not."""
        return self._context.has(holder) and (holder is Holder.MEMBER or knows(self._context, holder, appointment))

    def _cancel(self, tracked: _Tracked) -> None:
        again = tracked.is_cancelled
        intent = Intent.REPEAT if again else Intent.FIRST
        answer = self._context.cancel(tracked.snapshot.id, "cancel", intent)
        self._foresee(tracked, answer)

    def _parallel(self, tracked: _Tracked) -> None:
        path = ACTION.path(self._context.target.account, tracked.snapshot.id)
        case = Case("parallel", Intent.REPEAT, path, appointment=tracked.snapshot.id)
        for answer in self._context.together([case, case]):
            self._foresee(tracked, answer)

    def _foresee(self, tracked: _Tracked, answer: Exchange) -> None:
        # If the answer was lost on the way, or is none of the contract's, only a read tells what was done.
        read = self._context.read(tracked.snapshot.id).payload if _is_unclear(answer) else None
        if answer.status == OK or ACTION.is_done(read):
            tracked.expected = ACTION.after(tracked.expected)

    def _refused(self, tracked: _Tracked, credential: Credential) -> None:
        path = ACTION.path(self._context.target.account, tracked.snapshot.id)
        case = Case(str(credential), Intent.REFUSED, path, credential=credential, appointment=tracked.snapshot.id)
        asked = self._context.send(case)
        self._context.submit(Kind.REFUSAL, (Role.CANCEL, asked), topic=str(credential))

    def _compare(self, tracked: _Tracked) -> None:
        after = self._context.read(tracked.snapshot.id)
        kind = Kind.FIRST_CANCEL if tracked.is_cancelled else Kind.MODEL
        self._context.rule_out_own_changes(kind, (Role.BEFORE, tracked.snapshot.seen), (Role.AFTER, after))
        topic = ", ".join(tracked.done) or "steps on another appointment"
        self._context.submit(Kind.MODEL, (Role.AFTER, after), topic=topic, expected=tracked.expected)


def _is_unclear(answer: Exchange) -> bool:
    """Whether an answer leaves open if the cancel was done: it did not come, or is neither 200 nor a refusal."""
    if answer.status is None:
        return answer.trouble is not Trouble.UNREACHABLE
    return answer.status != OK and not answer.is_refused
