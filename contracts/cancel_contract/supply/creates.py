"""Sends creates, and owns what they have made, whatever became of their answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.guard.connection import Connection
from cancel_contract.guard.gateway import PAUSE
from cancel_contract.supply.made import Made
from cancel_contract.supply.requests import Asked, creation
from cancel_contract.supply.variations import Variation
from cancel_contract.supply.verification import Sought, Verification, is_later

_UPDATES: Final = frozenset({Intent.UPDATE, Intent.REVIVE})
MOST_CREATES: Final = 4
"""How often one create is sent if its answer is lost (policy); its idempotency key makes that safe (sibling)."""


class Creates:
    """The creates of a run, one at a time."""

    def __init__(self, connection: Connection, verification: Verification, made: Made) -> None:
        self._connection, self._verification = connection, verification
        self._journal, self._tracking, self._open = made.journal, made.tracking, made.open_creates
        self.made = made.by_create
        """The create of each appointment that this run has created."""
        self._asked: dict[str, Sought] = {}
        """By marker, what every create has asked for."""
        self._listed: list[tuple[int, Sought, datetime | None]] = []
        """What a list shows as made by creates that were refused, or of what was made before."""

    def send(self, variation: Variation, start: datetime, key: str) -> Asked:
        """Send the create of an appointment, again if its answer is lost."""
        case, sought = self.prepared(variation, start, key)
        connection = self._connection
        try:
            exchange, tries = connection.send(case), 1
            while (exchange.answer is None or exchange.is_of_gateway) and tries < MOST_CREATES:
                # The answer alone may be lost; if there is none again, the target may be restarting.
                connection.budget.sleep(PAUSE * (2 ** (tries - 1) if exchange.answer else tries - 1))
                exchange, tries = connection.send(case), tries + 1
        except Exception:
            self._open.failed(sought, case, connection.exchanges)
            raise
        return Asked(variation, case, sought, exchange, tries > 1)

    def prepared(self, variation: Variation, start: datetime, key: str) -> tuple[Case, Sought]:
        """Return the case of a create that is about to be sent, and how what it makes is told; it is counted."""
        self._verification.refuse_more()
        # Without a journal nothing is created, and nothing is counted.
        marker = self._journal.marker()
        self._connection.budget.appointment()
        case, sought = creation(self._connection.target, variation, marker, start, key)
        self._open.asked(sought)
        self._asked[sought.marker] = sought
        return case, sought

    def took(self, asked: Asked) -> Snapshot | None:
        """Own what a create has created; if its answer was lost, look for it in the list."""
        self._open.asked(asked.sought)
        if made := self._made_by(asked):
            self.own(asked.sought.marker, made)
            self.made[made.id] = asked
        elif asked.exchange.is_refused and asked.sought.marker not in self._verification.unsure:
            self._connection.budget.not_made()
        self._open.ended(asked.sought, is_late=asked.lost and not made)
        return made

    def own(self, marker: str, made: Snapshot) -> None:
        """Own an appointment that bears a marker of the run."""
        self._connection.ownership.own(made.id)
        self._tracking.made(marker, made.id)

    def follow(self, change: Exchange, seen: Exchange | None = None) -> None:
        """Own what an update has made in an appointment's place: of its mark, or for its client in the slot asked for.

        `seen` is the old one as it was last shown, perhaps moved.
        """
        number = change.payload.get("id") if change.payload else None
        made = self.made.get(change.case.appointment or 0)
        if made is None or change.case.intent not in _UPDATES or not isinstance(number, int) or number in self.made:
            return
        asked, _ = parse_json(change.case.body or b"")
        sought = made.sought.as_seen((seen.payload if seen else None) or {})
        sought = sought.as_seen(asked if isinstance(asked, dict) else {})
        if found := self._verification.look(number, sought, made.created):
            self.own(sought.marker, Snapshot(number, found))

    def _made_by(self, asked: Asked) -> Snapshot | None:
        first = next((one for one in self.made.values() if one.sought == asked.sought), None)
        is_made, after = asked.exchange.status in {200, 201}, first.created if first else None
        if is_made and (made := self._verification.of_answer(asked.exchange, asked.sought, after)):
            return made
        return None if asked.exchange.is_refused and not asked.lost else self._found(asked.sought, asked.exchange)

    def _found(self, sought: Sought, created: Exchange | None = None) -> Snapshot | None:
        seen = self._verification.find(sought, created)
        return Snapshot(seen.payload["id"], seen) if seen and seen.payload else None

    @property
    def unsure(self) -> tuple[str, ...]:
        """The markers of appointments that may have been created: the answers to their creates do not tell."""
        return tuple(sought.marker for sought in self._open.every)

    @property
    def unmade(self) -> tuple[Sought, ...]:
        """What creates have asked for and, as far as anybody knows, not made."""
        known = {asked.sought.marker for asked in self.made.values()}
        return tuple(sought for marker, sought in self._asked.items() if marker not in known)

    def listed(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note the active appointments of a list that bear a marker of this run: a create may be refused, and done.

        With more around the marker, they may be made of what was moved or revived.
        """
        created = {asked.sought.marker: asked.created for asked in self.made.values()}
        for row in rows:
            if type(row.get("id")) is not int or CANCEL.is_done(row):
                continue
            marker = str(Marker.of(row.get("external_ref"), row.get("idempotency_key")))
            if sought := self._asked.get(marker):
                self._listed.append((row["id"], sought, None))
            elif (sought := self._asked.get(str(Marker.within(row.get("external_ref"))))) and is_later(
                row, after := created.get(sought.marker)
            ):
                self._listed.append((row["id"], sought.as_seen(row), after))

    def settle(self) -> None:
        """Look once more for what may have been created, and own it."""
        for number, sought, after in self._listed:
            # What is owned already is not looked at.
            if seen := self._verification.look(number, sought, after):
                self.own(sought.marker, Snapshot(number, seen))
        for sought in {*self._open.every, *self._open.late}:
            if seen := self._verification.find(sought, pauses=()):
                self.own(sought.marker, Snapshot(seen.payload["id"] if seen.payload else 0, seen))
            self._open.ended(sought)
