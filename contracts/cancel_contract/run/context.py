"""What a scenario may do: take appointments, send cases, and hand in episodes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import PERMITTED, Case, Intent
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Evidence, Kind, Role, episode_of
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.exchange.snapshot import Snapshot, shows_cancelled
from cancel_contract.guard.connection import Connection
from cancel_contract.ledger.deferred import DeferredTimeouts
from cancel_contract.ledger.ledger import Judgement, Ledger
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.run import own_changes
from cancel_contract.run.burst import Sent, at_once, side_by_side
from cancel_contract.run.bystander import stand_by
from cancel_contract.supply.supply import Supply
from cancel_contract.supply.variations import OF_CONTACT, PLAIN, Variation
from cancel_contract.supply.verification import Sought


class Context:
    """What surrounds a scenario: target, appointments, sender, ledger."""

    def __init__(self, connection: Connection, supply: Supply, ledger: Ledger, statistics: Statistics) -> None:
        self.target, self.sender, self.ownership = connection.target, connection.sender, connection.ownership
        self.request_ids, self.exchanges = connection.request_ids, connection.exchanges
        self.supply, self.made, self.ledger = supply, supply.learned.made, ledger
        self.deferred = DeferredTimeouts()
        """Timeouts, until the target answers again."""
        self.judged = Judgement()
        """What the scenario has exercised and broken so far."""
        self._connection, self._statistics = connection, statistics
        self._judged_up_to = 0
        self.scenario = ""
        """The name of the scenario that is being played."""
        self._answered: set[str] = set()
        self.other: Snapshot | None = None
        """The other account's appointment, as its own member last saw it."""
        self._victim: Snapshot | None = None
        self._cancelled: int | None = None
        self._only: frozenset[str] | None = None
        self.is_asking_again = False
        """Whether what broke a clause is sent once more: what only several at once do is told from the rest so."""
        self.offered: set[str] = set()
        """The keys of the cases that stand side by side in the scenario, sent or not."""

    # Appointments

    def fresh(self, variation: Variation = PLAIN, follows: Snapshot | None = None) -> Snapshot:
        """An appointment that is not cancelled; where there is room, it begins as the one that it `follows` ends."""
        with self._recording():
            return self.supply.fresh(variation, follows.end if follows else None)

    def as_read(self, made: Snapshot) -> Snapshot:
        """Return a new appointment as a read shows it, where that may differ; raises what `Supply.as_read` raises."""
        with self._recording():
            return self.supply.as_read(made)

    def rebook(self, snapshot: Snapshot, *, phone: bool = True) -> Exchange:
        """Create another appointment in the slot of a cancelled one; raises what `Supply.rebook` raises."""
        with self._recording():
            return self.supply.rebook(snapshot, phone=phone)

    def took(self, sought: Sought, exchange: Exchange) -> Snapshot | None:
        """Own the appointment that was made beside a cancel, if there is one."""
        with self._recording():
            return self.supply.took(sought, exchange)

    def calendar(self, *snapshots: Snapshot) -> Exchange | None:
        """Ask the calendar for the days of appointments; nothing if there is no calendar."""
        with self._recording():
            return self.supply.calendar(*snapshots)

    def revived(self, snapshot: Snapshot) -> Snapshot:
        """Return a cancelled appointment as scheduled again, if the target allows that."""
        with self._recording():
            return self.supply.revived(snapshot)

    def revive(self, appointment: int, payment_status: str) -> tuple[Exchange, Exchange]:
        """Ask for a cancelled appointment to be scheduled again; gives the answer, and a read after it."""
        with self._recording():
            return self.supply.revive(appointment, payment_status)

    def create_again(self, appointment: int) -> Exchange:
        """Send the create of an appointment of the run's own once more, with the same key."""
        with self._recording():
            return self.supply.create_again(appointment)

    def clean(self) -> tuple[int, ...]:
        """Cancel every appointment that is still active; returns those that could not be cancelled."""
        with self._recording():
            return self.supply.clean()

    def victim(self) -> Snapshot:
        """An appointment that nobody may cancel, read and unchanged since; kept for the next one who needs it."""
        if self._victim is None:
            self._victim = Snapshot((made := self.fresh(OF_CONTACT)).id, self.read(made.id))
            with self._recording():
                stand_by(self.supply, is_whole=self._only is None)
        return self._victim

    def cancelled_appointment(self) -> int:
        """The id of a cancelled appointment, for cases that need no more."""
        if self._cancelled is None:
            # One that was to stay active serves as well: the next scenario that needs such a one gets another.
            snapshot, self._victim = self._victim or self.fresh(), None
            self.cancel(snapshot.id, "supply/spent", Intent.FIRST)
            self._cancelled = snapshot.id
        return self._cancelled

    def cancelled(self, appointment: int) -> None:
        """Note an appointment that was shown as cancelled, so that it can serve as such: that which has the most."""
        self.supply.cancelled(appointment)
        made, kept = (self.supply.asked_for(one) for one in (appointment, self._cancelled))
        if not kept or (made and len(made.case.body or b"") >= len(kept.case.body or b"")):
            self._cancelled = appointment

    # Sending

    @contextmanager
    def narrowed(self, keys: AbstractSet[str]) -> Iterator[None]:
        """Send, of the cases that stand side by side in a scenario, only those with these keys."""
        self._only = frozenset(keys)
        try:
            yield
        finally:
            self._only = None

    def wants(self, key: str) -> bool:
        """Whether to send a case of the current scenario that is one of several side by side."""
        named = f"{self.scenario}#{key}"
        self.offered.add(named)
        return named not in self._answered and (self._only is None or named in self._only)

    def begin(self, scenario: str) -> None:
        """Begin a scenario: nothing of it was shown yet."""
        self.scenario, self.judged = scenario, Judgement()
        self._answered.clear()
        self.offered.clear()

    def answered(self, *keys: str) -> None:
        """Note that cases, of several side by side, are done, so that a scenario that starts again skips them."""
        self._answered |= {f"{self.scenario}#{key}" for key in keys}

    def send(self, case: Case) -> Exchange:
        """Send a case; its key gets the name of the scenario in front."""
        with self._recording():
            return self._send(case)

    def each(self, cases: Iterable[Case]) -> tuple[Exchange, ...]:
        """Send those of some independent cases that are wanted and not answered yet; returns their exchanges."""
        sent = self.side_by_side([case for case in cases if self.wants(case.key)])
        self.answered(*(one.case.key.partition("#")[2] for one in sent.exchanges if one))
        if sent.error:
            raise sent.error
        return tuple(filter(None, sent.exchanges))

    def side_by_side(self, cases: Sequence[Case]) -> Sent:
        """Send cases that do not depend on one another, at a time as many as may be under way.

        One after another on the embedded provider, which nothing makes faster, and where they are asked again.
        """
        width = 1 if self.target.embedded or self.is_asking_again else self.sender.parallel
        with self._recording():
            return side_by_side(cases, self._send_safely, width)

    def _send_safely(self, case: Case) -> Exchange:
        """Send a case that changes nothing, once more if the connection ended without an answer, as idle ones may."""
        exchange = self._send(case)
        return self._send(case) if exchange.trouble is Trouble.LOST else exchange

    def _send(self, case: Case) -> Exchange:
        made, key = self.supply.asked_for(case.appointment), f"{self.scenario}#{case.key}"
        exchange = self._connection.send(replace(case, key=key, other_duration=bool(made and made.states_more)))
        self.supply.changed(exchange)
        if case.appointment is not None and case.intent in PERMITTED and shows_cancelled(exchange):
            self.cancelled(case.appointment)
        return exchange

    def may_send(self, case: Case) -> bool:
        """Whether the guard lets a case leave."""
        return self.sender.objection(case) is None

    def read(self, appointment: int, credential: Credential = MEMBER, account: int | None = None) -> Exchange:
        """Read an appointment."""
        with self._recording():
            return self._read(appointment, credential, account)

    def _read(self, appointment: int, credential: Credential = MEMBER, account: int | None = None) -> Exchange:
        return self.supply.read(appointment, credential, account, key=f"{self.scenario}#read")

    def cancel(self, appointment: int, key: str, intent: Intent, **parts: Any) -> Exchange:  # noqa: ANN401  parts of a Case
        """Send a cancel of an appointment of the run's own."""
        parts.setdefault("path", ACTION.path(self.target.account, appointment))
        exchange = self.send(case := Case(key, intent, appointment=appointment, **parts))
        if exchange.trouble is not Trouble.LOST or case.abandoned:
            return exchange
        # An idle connection may have been closed under it.
        before, now = self._connection.gateway.before(case), self.read(appointment).payload
        return self.send(case) if self._connection.gateway.has_had_no_effect(case, before, now) else exchange

    def left_open(self, exchange: Exchange) -> None:
        """Note what a gateway left open; raises what `Gateway.left_open` raises."""
        self._connection.gateway.left_open(exchange)

    def wait(self, seconds: float) -> None:
        """Wait, as a caller would."""
        self._connection.budget.sleep(seconds)

    def together(self, cases: Sequence[Case], *, behind: int = 0) -> tuple[Exchange, ...]:
        """Send cases that leave together, but for the first `behind`; many have open connections of their own."""
        with self._recording():
            return at_once(self._connection, cases, self._send, self._read, behind)

    # Judging

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Judge each exchange of a block, once all of them are over, whatever was raised."""
        try:
            yield
        finally:
            new = self.exchanges[self._judged_up_to :]
            self._judged_up_to += len(new)
            self.ledger.memory.remember(*new)
            for exchange in new:
                self._take(exchange)

    def _take(self, exchange: Exchange) -> None:
        if exchange.is_of_gateway:
            # It says nothing about the contract until the run ends.
            return
        if exchange.case.is_under_test:
            self._statistics.saw(exchange, self.ledger.terms.fragment.documented_fields)
            if exchange.status is not None:
                self.ledger.saw(exchange.status)
        for due in self.deferred.due(exchange):
            self.judge(due)

    def judge(self, evidence: Evidence) -> frozenset[str]:
        """Judge evidence by the clauses; returns the ids of those that it breaks."""
        found = self.ledger.judge(evidence)
        self.judged |= found
        return found.broken

    def submit(
        self, kind: Kind, *steps: tuple[Role, Exchange], topic: str = "", expected: Mapping[str, Any] | None = None
    ) -> frozenset[str]:
        """Judge an episode; returns the ids of the clauses it breaks. Raises what `rule_out_own_changes` does."""
        self.rule_out_own_changes(kind, *steps)
        return self.judge(episode_of(kind, steps, topic, expected, self.exchanges))

    def rule_out_own_changes(self, kind: Kind, *steps: tuple[Role, Exchange]) -> None:
        """Raise Afresh if a request would be blamed for what the target may have done by itself."""
        with self._recording():
            own_changes.rule_out(self.supply, self.ledger.terms.fragment, self._connection, kind, steps)

    def keep_for_late_look(self, seen: Exchange) -> None:
        """Have a cancelled appointment, as it was just read, read again at the end of the run."""
        if seen.payload is not None and seen.case.appointment is not None:
            self.made.watched[self.scenario] = seen

    def forget(self) -> None:
        """Drop what is kept from one scenario to the next, so that the next has fresh appointments."""
        self._victim = self._cancelled = self.other = None

    def leave(self, appointment: int | None) -> None:
        """Use an appointment no longer; all that are kept if it is not known which is meant."""
        if appointment is None:
            self.forget()
        self._victim = None if self._victim and self._victim.id == appointment else self._victim
        self._cancelled = None if self._cancelled == appointment else self._cancelled

    def was_read(self, snapshot: Snapshot, seen: Exchange) -> bool:
        """Whether a read shows that an appointment has changed; a changed victim is dropped."""
        changed = self.has_changed(snapshot.seen, seen)
        if self._victim and self._victim.id == snapshot.id:
            self._victim = None if changed else Snapshot(snapshot.id, seen)
        return changed

    def forget_if_touched(self, seen: Exchange) -> None:
        """Drop the victim when a read shows that it has changed."""
        if self._victim and self.has_changed(self._victim.seen, seen):
            self._victim = None

    def has_changed(self, before: Exchange, after: Exchange) -> bool:
        """Whether an appointment differs between two reads."""
        return change(self.ledger.terms.fragment, before.payload or {}, after, "") is not None

    def has(self, holder: Holder) -> bool:
        """Whether the settings name a holder's token."""
        return self.target.token(holder) is not None
