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
    """The second member's view of an appointment; nothing if there is no such member, or it is shown another one."""
    if not context.has(Holder.SECOND):
        return None
    seen = context.read(snapshot.id, SECOND)
    if seen.status != OK or seen.payload is None:
        return None
    is_alike = not any(documented_differences(context.ledger.terms.fragment, seen.payload, snapshot.payload))
    return Snapshot(snapshot.id, seen) if is_alike else None


def look_again(context: Context, before: Snapshot, cancel: Exchange) -> None:
    """Whoever has read an appointment before its cancel by somebody else is shown the cancel, too."""
    after = context.read(before.id, SECOND)
    steps = ((Role.BEFORE, before.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
    context.submit(Kind.FIRST_CANCEL, *steps, topic=str(before.payload.get("status")))


def is_kept_out(exchange: Exchange) -> bool:
    """Whether a member may not cancel what others have made, which says nothing of repeated cancels."""
    return exchange.case.credential.holder is Holder.SECOND and exchange.status in _KEPT_OUT
