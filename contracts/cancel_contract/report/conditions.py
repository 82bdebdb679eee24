"""Writes when a clause broke and when it held: how many times, what sets both apart, and what was tried."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cancel_contract.clauses.effect_elsewhere import UNEXPLAINED
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode
from cancel_contract.exchange.quantities import counted
from cancel_contract.exchange.spoken import ANSWERED, ASKED, OTHER_MEMBER
from cancel_contract.ledger.row import Row

ONLY: Final = "; only in this case: "
"""What the end of a sentence begins with that says when a clause breaks."""
_QUERIED: Final = " in the query"
_LONGEST_VALUE: Final = 60
"""Characters of a value that a sentence has room for."""
_MOST_PARTS: Final = 3
"""Parts of a request that a sentence has room for."""
_SEVERAL: Final = 2
"""Evidence that broke, or held, which has nothing in common by chance alone."""
_TELLING: Final = ("status", "payment_status", "with the token")
"""How the traits begin on which rules most often hang."""
_MEMBERS: Final = ("with the token of a second member", OTHER_MEMBER)
"""The traits that say which of two members has asked."""
_IN_TURN: Final = [ASKED[Intent.FIRST], ASKED[Intent.REPEAT]]
"""What each case has that cancels twice."""
_BOOKING: Final = "a booking"
"""How the words for a create begin, which a first cancel precedes where its slot is booked."""
_LENGTH: Final = re.compile(r"^client_\w+ of \d+ characters$")
"""A trait that few rules hang on, beside others."""
_SPELLED: Final = re.compile(r"external_ref|idempotency_key|made with")
"""How traits begin on which rules hang least often."""
_ALL: Final = "all that {} have this, and nothing else has: {}"
_ALL_TOGETHER: Final = "all that {} have these, always together, and nothing else has: {}"
_ONE: Final = "the one that {} has this, and the other one has not: {}"
_SINGLE: Final = "the one that {} has this, and nothing else has; it may be there by chance: {}"
NOTHING: Final = (
    "nothing sets apart what broke from what held: look for chance, a counter, or one of several servers or replicas"
)
_REFUSED_FIRST: Final = "#before, "
"""What stands in the key of a case by a caller who may not cancel, before the first cancel."""
_EACH_TIME: Final = "each time that it broke, and never when it held"


def condition(row: Row) -> str:
    """Return the one part, or the one thing, that sets apart what broke a clause, as the end of its sentence; empty
    where it is none, or the sentence has it.
    """
    message, signs = row.breach.message if row.breach else "", row.signs
    if part := signs.parts[0]:
        if len(part) > _MOST_PARTS:
            return f"; each of {len(part)} parts of it alone is enough"
        told = " or ".join(_with_value(one, row) for one in part)
        return f"; {told} alone is enough" if len(part) > 1 or told not in message else ""
    # What one case alone has may be there by chance.
    unlike = signs.unlike[0] if len(row.broke_with) > 1 else ()
    never = _of_request(row, signs.never)
    found = _of_request(row, signs.in_common) or never or _of_request(row, signs.alone or unlike)
    # Beside which answers something stands is no condition of a request.
    is_told = len(found) == 1 and not never and not _is_in(message, found[0]) and not found[0].startswith(ANSWERED)
    return f"{ONLY}{found[0]}" if is_told else ""


def _with_value(part: str, row: Row) -> str:
    """Return a part of a request; of a header, or a name in the query, that the shown request has, with its value."""
    curl = row.breach.curl if row.breach else ""
    if sent := re.search(rf"-H '({re.escape(part)}: [^']{{1,{_LONGEST_VALUE}}})'", curl):
        return sent[1]
    name = part.removesuffix(_QUERIED)
    sent = re.search(rf"[?&]({re.escape(name)}=[^&']{{1,{_LONGEST_VALUE}}})[&']", curl) if name != part else None
    return f"{sent[1]}{_QUERIED}" if sent else part


def _is_in(message: str, trait: str) -> bool:
    """Whether a sentence says what a trait does."""
    return trait.removeprefix("a cancel ") in message


def _is_of_two(row: Row) -> bool:
    """Whether one alone broke a clause and one alone held: of their many differences any may be the cause."""
    return len(row.broke_with) == len(row.held_with) == 1


def _of_request(row: Row, signs: Iterable[str]) -> tuple[str, ...]:
    """Return signs, but for the status that the sentence says, for what is of a race: several take part in it, for the
    first cancel and the next, where it takes both, and for the first cancel before what is told of the next.
    """
    signs = tuple(signs)
    is_of_status = row.breach is not None and row.breach.what == "status"
    is_of_race = row.clause.over is Episode and any(ASKED[Intent.RACED] in traits for _, traits in row.broke_with)
    told = [*([ANSWERED] if is_of_status else []), *([ASKED[Intent.RACED], *_MEMBERS] if is_of_race else [])]
    is_of_another = row.clause.family == "repeat" or (row.breach is not None and row.breach.asked.startswith(_BOOKING))
    told += _IN_TURN if {*_IN_TURN} <= {*signs} else _IN_TURN[:1] if is_of_another else []
    return tuple(sign for sign in signs if not sign.startswith(tuple(told)))


def signs_of(row: Row) -> Iterator[str]:
    """Yield what sets apart what broke a clause, as far as that is known."""
    if row.signs.parts[0] or (row.breach and UNEXPLAINED in row.breach.message):
        # What one part of a request does hangs on no appointment; what nobody knows hangs on nothing that was seen.
        return
    if told := shared(row):
        yield f"  when     {told}"
    elif never := _of_request(row, row.signs.never):
        yield f"  when     {_ALL.format('held', ', '.join(never))}"
    elif alone := _likeliest_first(row, _of_request(row, row.signs.alone)):
        if not _untold(row, alone):
            return
        may_be = "one of these may be the cause, which no" if len(alone) > 1 else "no"
        yield f"  when     {may_be} case that held has{'' if len(alone) > 1 else ' this'}: {', '.join(alone)}"
    elif told := nearest(row):
        yield f"  when     {told}"
    elif apart_in := [*_unlike(row)]:
        yield from listed("when", apart_in)
    elif _is_by_chance(row):
        yield f"  when     {NOTHING}"


def _untold(row: Row, traits: Sequence[str]) -> list[str]:
    """Return those traits that the sentence does not say."""
    return [trait for trait in traits if row.breach is None or trait not in row.breach.message]


def _is_by_chance(row: Row) -> bool:
    """Whether a clause broke and held several times, each time that is known, and nothing tells when."""
    signs = row.signs
    if row.breach and row.breach.late:
        # It is the time between that sets them apart.
        return False
    if row.again:
        # What breaks again when it is sent again does not break by chance.
        return False
    # A race may have changed what the others met: it tells nothing of chance.
    is_race = any(ASKED[Intent.RACED] in traits for _, traits in signs.broke_with)
    # Of what many requests have shown together nothing is known.
    is_known = min(sum(bool(traits) for _, traits in some) for some in (signs.broke_with, signs.held_with)) >= _SEVERAL
    return is_known and not is_race and not (signs.cases or signs.held_alone or signs.keys)


def shared(row: Row) -> str:
    """Return what all that broke a clause have in common, and nothing that held has; empty where that is nothing."""
    if not (signs := _of_request(row, row.signs.in_common)):
        return f"most likely {', '.join(row.signs.likely)}: {_EACH_TIME}" if row.signs.likely else ""
    if row.signs.are_together:
        return f"both of these: {', '.join(signs)}; it held with one of them or none"
    near = row.signs.near(signs)
    if near and len(near) < len(signs):
        others = ", ".join(sign for sign in signs if sign not in near)
        return f"most likely {', '.join(near)}: {_EACH_TIME} (the same is true of: {others})"
    likely = [sign for sign in _likeliest_first(row, signs) if not _LENGTH.search(sign)] or signs
    more = "; one of these may be it, or all" if len(likely) > 1 else ""
    return f"{', '.join(likely)}: {_EACH_TIME}{more}"


def _unlike(row: Row) -> Iterator[str]:
    """Yield in what all that broke a clause differ from all that held."""
    broke, _ = row.signs.unlike
    # What the only one that held has besides is there by chance.
    sides = ("broke", "held") if broke or len(row.held_with) > 1 else ("broke",)
    for told, its in zip(sides, row.signs.unlike, strict=False):
        if traits := _of_request(row, its):
            every = _ALL if len(traits) == 1 else _ALL_TOGETHER
            which = _ONE if _is_of_two(row) else _SINGLE if told == "broke" and len(row.broke_with) == 1 else every
            yield which.format(told, _likeliest(row, traits))


def _likeliest(row: Row, traits: Sequence[str]) -> str:
    """Return traits in words: of many, those that are about what came out wrong, and how many others there are."""
    near = row.signs.near(traits)
    more = f", and {counted(len(traits) - len(near), 'other')}" if len(near) < len(traits) else ""
    return f"{', '.join(near)}{more}" if near else ", ".join(_likeliest_first(row, traits))


def _likeliest_first(row: Row, traits: Sequence[str]) -> list[str]:
    """Return traits, those first that are about what came out wrong, and then those on which rules hang most often; how
    a create was spelled comes last.
    """
    near = row.signs.near(traits)
    telling = [one for one in traits if one.startswith(_TELLING)]
    return sorted(traits, key=lambda one: (one not in near, bool(_SPELLED.match(one)), one not in telling, one))


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
        what = "a request with nothing odd in it, for" if _REFUSED_FIRST in signs.shown else "a plain cancel of"
        yield f"{what} another appointment with the same data {came}"
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
        return f"{each}; {counted(row.held, 'other check')} of the same promise held"
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
    return f"{often} in {its}; never in {counted(held, 'other case')}{_named(row)}"


def listed(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines, the first one behind their label."""
    yield from (f"  {'' if place else name:<9}{line}" for place, line in enumerate(lines))
