"""Sorts recorded exchanges into the timeline of each appointment, and into episodes.

An episode is used only where nothing else that was recorded can have come between; a short window keeps out what others
did unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.clauses.clause import Part
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import ACCEPTED, Exchange
from cancel_contract.run.scenarios.lists import LAG, holds_cancelled
from cancel_contract.tools.judge.credentials import RIGHT
from cancel_contract.tools.judge.episodes import Step, burst, in_order, lost_answer, refused
from cancel_contract.tools.judge.har_entry import UNDATED
from cancel_contract.tools.judge.recorded import Recorded

_DONE: Final = range(200, 300)
_ODD: Final = frozenset(
    {Intent.BODY, Intent.SHAPE, Intent.CHUNKED, Intent.BROKEN_BODY, Intent.LARGE_BODY, Intent.FOREIGN_BODY,
     Intent.OTHER_PATH, Intent.QUERY, Intent.ACCEPT, Intent.METHOD_OVERRIDE, Intent.BESIDE}
)  # fmt: skip
_MADE: Final = frozenset({Intent.CREATE, Intent.UPDATE, Intent.REVIVE})

_GRAIN: Final = timedelta(milliseconds=1)
"""The finest time of most recorders: of what began within one millisecond, nobody knows which came first."""


@dataclass(slots=True)
class Timeline:
    """One appointment through a recording; each step yields the episodes that it completes."""

    window: timedelta
    """The longest time between two exchanges that are taken to belong together."""
    view: Exchange | None = None
    """The last answer that shows the appointment, while nothing is known to have changed it since."""
    viewed_at: int = 0
    """How many cancels of the account had succeeded by then."""
    asked_at: int = 0
    """How many had been asked for by then."""
    moved: tuple[Exchange, Exchange] | None = None
    """Two views of it between which nothing was asked of the account that could change it."""
    _before: Exchange | None = None
    _beside: tuple[Episode, datetime] | None = None
    """What another cancel seems to have changed, and when that was seen: a cancel of its own may be recorded later."""
    _chain: list[Step] = field(default_factory=list)
    """The accepted cancels, with the reads between and after them."""
    _pending: list[Recorded] = field(default_factory=list)
    """Refusals since the last view."""
    _lost: bool = False
    _overlap: bool = False
    _open: bool = False
    """Whether it is unknown when the last cancel was answered: what follows may have been sent before."""
    _last: datetime = UNDATED
    _changed: datetime = UNDATED
    """When the last change by other means was surely over."""
    _sure: bool = True
    """Whether that change was seen twice: a copy that lags may answer the first read after it."""
    _done: bool = False
    """Whether a cancel of it was accepted since it was last changed by other means."""
    _caller: str = ""
    """Whom the answers since were given to: another member may be shown less."""

    def cancelled(self, one: Recorded) -> Iterator[Episode]:
        """Take a cancel, or a request that must not cancel."""
        exchange = one.exchange
        self._done = self._done or exchange.status == 200
        yield from self._blamed(exchange)
        if UNDATED < exchange.started < self._changed:
            self._race(exchange)
            return
        if not self._is_refusal(one):
            yield from self._by(one)
        yield from self._in_time(exchange, at_once=bool(self._chain))
        self._cancelled(one)
        self._open = Part.TIME in one.lacks
        if exchange.started == UNDATED:
            yield from self.apart()

    def _cancelled(self, one: Recorded) -> None:
        exchange = one.exchange
        if exchange.answer is None:
            self._lost, self._before, self.view = True, self._before or self.view, None
        elif self._is_refusal(one):
            self._pending.append(one)
        elif exchange.case.intent in _ODD and exchange.status != 200:
            # A refusal of a body or a spelling says nothing about a plain cancel before or after it.
            self.view = None
        else:
            if not self._chain:
                self._before = self._before or self.view
            self._chain.append((Role.AGAIN if self._cancels() else Role.CANCEL, exchange))
            self.view = None

    def _is_refusal(self, one: Recorded) -> bool:
        status, intent = one.exchange.status or 0, one.exchange.case.intent
        if intent is Intent.OTHER_METHOD:
            return True
        if one.topic != RIGHT or intent in {Intent.READONLY, Intent.RACED} or status in {401, 403, 404}:
            # A near-miss token that was accepted has cancelled all the same; its clause reports that.
            return True
        return status in {409, 422} and not self._is_cancelled()

    def _is_cancelled(self) -> bool:
        first = self._chain[0][1] if self._chain else None
        return (first is not None and first.status == 200) or ACTION.is_done(self.view and self.view.payload)

    def read(self, one: Recorded, cancels: int, asked: int) -> Iterator[Episode]:
        """Take an answer that shows the appointment.

        `cancels` counts those of the account that succeeded so far, `asked` all.
        """
        exchange = one.exchange
        yield from self._blamed()
        if UNDATED < exchange.started < self._changed:
            self._race(exchange)
            return
        yield from self._by(one)
        # What was under way beside something else may show what was before that.
        is_beside = UNDATED < exchange.started < self._last
        yield from self._in_time(exchange)
        view = _comparable(self.view, exchange)
        if view is not None and asked == self.asked_at:
            self.moved = view, exchange
        self.asked_at = asked
        pending, self._pending = self._pending, []
        yield from (refused(one, view, exchange) for one in pending)
        if self._chain:
            self._chain.append((Role.AFTER, exchange))
        elif view is not None and self._sure and not pending and cancels > self.viewed_at and not self._done:
            # What was cancelled itself may have been seen beside that.
            changed = Episode(Kind.NEIGHBOUR, ((Role.OTHER_BEFORE, view), (Role.OTHER_AFTER, exchange)))
            self._beside = changed, _end(exchange)
        self._sure = self._sure or self._shows_the_same(exchange)
        self.view, self.viewed_at = (None if exchange.started == UNDATED or is_beside else exchange), cancels

    def _blamed(self, cancel: Exchange | None = None) -> Iterator[Episode]:
        """Yield what another cancel seems to have changed, unless a cancel of its own had begun when that was seen."""
        beside, self._beside = self._beside, None
        if beside and not (cancel and cancel.status == 200 and UNDATED < cancel.started < beside[1]):
            yield beside[0]

    def _shows_the_same(self, read: Exchange) -> bool:
        # An answer to a change that shows few fields does not tell whether the read has that change.
        view, now = _comparable(self.view, read), read.payload or {}
        before = view.payload if view else None
        return before is not None and all(now[name] == value for name, value in before.items() if name in now)

    def changed(self, one: Recorded, cancels: int, asked: int) -> Iterator[Episode]:
        """Take a change by other means; its answer is a view, if it shows the appointment. Counts as in `read`."""
        exchange = one.exchange
        # What was only accepted may be done at any time.
        done = _end(exchange) + (self.window if exchange.status == ACCEPTED else timedelta())
        self._changed = max(self._changed, done)
        if UNDATED < exchange.started < self._last:
            self._race(exchange)
            return
        yield from self.apart()
        self._caller, self._last = one.caller, max(self._last, _end(exchange))
        timed = exchange.started != UNDATED and Part.TIME not in one.lacks
        shows = timed and exchange.status in _DONE and exchange.payload is not None
        self.view, self.viewed_at, self.asked_at = exchange if shows else None, cancels, asked
        self._sure, self._done = exchange.case.intent is Intent.CREATE, False

    def unanswered(self, started: datetime) -> Iterator[Episode]:
        """Take a request of which nobody knows what it did: what was under way beside it may have done anything."""
        if UNDATED < started < self._last:
            self._forget()
        else:
            yield from self.apart()

    def _race(self, exchange: Exchange) -> None:
        """Forget what came so far: of a cancel and another change at the same time, nobody knows which came first."""
        self._forget()
        self._last = max(self._last, _end(exchange))

    def _forget(self) -> None:
        self._chain, self._pending, self._before, self.view, self._beside = [], [], None, None, None
        self._lost = self._overlap = self._open = self._sure = False

    def listed(self, one: Recorded) -> Iterator[Episode]:
        """Take a list that contains the appointment."""
        if one.caller != self._caller:
            return
        exchange, cancels = one.exchange, self._cancels()
        near = exchange.started - self._last <= self.window
        # A 200 that shows nothing cancelled may be that of another system, to which the cancel was handed on.
        is_done = bool(cancels) and cancels[0].status == 200 and ACTION.is_done(cancels[0].payload)
        if not is_done or not near or exchange.started < _end(cancels[-1]):
            return
        # One that comes at once may be of a moment before.
        is_late = exchange.started - _end(cancels[-1]) >= timedelta(seconds=LAG)
        if is_late or holds_cancelled(cancels[0].case.appointment)(exchange):
            yield Episode(Kind.LATE, ((Role.CANCEL, cancels[0]), (Role.LISTED, exchange)))

    def apart(self) -> Iterator[Episode]:
        """Start again after something of which too little is known."""
        yield from self.closed()
        self.view, self._open = None, False

    def closed(self) -> Iterator[Episode]:
        """Yield the episodes that are complete, and forget them."""
        yield from self._blamed()
        yield from (refused(one, self.view, None) for one in self._pending)
        chain, lost, overlap = self._chain, self._lost, self._overlap
        before = _comparable(self._before, *(one for _, one in chain))
        self._chain, self._pending, self._before, self._lost, self._overlap = [], [], None, False, False
        if chain and overlap:
            yield from burst(chain, before)
        elif chain and lost:
            yield lost_answer(chain, before)
        elif chain:
            yield from in_order(chain, before)

    def _by(self, one: Recorded) -> Iterator[Episode]:
        """Start again with another caller; of what is still under way, nobody knows which came first."""
        if one.caller != self._caller and UNDATED < one.exchange.started < self._last:
            self._race(one.exchange)
        elif one.caller != self._caller:
            yield from self.apart()
        self._caller = one.caller

    def _cancels(self) -> list[Exchange]:
        return [exchange for role, exchange in self._chain if role is not Role.AFTER]

    def _in_time(self, exchange: Exchange, *, at_once: bool = False) -> Iterator[Episode]:
        """Start again if the recording goes back in time, leaps, or has two exchanges under way at the same time.

        Cancels may be under way at the same time: they are a burst.
        """
        if self._open or exchange.started == UNDATED:
            yield from self.apart()
        if exchange.started == UNDATED:
            return
        behind = exchange.started < self._last
        if behind and at_once and self._chain and exchange.started >= self._chain[0][1].started:
            self._overlap = True
        elif behind or exchange.started - self._last > self.window:
            yield from self.apart()
        self._last = max(self._last, _end(exchange))


def _end(exchange: Exchange) -> datetime:
    if exchange.started == UNDATED:
        return UNDATED
    took = timedelta(seconds=exchange.elapsed)
    try:
        return exchange.started + (took if exchange.started.microsecond % _GRAIN.microseconds else max(took, _GRAIN))
    except OverflowError:
        return exchange.started


def _comparable(view: Exchange | None, *others: Exchange) -> Exchange | None:
    """Return a view, unless it is the answer to a create or an update that has other fields than what follows it."""
    if view is None or view.case.intent not in _MADE:
        return view
    shown = [one.payload.keys() for one in others if one.payload is not None]
    return view if view.payload and all(names == view.payload.keys() for names in shown) else None
