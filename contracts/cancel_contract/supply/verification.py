"""Ownership verification: checks that an appointment is the one just created, and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    appointments_path,
    range_query,
)
from cancel_contract.exchange.exchange import FIRST_REFUSAL, Exchange
from cancel_contract.exchange.marker import REFERENCES, References, are_shown, is_kept, is_reference
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.timestamps import instant, utc
from cancel_contract.guard.connection import Connection
from cancel_contract.supply.views import Views

_Payload = Mapping[str, Any]
PAUSES: Final = (1.0, 2.0)
"""Seconds between one look at a list and the next, while it does not show what was done (policy)."""
_READS: Final = (0.05, 0.2, 1.0, 2.0)
"""Seconds between one read and the next, while one does not show what a create has made (policy)."""
_TIMES_AS_LONG: Final = 2
"""How many times as long as it took once a new appointment is left alone before it is read (policy)."""
MOST_UNKNOWN: Final = 2
"""After this number of creates that were accepted and made nothing known, no more are sent (policy)."""
_ACCEPTED: Final = range(200, FIRST_REFUSAL)
"""Statuses of creates that were done, or may be, whatever they show."""
_ABSENT: Final = frozenset({404, 410})
_SECOND: Final = timedelta(seconds=1)
_NEW: Final = timedelta(minutes=2)
"""How old an appointment is at most that was just created, by clocks that differ a little (policy)."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An appointment that was asked for: its marker, its references, its slot, and its client's name."""

    marker: str
    references: References
    """What shows whose it is."""
    start: datetime
    end: datetime
    name: str

    def as_seen(self, payload: Mapping[str, Any]) -> Self:
        """Return the same in the slot, and with the name, that it was last shown with, or is asked to have."""
        start, end = (instant(payload.get(name)) for name in ("starts_at", "ends_at"))
        name = str(payload.get("client_name") or self.name)
        return replace(self, start=start or self.start, end=end or self.end, name=name)


class Verification:
    """Checks whether what a server shows as created is ours: a faulty one may show a stranger's id, or row."""

    def __init__(self, connection: Connection) -> None:
        target = connection.target
        self._send, self._ownership, self._budget = connection.send, connection.ownership, connection.budget
        self._account, self._resource = target.account, target.settings.resource_id
        self._largest = self._unknown = 0
        self.hidden = ""
        """How a read of what the list shows was answered, where it was not shown."""
        self.lag = 0.0
        """Seconds after which reads show what was created; 0 where they do at once."""
        self.views = Views()
        """Whether the answer to a create shows what a read shows."""
        self.unsure: list[str] = []
        """The markers of appointments that may have been created, and that neither list nor read shows."""

    def of_answer(self, created: Exchange, sought: Sought, after: datetime | None = None) -> Snapshot | None:
        """Return what the answer to a create shows, if it is ours; as a read shows it, if that has other fields.

        Ids are counted up (observed), so that one above an id that was looked at is no earlier appointment. `after` is
        when the appointment was created whose create this one repeats.
        """
        payload = created.payload or {}
        number = self._number(payload)
        if number is None or not (after or _bears_or_hides(payload, sought)):
            return None
        if self._largest and number > self._largest and _is_told_apart(payload, sought):
            self._largest = number
            return Snapshot(number, created)
        read = self._shown_soon(number)
        if not self._is_ours(read, number, sought, after):
            return None
        self.views.compare(created, read)
        return Snapshot(number, read if self.views.is_other else created)

    def look(self, number: int, sought: Sought, after: datetime | None = None) -> Exchange | None:
        """Read an appointment that is not yet ours; nothing if it is not what was asked for, nor made of it later."""
        if number in self._ownership.appointments:
            return None
        read = self._read(number)
        self.hidden = "" if read.payload else read.fact
        return read if self._is_ours(read, number, sought, after) else None

    def _read(self, number: int) -> Exchange:
        path = appointment_path(self._account, number)
        return self._send(Case("supply/recognise", Intent.RECOGNISE, path, "GET", repeatable=True))

    def _shown_soon(self, number: int) -> Exchange:
        """Read what a create says that it has made, again after a while if that is not shown yet: a copy may lag."""
        waited, read = 0.0, self._read(number)
        for pause in _READS:
            if read.status not in _ABSENT:
                break
            self._budget.sleep(pause)
            waited, read = waited + pause, self._read(number)
        if waited and read.payload:
            self.lag = max(self.lag, waited * _TIMES_AS_LONG)
        return read

    def _is_ours(self, read: Exchange, number: int, sought: Sought, after: datetime | None = None) -> bool:
        payload = read.payload if read.status == 200 else None
        if payload is None or self._number(payload) != number:
            return False
        if not (_is_told_apart(payload, sought) or _is_made_of_it(payload, sought, after)):
            return False
        self._largest = max(self._largest, number)
        return True

    def find(
        self, sought: Sought, created: Exchange | None = None, pauses: tuple[float, ...] = PAUSES
    ) -> Exchange | None:
        """Look in the list for what a create may have made, and read it; again after each pause, as the list may lag.

        If `created`, the answer to the create, is no refusal, and nothing is found, it is unsure what became of it.
        """
        for pause in (*pauses, 0.0):
            if seen := self._look_for(sought):
                self.unsure = [marker for marker in self.unsure if marker != sought.marker]
                return seen
            if sought.marker in self.unsure:
                break
            self._budget.sleep(pause)
        if created and created.status in _ACCEPTED:
            self.unsure += [] if sought.marker in self.unsure else [sought.marker]
            # What it has changed of the run's own is known.
            self._unknown += (created.payload or {}).get("id") not in self._ownership.appointments
        return None

    def refuse_more(self) -> None:
        """Raise Unprepared once accepted creates have made what cannot be told from others: it stays active."""
        if self._unknown >= MOST_UNKNOWN:
            seen = (
                f"reads do not show what they have made ({self.hidden})"
                if self.hidden
                else "neither their answers nor the list show the external_ref that they sent"
            )
            raise Unprepared(
                f"{self._unknown} creates were accepted, and {seen}: see what the target makes of it, then look for "
                "them by `cancel-contract sweep`"
            )

    def _look_for(self, sought: Sought) -> Exchange | None:
        query = range_query(utc(sought.start), utc(sought.end), resource_ids=self._resource)
        path = appointments_path(self._account)
        listed = self._send(Case("supply/lost", Intent.LIST, path, "GET", query=query, repeatable=True))
        rows = listed.answer.json.get("payload") if listed.answer and isinstance(listed.answer.json, dict) else None
        known = self._ownership.appointments
        bearing = [row["id"] for row in rows if _may_be(row, sought)] if isinstance(rows, list) else None
        # One that is owned already is no further one of the same marker.
        mine = None if bearing is None else [number for number in bearing if number not in known]
        for number in mine or ():
            if seen := self.look(number, sought):
                return seen
        # If the list shows it and a read does not, or if there is no list, it may be active.
        self.unsure += [] if mine == [] or sought.marker in self.unsure else [sought.marker]
        return None

    def _number(self, payload: _Payload) -> int | None:
        number, account = payload.get("id"), payload.get("account_id", self._account)
        plain = type(number) is int and number > 0 and number not in self._ownership.appointments
        return number if plain and account == self._account else None


def _may_be(row: Any, sought: Sought) -> bool:  # noqa: ANN401  JSON's boundary
    """Whether a row is what was sought, or lies in its place and hides whose it is: a read tells more."""
    if not isinstance(row, dict) or type(row.get("id")) is not int:
        return False
    is_hidden = all(row.get(name) is None for name in REFERENCES)
    return _shows(row, sought) or (is_hidden and "starts_at" in row and _is_in_its_slot(row, sought))


def _bears_or_hides(payload: _Payload, sought: Sought) -> bool:
    # A caller who may not see markers gets null for them (a legal variant).
    return payload.get("external_ref") is None or _shows(payload, sought)


def _shows(payload: _Payload, sought: Sought) -> bool:
    """Whether the external_ref is shown as it was sent, or both references in part; of what is new, one of them.

    Slot and name tell besides whose it is.
    """
    if are_shown(shown := payload.get("external_ref"), key := payload.get("idempotency_key"), sought.references):
        return True
    is_part = shown is not None and is_kept(shown, sought.references[0])
    return (is_part or is_reference(key, sought.references[1])) and _is_new(payload)


def _is_new(payload: _Payload) -> bool:
    """Whether an appointment was created just now: what a create has overwritten is older, and somebody else's."""
    made = instant(payload.get("created_at"))
    return made is not None and abs(datetime.now(UTC) - made) < _NEW


def _is_told_apart(payload: _Payload, sought: Sought) -> bool:
    """Whether an appointment has the external_ref that was sent or, if that is hidden or changed, the slot and the name
    that were asked for.
    """
    if is_reference(payload.get("external_ref"), sought.references[0]):
        return True
    if not _bears_or_hides(payload, sought):
        return False
    return _is_in_its_slot(payload, sought) and payload.get("client_name") == sought.name


def _is_in_its_slot(payload: _Payload, sought: Sought) -> bool:
    times = (instant(payload.get("starts_at")), instant(payload.get("ends_at")))
    sought_times = (sought.start, sought.end)
    # A fraction of a second may be kept, or dropped.
    return all(there and abs(there - asked) < _SECOND for there, asked in zip(times, sought_times, strict=True))


def _is_made_of_it(payload: _Payload, sought: Sought, after: datetime | None) -> bool:
    """Whether the target may have made it of another one: in its slot, for its client, and not before it."""
    is_made = is_later(payload, after) and _is_in_its_slot(payload, sought)
    return is_made and sought.name in str(payload.get("client_name"))


def is_later(payload: _Payload, after: datetime | None) -> bool:
    """Whether an appointment was created after some time, or then; not where one of the two is not known."""
    made = instant(payload.get("created_at"))
    return after is not None and made is not None and made >= after
