"""Races of a cancel with other writers, as the requests and answers that they leave."""

import json
from dataclasses import replace
from typing import Any

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from tests.unit.clauses.conftest import Maker, Step

UPDATE, SLOT, DELETED = "effect/other-writer", "effect/slot-race", "effect/deleted"
UNPAID = {"id": 9, "amount": 2000, "status": "unpaid"}
ACTIVE = {"status": "scheduled", "payment_status": "paid", "expense": UNPAID}
CANCELLED = {"status": "cancelled", "payment_status": "cancelled", "expense": None}
REVIVED: dict[str, Any] = {"status": "confirmed", "payment_status": "cancelled", "expense": None}
CONFIRMED = {**ACTIVE, "status": "confirmed"}
PHONE = {"client_phone": "+7 000 000 00 01"}
BEFORE, CANCEL, BESIDE, AFTER, OTHER_AFTER = (
    Role.BEFORE, Role.CANCEL, Role.BESIDE, Role.AFTER, Role.OTHER_AFTER
)  # fmt: skip


def cancelling(m: Maker, code: int = 200, **fields: Any) -> Step:  # noqa: ANN401  fields of an appointment
    """Return a cancel that races, and what it answers."""
    return CANCEL, m.cancel(code, Intent.RACED, **{**CANCELLED, **fields})


def patching(m: Maker, code: int, sent: dict[str, Any], **fields: Any) -> Step:  # noqa: ANN401  likewise
    """Return an update beside it that sends some fields, and what it answers."""
    case = {"method": "PATCH", "body": json.dumps(sent).encode()}
    return BESIDE, m.cancel(code, Intent.UPDATE, case=case, **fields)


def raced(m: Maker, *steps: Step, before: dict[str, Any] | None = None) -> Episode:
    """Return a race: the appointment before it, and its steps."""
    return Episode(Kind.RACE, ((BEFORE, m.read(**(before or ACTIVE))), *steps))


def status_race(
    m: Maker, told: dict[str, Any], after: dict[str, Any], *, codes: tuple[int, int] = (200, 200)
) -> Episode:
    """A cancel beside an update of the status, which shows `told`; read after them it is as `after`."""
    patch = patching(m, codes[1], {"status": "confirmed"}, **told)
    return raced(m, cancelling(m, codes[0]), patch, (AFTER, m.read(**after)))


def phone_race(
    m: Maker, told: dict[str, Any], after: dict[str, Any], *, codes: tuple[int, int] = (200, 200)
) -> Episode:
    """A cancel beside an update of the phone."""
    patch = patching(m, codes[1], PHONE, **{**PHONE, **told})
    return raced(m, cancelling(m, codes[0]), patch, (AFTER, m.read(**after)))


def booked(
    m: Maker,
    code: int = 201,
    *,
    cancel: int = 200,
    after: dict[str, Any] | None = None,
    **fields: Any,  # noqa: ANN401
) -> Episode:
    """A cancel beside a booking of the slot, which made appointment 8."""
    new = {"id": 8, **ACTIVE, "payments": [], "expense": None, "payment_status": "awaiting_payment"}
    body = {"payload": m.payload(**{**new, **fields})} if code == 201 else None
    booking = BESIDE, m.cancel(code, Intent.CREATE, body=body, case={"appointment": None})
    seen = ((OTHER_AFTER, m.read(**{**new, **fields})),) if code == 201 else ()
    return raced(m, cancelling(m, cancel), booking, (AFTER, m.read(**(after or CANCELLED))), *seen)


def seen_as(episode: Episode, read: Exchange) -> Episode:
    """The same, but for what the read of the new booking shows."""
    return replace(episode, steps=tuple((role, read if role is OTHER_AFTER else one) for role, one in episode.steps))


def deletion_race(
    m: Maker, codes: tuple[int, int], read: int = 200, *, before: dict[str, Any] | None = None
) -> Episode:
    """A cancel beside a deletion."""
    body = b"" if codes[1] == 204 else None
    deletion = BESIDE, m.cancel(codes[1], Intent.DELETE, body=body, case={"method": "DELETE"})
    return raced(m, cancelling(m, codes[0]), deletion, (AFTER, m.read(read, **CANCELLED)), before=before)


def all_beside(m: Maker, after: dict[str, Any], *, codes: tuple[int, int] = (200, 201)) -> Episode:
    """A cancel beside an update of the phone and a booking of the slot."""
    updated = phone_race(m, {}, after, codes=(200, codes[0]))
    booking = tuple(one for one in booked(m, codes[1], after=after).steps if one[0] in {BESIDE, OTHER_AFTER})
    return replace(updated, steps=(*updated.steps, *booking))


LOST = "an update (200) at the same moment as a cancel (200) is lost"
BOTH = "a cancel (200) and an update (200) at the same moment: "
END = " (neither order of the two requests explains that)"
