"""What a run has made, and may have made; its lanes share it."""

from dataclasses import dataclass, field

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.supply.journal import Journal
from cancel_contract.supply.open_creates import OpenCreates
from cancel_contract.supply.requests import Asked
from cancel_contract.supply.tracking import Tracking


@dataclass(frozen=True, slots=True)
class Made:
    """The appointments of a run."""

    journal: Journal
    tracking: Tracking
    open_creates: OpenCreates
    by_create: dict[int, Asked] = field(default_factory=dict)
    """The create of each appointment that this run has created."""
    watched: dict[str, Exchange] = field(default_factory=dict)
    """By scenario, the read of a cancelled appointment that is compared with another one at the end of the run."""
    deleted: set[int] = field(default_factory=set)
    """The appointments that this run has deleted: no later look expects them."""
    closed: list[int] = field(default_factory=list)
    """Those whose slot could not be booked after their cancel because nobody can have it."""
