"""Parallel cancels, and a cancel whose answer was lost; repeated cancels one after another are played in effect."""

from dataclasses import replace
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.supply.variations import FULL, pairwise

NO_TOKEN: Final = Credential(showing="none")
PAUSE: Final = 0.2
"""Seconds between a cancel whose answer was lost and the next try (policy)."""
PER_APPOINTMENT: Final = 3
"""Parallel cancels of one appointment (policy: races show over several appointments sooner than in many on one)."""
_WIDEST: Final = 8
"""Requests that leave at once where the settings say nothing else, after as many that open the connections."""
_GROUP: Final = "parallel"


def _cases(context: Context, snapshots: tuple[Snapshot, ...], times: int) -> list[Case]:
    # None of them is "the first": whichever arrives first is, so each is a repeat to the clauses of single exchanges.
    return [
        Case(
            f"parallel {number}",
            Intent.REPEAT,
            ACTION.path(context.target.account, snapshot.id),
            appointment=snapshot.id,
        )
        for number in range(times)
        for snapshot in snapshots
    ]


_DEAR: Final = replace(FULL, payment="much")
"""One that has cost much."""
_FOLLOWING: Final = (replace(pairwise()[11], contact=True), pairwise()[12])
_SPREAD: Final = (replace(pairwise()[10], behind=sum(one.room for one in _FOLLOWING)), *_FOLLOWING)
"""The first two have the same contact."""


def _spread(context: Context) -> None:
    """Cancel appointments several times each, all at once; where there is room, they follow one another on a day."""
    made: list[Snapshot] = []
    for variation in _SPREAD:
        made.append(context.fresh(variation, made[-1] if made else None))
    cases = _cases(context, tuple(made), PER_APPOINTMENT)[: context.target.settings.max_parallel]
    if len(cases) > len(made) + 1:
        # One of the callers may not cancel: a server that keeps the caller in a variable of all threads lets them in.
        cases[-1] = replace(cases[-1], key="parallel without a token", intent=Intent.REFUSED, credential=NO_TOKEN)
    asked = {case.appointment for case in cases}
    # Where few may leave at once, one may have been left out.
    made = [snapshot for snapshot in made if snapshot.id in asked]
    answers = context.together(cases)
    after = [context.read(snapshot.id) for snapshot in made]
    context.submit(
        Kind.SPREAD,
        *((Role.BEFORE, snapshot.seen) for snapshot in made),
        *((Role.AGAIN, answer) for answer in answers if answer.case.credential.is_right),
        *((Role.AFTER, read) for read in after),
    )
    for refused in answers:
        if not refused.case.credential.is_right:
            context.submit(Kind.REFUSAL, (Role.CANCEL, refused), topic=str(refused.case.credential))


def _lost_answer(context: Context) -> None:
    snapshot = context.fresh(_DEAR)
    context.cancel(snapshot.id, "lost", Intent.FIRST, abandoned=True)
    # A caller who lost an answer does not retry at once; by then the lost request has finished its work.
    context.wait(PAUSE)
    again = context.cancel(snapshot.id, "again", Intent.REPEAT)
    after = context.read(snapshot.id)
    context.submit(Kind.LOST, (Role.BEFORE, snapshot.seen), (Role.AGAIN, again), (Role.AFTER, after))


SCENARIOS: Final = (
    # The widest first: the connections that it opens serve the others.
    Scenario("repeat/spread", _spread, len(_SPREAD), 2 * len(_SPREAD) + 2 * _WIDEST, group=_GROUP),
    Scenario("repeat/lost", _lost_answer, 1, 4),
)
"""The family's scenarios."""
