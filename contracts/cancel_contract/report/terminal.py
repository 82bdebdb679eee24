"""Writes the run as lines for a terminal: the header, the ledger, the breaches."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cancel_contract.clauses import Level
from cancel_contract.fragment.document import Fragment
from cancel_contract.guard.budget import Limits
from cancel_contract.ledger.cause import Cause
from cancel_contract.ledger.causes import by_request, causes
from cancel_contract.ledger.deviation import Standing
from cancel_contract.ledger.excuses import SPENT, spent_by_breaches, without_case
from cancel_contract.ledger.exit_code import (
    MUST_BE_SEEN,
    Effect,
    Exit,
    unseen,
)
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.report.conditions import condition, times
from cancel_contract.report.incidents import counted, incidents
from cancel_contract.run.forecast import lines_to_paste
from cancel_contract.run.session import Contract
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

MEANING: Final = {
    Exit.HELD: "gate open: every MUST clause held",
    Exit.BROKEN: "gate closed",
    Exit.ABORTED: "no verdict: the suite itself failed",
    Exit.MISCONFIGURED: "no verdict: wrong settings, nothing was sent",
    Exit.INCONCLUSIVE: "no verdict: the run was inconclusive",
}
"""What each exit code means."""

INTERRUPTED: Final = 2
"""pytest's own code of an interrupted run."""

MOST_ALIKE: Final = 3
"""Untested clauses with the same reason that each have a line; more of them share one."""
_NAMED: Final = 3
"""How many are named of cases that a gateway answered, and of clauses that are untested for one reason."""
_WIDTH: Final = 118
SOURCES: Final = (
    "known from: documented = the endpoint's page, sibling = another page of the API, observed = how the API behaves, "
    "policy = a rule of this suite"
)
"""The words by which a clause says how its promise is known."""
_RATE: Final = variable("max_rate")
_BECAME: Final = {Standing.EXPIRED: "has expired", Standing.GONE: "is gone: take its entry out"}


def header(target: Target, fragment: Fragment, profile: str, seed: int | None) -> list[str]:
    """Return what a run is about to do, and with which settings; secrets as ***."""
    where = "the embedded reference provider" if target.embedded else str(target.url)
    seeded = f", seed {seed}" if seed is not None else ""
    shown = " ".join(
        f"{name}={value}"
        for name, value in target.shown.items()
        if value not in {None, (), ""} and _is_shown(name, target)
    )
    return [
        f"contract: cancel appointment, fragment {fragment.digest}, profile {profile}{seeded}",
        f"target: {where}, account {target.account}",
        *textwrap.wrap(f"settings: {shown}{_paced(target)}", _WIDTH, subsequent_indent="  ", break_on_hyphens=False),
    ]


def _is_shown(name: str, target: Target) -> bool:
    # The embedded provider's port is not known yet.
    return not (target.embedded and name == "ONELINK_BASE_URL") and not (_paced(target) and name == _RATE)


def _paced(target: Target) -> str:
    """Return what is shown in place of the rate if none holds."""
    limits = Limits.of(target.settings, loopback=target.is_loopback)
    return "" if limits.rate else f" ({_RATE} is not set: no limit on loopback)"


def ledger_lines(contract: Contract) -> Iterator[str]:
    """Return the ledger: counts per verdict, a line for whatever is not HELD, incidents, and the exit code."""
    ledger, rows, choice, statistics = contract.ledger, contract.rows, contract.choice, contract.statistics
    if ledger is None:
        yield from _unknown(contract)
        if contract.interrupted:
            yield f"exit {INTERRUPTED}: no verdict: the run was interrupted"
        elif contract.is_unplayed and not contract.others_failed:
            yield f"exit {Exit.INCONCLUSIVE.value}: no verdict: of the contract's items none was played: see -rs"
        return
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    where = "embedded provider" if choice.target.embedded else choice.target.url.netloc.decode()
    yield (
        f"cancel appointment · fragment {contract.fragment.digest} · {where}/{choice.target.account} · "
        f"{statistics.requests} requests, {statistics.appointments} appointments"
    )
    yield " · ".join(f"{verdict.word} {count}" for verdict, count in counts.items()) + (
        " · partial: only what was selected was judged" if ledger.partial else ""
    )
    yield from _rows(contract, partial=ledger.partial)
    if counts[Verdict.BROKEN]:
        yield SOURCES
    yield from incidents(statistics, _swept(contract))
    if contract.stopped:
        yield from _unknown(contract)
    yield from (f"suite failure: {line}" for line in ledger.suite_failures)
    yield from _to_set(contract)
    if contract.interrupted and contract.code not in {Exit.BROKEN, Exit.ABORTED}:
        yield f"exit {INTERRUPTED}: no verdict: {'; '.join(ledger.inconclusive)}"
        return
    yield f"exit {contract.code.value}: {meaning(contract)}{_why(contract, ledger)}"
    if contract.others_failed and contract.code is not Exit.BROKEN:
        yield f"exit {Exit.BROKEN.value} all the same: an item failed that no clause failed"


def _rows(contract: Contract, *, partial: bool) -> Iterator[str]:
    """Return a line for whatever is not HELD; many that are untested for one reason share a line."""
    told = [row for row in contract.rows if row.verdict is not Verdict.HELD or row.clause.id in contract.deviating]
    first = _told_with(_causes(contract.rows))
    reasons = Counter(without_case(row.reason) for row in told if row.verdict is Verdict.UNTESTED)
    for row in told:
        if row.verdict is not Verdict.UNTESTED or (reasons[without_case(row.reason)] <= MOST_ALIKE and not partial):
            yield _line(row, contract, first.get(row.clause.id, ""))
    for reason, count in reasons.items():
        if count > MOST_ALIKE and not partial:
            untested = (row for row in told if row.verdict is Verdict.UNTESTED)
            names = [row.clause.id for row in untested if without_case(row.reason) == reason]
            more = f" and {count - _NAMED} more" if count > _NAMED else ""
            yield f"{Verdict.UNTESTED.name:<9} {count} clauses ({', '.join(names[:_NAMED])}{more}): {reason}"


def _told_with(found: Sequence[Cause]) -> dict[str, str]:
    """Return, by clause, how another one tells it: that of its cause or of one failure, or what it follows from."""
    told = {name: f"the same cause as {one.clauses[0]}" for one in found for name in one.clauses[1:]}
    for leading, *others in by_request(found):
        for one in others:
            how = "the same cause as" if one.is_failure and leading.is_failure else "follows, probably, from"
            told |= dict.fromkeys(one.clauses, f"{how} {leading.clauses[0]}")
    return told


def _line(row: Row, contract: Contract, told: str) -> str:
    message = told or (f"{row.breach.message}{condition(row)}" if row.breach else "")
    fact = {
        Verdict.HELD: "",
        Verdict.NOT_APPLICABLE: row.reason,
        Verdict.BROKEN: f"{message} ({times(row)})",
        Verdict.ABORTED: "; ".join(row.failures),
        Verdict.UNTESTED: row.reason,
    }[row.verdict]
    entry = contract.deviating.get(row.clause.id)
    known = f" · {entry}" if entry else ""
    return f"{row.verdict.word:<9} {row.clause.id:<29} {row.clause.level:<7} {row.clause.source:<11} {fact}{known}"


def _causes(rows: Iterable[Row]) -> tuple[Cause, ...]:
    broken = {row.clause.id: row for row in rows if row.breach}
    return tuple(causes({name: row.breach for name, row in broken.items() if row.breach}, broken))


def _to_set(contract: Contract) -> Iterator[str]:
    """Return the lines to paste into the settings, if clauses that the gate needs wait for nothing else."""
    undecided = [row for row in contract.rows if contract.effect(row) is Effect.UNDECIDED]
    lines = lines_to_paste(contract.choice.target.settings, undecided)
    if lines and contract.code is Exit.INCONCLUSIVE and not contract.partial:
        yield "for a verdict set these, or leave them at none where the target has no such thing:"
        yield from (f"  {line}" for line in lines)


def _swept(contract: Contract) -> str:
    """Return the command that cancels at once what the run has left."""
    return f"cancel-contract sweep --run {contract.share.run} --go"


def _unknown(contract: Contract) -> Iterator[str]:
    """Return how to find what nobody has reported: stopped workers send nothing back."""
    if contract.interrupted and not contract.choice.target.embedded:
        yield f"perhaps still active: `{_swept(contract)}` cancels what was created and not cancelled"


def meaning(contract: Contract) -> str:
    """Return what the exit code means; for an open gate also in spite of what it is open."""
    if contract.code is not Exit.HELD:
        return MEANING[contract.code]
    kept_open = [row for row in contract.rows if row.clause.id in contract.deviating or row.waived_by]
    must = [row for row in kept_open if row.clause.level is Level.MUST]
    known = sum(row.verdict is Verdict.BROKEN for row in must)
    waived = sum(row.verdict is Verdict.UNTESTED for row in must)
    should = [
        row for row in contract.rows if row.clause.level is not Level.MUST and row.clause.id not in contract.deviating
    ]
    broken = sum(row.verdict is Verdict.BROKEN for row in should)
    exceptions = [counted(known, "that is broken and known", "that are broken and known")] if known else []
    exceptions += [counted(waived, "that is untested and waived", "that are untested and waived")] if waived else []
    is_partial = contract.ledger is not None and contract.ledger.partial
    opened = f"{MEANING[Exit.HELD]}{' that was exercised' if is_partial else ''}"
    told = f"{opened}, but for {' and '.join(exceptions)}" if exceptions else opened
    return f"{told}; {broken} SHOULD broken" if broken else told


def _why(contract: Contract, ledger: Ledger) -> str:
    told = "; ".join(reasons(contract, ledger))
    return f" ({told})" if contract.code is Exit.BROKEN else f": {told}" if told else ""


def reasons(contract: Contract, ledger: Ledger) -> tuple[str, ...]:
    """Return why the gate is closed, or there is no verdict."""
    if contract.code is Exit.BROKEN:
        return tuple(_closing(contract, ledger))
    return tuple(_inconclusive(contract, ledger)) if contract.code is Exit.INCONCLUSIVE else ()


def _inconclusive(contract: Contract, ledger: Ledger) -> Iterator[str]:
    yield from ledger.inconclusive
    missing = unseen(ledger)
    if missing and not ledger.inconclusive:
        yield f"of the statuses {', '.join(map(str, MUST_BE_SEEN))} it never saw {', '.join(map(str, missing))}"
    undecided = sum(contract.effect(row) is Effect.UNDECIDED for row in contract.rows)
    if undecided and not ledger.partial:
        yield f"{counted(undecided, 'MUST clause is', 'MUST clauses are')} untested"


def _is_whole(contract: Contract, ledger: Ledger) -> bool:
    """Whether every clause was judged although budgets are spent, by what was asked again."""
    is_judged = all(row.verdict is not Verdict.UNTESTED for row in contract.rows)
    return is_judged and all(SPENT in reason for reason in ledger.inconclusive)


def _once(reasons: Iterable[str], contract: Contract) -> str:
    """Return why a run was cut short; budgets alone in few words, and in fewer where a clause tells of them that was
    not judged.
    """
    found = [*reasons]
    if all(SPENT in one for one in found):
        told = spent_by_breaches(found[0])
        return told.partition(", because")[0] if any(row.reason == told for row in contract.rows) else told
    return "; ".join(found)


def _closing(contract: Contract, ledger: Ledger) -> Iterator[str]:
    unknown = [row for row in contract.rows if row.clause.id not in contract.deviating]
    broken = [row for row in unknown if row.verdict is Verdict.BROKEN and contract.effect(row) is Effect.CLOSES]
    must = sum(row.clause.level is Level.MUST for row in broken)
    should = len(broken) - must
    if must:
        found = by_request(_causes(row for row in broken if row.clause.level is Level.MUST))
        by = "" if must == 1 else ", probably 1 bug" if len(found) == 1 else f", shown by {len(found)} requests"
        yield f"{counted(must, 'MUST clause is', 'MUST clauses are')} broken{by}"
    if should:
        yield f"{counted(should, 'SHOULD clause is', 'SHOULD clauses are')} broken, under --contract-strict"
    became = {entry.name: _BECAME[entry.standing] for entry in contract.deviating.values() if entry.standing in _BECAME}
    yield from (f"the deviation of {name} {told}" for name, told in became.items())
    if ledger.inconclusive and not _is_whole(contract, ledger):
        yield f"the run was cut short: {_once(ledger.inconclusive, contract)}"
