"""What a scenario may do: take appointments, send cases, and hand in episodes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import Any, Final

from cancel_contract.clauses.alike import difference
from cancel_contract.errors import Afresh, Unprepared
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    cancel_path,
)
from cancel_contract.exchange.compare import change
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.sender import Sender
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.supply.supply import Supply
from cancel_contract.supply.variations import PLAIN, Variation
from cancel_contract.target.target import Target

OK: Final = 200
FIRST_REFUSAL: Final = 400
"""From this status on, nothing was done."""
FIRST_FAILURE: Final = 500
"""From this status on, nobody knows whether anything was done."""
_ABSENT: Final = frozenset({400, 403, 404, 410, 422})
"""Statuses of a read of an absent id: not there, not allowed to look, or an id that no row can have."""


class Context:
    """What surrounds a scenario: target, appointments, sender, ledger."""

    def __init__(  # noqa: PLR0913, PLR0917  it brings the parts of a run together
        self,
        target: Target,
        sender: Sender,
        supply: Supply,
        ownership: Ownership,
        ledger: Ledger,
        idle: Callable[[], int],
        sleep: Callable[[float], None],
        exchanges: Sequence[Exchange],
    ) -> None:
        self.target, self.sender, self.supply, self._idle, self._sleep = target, sender, supply, idle, sleep
        self.ownership, self.ledger = ownership, ledger
        self.exchanges = exchanges
        """Everything that was exchanged so far."""
        self.scenario = ""
        """The name of the scenario that is being played."""
        self._answered: set[str] = set()
        self.other: Snapshot | None = None
        """The other account's appointment, as its own member last saw it."""
        self.watched: dict[str, Exchange] = {}
        """By scenario, the read of a cancelled appointment that is compared with another one at the end of the run."""
        self._known: dict[Holder, bool] = {}
        self._victim: Snapshot | None = None
        self._cancelled: int | None = None
        self._only: frozenset[str] | None = None

    # Appointments

    def fresh(self, variation: Variation = PLAIN) -> Snapshot:
        """An appointment that is not cancelled."""
        return self.supply.fresh(variation)

    def victim(self) -> Snapshot:
        """An appointment that nobody may cancel, read and unchanged since; kept for the next one who needs it."""
        if self._victim is None:
            made = self.fresh()
            self._victim = Snapshot(made.id, self.read(made.id))
        return self._victim

    def cancelled_appointment(self) -> int:
        """The id of a cancelled appointment, for cases that need no more."""
        if self._cancelled is None:
            # One that was to stay active serves as well: the next scenario that needs such a one gets another.
            snapshot, self._victim = self._victim or self.fresh(), None
            self.cancel(snapshot.id, "supply/spent", Intent.CANCEL)
            self._cancelled = snapshot.id
        return self._cancelled

    def cancelled(self, appointment: int) -> None:
        """Note that an appointment was cancelled, so that it can serve as a cancelled one."""
        self.supply.cancelled(appointment)
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
        return named not in self._answered and (self._only is None or named in self._only)

    def begin(self, scenario: str) -> None:
        """Begin a scenario: nothing of it was shown yet."""
        self.scenario = scenario
        self._answered.clear()

    def answered(self, *keys: str) -> None:
        """Note that cases, of several side by side, are done, so that a scenario that starts again skips them."""
        self._answered |= {f"{self.scenario}#{key}" for key in keys}

    def send(self, case: Case) -> Exchange:
        """Send a case; its key gets the name of the scenario in front."""
        exchange = self.sender.send(replace(case, key=f"{self.scenario}#{case.key}"))
        if exchange.status == OK and case.intent in {Intent.CANCEL, Intent.REPEAT} and case.appointment is not None:
            self.cancelled(case.appointment)
        return exchange

    def may_send(self, case: Case) -> bool:
        """Whether the guard lets a case leave."""
        return self.sender.objection(case) is None

    def read(self, appointment: int, credential: Credential = MEMBER, account: int | None = None) -> Exchange:
        """Read an appointment."""
        return self.supply.read(appointment, credential, account, key=f"{self.scenario}#read")

    def cancel(self, appointment: int, key: str, intent: Intent, **parts: Any) -> Exchange:  # noqa: ANN401  parts of a Case
        """Send a cancel of an appointment of the run's own."""
        parts.setdefault("path", cancel_path(self.target.account, appointment))
        return self.send(Case(key, intent, appointment=appointment, **parts))

    def probe(self, text: str) -> None:
        """Ask once whether each high id that a text may name is absent, which makes it harmless."""
        for number in self.ownership.probes(text):
            path = appointment_path(self.target.account, number)
            exchange = self.send(Case("probe", Intent.READ, path, "GET", repeatable=True))
            if exchange.status in _ABSENT:
                self.ownership.saw_absent(number)

    def absent(self, number: int) -> int:
        """Return an id once a read has shown it absent. Raises Unprepared if none is: it may be somebody's."""
        self.probe(str(number))
        if self.ownership.foreign(str(number)):
            raise Unprepared(f"no read shows that there is no appointment {number}, so that it is not asked for")
        return number

    def probe_account(self, number: int) -> None:
        """Ask whether a high account id is absent."""
        path = appointment_path(number, self.victim().id)
        exchange = self.send(Case("probe account", Intent.READ, path, "GET", repeatable=True))
        if exchange.status in _ABSENT | {401}:
            self.ownership.saw_absent_account(number)

    def wait(self, seconds: float) -> None:
        """Wait, as a caller would."""
        self._sleep(seconds)

    def at_once(self, cases: Sequence[Case]) -> tuple[Exchange, ...]:
        """Send cases at the same moment, as many as may be under way, on open connections of their own."""
        ready = Barrier(len(cases))
        wide = min(len(cases), self.sender.parallel)
        opening = wide if self._idle() < wide else 0

        def one(place: int, case: Case) -> Exchange:
            try:
                if place < opening:
                    # Reads that are under way together open a connection each.
                    self.read(case.appointment or 0)
            except BaseException:
                ready.abort()
                raise
            # Paced ones would leave one after another, and be no race: turns are taken before all leave together.
            pace = self.sender.take_turn()
            ready.wait(timeout=60 + 2 * len(cases) * pace)
            return self.send(case)

        with ThreadPoolExecutor(len(cases)) as pool:
            asked = [pool.submit(one, place, case) for place, case in enumerate(cases)]
        # That the others were not waited for follows from the one that failed.
        wrong = [error for each in asked if (error := each.exception())]
        if wrong:
            raise min(wrong, key=lambda error: isinstance(error, BrokenBarrierError))
        return tuple(each.result() for each in asked)

    # Judging

    def submit(
        self, kind: Kind, *steps: tuple[Role, Exchange], topic: str = "", expected: Mapping[str, Any] | None = None
    ) -> tuple[str, ...]:
        """Judge an episode by the clauses; returns the ids of those that it breaks."""
        return self.ledger.judge(Episode(kind, steps, topic, expected))

    def untouched(
        self, kind: Kind, snapshot: Snapshot, cases: Sequence[tuple[str, Case]], again: Callable[[Snapshot, Case], Case]
    ) -> None:
        """Send cases that must change nothing, then read once; if something changed, find the case that did it.

        Resend accepted cases one at a time, then the rest as a batch, and the rest one at a time if the batch changed
        something. `again` makes the same case over another appointment.
        """
        wanted = [(topic, case) for topic, case in cases if self.wants(case.key)]
        if not wanted:
            return
        sent: list[Exchange] = []
        try:
            for _, case in wanted:
                sent.append(self.send(case))
        except Afresh:
            self._judge_so_far(kind, snapshot, wanted, sent)
            raise
        after = self.read(snapshot.id)
        has_changed = self._has_changed(snapshot.seen, after)
        if self._victim and self._victim.id == snapshot.id:
            self._victim = None if has_changed else Snapshot(snapshot.id, after)
        if has_changed and len(sent) > 1:
            for group in _suspects_first(wanted, sent):
                fresh = self.victim()
                self.untouched(kind, fresh, [(topic, again(fresh, case)) for topic, case in group], again)
            return
        self._submit_each(kind, snapshot, after, zip(wanted, sent, strict=True))

    def _judge_so_far(
        self, kind: Kind, snapshot: Snapshot, wanted: Sequence[tuple[str, Case]], sent: Sequence[Exchange]
    ) -> None:
        """Judge what was answered before a gateway answered, if a read shows that it changed nothing."""
        after = self.read(snapshot.id) if sent else None
        if after and not self._has_changed(snapshot.seen, after):
            self._submit_each(kind, snapshot, after, zip(wanted, sent, strict=False))

    def _submit_each(
        self, kind: Kind, snapshot: Snapshot, after: Exchange, cases: Iterable[tuple[tuple[str, Case], Exchange]]
    ) -> None:
        for (topic, case), exchange in cases:
            self.submit(kind, (Role.BEFORE, snapshot.seen), (Role.CANCEL, exchange), (Role.AFTER, after), topic=topic)
            self.answered(case.key)

    def keep_for_late_look(self, seen: Exchange) -> None:
        """Have a cancelled appointment, as it was just read, read again at the end of the run."""
        if seen.payload is not None and seen.case.appointment is not None:
            self.watched[self.scenario] = seen

    def forget(self) -> None:
        """Drop what is kept from one scenario to the next, so that the next has fresh appointments."""
        self._victim = self._cancelled = self.other = None

    def leave(self, appointment: int | None) -> None:
        """Use an appointment no longer; all that are kept if it is not known which is meant."""
        if appointment is None:
            self.forget()
        if self._victim and self._victim.id == appointment:
            self._victim = None
        if self._cancelled == appointment:
            self._cancelled = None

    def forget_if_touched(self, seen: Exchange) -> None:
        """Drop the victim if a read shows that it has changed."""
        if self._victim and self._has_changed(self._victim.seen, seen):
            self._victim = None

    def _has_changed(self, before: Exchange, after: Exchange) -> bool:
        return change(self.ledger.terms.fragment, before.payload or {}, after, "") is not None

    def has(self, holder: Holder) -> bool:
        """Whether the settings name a holder's token."""
        return self.target.token(holder) is not None

    def knows(self, holder: Holder, appointment: int) -> bool:
        """Whether the target answers a holder's token differently from an unknown one; asked once, by reads."""
        if holder not in self._known:
            nobody = Credential(showing="wrong")
            one, shown, other = (self.read(appointment, who) for who in (nobody, Credential(holder), nobody))
            self._known[holder] = shown.status == OK or difference(shown, one, other) is not None
        return self._known[holder]


def _suspects_first(cases: Sequence[tuple[str, Case]], sent: Sequence[Exchange]) -> list[list[tuple[str, Case]]]:
    """Split cases: each accepted one alone, the others together; each alone if that does not narrow them down."""
    let_through = [exchange.status is not None and exchange.status < FIRST_REFUSAL for exchange in sent]
    suspects = [[case] for case, through in zip(cases, let_through, strict=True) if through]
    others = [case for case, through in zip(cases, let_through, strict=True) if not through]
    return [*suspects, others] if suspects and others else [[case] for case in cases]
