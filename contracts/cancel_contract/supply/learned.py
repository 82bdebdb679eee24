"""What a run learns of the target while it creates appointments there; its lanes share it."""

from dataclasses import dataclass, field
from datetime import datetime

from cancel_contract.guard.connection import Connection
from cancel_contract.guard.shared_state import Claims
from cancel_contract.supply.booking_days import DAYS_APART
from cancel_contract.supply.fallbacks import Fallbacks
from cancel_contract.supply.journal import Journal
from cancel_contract.supply.kept_days import KeptDays
from cancel_contract.supply.made import Made
from cancel_contract.supply.open_creates import OpenCreates
from cancel_contract.supply.settling import Settling
from cancel_contract.supply.slots import Place, Slots
from cancel_contract.supply.tracking import Tracking
from cancel_contract.supply.variations import Variation
from cancel_contract.supply.verification import Verification


@dataclass(frozen=True, slots=True)
class Learned:
    """Where slots are free, which variations are refused, how own appointments are told, whose tokens count."""

    slots: Slots | None
    """None where appointments are handed over."""
    fallbacks: Fallbacks
    verification: Verification
    made: Made
    kept: KeptDays
    claims: Claims
    """What is asked once in a run, whichever worker asks."""
    hopeless: set[Variation] = field(default_factory=set)
    """Variations of which every likeness is refused."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Appointment variations that the target refuses, with its answer."""
    settling: Settling = field(default_factory=Settling)


def learning(connection: Connection, journal: Journal, claims: Claims) -> Learned:
    """Begin to learn, over a connection; workers look for slots on days of their own."""
    target, settings = connection.target, connection.target.settings
    fallbacks, verification = Fallbacks(settings), Verification(connection)
    made = Made(journal, Tracking(journal), OpenCreates(verification))
    kept = KeptDays(connection.creating, settings.zone)
    if settings.appointment_ids or not settings.resource_id:
        return Learned(None, fallbacks, verification, made, kept, claims)
    mapped = settings.allow_mapped_resource == settings.resource_id
    place = Place(target.account, settings.resource_id, settings.zone, mapped)
    offset = int(journal.run, 16) + journal.worker * DAYS_APART
    slots = Slots(connection.send, place, datetime.now(settings.zone).date(), offset)
    return Learned(slots, fallbacks, verification, made, kept, claims)
