"""Writes the steps of an episode, and what sets it apart from others: what a reader needs to see what went before."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.exchange.described import states, traits
from cancel_contract.exchange.episode import Evidence, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import as_step, parts_of

MOST: Final = 8
"""Steps that are told."""
OF_A_RUN: Final = frozenset({Kind.WHOLE, Kind.SEEN, Kind.REFUSALS, Kind.GATEWAY})
"""The kinds whose steps are no story: they lie anywhere in a run."""


def steps(evidence: Evidence, shown: Exchange) -> tuple[str, ...]:
    """Return what was asked and answered in an episode, in order, a line each; nothing where it is one request.

    `shown` is the one that is shown whole. Only words of the API and numbers are told.
    """
    if isinstance(evidence, Exchange) or evidence.kind in OF_A_RUN:
        return ()
    besides = (evidence.latest, *evidence.changes, shown)
    every = {one.number: one for one in (*(one for _, one in evidence.steps), *besides) if one}
    if len(every) == 1:
        return ()
    told = [_step(one, is_shown=one is shown) for _, one in sorted(every.items())]
    return (*told[: MOST - 1], f"and {len(told) - MOST + 1} more") if len(told) > MOST else tuple(told)


def earlier(evidence: Evidence, shown: Exchange) -> tuple[str, ...]:
    """Return the ids that the requests of an episode bore before the one that is shown."""
    if isinstance(evidence, Exchange) or evidence.kind in OF_A_RUN:
        return ()
    return tuple(one.request_id for _, one in evidence.steps if one.number < shown.number and one.request_id)


def _step(one: Exchange, *, is_shown: bool) -> str:
    payload = one.payload or {}
    number = payload.get("id")
    is_named = type(number) is int and str(number) not in one.case.path
    facts = (f"id {number}" if is_named else "", *states(payload))
    log = f" (…-{one.request_id.rpartition('-')[2]})" if one.request_id else ""
    came = str(one.status) if one.answer else one.fact
    told = ", ".join(filter(None, (came, *facts)))
    return f"{as_step(one.case)}: {told}{log}{', shown below' if is_shown else ''}"


def common(evidence: Evidence) -> frozenset[str]:
    """Return what evidence may have in common with other evidence: of the requests, and of the appointment before."""
    return frozenset(_common(evidence))


def _common(evidence: Evidence) -> Iterator[str]:
    if isinstance(evidence, Exchange):
        yield f"the answer is a {evidence.status}"
        yield from parts_of(evidence.case)
        yield from traits(evidence.payload or {})
        return
    for _, one in evidence.steps:
        if one.case.is_under_test:
            yield from parts_of(one.case)
    before = evidence.payload(Role.BEFORE)
    if before is not None and evidence.kind not in OF_A_RUN:
        yield from states(before)
        yield from traits(before)
