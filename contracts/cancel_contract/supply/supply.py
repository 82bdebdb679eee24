"""Supplies appointments to cancel: creates them, takes those that were handed over, and cleans up."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import Any, Final

from cancel_contract.errors import NoRoom, Unprepared
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.credential import MEMBER, Credential
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.guard.connection import Connection
from cancel_contract.supply.changes import clear_all, for_the_same, revive
from cancel_contract.supply.creates import Creates
from cancel_contract.supply.creation_errors import (
    all_taken,
    code_of,
    is_of_the_shape,
    is_of_the_slot,
    may_be_of_a_firewall,
    not_rebooked,
    status_and_code,
    text_of,
    unmade,
)
from cancel_contract.supply.learned import Learned
from cancel_contract.supply.provided import Provided
from cancel_contract.supply.rebookable import slot_to_book
from cancel_contract.supply.requests import UNPAID, Asked, revival
from cancel_contract.supply.slots import Slots, start_of
from cancel_contract.supply.variations import PLAIN, Variation
from cancel_contract.supply.verification import PAUSES, Sought

MOST_SLOTS_TRIED: Final = 12
"""How many slots are tried for one appointment before it is given up (policy)."""
MOST_GIVEN_UP: Final = 3
"""How many appointments in a row are given up before no more slots are tried (policy)."""
_FORBIDDEN: Final = frozenset({401, 403})


class Supply:
    """Creates appointments one at a time, or takes those from the settings; safe for threads."""

    def __init__(self, connection: Connection, learned: Learned, given: Iterator[int] | None = None) -> None:
        """Begin with what is `learned` and made so far; `given` are the appointments to take where none is made, all by
        default.
        """
        target, settings = connection.target, connection.target.settings
        self._send, self._target = connection.send, target
        self.learned = learned
        self._fallbacks, self._hopeless = self.learned.fallbacks, self.learned.hopeless
        self._verification, self._slots, self._kept = learned.verification, learned.slots, learned.kept
        self._budget, self.left_out = connection.budget, self.learned.left_out
        """Appointment variations that the target refuses, with its answer."""
        self._given = Provided(settings, given, lambda number: Snapshot(number, self.read(number)), self.revived)
        self._tracking = self.learned.made.tracking
        self._creates = Creates(connection, self._verification, self.learned.made)
        self._given_up, self._last_refusal = 0, ""
        self._lock, self._creating = RLock(), connection.creating

    def fresh(self, variation: Variation = PLAIN, start: datetime | None = None) -> Snapshot:
        """Return an active appointment, at `start` if that is free. Raises Unprepared if there is none."""
        with self._creating, self._lock:
            made = self._make(variation, self._slots, start) if self._slots else self._given.next()
        return self.as_read(made) if self._slots else made

    def as_read(self, made: Snapshot) -> Snapshot:
        """Return a new appointment as a read shows it, where the answer that showed it has other fields, or the target
        is known to change new ones by itself, or to show them late. Raises Unprepared if no read shows it.
        """
        wait, views = max(self.learned.settling.seconds, self._verification.lag), self._verification.views
        if not wait and views.is_like_a_read(made.seen):
            return made
        for pause in (wait, *PAUSES):
            self._budget.sleep(pause)
            if (read := self.read(made.id)).payload is not None:
                views.compare(made.seen, read)
                return Snapshot(made.id, read)
        raise Unprepared(f"appointment {made.id} was created, and {read.fact} when it is read")

    def place_kept(self, snapshot: Snapshot) -> AbstractContextManager[None]:
        """Let no other lane create anything on the day of an appointment: what its cancel frees is for the next one."""
        return self._kept.keep(start_of(snapshot.payload))

    def sole_creator(self) -> AbstractContextManager[object]:
        """Let no other lane create anything: what is made may have the id of what was deleted."""
        return self._creating

    def rebook(self, snapshot: Snapshot, *, phone: bool = True) -> Exchange:
        """Create another appointment in the slot of a cancelled one; without a `phone` nobody knows for whom.

        Raises Unprepared if appointments are handed over and none may be created, because nothing is known of the slot.
        """
        with self._creating, self._lock:
            self._kept.wait_for(start := slot_to_book(snapshot, self._target.settings))
            wanted = self._fallbacks.of(for_the_same(snapshot, phone=phone))
            asked = self._creates.send(wanted, start, "effect/rebook")
            self._creates.took(asked)
            if self._slots is None and asked.exchange.status in {*_FORBIDDEN, 404, 405, 501}:
                raise not_rebooked(snapshot, asked.exchange)
            return asked.exchange

    def refuses(self, variation: Variation) -> bool:
        """Whether the target is known to take no appointment that is like a variation."""
        return self._fallbacks.of(variation) in self._hopeless

    def asked_for(self, appointment: int | None) -> Asked | None:
        """The create of an appointment that this run has created; nothing for others."""
        return self._creates.made.get(appointment) if appointment is not None else None

    def made_by(self, create: Exchange) -> int | None:
        """The appointment that a create of this run has made, whatever its answer shows."""
        return next((number for number, asked in tuple(self._creates.made.items()) if asked.exchange is create), None)

    def create_again(self, appointment: int) -> Exchange:
        """Send the create of an appointment once more, with the same key and all; what else it makes is owned."""
        with self._creating, self._lock:
            first = self._creates.made[appointment]
            self._budget.appointment()
            exchange = self._send(replace(first.case, key="supply/create again"))
            if exchange.status == OK and (shown := exchange.payload or {}).get("id") == appointment:
                self._tracking.shown(appointment, shown)
                self._budget.not_made()
            else:
                self._creates.took(replace(first, exchange=exchange, lost=False))
            return exchange

    def rebooking(self, snapshot: Snapshot) -> tuple[Case, Sought]:
        """Return the case of another appointment in a slot, to be sent beside something else; `took` ends it."""
        with self._lock:
            same = self._fallbacks.of(for_the_same(snapshot))
            return self._creates.prepared(same, slot_to_book(snapshot, self._target.settings), "effect/rebook")

    def took(self, sought: Sought, exchange: Exchange) -> Snapshot | None:
        """Own what a create that was sent beside something else has created, if anything."""
        with self._lock:
            return self._creates.took(Asked(PLAIN, exchange.case, sought, exchange, lost=False))

    def calendar(self, *snapshots: Snapshot) -> Exchange | None:
        """Ask the calendar for the days of appointments; nothing if appointments are not created with a calendar."""
        return self._slots.near(*(one.payload for one in snapshots)) if self._slots else None

    def read(
        self, appointment: int, credential: Credential = MEMBER, account: int | None = None, *, key: str = "read"
    ) -> Exchange:
        """Read an appointment; for one of the run's own, the read counts more than the answer to its cancel."""
        path = appointment_path(account or self._target.account, appointment)
        case = Case(key, Intent.READ, path, "GET", credential, appointment=appointment, repeatable=True)
        exchange = self._send(case)
        if exchange.is_refused and exchange.status not in _FORBIDDEN | {404, 410}:
            # Of a route that went astray nothing follows.
            exchange = self._send(case)
        self._tracking.read(appointment, exchange)
        return exchange

    def changed(self, change: Exchange) -> None:
        """Note a change of an appointment: an update may have revived it, and what was deleted may not be there."""
        self._tracking.changed(change)
        self._creates.follow(change)

    @property
    def unmade(self) -> tuple[Sought, ...]:
        """What was asked for and, as far as anybody knows, not made."""
        return self._creates.unmade

    def listed(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note what a list shows at the end: what a create has made that was refused is owned, and cleaned up."""
        self._creates.listed(rows)

    def cancelled(self, appointment: int) -> None:
        """Note that an appointment was seen cancelled, so that it needs no clean-up."""
        self._tracking.cancelled(appointment)

    @property
    def active(self) -> tuple[int, ...]:
        """The appointments that were created and not yet seen cancelled."""
        return self._tracking.active

    @property
    def unsure(self) -> tuple[str, ...]:
        """The markers of appointments that may have been created: the answers to their creates do not tell."""
        with self._lock:
            return self._creates.unsure

    def clean(self) -> tuple[int, ...]:
        """Cancel every appointment that is still active; returns those that could not be cancelled."""
        with self._budget.cleaning():
            self._creates.settle()
            clear_all(self._target.account, self._send, self.read, self._tracking, self._budget)
        return self.active

    def _make(self, variation: Variation, slots: Slots, sought: datetime | None) -> Snapshot:
        wanted = self._fallbacks.of(variation)
        if wanted in self._hopeless:
            raise Unprepared(f"the target refuses appointments such as {wanted}: {self.left_out[str(wanted)]}")
        if isinstance(made := self._booked_anyhow(wanted, slots, sought), Snapshot):
            return made
        if not is_of_the_shape(made):
            self._learn_whether_others_are_taken(wanted, made, slots)
        if self._is_of_the_content(made):
            # This variation is refused, others may not be.
            self.left_out[str(wanted)] = f"{made.status}{code_of(made)}"
            if snapshot := self._fitted(wanted, made, slots):
                return snapshot
            self._hopeless.add(wanted)
        raise unmade(made, wanted.fields(self._target.settings), self._verification.hidden)

    def _learn_whether_others_are_taken(self, refused: Variation, refusal: Exchange, slots: Slots) -> None:
        """Create the plainest appointment where none was made yet and a firewall may have refused another one."""
        plain = self._fallbacks.of(PLAIN)
        if may_be_of_a_firewall(refusal) and not self._fallbacks.has_taken and plain != refused:
            with suppress(Unprepared):
                self._booked(plain, slots)

    def _is_of_the_content(self, refusal: Exchange) -> bool:
        return is_of_the_shape(refusal) or (self._fallbacks.has_taken and may_be_of_a_firewall(refusal))

    def _fitted(
        self, refused: Variation, refusal: Exchange, slots: Slots, known: frozenset[str] = frozenset()
    ) -> Snapshot | None:
        """Create the closest variation that the target accepts, if any; refusals of `known` parts got no further."""
        answer = text_of(refusal)
        known |= (named := self._fallbacks.speaks_of(answer))
        for other in self._fallbacks.others(refused, answer, slots.minutes):
            try:
                made = self._booked(other, slots)
            except NoRoom:
                continue  # A shorter one may fit.
            if isinstance(made, Snapshot):
                self._fallbacks.learn(refused, other)
                return made
            if not self._is_of_the_content(made):
                return None
            left = self._fallbacks.speaks_of(text_of(made))
            is_nearer = left - known or set() < left < named  # It speaks of something else, or of less.
            if is_nearer and (snapshot := self._fitted(other, made, slots, known)):
                self._fallbacks.learn(refused, other)
                return snapshot
        return None

    def _booked_anyhow(self, variation: Variation, slots: Slots, sought: datetime | None) -> Snapshot | Exchange:
        """Create an appointment, a shorter one if no slot is long enough."""
        try:
            return self._booked(variation, slots, sought)
        except NoRoom:
            for shorter in self._fallbacks.shorter(variation, slots.minutes):
                with suppress(NoRoom):
                    made = self._booked(shorter, slots)
                    if not self._fallbacks.took(variation):
                        self.left_out[str(variation)] = f"no room for {variation.room} minutes; {shorter.room} instead"
                    self._fallbacks.learn(variation, shorter)
                    return made
            raise

    def _booked(self, variation: Variation, slots: Slots, sought: datetime | None = None) -> Snapshot | Exchange:
        """Create an appointment in the first free slot, or where it is sought; returns the answer if it is refused."""
        if self._given_up >= MOST_GIVEN_UP:
            raise all_taken(MOST_SLOTS_TRIED * MOST_GIVEN_UP, self._last_refusal)
        alike = 0
        for times in range(1, MOST_SLOTS_TRIED + 1):
            now, is_first = datetime.now(self._target.settings.zone), times == 1
            near = slots.by_now(variation.begins, now, variation.room) if is_first else None
            start = near or slots.take(variation.room, sought if is_first else None, self._kept.kept, variation.behind)
            self._kept.wait_for(start)
            asked = self._creates.send(variation, start + variation.shift, f"supply/{variation}")
            if snapshot := self._creates.took(asked):
                self._fallbacks.takes(variation)
                if not near:
                    slots.took(start)
                self._given_up = 0
                return snapshot
            refusal = status_and_code(asked.exchange)
            alike = alike + 1 if refusal == self._last_refusal and not is_first else 0
            accepted, others = self._fallbacks.took(variation), self._fallbacks.has_taken
            known = {"accepted": accepted, "others": others, "is_shifted": bool(variation.shift)}
            if not is_of_the_slot(asked.exchange, alike=alike, **known):
                return asked.exchange
            self._last_refusal = refusal
            if self._fallbacks.has_another_length(variation, slots.minutes, alike):
                raise all_taken(times, refusal)
            if not near:
                slots.refused(start, times)
        self._given_up += 1
        raise all_taken(MOST_SLOTS_TRIED, self._last_refusal)

    def revived(self, snapshot: Snapshot) -> Snapshot:
        """Return a cancelled appointment as scheduled again, if the target allows that (sibling)."""
        return Snapshot(snapshot.id, self.revive(snapshot.id)[1])

    def revive(self, appointment: int, payment_status: str = UNPAID) -> tuple[Exchange, Exchange]:
        """Ask for a cancelled appointment to be scheduled again; returns the answer, and a read after it."""
        self._tracking.revived(appointment)  # From here on it may be active, whatever is answered.
        case = revival(self._target.account, appointment, payment_status)
        changed, seen = revive(case, self._send, self.read, self._tracking)
        self._creates.follow(changed, seen)
        return changed, seen
