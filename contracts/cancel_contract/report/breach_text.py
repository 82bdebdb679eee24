"""Writes the causes of breaches as paragraphs: what was promised, what came, and how to see it again."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cancel_contract.clauses import Clause, Level
from cancel_contract.clauses.clause import OPERATION
from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.cause import Cause
from cancel_contract.ledger.causes import OFTEN, by_request, causes
from cancel_contract.ledger.masked import shortened
from cancel_contract.ledger.row import Row, compared
from cancel_contract.ledger.steps import NO_EFFECT
from cancel_contract.report.conditions import NOTHING, ONLY, apart, condition, listed, signs_of, times
from cancel_contract.report.members import members
from cancel_contract.report.request_ids import log_line

LONGEST_ANSWER: Final = 600
"""Characters of an answer that are shown; report.json and report.html show all that is kept."""
_BESIDE_FIELDS: Final = 240
"""The same where the fields in question are shown by themselves."""
_WIDTH: Final = 118
_NAMED: Final = 2
"""Scenarios that are named of those that broke a clause, too."""
_ERROR: Final = re.compile(r'"error": "([^"<>\\]{3,80})"')
"""The text of an error in an answer of which nothing in it is masked."""
_REPEATABLE: Final = "may be sent again as it is"
_AT_ONCE: Final = "left at the same moment"
_OWN_ONLY: Final = "may change an appointment: send it again only to one of your own"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside a cause."""

    causes: tuple[Cause, ...] = ()
    """The others that the same request showed."""
    scenarios: tuple[str, ...] = ()
    """The others that broke its clauses."""
    is_whole: bool = True
    """Whether the whole run is known, and so how many times a clause was broken."""


ALONE: Final = Beside()
SO_FAR: Final = Beside(is_whole=False)
"""While a run is under way."""


def cause_lines(
    breaches: Mapping[str, Breach],
    rows: Mapping[str, Row],
    fragment: Fragment,
    again: Callable[[str], str],
    played_by: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[str]:
    """Yield a paragraph for each request that showed breaches, given by clause, the most telling first.

    `again` makes the command that plays a case; `played_by` are the scenarios that broke a clause.
    """
    always = {name for name in breaches if rows[name].broken >= OFTEN and not rows[name].held}
    once = {name for name in breaches if rows[name].again is False and rows[name].held}
    for first, *others in by_request(causes(breaches, rows), always, once):
        clauses = (clause for cause in (first, *others) for clause in cause.clauses)
        scenarios = dict.fromkeys(name for clause in clauses for name in played_by.get(clause, ()))
        elsewhere = tuple(name for name in scenarios if name != first.breach.case.partition("#")[0])
        yield from paragraph(first, rows, fragment, again(first.breach.case), Beside(tuple(others), elsewhere))


def paragraph(
    cause: Cause, rows: Mapping[str, Row], fragment: Fragment, again: str, beside: Beside = ALONE
) -> Iterator[str]:
    """Yield one cause: the fact, the promise and its source, the request and the answer once, the clauses beneath."""
    row, breach = rows[cause.clauses[0]], cause.breach
    clause = row.clause
    word = "BROKEN" if clause.level == Level.MUST else f"BROKEN ({clause.level})"
    whole = _with_others(row, beside.causes, rows)
    only_if = condition(whole) if beside.is_whole else ""
    known = _contradicted(whole, [rows[name] for name in cause.clauses[1:]]) if only_if else whole
    yield f"{clause.id} {word}: {breach.message}{_said(breach)}{only_if if known is whole else ''}"
    yield f"  promise  {clause.statement}"
    yield f"  source   {clause.level}, {clause.source}{_place(clause, fragment)}"
    if beside.is_whole:
        yield f"  times    {times(row)}"
        signs = signs_of(known) if known is not whole or not only_if.startswith(ONLY) else ()
        # Of several clauses together nothing is said of chance: they ask for different things.
        yield from (line for line in signs if whole is row or NOTHING not in line)
        yield from (f"  tried    {told}" for told in apart(row))
    yield from _also(cause, beside.causes)
    if breach.asked:
        yield f"  case     {breach.asked}"
    if cause.before:
        yield f"  before   {cause.before}"
    yield from listed("steps", breach.steps)
    yield f"  request  {breach.curl}"
    yield f"           {_REPEATABLE if breach.repeatable else _OWN_ONLY}"
    if breach.cancel:
        yield f"  cancel   {breach.cancel}"
        yield f"           {breach.cancel_fact}"
    if breach.beside:
        yield f"  beside   {breach.beside}"
        yield f"           {_AT_ONCE}"
    told = tuple(members(breach))
    yield from (f"  field    {member}" for member in told)
    yield from (f"  stored   {member} in the read after it" for member in breach.later)
    yield f"  answer   {shortened(breach.answer, _BESIDE_FIELDS if told else LONGEST_ANSWER)}"
    if log := log_line(breach):
        yield f"  log      {log}"
    if others := beside.scenarios:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        yield f"  also in  the scenario{'s' if len(others) > 1 else ''} {', '.join(others[:_NAMED])}{more}"
    yield f"  again    {again}"


def _with_others(row: Row, others: Iterable[Cause], rows: Mapping[str, Row]) -> Row:
    """Return a row that a single case has broken with what the others of its bug broke, and held, that came out alike:
    what one case alone has may be there by chance.
    """
    if len(row.broke_with) != 1 or row.breach is None:
        return row
    whole, mine = row, row.breach
    for one in others:
        if (one.breach.what, one.breach.got) == (mine.what, mine.got):
            other = rows[one.clauses[0]]
            whole = compared(whole, other.broke_with, other.held_with - whole.broke_with)
    return whole


def _contradicted(row: Row, others: Sequence[Row]) -> Row:
    """Return a row with what the other clauses of its cause held with, if that says that a status has another
    condition: it is the same whoever asks for it.
    """
    if row.breach is None or row.breach.what != "status":
        return row
    held = frozenset(one for other in others for one in other.held_with if one[1])
    known = compared(row, held=held - row.broke_with)
    return row if condition(known) == condition(row) else known


def _said(breach: Breach) -> str:
    """Return the error of a refusal that should have been none, as the end of its sentence; empty where it is masked,
    or says no more than its status.
    """
    found = _ERROR.search(breach.answer) if breach.what == "status" and breach.answer.startswith("4") else None
    return f'; the error is "{found[1]}"' if found else ""


def _place(clause: Clause, fragment: Fragment) -> str:
    """Return where the fragment has a promise; a rule of this suite that is about the whole operation has no place."""
    is_ours = clause.source == "policy" and clause.pointer == OPERATION
    return "" if is_ours else f", {fragment.place(clause.pointer)}"


def _also(first: Cause, others: Sequence[Cause]) -> Iterator[str]:
    """Yield the clauses that are broken, too, and what else probably follows; nothing follows where the server failed,
    whatever was asked.
    """
    same = [one for one in others if one.is_failure and first.is_failure]
    names = (*first.clauses[1:], *(name for one in same for name in one.clauses))
    told = textwrap.wrap(", ".join(names), _WIDTH - 11, break_on_hyphens=False)
    yield from listed("breaks", told)
    follows = (one for one in others if one not in same)
    yield from listed("leads to", (f"{one.clauses[0]}: {_briefly(one.breach)}{_beside(one)}" for one in follows))


def _briefly(breach: Breach) -> str:
    """Return the sentence of a breach without what that of the first one says already."""
    return breach.message.partition(NO_EFFECT)[0]


def _beside(cause: Cause) -> str:
    """Return the other clauses of a cause, as the end of its sentence."""
    return f", with {', '.join(cause.clauses[1:])}" if cause.clauses[1:] else ""
