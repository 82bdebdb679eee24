"""Groups breaches by their cause: what several clauses found in one difference is told once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Final

from cancel_contract.clauses import BY_ID, CATALOGUE, Level
from cancel_contract.clauses.clause import WIRE
from cancel_contract.exchange.action import ACTION
from cancel_contract.ledger.breach import Breach, smaller
from cancel_contract.ledger.row import Row

_PLACES = {clause.id: place for place, clause in enumerate(CATALOGUE)}

_INDIRECT: Final = {
    BY_ID[name].id: steps
    for steps, names in (
        (1, ("effect/any-order", "effect/settled", "effect/deleted-afterwards", "effect/new-booking")),
        (1, ("effect/lasting", "repeat/all-alike", "input/named-status")),
        (2, ("effect/other-writer", "effect/slot-race", "effect/deleted", "repeat/two-members")),
    )
    for name in names
}
"""Clauses whose breach takes many requests to see, most those of races, or that are about any request: another one
that breaks is plainer.
"""
_ANOTHERS: Final = BY_ID["answer/id-echo"].id
"""The clause that tells whether an answer is about the appointment that was asked for: all else follows from it."""
_NEIGHBOUR: Final = BY_ID["effect/neighbour-untouched"].id
_TO_STAY: Final = frozenset(
    BY_ID[name].id for name in ("access/refused-untouched", "access/feature-off", "input/path-wins", "effect/any-order")
)
"""Clauses about appointments that were not cancelled, and may have been changed by the cancel of another one."""
_NO_TOKEN: Final = BY_ID["access/no-token"].id
_NO_TOKEN_ELSEWHERE: Final = BY_ID["input/path-access"].id
"""The clause about other spellings of the path: whoever needs no token needs none there."""
_DEPTH: Final = 4
"""Parts of a pointer that say of whom something is told: its beginning, the payload, a member and a member of that."""
_AT_ONCE: Final = "repeat/parallel-"
"""How the clauses of several cancels at once begin: whatever is broken by one after the other breaks them, too."""
_SHARE: Final = 2
"""What breaks half as often as another clause, or more often, may be what that one has met."""
_ONE_FAILURE: Final = "a failure"
_FAILURE: Final = re.compile(r"5\d\d")
_FAMILIES: Final = ("access", "effect", "repeat", "input", "answer")
"""Families of clauses, the one first whose breach says most of what is wrong."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference, with the clauses that it breaks."""

    breach: Breach
    """The breach with the smallest request: what is shown."""
    clauses: tuple[str, ...]
    """Ids of the clauses; the one that is told comes first: of MUST clauses the first of the catalogue."""
    before: str = ""
    """What the appointment was before the request, as far as one of the clauses has looked."""

    @property
    def is_failure(self) -> bool:
        """Whether the server failed, and so broke whatever clause has asked."""
        return self.breach.what == "status" and _FAILURE.fullmatch(self.breach.got) is not None


def causes(breaches: Mapping[str, Breach], rows: Mapping[str, Row] = MappingProxyType({})) -> Iterator[Cause]:
    """Yield the causes of breaches, given by clause, in the order of the clauses that are told.

    With the rows, a clause that held at times leaves the first place to a plain one that never did.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(breaches, key=_order):
        breach = breaches[name]
        groups.setdefault(breach.cause if breach.what else (name,), []).append(name)
    for names in map(partial(_led, rows=rows), groups.values()):
        shown = breaches[names[0]]
        same = (breaches[name] for name in names if breaches[name].curl == shown.curl)
        yield Cause(shown, tuple(names), next((one.before for one in same if one.before), ""))


def _led(names: Sequence[str], rows: Mapping[str, Row]) -> Sequence[str]:
    """Return the clauses of a cause, the one first that says most of when it breaks."""
    first = rows.get(names[0])
    if first is None or not first.held or first.signs.in_common:
        return names
    # A bug that is met wherever it may be is no matter of one kind of request.
    least = first.broken / _SHARE
    plain = (name for name in names[1:] if _order(name)[:2] == (False, 0) and not name.startswith(_AT_ONCE))
    of_it = (name for name in plain if rows[name].is_of_its_request and rows[name].broken >= least)
    told = next(of_it, names[0])
    return [told, *(name for name in names if name != told)]


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
    return tuple(map(tuple, _with_what_follows(_by_field(groups.values()))))


def _by_field(groups: Iterable[list[Cause]]) -> tuple[list[Cause], ...]:
    """Return groups, each with the later ones that are about the same field: one that comes out wrong is wrong wherever
    it is compared, and what a cancel does to others is found wherever something is to stay as it was.
    """
    apart: list[list[Cause]] = []
    for group in groups:
        others = (other for other in apart if _are_about_one(other[0], group[0]))
        if other := next(others, None):
            other += group
        else:
            apart.append(group)
    return tuple(apart)


def _are_about_one(one: Cause, other: Cause) -> bool:
    if _about(one) & _about(other) or _leak_in_one_place(one.breach, other.breach):
        return True
    clauses = {*one.clauses}, {*other.clauses}
    both_ways = (clauses, clauses[::-1])
    if one.breach.got == other.breach.got and any(
        _NO_TOKEN in here and _NO_TOKEN_ELSEWHERE in at for here, at in both_ways
    ):
        return True
    does_to_others = any(_NEIGHBOUR in cancels and _TO_STAY & stays for cancels, stays in both_ways)
    return does_to_others and bool({*one.breach.fields} & {*other.breach.fields} - {""})


def _leak_in_one_place(one: Breach, other: Breach) -> bool:
    """Whether something leaks in one member, or in a member and in what is in it."""
    here, there = (f"{'/'.join(breach.where.split('/')[:_DEPTH])}/" for breach in (one, other))
    return one.what == other.what == "leak" and (here.startswith(there) or there.startswith(here))


def _about(cause: Cause) -> frozenset[str]:
    """Return the fields that differ, but for those that a cancel changes."""
    if cause.breach.what == "leak":
        return frozenset()
    return frozenset(cause.breach.fields) - {"", "expense", *ACTION.changes}


def _by_plainness(cause: Cause) -> tuple[bool, int, int]:
    name = cause.clauses[0]
    return name.startswith("access/"), _order(name)[1], cause.breach.size


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
    failed = cause.is_failure or _FAILURE.match(breach.answer)
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
