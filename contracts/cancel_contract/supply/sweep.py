"""Finds and cancels what an earlier run left active, by journals and by run markers in the list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    appointments_path,
    range_query,
)
from cancel_contract.exchange.marker import Marker
from cancel_contract.guard.connection import Connection, connected
from cancel_contract.supply.booking_days import LAST_DAY
from cancel_contract.supply.journal import (
    FOLDER,
    journal_of,
    remembered,
    unreadable,
)
from cancel_contract.target.target import Target

OLD: Final = timedelta(hours=1)
"""The least age of a marker, by its own time, so that no run under way is swept (policy)."""
DAYS_BACK: Final = LAST_DAY
"""Days before now in which appointments of earlier runs may lie: a run books in days to come."""
DAYS_ASKED: Final = 14
"""Days that one look into the list covers: the list has no pages (observed)."""


@dataclass(frozen=True, slots=True)
class Found:
    """An appointment with a run marker, as it was just read."""

    appointment: int
    marker: Marker
    fate: str = ""
    """Why it is still active; nothing if it was cancelled, or may be."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found, and what became of it."""

    dry: bool
    found: tuple[Found, ...] = ()
    """What may be swept; unless the sweep is dry, it was cancelled."""
    left: tuple[Found, ...] = ()
    """What may be swept and could not be cancelled, with the reason."""
    young: tuple[Found, ...] = ()
    """What is left alone: its run may be under way, or is not the run that was named."""
    unread: tuple[str, ...] = ()
    """What could not be read and may have to be swept, with the reason."""
    unread_of_others: tuple[str, ...] = ()
    """What could not be read and would be left alone, with the reason."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing that may be swept is active, or likely to be."""
        return not (self.left or self.unread or (self.dry and self.found))

    @property
    def is_empty(self) -> bool:
        """Whether nothing that any run created is active, or likely to be."""
        return self.is_clean and not (self.young or self.unread_of_others)


class Sweep:
    """Finds and cancels what has a run marker, at one target; `run` names a run that is swept whatever its age."""

    def __init__(self, connection: Connection, now: datetime, run: str | None = None) -> None:
        self._send, self._target, self._ownership = connection.send, connection.target, connection.ownership
        self._now, self._run = now, run
        self._unread: list[str] = []
        self._unread_of_others: list[str] = []

    def go(self, folder: Path = FOLDER, *, dry: bool = True) -> Swept:
        """Look through journals and list, and cancel what is found, unless dry."""
        for path, reason in unreadable(folder):
            ours = self._run is None or path == journal_of(folder, self._run)
            (self._unread if ours else self._unread_of_others).append(f"the journal {path}: {reason}")
        known = {row.appointment: row.marker for row in remembered(folder, str(self._target.url), self._target.account)}
        known |= dict(self._listed())
        standing = [found for number, marker in known.items() if (found := self._recognised(number, marker))]
        old = [found for found in standing if self._may_be_swept(found.marker)]
        swept = old if dry else [self._cancelled(found) for found in old]
        return Swept(
            dry,
            tuple(found for found in swept if not found.fate),
            tuple(found for found in swept if found.fate),
            tuple(found for found in standing if found not in old),
            tuple(self._unread),
            tuple(self._unread_of_others),
        )

    def _may_be_swept(self, marker: Marker) -> bool:
        return marker.run == self._run if self._run else marker.age(self._now) > OLD

    def _listed(self) -> Iterator[tuple[int, Marker]]:
        start = self._now - timedelta(days=DAYS_BACK)
        while start < self._now + timedelta(days=LAST_DAY):
            end = start + timedelta(days=DAYS_ASKED)
            yield from self._rows(start, end)
            start = end

    def _rows(self, start: datetime, end: datetime) -> Iterator[tuple[int, Marker]]:
        query = range_query(start, end)
        path = appointments_path(self._target.account)
        exchange = self._send(Case("sweep/list", Intent.LIST, path, "GET", query=query, repeatable=True))
        rows = exchange.answer.json.get("payload") if exchange.answer and _is_object(exchange.answer.json) else None
        if exchange.status != 200 or not isinstance(rows, list):
            self._unread.append(f"the list from {start.date()} to {end.date()}: {exchange.fact}")
            return
        for row in rows:
            marker = _marker_of(row) if _is_object(row) else None
            if marker and not CANCEL.is_done(row) and type(row.get("id")) is int:
                yield row["id"], marker

    def _recognised(self, number: int, marker: Marker) -> Found | None:
        """Own an appointment after a read has shown its marker; nothing if it is cancelled or not ours."""
        path = appointment_path(self._target.account, number)
        exchange = self._send(Case("sweep/recognise", Intent.RECOGNISE, path, "GET", repeatable=True))
        payload = exchange.payload if exchange.status == 200 else None
        if payload is None:
            unread = self._unread if self._may_be_swept(marker) else self._unread_of_others
            # 404: it has been deleted.
            unread += [f"appointment {number}: {exchange.fact}"] if exchange.status != 404 else []
            return None
        account = payload.get("account_id", self._target.account)
        ours = (payload.get("id"), _marker_of(payload), account) == (number, marker, self._target.account)
        return Found(number, marker) if ours and not CANCEL.is_done(payload) else None

    def _cancelled(self, found: Found) -> Found:
        self._ownership.own(found.appointment)
        number, path = found.appointment, CANCEL.path(self._target.account, found.appointment)
        cancel = self._send(Case("sweep/cancel", Intent.CLEAN, path, appointment=number, repeatable=True))
        read = self._send(Case("sweep/read", Intent.READ, appointment_path(self._target.account, number), "GET"))
        gone = CANCEL.is_done(read.payload)
        return Found(number, found.marker, "" if gone else f"its cancel: {cancel.fact}; its read-back: {read.fact}")


def _marker_of(payload: Mapping[str, Any]) -> Marker | None:
    return Marker.of(payload.get("external_ref"), payload.get("idempotency_key"))


def _is_object(value: Any) -> bool:  # noqa: ANN401  JSON's boundary
    return isinstance(value, dict)


def sweep(target: Target, run: str | None = None, *, dry: bool = True, folder: Path = FOLDER) -> Swept:
    """Sweep a target, dry by default; raises Inconclusive where it cannot be reached, or the budget is spent."""
    with connected(target) as connection, connection.budget.cleaning():
        return Sweep(connection, datetime.now(UTC), run).go(folder, dry=dry)
