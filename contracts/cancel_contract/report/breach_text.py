"""Writes the causes of breaches as paragraphs: what was promised, what came, and how to see it again."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cancel_contract.clauses import Clause
from cancel_contract.clauses.clause import OPERATION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode
from cancel_contract.exchange.spoken import ANSWERED, ASKED
from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.cause import Cause
from cancel_contract.ledger.causes import by_request, causes
from cancel_contract.ledger.masked import shortened
from cancel_contract.ledger.row import Row
from cancel_contract.ledger.steps import NO_EFFECT
from cancel_contract.report.members import members
from cancel_contract.report.request_ids import log_line

LONGEST_ANSWER: Final = 600
"""Characters of an answer that are shown; report.json and report.html show all that is kept."""
_BESIDE_FIELDS: Final = 240
"""The same where the fields in question are shown by themselves."""
_WIDTH: Final = 118
_NAMED: Final = 2
"""Scenarios that are named of those that broke a clause, too."""
_SEVERAL: Final = 2
"""Evidence that broke, or held, which has nothing in common by chance alone."""
_OFTEN: Final = 10
"""How many times a clause breaks, and never holds, so that it is no matter of one case."""
_TELLING: Final = ("status", "payment_status", "with the token")
"""How the traits begin on which rules most often hang."""
_LENGTH: Final = re.compile(r"^client_\w+ of \d+ characters$")
"""A trait that few rules hang on, beside others."""
_ALL: Final = "all that {} have this, and nothing else has: {}"
_NOTHING: Final = "nothing sets apart what broke from what held: look for chance, a counter, or one of several servers"
_EACH_TIME: Final = "each time that it broke, and never when it held"
_REPEATABLE: Final = "may be sent again as it is"
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
    always = {name for name in breaches if rows[name].broken >= _OFTEN and not rows[name].held}
    once = {name for name in breaches if rows[name].again is False and rows[name].held}
    for first, *others in by_request(causes(breaches, rows), always, once):
        scenarios = dict.fromkeys(name for clause in first.clauses for name in played_by.get(clause, ()))
        elsewhere = tuple(name for name in scenarios if name != first.breach.case.partition("#")[0])
        yield from paragraph(first, rows, fragment, again(first.breach.case), Beside(tuple(others), elsewhere))


def paragraph(
    cause: Cause, rows: Mapping[str, Row], fragment: Fragment, again: str, beside: Beside = ALONE
) -> Iterator[str]:
    """Yield one cause: the fact, the promise and its source, the request and the answer once, the clauses beneath."""
    row, breach = rows[cause.clauses[0]], cause.breach
    clause = row.clause
    yield f"{clause.id} BROKEN: {breach.message}{_condition(row) if beside.is_whole else ''}"
    yield f"  promise  {clause.statement}"
    yield f"  source   {clause.level}, {clause.source}{_place(clause, fragment)}"
    if beside.is_whole:
        yield f"  times    {times(row)}"
        yield from _signs(row)
        yield from (f"  tried    {told}" for told in apart(row))
    yield from _also(cause, beside.causes)
    if breach.asked:
        yield f"  case     {breach.asked}"
    if cause.before:
        yield f"  before   {cause.before}"
    yield from _listed("steps", breach.steps)
    yield f"  request  {breach.curl}"
    yield f"           {_REPEATABLE if breach.repeatable else _OWN_ONLY}"
    if breach.cancel:
        yield f"  cancel   {breach.cancel}"
        yield f"           {breach.cancel_fact}"
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


def _place(clause: Clause, fragment: Fragment) -> str:
    """Return where the fragment has a promise; a rule of this suite that is about the whole operation has no place."""
    is_ours = clause.source == "policy" and clause.pointer == OPERATION
    return "" if is_ours else f", {fragment.place(clause.pointer)}"


def _listed(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"  {'' if place else name:<9}{line}" for place, line in enumerate(lines))


def _also(first: Cause, others: Sequence[Cause]) -> Iterator[str]:
    """Yield the clauses that are broken, too, and what else probably follows; nothing follows where the server failed,
    whatever was asked.
    """
    same = [one for one in others if one.is_failure and first.is_failure]
    names = (*first.clauses[1:], *(name for one in same for name in one.clauses))
    told = textwrap.wrap(", ".join(names), _WIDTH - 11, break_on_hyphens=False)
    yield from _listed("breaks", told)
    follows = (one for one in others if one not in same)
    yield from _listed("follows", (f"{one.clauses[0]}: {_briefly(one.breach)}{_beside(one)}" for one in follows))


def _briefly(breach: Breach) -> str:
    """Return the sentence of a breach without what that of the first one says already."""
    return breach.message.removesuffix(NO_EFFECT)


def _beside(cause: Cause) -> str:
    """Return the other clauses of a cause, as the end of its sentence."""
    return f", with {', '.join(cause.clauses[1:])}" if cause.clauses[1:] else ""


def _condition(row: Row) -> str:
    """Return the one thing that sets apart what broke a clause, as the end of its sentence; empty where it is none, or
    the sentence has it.
    """
    signs, never = row.signs, _of_request(row, row.signs.never)
    found = _of_request(row, signs.in_common) or never or _of_request(row, signs.alone or signs.unlike[0])
    message = row.breach.message if row.breach else ""
    is_told = len(found) == 1 and not never and found[0] not in message
    return f"; only if: {found[0]}" if is_told else ""


def _of_request(row: Row, signs: Iterable[str]) -> tuple[str, ...]:
    """Return signs, but for the status that the sentence says, and for what every race has."""
    is_of_status = row.breach is not None and row.breach.what == "status"
    is_of_race = row.clause.over is Episode
    told = [*([ANSWERED] if is_of_status else []), *([ASKED[Intent.RACED]] if is_of_race else [])]
    return tuple(sign for sign in signs if not sign.startswith(tuple(told)))


def _signs(row: Row) -> Iterator[str]:
    """Yield what sets apart what broke a clause, as far as that is known."""
    if told := shared(row):
        yield f"  when     {told}"
    elif never := _of_request(row, row.signs.never):
        yield f"  when     {_ALL.format('held', ', '.join(never))}"
    elif alone := _likeliest_first(row, _of_request(row, row.signs.alone)):
        may_be = "one of these may be the cause, which no" if len(alone) > 1 else "no"
        yield f"  when     {may_be} case that held has{'' if len(alone) > 1 else ' this'}: {', '.join(alone)}"
    elif not row.signs.parts[0] and (told := nearest(row)):
        yield f"  when     {told}"
    elif apart_in := [] if row.signs.parts[0] else [*_unlike(row)]:
        yield from _listed("when", apart_in)
    elif _is_by_chance(row):
        yield f"  when     {_NOTHING}"


def _is_by_chance(row: Row) -> bool:
    """Whether a clause broke and held several times, each time that is known, and nothing tells when."""
    signs = row.signs
    if row.breach and row.breach.late:
        # It is the time between that sets them apart.
        return False
    # Of what many requests have shown together nothing is known.
    # So it is of a race, which may have changed what others met.
    is_race = any(ASKED[Intent.RACED] in traits for _, traits in signs.broke_with)
    is_known = min(sum(bool(traits) for _, traits in some) for some in (signs.broke_with, signs.held_with)) >= _SEVERAL
    return is_known and not is_race and not (signs.parts[0] or signs.cases or signs.held_alone or signs.keys)


def shared(row: Row) -> str:
    """Return what all that broke a clause have in common, and nothing that held has; empty where that is nothing."""
    if not (signs := _of_request(row, row.signs.in_common)):
        return f"most likely {', '.join(row.signs.likely)}: {_EACH_TIME}" if row.signs.likely else ""
    if row.signs.are_together:
        return f"{', and also '.join(signs)}: it broke each time with both, and held with one of them or none"
    near = row.signs.near(signs)
    if near and len(near) < len(signs):
        others = ", ".join(sign for sign in signs if sign not in near)
        return f"most likely {', '.join(near)}: {_EACH_TIME} (and so it was with {others})"
    likely = [sign for sign in _likeliest_first(row, signs) if not _LENGTH.search(sign)] or signs
    more = "; one of these may be it, or all" if len(likely) > 1 else ""
    return f"{', '.join(likely)}: {_EACH_TIME}{more}"


def _unlike(row: Row) -> Iterator[str]:
    """Yield in what all that broke a clause differ from all that held."""
    for told, every in zip(("broke", "held"), row.signs.unlike, strict=True):
        if traits := _of_request(row, every):
            yield _ALL.format(told, _likeliest(row, traits))


def _likeliest(row: Row, traits: Sequence[str]) -> str:
    """Return traits in words: of many, those that are about what came out wrong, and how many others there are."""
    near = row.signs.near(traits)
    more = f", and {_counted(len(traits) - len(near), 'other')}" if len(near) < len(traits) else ""
    return f"{', '.join(near)}{more}" if near else ", ".join(_likeliest_first(row, traits))


def _likeliest_first(row: Row, traits: Sequence[str]) -> list[str]:
    """Return traits, those first that are about what came out wrong, and then those on which rules hang most often."""
    near = row.signs.near(traits)
    return sorted(traits, key=lambda one: (one not in near, not one.startswith(_TELLING), one))


def nearest(row: Row) -> str:
    """Return what a case that broke a clause has and the most similar one that held has not; empty where none is."""
    broke, held = row.signs.nearest
    lacks, has = (", ".join(map(_quoted, traits)) for traits in (broke, held))
    told = (
        f"has none of these: {lacks}"
        if len(broke) > 1
        else f"has not this: {lacks}"
        if broke
        else f"has besides: {has}"
    )
    return f"the most similar case that held {told}" if broke or held else ""


def _quoted(trait: str) -> str:
    """Return a trait as the object of a sentence."""
    return f'"{trait}"' if trait.startswith("with") else trait


def apart(row: Row) -> Iterator[str]:
    """Yield what came of it when what broke a clause was asked once more, as usual or part by part."""
    signs = row.signs
    if signs.as_usual is not None:
        came = "broke it, too" if signs.as_usual else "held"
        yield f"a plain cancel of another appointment with the same data {came}"
    broke, held = signs.parts
    if broke and signs.is_halved:
        yield f"by halves: it broke with {', '.join(broke)} alone; not each of its other parts was tried"
    elif broke:
        others = f"; {len(held)} other{'s' if len(held) > 1 else ''} did not" if held else ""
        yield f"one part at a time: it broke with {', '.join(broke)}{others}"


def _named(row: Row) -> str:
    """Return what held, where that is little: what sets it apart, somebody has to look for."""
    return f" ({'; '.join(row.signs.held_cases)})" if row.signs.held_cases else ""


def times(row: Row) -> str:
    """Return how many times of how many a clause was broken, in words."""
    asked = row.held + row.broken
    if row.held and row.signs.cases:
        return _by_case(row, *row.signs.cases)
    if row.held and row.again and row.broke_with and not row.held_with:
        each = "once" if row.broken == 1 else f"each of {row.broken} times"
        return f"{each}; {_counted(row.held, 'other check')} of the same promise held"
    again = {None: "", True: "; sent again, it broke again", False: "; sent again, it held"}[row.again]
    if row.held:
        held = f"; it held with: {'; '.join(row.signs.held_alone)}" if row.signs.held_alone else ""
        return f"{row.broken} of {asked} times{again}{held}"
    return "once, the only time that it was judged" if asked == 1 else f"each of {asked} times"


def _by_case(row: Row, broke: int, held: int) -> str:
    """Return which cases broke a clause, where each of them did so each time and the others never."""
    names = f" ({'; '.join(row.signs.keys)})" if row.signs.keys and broke > 1 else ""
    its = "this case" if broke == 1 else f"{broke} cases{names}"
    often = "once" if row.broken == 1 else f"all {row.broken} times"
    return f"{often} in {its}; never in {_counted(held, 'other case')}{_named(row)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
