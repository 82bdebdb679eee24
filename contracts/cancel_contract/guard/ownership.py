"""Decides which appointments a run may cancel, and replaces foreign ids by owned ones."""

import re
from collections.abc import Set as AbstractSet
from threading import Lock
from typing import Final

from cancel_contract.guard.id_readings import gathered, readings, truncated, wholes

FIRST_IMPOSSIBLE: Final = 2**63
"""No row has an id from here on: ids are 64-bit (observed)."""
FIRST_PROBED: Final = 2**31
"""An id from here on that a read has shown absent stays absent for a run: no counter gets there in minutes (policy)."""


class Ownership:
    """The accounts and appointments that a run may change, and the ids that it has found absent; safe for threads."""

    def __init__(self, accounts: frozenset[int] = frozenset(), appointments: frozenset[int] = frozenset()) -> None:
        self._accounts = accounts
        self._appointments = set(appointments)
        self._absent: set[int] = set()
        self._absent_accounts: set[int] = set()
        self._users: set[int] = set()
        self._lock = Lock()

    @property
    def appointments(self) -> frozenset[int]:
        """Every owned appointment."""
        with self._lock:
            return frozenset(self._appointments)

    def own(self, appointment: int) -> None:
        """Add an appointment that this run has created or was given."""
        with self._lock:
            self._appointments.add(appointment)

    def disown(self, appointment: int) -> None:
        """Take out an appointment that was deleted: a server may give its id to somebody else."""
        with self._lock:
            self._appointments.discard(appointment)

    def saw_absent(self, number: int) -> None:
        """Remember that a read has shown an appointment to be absent. A low id is not remembered: it may exist a moment
        later.
        """
        with self._lock:
            if number >= FIRST_PROBED:
                self._absent.add(number)

    def saw_absent_account(self, number: int) -> None:
        """Remember that an account is absent; it says nothing about an appointment of that id."""
        with self._lock:
            if number >= FIRST_PROBED:
                self._absent_accounts.add(number)

    def know_user(self, number: int) -> None:
        """Add a user whom an owned appointment names, such as the one who made it."""
        with self._lock:
            self._users.add(number)

    def is_known_user(self, text: str) -> bool:
        """Whether a text is, in plain digits, the id of a user whom an owned appointment names."""
        with self._lock:
            return text in map(str, self._users)

    def foreign(self, text: str) -> frozenset[int]:
        """Return the readings of an appointment's id, in a field, that are neither owned nor harmless."""
        with self._lock:
            return _not_harmless(wholes(text), self._appointments, self._absent)

    def foreign_in_path(self, text: str) -> frozenset[int]:
        """Return the same of an id in a path, which routes and titles may take apart in more ways."""
        with self._lock:
            return _not_harmless(wholes(text) | gathered(text), self._appointments, self._absent)

    def another(self, text: str, owned: int) -> frozenset[int]:
        """Return the readings of an appointment's id that may name another appointment than `owned`, a foreign one or
        one of the run's own: where ids begin at 1, an id at an edge of the numbers is soon the run's own.
        """
        return self.foreign_in_path(text) | (readings(text) & self.appointments) - {owned}

    def foreign_account(self, text: str) -> frozenset[int]:
        """Return the readings of an account's id that are neither the run's own nor harmless."""
        with self._lock:
            return _not_harmless(wholes(text), self._accounts, self._absent_accounts)

    def probes(self, text: str) -> frozenset[int]:
        """Return the readings that a read could show to be absent."""
        return frozenset(number for number in self.foreign_in_path(text) if number >= FIRST_PROBED)


def _not_harmless(read: AbstractSet[int], owned: AbstractSet[int], absent: AbstractSet[int]) -> frozenset[int]:
    # Our requests name an owned id of more than 32 bits in full: its low bits are no other reading of
    # the text, but the way another server would store it.
    found = {reading for number in read - owned for reading in truncated(number)}
    return frozenset(n for n in found - owned - absent if 0 < n < FIRST_IMPOSSIBLE)


def over(text: str, owned: int) -> str:
    """Return an id of the same spelling that names an owned number: `12abc` over 5007 is `5007abc`.

    Percent escapes, whole or cut off, keep their digits; a text without a number stays as it is.
    """
    escapes = r"%[0-9A-Fa-f]{0,2}"
    return re.sub(rf"({escapes})|\d[\d_]*", lambda match: match.group(1) or str(owned), text)
