"""A second member who looks at an appointment, cancels it again, and is shown what the first member has done."""

from typing import Final

from cancel_contract.exchange.compare import documented_differences
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context

SECOND: Final = Credential(Holder.SECOND)
_KEPT_OUT: Final = frozenset({401, 403, 404})

LOOKS: Final = 2
"""How many requests the looks before and after a cancel are."""


def look(context: Context, snapshot: Snapshot) -> Snapshot | None:
    """The second member's view of an appointment; nothing if there is no such member, or it is shown nothing."""
    if not context.has(Holder.SECOND):
        return None
    seen = context.read(snapshot.id, SECOND)
    return None if seen.status != OK or seen.payload is None else Snapshot(snapshot.id, seen)


def is_alike(context: Context, view: Snapshot, snapshot: Snapshot) -> bool:
    """Whether both members are shown the same of an appointment."""
    return not any(documented_differences(context.ledger.terms.fragment, view.payload, snapshot.payload))


def look_again(context: Context, before: Snapshot, cancel: Exchange) -> None:
    """Whoever has read an appointment before its cancel by somebody else is shown the cancel, too."""
    after = context.read(before.id, SECOND)
    steps = ((Role.BEFORE, before.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
    context.submit(Kind.FIRST_CANCEL, *steps, topic=str(before.payload.get("status")))


def is_kept_out(exchange: Exchange) -> bool:
    """Whether a member may not cancel what others have made, which says nothing of repeated cancels."""
    return exchange.case.credential.holder is Holder.SECOND and exchange.status in _KEPT_OUT
