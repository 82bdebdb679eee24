"""Cancels at once, and a cancel whose answer was lost. Repeated cancels one after another are played in effect."""

from dataclasses import replace
from typing import Final

from cancel_contract.exchange.case import Case, Intent, cancel_path
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.snapshot import Held
from cancel_contract.run.context import Stage
from cancel_contract.run.scenarios.scenario import Situation
from cancel_contract.supply.variations import FULL, Shape, pairwise

NO_TOKEN: Final = Credential(showing="none")
BURST: Final = 5
"""Parallel cancels of one appointment (policy: races show over several appointments sooner than in many on one)."""
PAUSE: Final = 0.2
"""Seconds between a cancel whose answer was lost and the next try (policy)."""
PER_APPOINTMENT: Final = 2
_GROUP: Final = "parallel"


def _cases(stage: Stage, helds: tuple[Held, ...], times: int) -> list[Case]:
    # None of them is "the first": whichever arrives first is, so each is a repeat to the clauses of single exchanges.
    return [
        Case(
            f"parallel {number}",
            Intent.REPEAT,
            cancel_path(stage.target.account, held.id),
            appointment=held.id,
        )
        for number in range(times)
        for held in helds
    ]


def play_burst(stage: Stage, kind: Kind, shapes: tuple[Shape, ...], times: int) -> None:
    """Cancel appointments several times each, all at once."""
    helds = tuple(stage.fresh(shape) for shape in shapes)
    width = min(times * len(helds), stage.target.settings.max_parallel)
    cases = _cases(stage, helds, times)[:width]
    if kind is Kind.BURST and width > PER_APPOINTMENT:
        # Among those who may, somebody who may not: whoever is kept in a variable of all threads lets them in.
        cases[-1] = replace(cases[-1], key="parallel without a token", intent=Intent.REFUSED, credential=NO_TOKEN)
    answers = stage.at_once(cases)
    after = [stage.read(held.id) for held in helds]
    stage.submit(
        kind,
        *((Role.BEFORE, held.seen) for held in helds),
        *((Role.AGAIN, answer) for answer in answers if answer.case.credential.is_right),
        *((Role.AFTER, read) for read in after),
    )
    for refused in answers:
        if not refused.case.credential.is_right:
            stage.submit(Kind.REFUSAL, (Role.CANCEL, refused), topic=str(refused.case.credential))


def _burst(shape: Shape) -> Situation:
    return Situation(
        f"repeat/burst-{shape}",
        lambda stage: play_burst(stage, Kind.BURST, (shape,), BURST),
        1,
        2 + 2 * BURST,
        group=_GROUP,
    )


def _spread(stage: Stage) -> None:
    play_burst(stage, Kind.SPREAD, pairwise()[10:13], PER_APPOINTMENT)


def _lost(stage: Stage) -> None:
    held = stage.fresh(FULL)
    stage.cancel(held.id, "lost", Intent.CANCEL, abandoned=True)
    # A caller who lost an answer does not ask again at once; what the lost request still does is done by then.
    stage.wait(PAUSE)
    again = stage.cancel(held.id, "again", Intent.REPEAT)
    after = stage.read(held.id)
    stage.submit(Kind.LOST, (Role.BEFORE, held.seen), (Role.AGAIN, again), (Role.AFTER, after))


SITUATIONS: Final = (
    # The widest first: the connections that it opens serve the others.
    Situation("repeat/spread", _spread, 3, 6 + 6 * PER_APPOINTMENT, group=_GROUP),
    _burst(FULL),
    Situation("repeat/lost", _lost, 1, 4),
)
"""The family's situations."""
