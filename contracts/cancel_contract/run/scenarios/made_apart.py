"""Finds out which property of an appointment breaks a clause: others are made that have some of its properties."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Final

from cancel_contract.exchange.case import LIKE
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.corrections import corrected
from cancel_contract.run.scenarios.effect import first_cancel
from cancel_contract.run.scenarios.turned_away import turned_away_plainly
from cancel_contract.supply.variations import PLAIN, Variation

_PROPERTIES: Final = tuple(one.name for one in fields(Variation) if one.compare)


def made_like(context: Context, variation: Variation) -> Snapshot:
    """An active appointment of a variation, as the target keeps it: corrected, if it is to be moved."""
    made = context.fresh(variation)
    kept = corrected(context, made) if variation.is_moved else context.as_read(made)
    # A move may book another and end this one.
    return context.as_read(context.fresh(replace(variation, is_moved=False))) if kept.is_cancelled else kept


def bisect_made(
    context: Context, variation: Variation, clauses: Iterable[str], caller: Credential | None = None
) -> None:
    """Cancel appointments that have half of what sets a variation apart from a plain one, until one property is left
    that breaks the same clauses, and in the end one without it: as the member does, or as a caller who may not. What
    takes several is not found.
    """
    suspects = [name for name in _PROPERTIES if getattr(variation, name) != getattr(PLAIN, name)]
    if not suspects:
        return
    names, asked, held = frozenset(clauses), list[str](), False
    while len(suspects) > 1:
        asked, rest = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
        if not _breaks(context, variation, asked, names, caller):
            suspects, held = rest, True
        else:
            suspects = asked
    if suspects != asked:
        # What is left after the other half has held.
        held = not _breaks(context, variation, suspects, names, caller) or held
    if not held:
        _breaks(context, variation, [], names, caller)


def _breaks(
    context: Context, variation: Variation, names: Sequence[str], clauses: frozenset[str], caller: Credential | None
) -> bool:
    """Whether a cancel of an appointment that has these properties of a variation breaks one of some clauses."""
    snapshot, more = made_like(context, _with(variation, names)), f"{LIKE}{' and '.join(names) or 'nothing'}"
    if caller:
        turned_away_plainly(context, snapshot, caller, more)
    else:
        first_cancel(context, snapshot, f"first{more}")
    return any(key.endswith(more) for name in clauses for key in context.ledger.broke.get(name, ()))


def _with(variation: Variation, names: Sequence[str]) -> Variation:
    """Return a plain variation with some properties of another one; of one that is near nobody can be reached."""
    part = replace(PLAIN, **{name: getattr(variation, name) for name in names})
    return part if part.begins == PLAIN.begins else replace(part, phone=False, contact=False)
