"""Writes the steps of an episode, and what sets it apart from others: what a reader needs to see what went before."""

import re
from collections.abc import Iterator
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.described import states, traits
from cancel_contract.exchange.episode import Evidence, Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.spoken import ANSWERED, as_step, parts_of

MOST: Final = 8
"""Steps that are told."""
SCENARIO: Final = re.compile(r"[^#]+/[^#]+#")
"""How the key of a case begins that a scenario has sent."""
NO_EFFECT: Final = "; the cancel was answered 200 and 'cancelled', and the read after it shows no effect of it"
"""What the sentence of such a breach ends with."""
_SHORT_HEADER: Final = 20
"""Characters of a header's value that are told: a longer one is no short sign."""
_USUAL: Final = frozenset({"accept", "content-type"})
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
    several = len({one.case.appointment for one in every.values()} - {None}) > 1
    told = [_step(one, is_shown=one is shown, several=several) for _, one in sorted(every.items())]
    return (*told[: MOST - 1], f"and {len(told) - MOST + 1} more") if len(told) > MOST else tuple(told)


def earlier(evidence: Evidence, shown: Exchange) -> tuple[str, ...]:
    """Return the ids that the requests of an episode bore before the one that is shown."""
    if isinstance(evidence, Exchange) or evidence.kind in OF_A_RUN:
        return ()
    return tuple(one.request_id for _, one in evidence.steps if one.number < shown.number and one.request_id)


def _step(one: Exchange, *, is_shown: bool, several: bool) -> str:
    """Return one step; with the id of its appointment if the steps are about several, or the path has another one."""
    payload = one.payload or {}
    number = payload.get("id", one.case.appointment)
    is_named = type(number) is int and one.case.intent is not Intent.DELETE
    is_named = is_named and (several or str(number) not in one.case.path)
    facts = (f"id {number}" if is_named else "", *states(payload))
    log = f" (…-{one.request_id.rpartition('-')[2]})" if one.request_id else ""
    came = str(one.status) if one.answer else one.fact
    told = ", ".join(filter(None, (came, *facts)))
    return f"{as_step(one.case)}: {told}{log}{', shown below' if is_shown else ''}"


def is_without_effect(evidence: Evidence) -> bool:
    """Whether an accepted cancel has changed neither status nor payment status, as the read after it shows."""
    if isinstance(evidence, Exchange):
        return False
    cancel, before, after = evidence.one(Role.CANCEL), evidence.payload(Role.BEFORE), evidence.payload(Role.AFTER)
    is_accepted = cancel is not None and cancel.status == OK and ACTION.is_done(cancel.payload)
    if not is_accepted or before is None or after is None or ACTION.is_done(before):
        return False
    return all(after.get(name) == value for name, value in before.items() if name in ACTION.changes)


def named(evidence: Evidence) -> tuple[str, ...]:
    """Return the name of what was judged, see `row.Name`; empty in a recording."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [one for _, one in evidence.steps]
    keys = sorted(one.case.key for one in exchanges)
    if not any(SCENARIO.match(key) for key in keys):
        return ()
    return tuple(keys) if isinstance(evidence, Exchange) else (evidence.kind.value, evidence.topic, *keys)


def common(evidence: Evidence) -> frozenset[str]:
    """Return what evidence may have in common with other evidence: of the requests, and of the appointment before."""
    return frozenset(_common(evidence))


def _common(evidence: Evidence) -> Iterator[str]:
    if isinstance(evidence, Exchange):
        if evidence.status is not None:
            yield f"{ANSWERED} {evidence.status}"
        yield from _asked(evidence)
        yield from traits(evidence.payload or {})
        return
    for _, one in evidence.steps:
        if one.case.is_under_test:
            yield from _asked(one)
    before = evidence.one(Role.BEFORE)
    if before is not None and before.payload is not None and evidence.kind not in OF_A_RUN:
        yield "read before" if before.case.intent is Intent.READ else "not read before"
        yield from states(before.payload)
        yield from traits(before.payload)


def _asked(one: Exchange) -> Iterator[str]:
    yield from parts_of(one.case)
    for name, value in one.case.headers:
        if name not in _USUAL:
            yield (
                f"with {name} {value.decode(errors='replace')}"
                if len(value) <= _SHORT_HEADER
                else f"with a header {name}"
            )
