"""Tracks which of the created appointments may still be active, and need to be cleaned up."""

from collections.abc import Mapping
from threading import RLock
from typing import Any, Final

from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.marker import REFERENCES, Marker
from cancel_contract.supply.journal import Journal

_GONE: Final = frozenset({404, 410})
"""Statuses of a read of what was deleted."""
_NOT_HIDDEN: Final = frozenset({401, 408, 429})
"""Refusals that say nothing of what is asked for; any other one may be how a read of what is not there is answered."""
_UPDATES: Final = frozenset({Intent.UPDATE, Intent.REVIVE})


class Tracking:
    """The appointments that a run has created, and what it last knew of them; safe for threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._markers: dict[int, str] = {}
        self._active: dict[int, None] = {}
        self._deleted: dict[int, bool] = {}
        """Those that may be deleted, and whether that was accepted."""
        self._unsure: set[int] = set()
        """Those whose status was changed by other means: a copy that lags may show them cancelled."""
        self._lock = RLock()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was created so far."""
        return not self._markers

    @property
    def active(self) -> tuple[int, ...]:
        """The appointments that were created and not yet seen cancelled."""
        with self._lock:
            return tuple(self._active)

    def made(self, marker: str, appointment: int) -> None:
        """Begin to track an appointment that was created, in the journal too."""
        with self._lock:
            self._markers[appointment] = marker
            self.revived(appointment)

    def read(self, appointment: int, seen: Exchange) -> None:
        """Note what a read shows of an appointment; a read counts more than the answer to its cancel."""
        payload = seen.payload or {}
        is_shown = payload.get("id") == appointment
        is_hidden = seen.is_refused and seen.status not in _NOT_HIDDEN and self._deleted.get(appointment, False)
        is_gone = seen.status in _GONE or is_hidden or (is_shown and not self._bears(appointment, payload))
        if appointment in self._deleted and is_gone:
            # Somebody else may have its id by now.
            self.cancelled(appointment)
        elif is_shown:
            self.shown(appointment, payload)

    def _bears(self, appointment: int, payload: Mapping[str, Any]) -> bool:
        marker = Marker.read(self._markers.get(appointment))
        return marker is not None and marker.is_borne(*(payload.get(name) for name in REFERENCES))

    def shown(self, appointment: int, payload: Mapping[str, Any]) -> None:
        """Note an appointment as it was shown."""
        if CANCEL.is_done(payload):
            if appointment not in self._unsure:
                self.cancelled(appointment)
        else:
            self.revived(appointment)

    def cancelled(self, appointment: int) -> None:
        """Note that an appointment was seen cancelled, or deleted, so that it needs no clean-up."""
        with self._lock:
            self._unsure.discard(appointment)
            if appointment in self._active:
                del self._active[appointment]
                self._journal.ended(appointment)

    def revived(self, appointment: int) -> None:
        """Note that an appointment may be active again; the journal names it once more."""
        with self._lock:
            if appointment in self._markers and appointment not in self._active:
                self._journal.made(self._markers[appointment], appointment)
                self._active[appointment] = None

    def asked(self, appointment: int) -> None:
        """Note that all was asked that can cancel an appointment: from now on a read is believed."""
        with self._lock:
            self._unsure.discard(appointment)

    def changed(self, change: Exchange) -> None:
        """Note a change of an appointment: an update may have revived it, and what was deleted may not be there."""
        intent, appointment = change.case.intent, change.case.appointment
        if appointment is not None and not change.is_refused:
            if intent is Intent.DELETE:
                is_accepted = change.status is not None and change.status < FIRST_REFUSAL
                self._deleted[appointment] = is_accepted or self._deleted.get(appointment, False)
            elif intent in _UPDATES and b'"status"' in (change.case.body or b""):
                self._unsure.add(appointment)
                self.revived(appointment)
            elif intent is Intent.CLEAN:
                self._unsure.discard(appointment)
