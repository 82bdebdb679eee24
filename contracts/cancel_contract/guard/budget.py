"""The limits of a run: requests, appointments, rate, parallel requests and waiting time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from cancel_contract.errors import Impatient, Overspent
from cancel_contract.guard.pace import Pace, Refusal
from cancel_contract.guard.shared_state import SharedState
from cancel_contract.target.settings import Settings, variable

LONGEST_WAIT: Final = 60.0
"""Seconds that one Retry-After is waited for, at the most (policy)."""
MOST_WAITING: Final = 600.0
"""Seconds that a run waits for a throttled target, all in all (policy)."""
LARGEST_SLICE: Final = 100
"""Most requests that are reserved for the end of a run."""
_PART_KEPT: Final = 5
_APPOINTMENT_PART_KEPT: Final = 8
"""One appointment in this number is reserved (policy)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a run; `rate` in requests a second, None without limit."""

    requests: int
    appointments: int
    parallel: int
    rate: float | None

    @classmethod
    def of(cls, settings: Settings, *, loopback: bool) -> "Limits":
        """Return the limits that the settings name; on loopback a rate holds only where it is set."""
        rate = settings.max_rate if "max_rate" in settings.model_fields_set or not loopback else None
        return cls(settings.max_requests, settings.max_appointments, settings.max_parallel, rate)

    @property
    def kept(self) -> int:
        """Requests reserved for retries of broken clauses and for cleaning up."""
        return min(self.requests // _PART_KEPT, LARGEST_SLICE)

    @property
    def kept_appointments(self) -> int:
        """Appointments reserved for retries of broken clauses."""
        return self.appointments // _APPOINTMENT_PART_KEPT


class Budget:
    """Counts what is spent against the limits; safe for threads."""

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        of_all: SharedState | None = None,
    ) -> None:
        """Begin with nothing spent; with shared state, all workers count together."""
        self.limits = limits
        self._of_all = of_all
        self.requests = 0
        self.appointments = 0
        self.throttled = 0
        self.sent_again = 0
        """Requests sent because of a 429 or 503, including the reads before a resend."""
        self.waited = 0.0
        """Seconds spent on waiting for a throttled target."""
        self._reserve, self._opened_to = (limits.kept, limits.kept_appointments), list[int]()
        """What remains reserved, for each part of the run that has released some of it."""
        self.clock = clock
        self.sleep = sleep
        self._tell: Callable[[float, int], None] = lambda *_: None
        self._pace = Pace(limits.rate)
        self._lock, self._own = threading.Lock(), threading.local()
        self._places = threading.BoundedSemaphore(limits.parallel)
        self._traffic, self._under_way, self._is_burst = threading.Condition(), 0, False
        self._interrupted = False
        # A burst keeps others waiting, who may hold what its own would wait for.
        self._single_file, self._single_file_of_burst = threading.RLock(), threading.RLock()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Take a place for one request; waits for the rate. Raises Overspent past the limit."""
        with self._lock:
            if self._interrupted:
                raise Overspent("the run was interrupted")
            free = self.limits.requests - self._kept
            if not (self._of_all.add("requests", 1, free) if self._of_all else self.requests < free):
                raise self._overspent("requests", free, self.limits.requests, self._kept)
            self.requests += 1
        start: Callable[[], object] | None = getattr(self._own, "start", None)
        if start is None:
            self._wait_for_turn()
        else:
            self._own.start = None
            start()
        with self._passing(), self._places:
            yield

    @contextmanager
    def _passing(self) -> Iterator[None]:
        """Wait for the end of a burst of others, and keep one from beginning in between."""
        if getattr(self._own, "is_of_burst", False):
            yield
            return
        with self._traffic:
            self._traffic.wait_for(lambda: not self._is_burst)
            self._under_way += 1
        try:
            yield
        finally:
            with self._traffic:
                self._under_way -= 1
                self._traffic.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all requests waiting but those of threads `of_burst`, from the moment that none of them is under way."""
        with self._traffic:
            self._traffic.wait_for(lambda: not self._is_burst)
            self._is_burst = True
        try:
            with self._traffic:
                self._traffic.wait_for(lambda: not self._under_way)
            yield
        finally:
            with self._traffic:
                self._is_burst = False
                self._traffic.notify_all()

    @contextmanager
    def of_burst(self) -> Iterator[None]:
        """Let this thread's requests pass while a burst keeps all others waiting."""
        self._own.is_of_burst = True
        try:
            yield
        finally:
            self._own.is_of_burst = False

    @contextmanager
    def single_file(self, *, waiting: bool = False) -> Iterator[None]:
        """Once the target has throttled, send one case after another, its waits included; before that, side by side.

        Of a burst what was refused stands in line, too, and not what is about to leave.
        """
        is_of_burst = getattr(self._own, "is_of_burst", False)
        if waiting or (self.throttled and not is_of_burst):
            with self._single_file_of_burst if is_of_burst else self._single_file:
                yield
        else:
            yield

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Refuse every further request, so that those who play in other threads come to an end soon."""
        self._interrupted = True
        try:
            yield
        finally:
            self._interrupted = False

    def take_turn(self, start: Callable[[], object]) -> None:
        """Wait for this thread's turn; its next request then leaves as soon as `start` returns.

        `start` is called at the last moment, so that what comes before takes no time from several that leave together.
        """
        self._wait_for_turn()
        self._own.start = start

    @property
    def pace(self) -> float:
        """The seconds from one turn to the next."""
        return self._pace.seconds

    def _wait_for_turn(self) -> None:
        with self._lock:
            wait = self._pace.turn(self.clock())
        if wait > 0:
            self.sleep(wait)

    def appointment(self) -> None:
        """Count an appointment that is about to be created. Raises Overspent past the limit."""
        with self._lock:
            free = self.limits.appointments - self._kept_appointments
            if not (self._of_all.add("appointments", 1, free) if self._of_all else self.appointments < free):
                raise self._overspent("appointments", free, self.limits.appointments, self._kept_appointments)
            self.appointments += 1

    def not_made(self) -> None:
        """Give an appointment back that the target has refused to create."""
        with self._lock:
            self.appointments -= 1
            if self._of_all:
                self._of_all.add("appointments", -1)

    @staticmethod
    def _overspent(what: str, spent: int, most: int, kept: int) -> Overspent:
        rest = f", and {kept} are kept for the end of the run" if kept else ""
        return Overspent(f"{spent} of {most} {what} are spent{rest}: set {variable(f'max_{what}')} higher")

    @contextmanager
    def retrying(self) -> Iterator[None]:
        """Release half of the reserve for retries of broken clauses."""
        with self._opened(self.limits.kept // 2):
            yield

    @contextmanager
    def cleaning(self) -> Iterator[None]:
        """Release the whole reserve for cleaning up."""
        with self._opened(0):
            yield

    @contextmanager
    def _opened(self, kept: int) -> Iterator[None]:
        with self._lock:
            self._opened_to.append(kept)
        try:
            yield
        finally:
            with self._lock:
                self._opened_to.remove(kept)

    @property
    def _kept(self) -> int:
        return min([self._reserve[0], *self._opened_to])

    @property
    def _kept_appointments(self) -> int:
        return 0 if self._opened_to else self._reserve[1]

    def sends_again(self) -> None:
        """Count the next request as sent because of a 429 or 503."""
        with self._lock:
            self.sent_again += 1

    def refused(self) -> Refusal:
        """Return how fast the target was asked when it refused a request."""
        with self._lock:
            return self._pace.refused(self.requests, self.clock())

    def wait(self, seconds: float, status: int = 429) -> None:
        """Wait for a throttled target.

        Raises Impatient if the waits of the run together would become too long.
        """
        with self._lock:
            self.throttled += 1
            if self.waited + seconds > MOST_WAITING:
                raise Impatient(
                    f"the target answered {self.throttled} times 429 or 503 and asks to wait longer than "
                    f"{MOST_WAITING:g} s in all: try when it is less busy, or set {variable('max_rate')} lower"
                )
            self.waited += seconds
            self._pace.forget()
        if seconds > 0:
            self._tell(seconds, status)
        self.sleep(seconds)

    def slow_down(self, refusal: Refusal) -> None:
        """Ask more slowly if a limiter has refused again soon."""
        with self._lock:
            self._pace.slow_down(refusal)

    @contextmanager
    def showing(self, tell: Callable[[float, int], None]) -> Iterator[None]:
        """Report each wait for a throttled target, in seconds, before it begins."""
        before, self._tell = self._tell, tell
        try:
            yield
        finally:
            self._tell = before
