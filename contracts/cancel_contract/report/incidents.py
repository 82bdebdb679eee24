"""Writes what has happened in a run beside its verdicts: gateways, refusals, and what it may have left behind."""

from collections.abc import Iterable, Iterator
from typing import Final

from cancel_contract.guard.gateway import RETRIED, SENT_AGAIN, Incident
from cancel_contract.ledger.statistics import Statistics

_NAMED: Final = 3
"""Cases that are named of several that a gateway has answered alike."""


def incidents(statistics: Statistics, swept: str) -> Iterator[str]:
    """Yield a line for each kind of thing, with what `swept`, the command that sweeps, can do about it."""
    if statistics.throttled:
        waited_for = f"{statistics.throttled} answers were 429 or 503 and waited for"
        yield f"incident: {waited_for}, with {statistics.retries} requests more"
    yield from _of_gateways(statistics.incidents)
    if statistics.lost:
        yield f"incident: {counted(statistics.lost, 'connection', 'connections')} broke or gave no answer in time"
    yield from _of_the_target(statistics)
    for change in statistics.changed:
        yield f"changed: {change}"
    if statistics.unanswered_creates:
        markers = statistics.unanswered_creates
        creates = f"what {counted(len(markers), 'create', 'creates')} may have made ({', '.join(markers)})"
        yield f"perhaps still active: {creates}; `{swept}` cancels what bears its mark"
    if statistics.still_active:
        active = ", ".join(map(str, statistics.still_active))
        unseen = f"appointments {active}, of which no read shows that they are cancelled"
        yield f"perhaps still active: {unseen}; `{swept}` tries again"
    if statistics.copies:
        copies = ", ".join(map(str, statistics.copies))
        made = f"appointments {copies} of the run's client, which the target has made by itself"
        yield f"perhaps still active: {made}; cancel them by hand"


def _of_gateways(incidents: Iterable[Incident]) -> Iterator[str]:
    """Yield a line for what was done about answers of a gateway; all of them are in the reports, each by itself."""
    alike: dict[tuple[int, str], list[str]] = {}
    for one in incidents:
        # What was waited for, or read again, appears as a number.
        if not one.handling.startswith((SENT_AGAIN, RETRIED)):
            alike.setdefault((one.status, one.handling), []).append(one.case)
    for (status, handling), cases in alike.items():
        more = f" and {len(cases) - _NAMED} more" if len(cases) > _NAMED else ""
        yield f"incident: a gateway answered {status} to {', '.join(cases[:_NAMED])}{more}: {handling}"


def _of_the_target(statistics: Statistics) -> Iterator[str]:
    for name, wait in statistics.own_changes.items():
        yield f"note: the target changes {name} of new appointments by itself: each is used {wait:.1f} s later"
    for shape, answer in statistics.refused_variations.items():
        yield f"note: no appointment such as {shape} could be made: {answer}"
    for name, answer in statistics.refused_headers.items():
        yield f"left out: the target refuses the header {name}: {answer}; look in your log by time and path"


def counted(number: int, one: str, many: str) -> str:
    """Return how many there are of something, in words."""
    return f"{number} {one if number == 1 else many}"
