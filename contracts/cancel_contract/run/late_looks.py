"""What is judged when the last situation is over. Lives here: the looks back. May not know: situations."""

from collections.abc import Iterator, Sequence

from cancel_contract.clauses.clause import succeeded
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.guard.gateway import Gateway
from cancel_contract.run.context import Stage


def look_back(stage: Stage) -> None:
    """Judge the run's cancels as a whole, and each second one of an appointment beside the first."""
    kinds = {Intent.CANCEL, Intent.REPEAT}
    answered = (one for one in stage.exchanges if not one.is_of_gateway and not one.case.abandoned)
    asked = [one for one in answered if one.case.intent in kinds]
    if asked:
        stage.submit(Kind.WHOLE, *((Role.CANCEL, one) for one in asked))
    for first, later in _again_and_again(stage.exchanges):
        stage.submit(Kind.SAME, (Role.CANCEL, first), (Role.AGAIN, later))


def look_again(stage: Stage, most: int) -> None:
    """Look at cancelled appointments once more: those that are watched, and so many in all."""
    succeeded_for = {one.case.appointment for one in stage.exchanges if succeeded(one)}
    watched = [early for early in stage.watched.values() if early.case.appointment in succeeded_for]
    for early in watched:
        stage.submit(Kind.LATE, (Role.BEFORE, early), (Role.AFTER, stage.read(early.case.appointment or 0)))
    seen = {early.case.appointment for early in watched}
    cancelled = [
        exchange.case.appointment
        for exchange in stage.exchanges
        if exchange.status == 200 and exchange.case.intent is Intent.CANCEL and exchange.case.appointment
    ]
    others = [appointment for appointment in dict.fromkeys(cancelled) if appointment not in seen]
    for appointment in others[: max(0, most - len(seen))]:
        stage.submit(Kind.LATE, (Role.AFTER, stage.read(appointment)))


def weigh(stage: Stage, gateway: Gateway) -> None:
    """Judge what a gateway answered in the application's place: by now the run knows whose doing it was."""
    for topic, exchanges in gateway.guilty():
        steps = ((Role.AGAIN if number else Role.CANCEL, one) for number, one in enumerate(exchanges))
        stage.submit(Kind.GATEWAY, *steps, topic=topic)
    stage.ledger.inconclusive += filter(None, (gateway.doubt(str(stage.target.url)),))


def _again_and_again(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Exchange]]:
    """Each cancel of an appointment that was cancelled before, with the success that cancelled it."""
    first: dict[int, Exchange] = {}
    for one in exchanges:
        appointment, answered = one.case.appointment, succeeded(one) and one.payload is not None
        if appointment is None:
            continue
        # One that is known to be active, revived perhaps, begins anew.
        if answered and (appointment not in first or one.case.intent is Intent.CANCEL):
            first[appointment] = one
        elif appointment in first and (answered or one.case.intent is Intent.REPEAT):
            yield first[appointment], one
