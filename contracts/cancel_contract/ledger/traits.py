"""Compares traits: what all of some evidence has, and nothing of other evidence."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Final

from cancel_contract.exchange.described import ACTIVE, EQUAL, MINUTES, PAID
from cancel_contract.exchange.spoken import ANSWERED, AT_ONCE, LOOKED
from cancel_contract.ledger.memory import BROUGHT_ABOUT, CANCELLED, OR_MORE

Traits = frozenset[str]
"""What evidence may have in common with other evidence."""
_PAYMENTS: Final = re.compile(r"\d+ payments?")
_LIMIT: Final = re.compile(r"(.*(?:longer|more|less) than )(\d+)")
"""How traits begin that say what something exceeds, or falls short of."""
_MOST_SIGNS: Final = 3
"""More traits than this that nothing else has say no more than that the broken cases are of one kind."""
_COMPARED: Final = 2
"""Fewer different ones than this have anything in common by chance."""


def plainly(traits: tuple[str, ...]) -> tuple[str, ...]:
    """Return traits without what follows from the others.

    Those are the answer, that it was active, what it exceeds or falls short of where a nearer limit or the exact number
    is told, how many payments there are where there being some, or two alike, says enough, how they were made where
    what for is told, too, and of several least numbers of cancels all but the smallest.
    """
    asked = tuple(trait for trait in traits if not trait.startswith(ANSWERED)) or traits
    is_exact = any(trait.endswith(MINUTES) and trait[0].isdigit() for trait in asked)
    is_told = any(trait.startswith("status ") for trait in asked)
    are_told = bool({"with payments", "without payments", EQUAL} & {*asked})
    nearest = _nearest_limits(asked)
    repeats = sorted(filter(_is_of_repeats, asked), key=lambda trait: (trait.endswith(OR_MORE), len(trait), trait))
    return tuple(
        trait
        for trait in asked
        if not (is_exact and trait.endswith(MINUTES) and not trait[0].isdigit())
        and not (_LIMIT.match(trait) and trait not in nearest)
        and not (is_told and trait == ACTIVE)
        and not (are_told and _PAYMENTS.fullmatch(trait))
        and not (trait == "with payments" and EQUAL in asked)
        and trait not in repeats[1:]
        and not (trait.startswith(PAID) and any(other.startswith(f"{trait} with ") for other in asked))
    )


def _is_of_repeats(trait: str) -> bool:
    return trait.startswith(f"{CANCELLED} ")


def _nearest_limits(traits: Iterable[str]) -> frozenset[str]:
    """Return, of the traits that name a limit, those from which the others of the same kind follow."""
    nearest: dict[str, tuple[int, str]] = {}
    for trait in traits:
        if found := _LIMIT.match(trait):
            kind, number = found[1], int(found[2]) * (-1 if found[1].endswith("less than ") else 1)
            nearest[kind] = max(nearest.get(kind, (number, trait)), (number, trait))
    return frozenset(trait for _, trait in nearest.values())


def without(one: Traits, other: Traits) -> tuple[str, ...]:
    """Return what one has and the other has not, but for the answers, and what the run has brought about by itself."""
    asked = (trait for trait in one - other - LOOKED if not trait.startswith((ANSWERED, *BROUGHT_ABOUT)))
    return in_order(plainly(tuple(asked)))


def in_order(parts: Iterable[str]) -> tuple[str, ...]:
    """Return parts in the order of their letters."""
    return tuple(sorted(parts))


def in_turn(judged: frozenset[Traits]) -> frozenset[Traits]:
    """Return those that were not sent beside others, of which nobody knows which came first."""
    return frozenset(one for one in judged if not any(trait.startswith(AT_ONCE) for trait in one))


def shared(broke: frozenset[Traits], held: frozenset[Traits]) -> tuple[str, ...]:
    """Return each trait that all of the first share and none of the others has, where they are few."""
    found = single(broke, held)
    return found if len(found) <= _MOST_SIGNS else ()


def single(broke: frozenset[Traits], held: frozenset[Traits]) -> tuple[str, ...]:
    """Return each trait that all of the first share and none of the others has; nothing where there are too few."""
    if len(broke) < _COMPARED or len(held) < _COMPARED:
        return ()
    alike = sorted(Traits.intersection(*broke))
    return plainly(tuple(trait for trait in alike if not any(trait in other for other in held)))


def together(
    broke: frozenset[Traits], held: frozenset[Traits], near: Callable[[Iterable[str]], Sequence[str]]
) -> tuple[str, ...]:
    """Return the first two traits that set apart what broke, together alone, those that are `near` first, but for what
    the run has brought about by itself; nothing where few broke.
    """
    if len(broke) <= _COMPARED or len(held) < _COMPARED or single(broke, held):
        return ()
    alike = in_order(one for one in Traits.intersection(*broke) if not one.startswith(BROUGHT_ABOUT))
    likely = near(alike)
    pairs = combinations((*likely, *(trait for trait in alike if trait not in likely)), 2)
    return next((pair for pair in pairs if not any(other.issuperset(pair) for other in held)), ())
