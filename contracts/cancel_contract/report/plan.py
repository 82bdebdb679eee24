"""Prints what a run would do, without sending anything."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby

from cancel_contract.clauses import BY_ID, CATALOGUE
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.budget import Limits
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run import forecast
from cancel_contract.run.forecast import Forecast
from cancel_contract.run.rehearsal import Rehearsed, rehearsed, usual
from cancel_contract.run.session import Choice
from cancel_contract.target.settings import Settings, variable


def lines(
    choice: Choice, fragment: Fragment, *, partial: bool = False, each: bool = False, today: date | None = None
) -> Iterator[str]:
    """Appointments, requests per family, budgets, which clauses stay untested and why, and the best exit code.

    `partial` says that only some of the scenarios were selected; `each` tells every request, too.
    """
    settings = choice.target.settings
    every = choice.scenarios(fragment)
    playable = forecast.playable(settings, every)
    yield f"plan: profile {choice.profile}, {len(playable)} of {len(every)} scenarios; nothing is sent"
    for family in dict.fromkeys(one.family for one in playable):
        members = [one for one in playable if one.family == family]
        requests, made = sum(one.requests for one in members), sum(one.appointments for one in members)
        yield f"  {family:<10} {len(members):>3} scenarios  about {requests:>4} requests  {made:>3} appointments"
    requests, made = sum(one.requests for one in playable), sum(one.appointments for one in playable)
    yield (
        f"  in all about {requests} of {settings.max_requests} requests, {made} of {settings.max_appointments} "
        "appointments; a broken clause is retried on new ones"
    )
    yield from (f"  too much: {excess}" for excess in forecast.excesses(settings, every))
    yield f"  appointments: {_supply(settings)}"
    rate = Limits.of(settings, loopback=choice.target.is_loopback).rate
    told = f"no limit on loopback unless {variable('max_rate')} is set" if rate is None else f"{rate:g} at most"
    yield f"  requests a second: {told}"
    clauses = [BY_ID[name] for name in choice.clauses] or list(CATALOGUE)
    for row in forecast.untested(settings, clauses):
        yield f"  {'waived' if row.waived_by else 'untested':<10} {row.clause.id}: {row.reason}"
    best = _best(choice, fragment, today or datetime.now(UTC).date(), partial=partial)
    yield f"best exit to expect: {best.code.value}{best.reason and f', because {best.reason}'}"
    yield from (f"  {line}" for line in best.lines)
    if each:
        yield from request_lines(rehearsed(playable, settings))


def request_lines(requests: Sequence[Rehearsed]) -> Iterator[str]:
    """Every request as the reference provider is asked it, with the clauses that need it."""
    common = usual(requests)
    yield f"the {len(requests)} requests that the reference provider is sent for this, and the clauses that need each:"
    yield from (f"  most of {kind}: {', '.join(sorted(clauses))}" for kind, clauses in common.items() if clauses)
    for name, sent in groupby(requests, lambda one: one.scenario):
        yield f"  {name}"
        for one in sent:
            case, rest = one.exchange.case, one.clauses - common[one.kind]
            told = ", ".join(sorted(rest)) or (f"as most of {one.kind}" if one.clauses else f"none: {case.intent}")
            yield f"    {case.method:<7} {case.key.rpartition('#')[2]:<32} {told}"


def _best(choice: Choice, fragment: Fragment, today: date, *, partial: bool) -> Forecast:
    """Return the best exit code to expect: the first that applies, as for the exit code itself."""
    settings = choice.target.settings
    is_part = partial or bool(choice.clauses or choice.case)
    excesses = () if is_part or choice.target.embedded else forecast.excesses(settings, choice.scenarios(fragment))
    if excesses:
        lines_to_set = tuple(excess.line for excess in excesses)
        return Forecast(Exit.MISCONFIGURED, "the budgets do not hold what is planned; set", lines_to_set)
    rows = tuple(forecast.untested(settings, [BY_ID[name] for name in choice.clauses] or CATALOGUE))
    if expired := [name for name, entry in choice.deviations.items() if today > entry.until]:
        return Forecast(Exit.BROKEN, f"the deviation of {expired[0]} has expired")
    if not (settings.resource_id or settings.appointment_ids):
        what_to_do = f"set {variable('resource_id')}, or {variable('appointment_ids')}"
        return Forecast(Exit.INCONCLUSIVE, f"no appointments can be created; {what_to_do}")
    if choice.clauses:
        rows = tuple(row for row in rows if row.clause.id not in choice.deviations)
    else:
        rows = () if is_part else forecast.undecided(rows, choice.deviations, today, strict=choice.strict)
    if rows:
        return Forecast(Exit.INCONCLUSIVE, _why(len(rows)), forecast.lines_to_paste(settings, rows))
    return Forecast()


def _why(number: int) -> str:
    told = "a clause stays" if number == 1 else f"{number} clauses stay"
    return f"{told} untested; set these, or leave them at none where the target has no such thing"


def _supply(settings: Settings) -> str:
    """Return where appointments come from."""
    if settings.appointment_ids:
        number = len(settings.appointment_ids)
        return f"none is created; {number} are provided, first come, first served: what needs more is untested"
    if settings.resource_id:
        return f"made in free slots of resource {settings.resource_id}, and cancelled at the end"
    return f"none can be created: set {variable('resource_id')}, or {variable('appointment_ids')}"
