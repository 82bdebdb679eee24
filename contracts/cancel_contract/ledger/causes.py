"""Groups breaches by their cause: what several clauses found in one difference is told once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, islice
from types import MappingProxyType
from typing import Final

from cancel_contract.clauses import BY_ID, CATALOGUE, Level
from cancel_contract.clauses.clause import WIRE
from cancel_contract.exchange.case import ALONE
from cancel_contract.ledger.breach import Breach, smaller
from cancel_contract.ledger.cause import FAILURE, Cause
from cancel_contract.ledger.one_bug import are_one, explains
from cancel_contract.ledger.row import Row

_PLACES = {clause.id: place for place, clause in enumerate(CATALOGUE)}

_INDIRECT: Final = {
    BY_ID[name].id: steps
    for steps, names in (
        (1, ("effect/any-order", "effect/settled", "effect/deleted-afterwards", "effect/new-booking")),
        (1, ("effect/lasting", "repeat/all-alike", "input/named-status", "input/method-override")),
        (2, ("effect/other-writer", "effect/slot-race", "effect/deleted", "repeat/two-members")),
    )
    for name in names
}
"""Clauses whose breach takes many requests to see, most those of races, that are about any request, or that ask for
what plainer ones do with something more: another one that breaks is plainer.
"""
_ANOTHERS: Final = BY_ID["answer/id-echo"].id
"""The clause that tells whether an answer is about the appointment that was asked for: all else follows from it."""
_AT_ONCE: Final = "repeat/parallel-"
"""How the clauses of several cancels at once begin: whatever is broken by one after the other breaks them, too."""
_SHARE: Final = 2
"""What breaks half as often as another clause, or more often, may be what that one has met."""
OFTEN: Final = 10
"""How many times a clause breaks, and never holds, so that it is no matter of one case."""
_WIDER: Final = 4
"""What breaks more than so many times as often as a part of an odd request, is no matter of that part."""
_NO_TOKEN: Final = BY_ID["access/no-token"].id
"""The clause of whoever shows no token at all: what it carries elsewhere is not why it is let in."""
_ONE_FAILURE: Final = "a failure"
_FAMILIES: Final = ("access", "effect", "repeat", "input", "answer")
"""Families of clauses, the one first whose breach says most of what is wrong."""


def causes(breaches: Mapping[str, Breach], rows: Mapping[str, Row] = MappingProxyType({})) -> Iterator[Cause]:
    """Yield the causes of breaches, given by clause, in the order of the clauses that are told.

    With the rows, a clause that held at times leaves the first place to a plain one that never did.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(breaches, key=_order):
        breach = breaches[name]
        groups.setdefault(breach.cause if breach.what else (name,), []).append(name)
    for names in map(partial(_led, breaches=breaches, rows=rows), groups.values()):
        shown = breaches[names[0]]
        same = (breaches[name] for name in names if breaches[name].curl == shown.curl)
        yield Cause(shown, tuple(names), next((one.before for one in same if one.before), ""))


def _led(names: Sequence[str], breaches: Mapping[str, Breach], rows: Mapping[str, Row]) -> Sequence[str]:
    """Return the clauses of a cause, the one first that says most of when it breaks."""
    # What breaks whatever is asked hangs on no part of a request.
    is_always = any(name in rows and rows[name].broken >= OFTEN and not rows[name].held for name in names)
    narrowed = [name for name in names if _is_narrowed(breaches[name]) and not is_always]
    if leading := [name for name in names if name == _NO_TOKEN] or [*_wider(narrowed, names, rows)] or narrowed:
        return [*leading, *(name for name in names if name not in leading)]
    names = _soonest_first(names, breaches)
    first = rows.get(names[0])
    if first is None or not first.held or first.signs.in_common:
        return names
    # A bug that is met wherever it may be is no matter of one kind of request.
    least = first.broken / _SHARE
    plain = (name for name in names[1:] if _order(name)[:2] == (False, 0) and not name.startswith(_AT_ONCE))
    of_it = (name for name in plain if rows[name].is_of_its_request and rows[name].broken >= least)
    told = next(of_it, names[0])
    return [told, *(name for name in names if name != told)]


def _wider(narrowed: Sequence[str], names: Iterable[str], rows: Mapping[str, Row]) -> Iterator[str]:
    """Yield the plain clause that breaks far more often than one part of an odd request was sent, if there is one."""
    most = max((rows[name].broken for name in narrowed if name in rows), default=0)
    plain = (name for name in names if name in rows and _order(name)[:2] == (False, 0) and name.startswith("effect/"))
    yield from islice((name for name in plain if most and rows[name].broken > _WIDER * most), 1)


def _soonest_first(names: Sequence[str], breaches: Mapping[str, Breach]) -> Sequence[str]:
    """Return the clauses of a cause, those first, of as grave ones, whose breach was seen most directly, where what was
    seen by a cancel long after is not that one's doing.
    """
    if breaches[names[0]].late <= 1:
        return names
    return sorted(names, key=lambda name: (_order(name)[0], breaches[name].late))


def _is_narrowed(breach: Breach) -> bool:
    """Whether it was shown by the one part of a request on which it hangs."""
    return breach.case.endswith(ALONE)


def by_request(
    found: Iterable[Cause], always: AbstractSet[str] = frozenset(), once: AbstractSet[str] = frozenset()
) -> tuple[tuple[Cause, ...], ...]:
    """Return causes with those that are probably the same bug: the very same request showed them, one failure did, or
    they are about one field, but for those that a cancel changes.

    The most telling comes first, in and of each: an answer that did not arrive whole, then what broke again when it was
    asked again (`once` are the clauses that held then), what broke each time (`always`), what was seen soon, what few
    requests show, what breaks the most clauses, and of as many who may do it and what it does, before how it is
    answered. Of failures the plainest request says most: what is unusual in another one is not why it failed; that
    somebody without rights met it says least.
    """
    groups: dict[tuple[str, str], list[Cause]] = {}
    weigh = partial(_by_weight, always=always, once=once)
    for cause in sorted(found, key=weigh):
        groups.setdefault(_shown_by(cause), []).append(cause)
    for shown_by, group in groups.items():
        if shown_by[0] == _ONE_FAILURE:
            group.sort(key=lambda cause: (weigh(cause)[0], not cause.is_failure, *_by_plainness(cause)))
        elif leading := next((cause for cause in group[1:] if explains(cause, group[0])), None):
            group.sort(key=leading.__ne__)
    return tuple(map(tuple, _with_what_follows(_by_field(groups.values()))))


def _by_field(groups: Iterable[list[Cause]]) -> tuple[list[Cause], ...]:
    """Return groups, each with the later ones that are about the same field: one that comes out wrong is wrong wherever
    it is compared, and what a cancel does to others is found wherever something is to stay as it was.
    """
    apart: list[list[Cause]] = []
    for group in groups:
        others = (other for other in apart if are_one(other[0], group[0]))
        other = next(others, None)
        if other is None:
            apart.append(group)
        elif explains(group[0], other[0]):
            other[:0] = group
        else:
            other += group
    return tuple(apart)


def _by_plainness(cause: Cause) -> tuple[bool, bool, int, int]:
    name = cause.clauses[0]
    return not _is_narrowed(cause.breach), name.startswith("access/"), _order(name)[1], cause.breach.size


def _with_what_follows(groups: Sequence[list[Cause]]) -> Iterator[list[Cause]]:
    """Yield groups, each with those that an earlier request about the same appointment may explain."""
    roots = [_root(place, groups) for place in range(len(groups))]
    for root in dict.fromkeys(roots):
        others = (groups[place] for place, its in enumerate(roots) if its == root and place != root)
        whole = [*groups[root], *chain.from_iterable(others)]
        # A wish never stands before what closes the gate.
        yield sorted(whole, key=lambda cause: _order(cause.clauses[0])[0])


def _root(place: int, groups: Sequence[list[Cause]], passed: AbstractSet[int] = frozenset()) -> int:
    """Return the place of the group whose request came first of those that lead to a group, or show it."""
    before = {request for cause in groups[place] for request in cause.breach.earlier} | _requests(groups[place])
    others = (at for at in range(len(groups)) if at != place)
    first = next((at for at in others if before & _requests(groups[at])), None)
    if first in passed:
        # One failure that several requests have shown may come both before another group and after it.
        return min({place, *passed})
    return place if first is None else _root(first, groups, {place, *passed})


def _requests(group: Iterable[Cause]) -> set[str]:
    return {cause.breach.request_id for cause in group} - {""}


def _shown_by(cause: Cause) -> tuple[str, str]:
    """What breaches that are probably one bug have in common: the request, or a failure with the same answer."""
    breach = cause.breach
    if breach.is_without_effect:
        return "an accepted cancel without an effect", ""
    # What a failure was found to have done is told by its answer, too.
    failed = cause.is_failure or FAILURE.match(breach.answer)
    return (_ONE_FAILURE, breach.answer) if failed else (breach.curl, breach.request_id or breach.answer)


def joined(*parts: Mapping[str, Breach]) -> dict[str, Breach]:
    """Return breaches by clause; of two of one clause the smaller one."""
    found: dict[str, Breach] = {}
    for name, breach in _pairs(parts):
        found[name] = smaller(found.get(name), breach) or breach
    return found


def _pairs(parts: Iterable[Mapping[str, Breach]]) -> Iterator[tuple[str, Breach]]:
    for part in parts:
        yield from part.items()


def _by_weight(
    cause: Cause, always: AbstractSet[str] = frozenset(), once: AbstractSet[str] = frozenset()
) -> tuple[bool, bool, bool, bool, int, int, int, int]:
    name = cause.clauses[0]
    family, (is_wish, steps, _), clause = name.partition("/")[0], _order(name), BY_ID.get(name)
    # Where nobody knows what an answer says, the rest follows from it.
    is_readable = clause is None or not (clause.evidence & WIRE or _ANOTHERS in cause.clauses)
    place = _FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES)
    return is_wish, is_readable, name in once, name not in always, cause.breach.late, steps, -len(cause.clauses), place


def _order(name: str) -> tuple[bool, int, int]:
    clause = BY_ID.get(name)
    is_wish = clause is None or clause.level is not Level.MUST
    return is_wish, _INDIRECT.get(name, 0), _PLACES.get(name, len(_PLACES))
