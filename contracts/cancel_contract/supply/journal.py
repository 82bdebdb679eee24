"""The journal on disk: what a run is about to create, and what it has cancelled, one line of JSON per event."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.marker import Marker

FOLDER: Final = Path(".contracts")
"""The folder of the journals, below the working directory."""
MARKS_EACH: Final = 1_000_000
"""How many numbers each worker of a run has for its markers."""


@dataclass(slots=True)
class Journal:
    """The events of one run; safe for threads. Without a folder nothing is written, as for the embedded provider."""

    run: str
    origin: str
    account: int
    folder: Path | None = FOLDER
    worker: int = 0
    """The number of the worker: two workers with one marker would get the same appointment."""
    count: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def path(self) -> Path | None:
        """The journal's file."""
        return journal_of(self.folder, self.run) if self.folder else None

    def marker(self) -> Marker:
        """Return a marker for the next appointment, written to disk before it is used."""
        with self._lock:
            self.count += 1
            number = self.worker * MARKS_EACH + self.count
            marker = Marker(self.run, int(datetime.now(UTC).timestamp()), number)
            try:
                self._write("asked", marker=str(marker))
            except OSError as error:
                raise Unprepared(
                    f"the journal {self.path} cannot be written ({error.strerror}), and without it nothing is made: "
                    "start the run in a folder that can be written to"
                ) from error
            return marker

    def made(self, marker: str, appointment: int) -> None:
        """Note the id of a created appointment."""
        # Its marker is on disk already, by which a sweep finds it; stopping here would leave it active.
        with self._lock, suppress(OSError):
            self._write("made", marker=marker, appointment=appointment)

    def ended(self, appointment: int) -> None:
        """Note that an appointment was seen cancelled."""
        # If this cannot be written, a sweep looks at it once more; stopping here would leave the others active.
        with self._lock, suppress(OSError):
            self._write("cancelled", appointment=appointment)

    def _write(self, event: str, **facts: object) -> None:
        if self.path is None:
            return
        line = {"event": event, "origin": self.origin, "account": self.account, **facts}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Remembered:
    """An appointment that was created and, according to a journal, not seen cancelled."""

    appointment: int
    marker: Marker


def journal_of(folder: Path, run: str) -> Path:
    """Return the file of a run's journal."""
    return folder / f"journal-{run}.jsonl"


def _journals(folder: Path) -> list[Path]:
    return sorted(folder.glob("journal-*.jsonl"))


def unreadable(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the journals of a folder that cannot be read, each with the reason."""
    for path in _journals(folder):
        try:
            path.open("rb").close()
        except OSError as error:
            yield path, f"it cannot be read ({error.strerror})"


def remembered(folder: Path, origin: str, account: int) -> tuple[Remembered, ...]:
    """Return what is still active at one target, according to the journals; incomplete lines are skipped."""
    events = [event for path in _journals(folder) for event in _events(path)]
    here = [event for event in events if (event.get("origin"), event.get("account")) == (origin, account)]
    active: dict[str, dict[str, Any]] = {}
    for event in here:
        # One that was revived is named once more.
        if event.get("event") == "made":
            active[_key(event)] = event
        elif event.get("event") == "cancelled":
            active.pop(_key(event), None)
    return tuple(dict.fromkeys(found for event in active.values() if (found := _remembered(event))))


def _key(event: dict[str, Any]) -> str:
    return repr(event.get("appointment"))


def _remembered(event: dict[str, Any]) -> Remembered | None:
    number, marker = event.get("appointment"), Marker.read(event.get("marker"))
    return Remembered(number, marker) if marker and type(number) is int and number > 0 else None


def _events(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        # `unreadable` reports it; it must not hide the other journals.
        return
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            # The last line of a killed run may be incomplete; its appointment is found by its marker.
            continue
        if isinstance(event, dict):
            yield event
