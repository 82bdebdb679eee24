"""Rows for the tables of effect/: the marks of a change, which are its time and its entity tag."""

from typing import Any, Final

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Make

DAY, OTHER_DAY = "2026-10-30T10:00:00Z", "2026-10-31T10:00:00Z"
OFF: Final = "2026-10-30T15:00:00Z"
A_DAY_BEFORE: Final = "2026-11-01T00:00:00Z"
"""Before the cancels of these tests are sent."""


def _changed(m: Any, was: str, now: str, code: int = 200) -> Episode:  # noqa: ANN401  the fixture's own class
    """A first cancel on 2 November 2026 of what was changed before."""
    return Episode(Kind.FIRST_CANCEL, (m.before(updated_at=was), m.done(code), m.after(updated_at=now)), "completed")


def _clocked(m: Any, now: str = OFF, code: int = 200, kind: Kind = Kind.FIRST_CANCEL, **made: Any) -> Episode:  # noqa: ANN401
    before = m.cancel(201, made.get("intent", Intent.CREATE), body={"payload": m.payload(updated_at=DAY)})
    return Episode(kind, ((Role.BEFORE, before), m.done(code), m.after(updated_at=now)), "scheduled")


def _tagged(  # noqa: PLR0913, PLR0917  each has its default
    m: Any, new: str, old: str = '"1"', was: str = "paid", intent: Intent = Intent.READ, changed: str = OTHER_DAY,  # noqa: ANN401
) -> Episode:  # fmt: skip
    before = m.cancel(200, intent, status=was, updated_at=DAY, headers=(("ETag", old),) * bool(old))
    after = m.after(updated_at=changed, headers=(("ETag", new),))
    return Episode(Kind.FIRST_CANCEL, ((Role.BEFORE, before), m.done(), after), was)


HELD: Final[list[tuple[str, Make]]] = [
    ("effect/touched", lambda m: _changed(m, DAY, OTHER_DAY)),
    *[("effect/clock", lambda m, now=now: _clocked(m, now))
      for now in (DAY, "2026-10-30T15:20:00+05:00", "2026-10-30T09:40:00Z")],
    ("effect/entity-tag", lambda m: _tagged(m, '"2"')),
    ("effect/entity-tag", lambda m: _tagged(m, 'W/"1"', changed=DAY)),
]  # fmt: skip

BROKEN: Final[list[tuple[str, Make, str]]] = [
    *[("effect/clock", lambda m, now=now: _clocked(m, now),
       f"updated_at is {now!r} after the cancel, {apart} {DAY!r} when it was made, just before")
      for now, apart in ((OFF, "5 hours after"), ("2026-10-30T09:39:00Z", "21 minutes before"))],
    ("effect/entity-tag", lambda m: _tagged(m, '"1"'),
     "the ETag of a read is the same before and after the cancel, though the status has changed"),
    ("effect/touched", lambda m: _changed(m, DAY, DAY),
     "updated_at is still '2026-10-30T10:00:00Z' after the cancel, not the time of it"),
]  # fmt: skip

ASIDE: Final[list[tuple[str, Make]]] = [
    *[("effect/touched", lambda m, day=day: _changed(m, day, day))
      for day in ("2026-11-01T10:00:00Z", "yesterday", A_DAY_BEFORE)],
    *[("effect/clock", lambda m, aside=aside: _clocked(m, **aside))
      for aside in ({"code": 409}, {"intent": Intent.READ}, {"kind": Kind.LATE}, {"now": "today"})],
    *[("effect/entity-tag", lambda m, aside=aside: _tagged(m, '"1"', **aside))
      for aside in ({"was": "cancelled"}, {"intent": Intent.CREATE}, {"old": ""}, {"changed": DAY})],
    *[("effect/entity-tag", lambda m, masked=masked: _tagged(m, masked, masked)) for masked in ("<string 34>", "1")],
    ("effect/touched", lambda m: _changed(m, DAY, DAY, 409)),
    ("effect/touched", lambda m: Episode(Kind.LATE, _changed(m, DAY, DAY).steps)),
]  # fmt: skip
