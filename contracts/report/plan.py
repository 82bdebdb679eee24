"""What a run would do. Lives here: the plan's lines. May not know: any server; nothing is sent for a plan."""

from collections.abc import Iterator

from contracts.budget import Limits
from contracts.clauses import BY_ID, CATALOGUE
from contracts.fragment import Fragment
from contracts.session import Choice
from contracts.settings import Settings, not_set, variable


def lines(choice: Choice, fragment: Fragment) -> Iterator[str]:
    """Appointments, requests per family, budgets, and which clauses stay untested and why."""
    settings = choice.target.settings
    every = choice.situations(fragment)
    playable = [one for one in every if not any(getattr(settings, name) in {None, ()} for name in one.needs)]
    yield f"plan: profile {choice.profile}, {len(playable)} of {len(every)} situations; nothing is sent"
    for family in dict.fromkeys(one.family for one in playable):
        members = [one for one in playable if one.family == family]
        requests, made = sum(one.requests for one in members), sum(one.appointments for one in members)
        yield f"  {family:<10} {len(members):>3} situations  about {requests:>4} requests  {made:>3} appointments"
    requests, made = sum(one.requests for one in playable), sum(one.appointments for one in playable)
    yield (
        f"  in all about {requests} of {settings.max_requests} requests, {made} of {settings.max_appointments} "
        "appointments; a broken clause is asked again on fresh ones"
    )
    limits = Limits.of(settings, loopback=choice.target.is_loopback)
    yield from _beyond(limits, requests, 0 if settings.appointment_ids else made)
    yield f"  appointments: {_supply(settings)}"
    if limits.rate is None:
        yield f"  requests a second: no limit on loopback unless {variable('max_rate')} is set"
    else:
        yield f"  requests a second: {limits.rate:g} at most"
    clauses = [BY_ID[name] for name in choice.clauses] or list(CATALOGUE)
    for clause in clauses:
        unset = [name for name in clause.needs if getattr(settings, name) in {None, ()}]
        if unset:
            yield f"  untested   {clause.id}: {not_set(unset)}"


def _beyond(limits: Limits, requests: int, made: int) -> Iterator[str]:
    """Which budgets do not suffice; a part of each is kept."""
    for what, planned, most, kept in (
        ("requests", requests, limits.requests, limits.kept),
        ("appointments", made, limits.appointments, limits.kept_appointments),
    ):
        if planned > most - kept:
            rest = f"; {kept} of {most} are kept for asking again and for clearing away"
            yield f"  too much: {planned} {what} planned{rest}: set {variable(f'max_{what}')} higher"


def _supply(settings: Settings) -> str:
    """Where appointments come from."""
    if settings.appointment_ids:
        number = len(settings.appointment_ids)
        return f"none is made; {number} are handed over, first come, first served: what needs more is untested"
    if settings.resource_id:
        return f"made in free slots of resource {settings.resource_id}, and cancelled at the end"
    return f"none can be had: set {variable('resource_id')} to make them, or {variable('appointment_ids')}"
