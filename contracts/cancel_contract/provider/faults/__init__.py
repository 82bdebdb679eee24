"""The fault catalogue: one module per family of the clauses that the faults break, larger families in parts.

What a fault breaks decides, not what sets it off: a second cancel that takes money breaks `repeat/no-side-effect`.
Where faults of several families come about in one way, and share its code, they stand together: those of rare `values`,
of `branches` in the code, of what was done `earlier`, `afterwards`, some requests `later` or `elsewhere_once`, and of
what is `deleted`.

A new fault goes into `FAULTS` of its family's module; clauses/ADDING.md has the steps.
"""

from typing import Final

from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults import (
    access,
    access_by_state,
    access_callers,
    access_claims,
    access_tokens,
    afterwards,
    answer_callers,
    answer_delivery,
    answer_fields,
    answer_message,
    answer_private,
    answer_secrets,
    asked_for_more,
    branches,
    deleted,
    earlier_changes,
    effect,
    effect_bookings,
    effect_elsewhere,
    effect_kept_views,
    effect_members,
    effect_money,
    effect_neighbours,
    effect_races,
    effect_views,
    elsewhere_once,
    first_alone,
    input_asking,
    input_bodies,
    input_callers,
    input_fields,
    input_headers,
    input_ids,
    input_paths,
    later,
    next_paths,
    readonly,
    repeat,
    repeat_bodies,
    repeat_members,
    repeat_side_by_side,
    values,
    values_rarer,
)
from cancel_contract.provider.names import named

FAULTS: Final[tuple[Fault, ...]] = (
    *answer_message.FAULTS,
    *answer_delivery.FAULTS,
    *answer_private.FAULTS,
    *answer_secrets.FAULTS,
    *answer_fields.FAULTS,
    *answer_callers.FAULTS,
    *effect.FAULTS,
    *effect_money.FAULTS,
    *effect_elsewhere.FAULTS,
    *effect_bookings.FAULTS,
    *effect_neighbours.FAULTS,
    *effect_kept_views.FAULTS,
    *effect_members.FAULTS,
    *effect_races.FAULTS,
    *effect_views.FAULTS,
    *elsewhere_once.FAULTS,
    *first_alone.FAULTS,
    *repeat.FAULTS,
    *repeat_bodies.FAULTS,
    *repeat_members.FAULTS,
    *repeat_side_by_side.FAULTS,
    *earlier_changes.FAULTS,
    *afterwards.FAULTS,
    *deleted.FAULTS,
    *values.FAULTS,
    *values_rarer.FAULTS,
    *access_tokens.FAULTS,
    *access.FAULTS,
    *access_by_state.FAULTS,
    *access_callers.FAULTS,
    *access_claims.FAULTS,
    *branches.FAULTS,
    *input_ids.FAULTS,
    *input_bodies.FAULTS,
    *input_asking.FAULTS,
    *asked_for_more.FAULTS,
    *input_fields.FAULTS,
    *input_paths.FAULTS,
    *input_callers.FAULTS,
    *input_headers.FAULTS,
    *readonly.FAULTS,
    *later.FAULTS,
)
"""Every fault."""

NEXT: Final[tuple[Fault, ...]] = (*next_paths.NEXT,)
"""Faults whose clauses are not written yet: each has its name, and is no part of the catalogue so far."""


def fault(name: str) -> Fault:
    """Return the fault of a name, of the catalogue or of those to come."""
    return named("fault", name, (*FAULTS, *NEXT))
