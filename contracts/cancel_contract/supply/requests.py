"""The cases by which appointments are created, read, revived and cleaned up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cancel_contract.exchange.action import CANCEL
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    appointments_path,
)
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.timestamps import instant, utc
from cancel_contract.supply.variations import Variation
from cancel_contract.supply.verification import Sought
from cancel_contract.target.target import Target

UNPAID: Final[str] = CANCEL.undo["payment_status"]
"""The payment status of an appointment for which nothing was received (sibling)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A create that was sent, its last answer, and whether an answer was lost."""

    variation: Variation
    case: Case
    sought: Sought
    exchange: Exchange
    lost: bool

    @property
    def created(self) -> datetime | None:
        """When it was created, by the target's clock, as far as the answer tells."""
        return instant((self.exchange.payload or {}).get("created_at"))

    @property
    def states_more(self) -> bool:
        """Whether another duration was asked for than that of its range."""
        return self.variation.duration != "range"


_JSON: Final = (("content-type", b"application/json"),)


def creation(target: Target, variation: Variation, marker: Marker, start: datetime, key: str) -> tuple[Case, Sought]:
    """Return the case that creates an appointment, and what has to come of it."""
    settings, end = target.settings, start + timedelta(minutes=variation.minutes)
    references = reference, idempotency = marker.references(variation.reference)
    body = {
        "resource_id": settings.resource_id,
        "starts_at": variation.spelled(start, settings.zone),
        "ends_at": utc(end),
        **({} if variation.stated is None else {"duration_min": variation.stated}),
        **({"external_ref": reference} if reference else {}),
        # With it a create whose answer is lost can be sent again: it answers with the first appointment (sibling).
        "idempotency_key": idempotency,
        **variation.fields(settings),
    }
    text = json.dumps(body, ensure_ascii=False).encode()
    case = Case(key, Intent.CREATE, appointments_path(target.account), headers=_JSON, body=text)
    return case, Sought(str(marker), references, start, end, str(body["client_name"]))


def revival(account: int, appointment: int, payment_status: str = UNPAID) -> Case:
    """Return the case that makes a cancelled appointment scheduled again (sibling)."""
    path = appointment_path(account, appointment)
    body = json.dumps({**CANCEL.undo, "payment_status": payment_status}).encode()
    return Case(
        "supply/revive", Intent.REVIVE, path, "PATCH", headers=_JSON, body=body, appointment=appointment,
        repeatable=True,
    )  # fmt: skip


def updating(account: int, appointment: int, key: str, fields: Mapping[str, object]) -> Case:
    """Return the case that changes fields of an appointment (sibling)."""
    path, body = appointment_path(account, appointment), json.dumps(dict(fields)).encode()
    return Case(key, Intent.UPDATE, path, "PATCH", headers=_JSON, body=body, appointment=appointment)


def deleting(account: int, appointment: int, key: str) -> Case:
    """Return the case that deletes an appointment (sibling)."""
    return Case(key, Intent.DELETE, appointment_path(account, appointment), "DELETE", appointment=appointment)


def clearing(account: int, appointment: int) -> Case:
    """Return the case that cancels an appointment at the end."""
    path = CANCEL.path(account, appointment)
    return Case("supply/clean", Intent.CLEAN, path, appointment=appointment, repeatable=True)
