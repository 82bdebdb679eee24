"""What the evidence that broke a clause has, and what held has not: where somebody looks for the cause."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from cancel_contract.exchange.case import ALONE, AS_USUAL, LIKE, TOGETHER, Intent
from cancel_contract.exchange.described import OVER, SOON, UNDER_WAY
from cancel_contract.exchange.spoken import ANSWERED, ASKED, LOOKED, OF_WHAT, OTHER_MEMBER
from cancel_contract.ledger.memory import BROUGHT_ABOUT
from cancel_contract.ledger.traits import Traits, in_order, in_turn, plainly, shared, single, together, without

Name = tuple[str, ...]
"""What was judged, the same when it is asked again: the key of its case or, of an episode, its kind, its topic and the
keys of all its cases. A key is that of a scenario, `#`, and that of a case in it.
"""
Compared = tuple[Name, Traits]
"""The name of what was judged, and its traits."""
MOST_COMPARED: Final = 300
"""Cases that are compared: a recording may hold any number."""
_MOST_KEYS: Final = 6
"""More cases than this are not named."""
_MOST_HELD: Final = 3
"""More cases, or scenarios, that held are not named."""
_MOST_ALONE: Final = 8
"""More traits than this that one case alone has narrow nothing down."""
_MOST_APART: Final = 6
"""Two cases that differ in more traits than this are not alike."""
_MOST_UNLIKE: Final = 10
"""More traits than this that only what broke it has narrow nothing down."""
_MOST_OF_TWO: Final = 4
"""The same where one broke it, and one held."""
_BEGINS: Final = frozenset({SOON, UNDER_WAY, OVER})
_INTENTS: Final = frozenset({*ASKED.values(), *OF_WHAT})
"""The traits that say what is asked for."""
_BY: Final = "with the token of"
"""How the trait begins that says whose token it was."""
_PLAIN: Final = frozenset({ASKED[Intent.FIRST], ASKED[Intent.REPEAT]})
"""Those of a cancel that asks for nothing else."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What was judged by one clause, what it broke and what it held with."""

    broke_with: frozenset[Compared]
    held_with: frozenset[Compared]
    again: bool | None = None
    """Whether it broke again when what broke it was asked again; None where it was not."""
    shown: str = ""
    """The key of the case that is shown."""

    fields: tuple[str, ...] = ()
    """The fields that came out wrong."""

    def near(self, traits: Iterable[str]) -> tuple[str, ...]:
        """Return those of some traits that are about a field which came out wrong, the likeliest causes."""
        names = [re.compile(rf"\b{re.escape(field.removesuffix('s'))}") for field in self.fields if field]
        return tuple(trait for trait in traits if any(name.search(trait) for name in names))

    @property
    def in_common(self) -> tuple[str, ...]:
        """The traits that all that broke it share, and nothing that held has together; nothing where few differ.

        Two that have to come together may do so by chance: one that only what held has says more.
        """
        return self._in_common[0]

    @property
    def are_together(self) -> bool:
        """Whether it takes all of those traits, of which cases that held have some."""
        return self._in_common[1]

    @property
    def _in_common(self) -> tuple[tuple[str, ...], bool]:
        for broke, held in self._compared:
            if found := shared(broke, held):
                return found, False
            if found := () if single(held, broke) else together(broke, held, self.near):
                return found, True
        return (), False

    @property
    def never(self) -> tuple[str, ...]:
        """The traits that all that held share, and nothing that broke it has."""
        return next(filter(None, (shared(held, broke) for broke, held in self._compared)), ())

    @property
    def likely(self) -> tuple[str, ...]:
        """Of many traits that all that broke it share, and nothing that held has, those that are about a field which
        came out wrong.
        """
        return next(filter(None, (self.near(single(broke, held)) for broke, held in self._compared)), ())

    @property
    def _compared(self) -> Iterator[tuple[frozenset[Traits], frozenset[Traits]]]:
        """Yield the traits of what broke it and of what held; then without requests that left at the same moment."""
        if len(self.broke_with) + len(self.held_with) < MOST_COMPARED:
            broke, held = (frozenset(traits for _, traits in judged) for judged in (self.broke_with, self.held_with))
            yield broke, held
            yield in_turn(broke), in_turn(held)

    @property
    def alone(self) -> tuple[str, ...]:
        """What the cases of one scenario that broke it each time have and none that held: it may be about one of it."""
        if self.cases is None or not self.is_of_one_scenario:
            return ()
        alike = Traits.intersection(*(traits for _, traits in self.broke_with))
        asked = (trait for trait in alike - LOOKED if not trait.startswith((ANSWERED, *BROUGHT_ABOUT)))
        found = plainly(in_order(trait for trait in asked if not any(trait in other for _, other in self.held_with)))
        return found if len(found) <= _MOST_ALONE else _of_the_request(found)

    @property
    def nearest(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the case that is shown and the most similar one that held have each alone; nothing where they differ in
        much, or one case did both.
        """
        shown = [one for one in self.broke_with if self.shown in one[0]]
        pairs = product(shown or self.broke_with, self.held_with) if self.cases else ()
        told = ((without(broke, held), without(held, broke)) for (_, broke), (_, held) in pairs)
        # Two that ask for something else differ in that, which says nothing of why.
        alike = (pair for pair in told if not _INTENTS & {*pair[0], *pair[1]})
        few = (pair for pair in alike if 0 < len(pair[0]) + len(pair[1]) <= _MOST_APART)
        return min(few, key=lambda pair: (len(pair[0]) + len(pair[1]), pair), default=((), ()))

    @property
    def unlike(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What all that broke it have in common and nothing that held has, and the reverse, however few there were."""
        broke, held = (frozenset(traits for _, traits in judged) for judged in (self.broke_with, self.held_with))
        if not broke or not held or len(broke) + len(held) >= MOST_COMPARED:
            return (), ()
        pairs = ((broke, held), (held, broke))
        found = [without(Traits.intersection(*mine), Traits.union(*others)) for mine, others in pairs]
        most = _MOST_OF_TWO if len(broke) == len(held) == 1 else _MOST_UNLIKE
        if max(map(len, found)) > most:
            found = [*map(_of_the_request, found)]
        return found[0], found[1]

    @property
    def is_asked_otherwise(self) -> bool:
        """Whether it held in a scenario that broke it, about an appointment that begins at another time: what is under
        way may take the place of the next one that would be.
        """
        pairs = product(self.broke_with, self.held_with)
        return any((mine[1] ^ other[1]) & _BEGINS and _scenarios(mine) & _scenarios(other) for mine, other in pairs)

    @property
    def is_of_one_scenario(self) -> bool:
        """Whether it was broken by the cases of a single scenario."""
        return len({scenario for scenario, _ in _keys(self.broke_with)}) == 1

    @property
    def as_usual(self) -> bool | None:
        """Whether what is shown, sent as usual, broke it too; nothing where that was not asked."""
        of_shown = {self.shown.partition("#")[0]} if self.shown else set[str]()
        its = of_shown or {scenario for scenario, _ in _keys(self.broke_with)}
        broke, held = (
            any(scenario in its for scenario, key in _keys(judged) if key.endswith(AS_USUAL))
            for judged in (self.broke_with, self.held_with)
        )
        return broke if broke or held else None

    @property
    def parts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which parts of an odd request broke it, each alone, and which others of the same did not; nothing of halves
        where a cancel without any broke it, too.
        """
        if self.is_halved and any(_PLAIN & traits for _, traits in self.broke_with):
            return (), ()
        broke, held = _parts(self.broke_with), _parts(self.held_with)
        cases = {case for case, _ in broke}
        return in_order(part for _, part in broke), in_order(part for case, part in held - broke if case in cases)

    @property
    def is_halved(self) -> bool:
        """Whether what broke it was sent by halves, so that no more than one part of it was looked for."""
        return any(key.endswith(TOGETHER) for _, key in _keys(self.broke_with))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the cases of one scenario that broke it; nothing where it was one case, in parts or not, or they
        are many.
        """
        keys = {key for _, key in _keys(self.broke_with) if key != Intent.READ}
        asked = [key for _, key in _keys(self.broke_with | self.held_with)]
        if any(LIKE in key or key.endswith((AS_USUAL, ALONE, TOGETHER)) for key in asked):
            return ()
        return in_order(keys) if self.is_of_one_scenario and 1 < len(keys) <= _MOST_KEYS else ()

    @property
    def held_cases(self) -> tuple[str, ...]:
        """What held: the keys of cases, where those that broke it are named by theirs, else their scenarios; nothing
        where they are many, or several of one scenario.
        """
        held, (broke, number) = _keys(self.held_with), self.cases or (0, 0)
        named = self.keys if broke > 1 else ()
        told = {key for _, key in held if key not in {Intent.READ, *named}} if named else {name for name, _ in held}
        is_telling = len(told) == number <= _MOST_HELD and self.shown.partition("#")[0] not in told
        return in_order(told) if is_telling else ()

    @property
    def held_alone(self) -> tuple[str, ...]:
        """The keys of the cases of the same scenario that held, where each is one request but for reads, and they are
        few.
        """
        its = self.shown.partition("#")[0]
        held = {key for key in _keys(self.held_with - self.broke_with) if key[1] != Intent.READ}
        told = {key for scenario, key in held if scenario == its and f"{its}#{key}" != self.shown}
        return in_order(told) if len(told) == len(held) == len(self.held_with) <= _MOST_HELD else ()

    @property
    def cases(self) -> tuple[int, int] | None:
        """How many cases broke it each time, and how many never; nothing where that is not known, or one did both."""
        broke, held = ({name for name, _ in judged} for judged in (self.broke_with, self.held_with))
        is_whole = len(self.broke_with) + len(self.held_with) < MOST_COMPARED
        is_known = self.again and is_whole and broke and held and not broke & held
        return (len(broke), len(held)) if is_known else None


def _keys(judged: Iterable[Compared]) -> set[tuple[str, str]]:
    """Return the cases in what was judged, each by its scenario and its own key."""
    parted = (part.partition("#") for name, _ in judged for part in name)
    return {(scenario, key) for scenario, _, key in parted if key}


def _of_the_request(traits: Iterable[str]) -> tuple[str, ...]:
    """Return, of many traits, what says who has asked, and for what: appointments differ in much else."""
    return tuple(trait for trait in traits if trait == OTHER_MEMBER or trait in _INTENTS or trait.startswith(_BY))


def _scenarios(one: Compared) -> set[str]:
    return {scenario for scenario, _ in _keys([one])}


def _parts(judged: Iterable[Compared]) -> set[tuple[str, str]]:
    """Return the parts of odd requests that were sent alone, each with the case that it is a part of."""
    alone = (f"{scenario}#{key.removesuffix(ALONE)}" for scenario, key in _keys(judged) if key.endswith(ALONE))
    return {(case, part) for case, _, part in (key.rpartition(", ") for key in alone)}
