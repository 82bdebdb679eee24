"""First cancels: one is asked for, read back, and looked for in the list."""

from typing import Any

from cancel_contract.clauses.odd import asks_for_length
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.credential import MEMBER, Credential
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.lists import ask, holds_cancelled


def first_cancel(
    context: Context,
    snapshot: Snapshot,
    key: str = "first",
    caller: str = "",
    **parts: Any,  # noqa: ANN401  parts of a Case
) -> tuple[Exchange, Exchange]:
    """Cancel an appointment for the first time, as some caller, and read it back."""
    cancel = context.cancel(snapshot.id, key, Intent.FIRST, **parts)
    if asks_for_length(cancel):
        cancel = context.cancel(snapshot.id, f"{key}, with a length", Intent.FIRST, **{**parts, "without": frozenset()})
    after = context.read(snapshot.id)
    steps = ((Role.BEFORE, snapshot.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
    context.submit(Kind.FIRST_CANCEL, *steps, topic=str(snapshot.payload.get("status")))
    if caller:
        context.submit(Kind.CALLER, *steps, topic=caller)
    return cancel, after


def first_cancel_with(
    context: Context, before: Snapshot, key: str, parts: dict[str, Any], credential: Credential = MEMBER
) -> Exchange:
    """Cancel an active appointment with a body of another type than JSON, and a query, of which nothing must be taken,
    and read it back; then as usual, if that was refused. Returns the cancel that was not.

    `before` and the read after it are what the holder of the credential is shown.
    """
    intent = Intent.FOREIGN_BODY
    odd = context.cancel(before.id, f"{key}, {intent}", intent, credential=credential, **parts)
    after = context.read(before.id, credential)
    steps = ((Role.BEFORE, before.seen), (Role.CANCEL, odd), (Role.AFTER, after))
    if odd.is_refused:
        context.submit(Kind.REFUSAL, *steps, topic=str(Intent.FOREIGN_BODY))
        odd = context.cancel(before.id, key, Intent.FIRST, credential=credential)
        after = context.read(before.id, credential)
        steps = ((Role.BEFORE, before.seen), (Role.CANCEL, odd), (Role.AFTER, after))
    context.submit(Kind.FIRST_CANCEL, *steps, topic=str(before.payload.get("status")))
    return odd


def _cancelled_words(before: Payload) -> dict[str, str]:
    """What a list of cancelled appointments is asked for: by payments, too, where appointments show theirs."""
    return dict.fromkeys((name for name in ("status", "payment_status") if name in before), ACTION.done)


def list_cancelled(context: Context, snapshot: Snapshot) -> bool:
    """Ask for the list as it is asked for after the cancel: whoever keeps lists for long, shows it then.

    Returns whether it holds the appointment already.
    """
    before = snapshot.payload
    if not before.keys() >= {"starts_at", "ends_at", "resource_id"}:
        return False
    listed_so_far = ask(context, "list, before", before, lambda _: True, **_cancelled_words(before))
    return holds_cancelled(snapshot.id)(listed_so_far)


def listed(context: Context, cancel: Exchange, before: Payload) -> None:
    """Look for a cancelled appointment in the list."""
    is_there, words = holds_cancelled(cancel.case.appointment), _cancelled_words(before)
    found = ask(context, "list", before, is_there, **words)
    if found.status != OK and len(words) > 1:
        # A strict server refuses a filter that it does not know.
        found = ask(context, "list, by status", before, is_there, status=ACTION.done)
    context.submit(Kind.LATE, (Role.CANCEL, cancel), (Role.LISTED, found))
