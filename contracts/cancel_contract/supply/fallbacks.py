"""Chooses which appointment variation to create in place of one that the target refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from cancel_contract.supply.variations import PLAIN, UNSTATED, Variation
from cancel_contract.target.settings import Settings

MOST_REFUSALS: Final = 30
"""How many refused creates a run spends to learn what the target accepts (policy)."""

MOST_ALIKE: Final = 3
"""Refusals like the first one after which another length is tried (policy)."""

_SIMPLER: Final[Mapping[str, tuple[Any, ...]]] = {
    "begins": ("ahead",),
    "payment": ("settled", "unpaid", "round", "free", UNSTATED),
    "status": ("scheduled", UNSTATED),
    "contact": (True, False),
    "service": (True, False),
    "minutes": (60, 30),
    "texts": ("plain",),
    "comment": (False, True),
    "birth_date": (False, True),
    "identifier": ("none", "digits"),
    "name": ("latin", "cyrillic"),
    "start": ("plain",),
    "duration": ("range", UNSTATED),
    "visit": ("primary", UNSTATED),
    "phone": (True, False),
    "reference": ("marker", "uuid", "keyed"),
}
"""What each part of a variation can be replaced by; the parts that are refused most often come first."""
_IF_NAMED: Final = frozenset({"free", UNSTATED})
"""What is tried only where a refusal names its part."""
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "payment": ("prepaid", "settlement", "payment"),
    "minutes": ("duration", "ends_at"),
    "start": ("starts_at",),
    "texts": ("comment", "custom_attributes", "phone"),
    "comment": ("comment", "custom_attributes"),
    "birth_date": ("birth", "gender"),
    "visit": ("appointment_type",),
    "identifier": ("identifier", "iin"),
    "name": ("client_name",),
    "reference": ("external_ref", "idempotency"),
}
"""The words by which a refusal names a part, if they differ from its name."""


class Fallbacks:
    """What a target accepts, learnt from its refusals; later variations are changed accordingly."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._instead: dict[tuple[str, Any], Any] = {}
        self._whole: dict[Variation, Variation] = {}
        self._taken: Variation | None = None
        self._accepted: list[dict[str, Any]] = []
        self._refusals, self._slot = 0, 0

    def of(self, variation: Variation) -> Variation:
        """Return a variation with all the changes that were learnt."""
        changes = {
            part: self._instead.get((part, getattr(variation, part)), getattr(variation, part)) for part in _SIMPLER
        }
        fitted = replace(variation, **changes)
        fitted = self._whole.get(fitted, fitted)
        return _of_a_slot(fitted, self._slot) if self._slot else fitted

    def takes(self, variation: Variation) -> None:
        """Remember that a variation was accepted."""
        self._taken = variation
        if not self.took(variation):
            self._accepted.append(self._asked(variation))

    @property
    def has_taken(self) -> bool:
        """Whether any variation was accepted."""
        return self._taken is not None

    def took(self, variation: Variation) -> bool:
        """Whether the same, all but its time, was accepted before."""
        return self._asked(variation) in self._accepted

    def learn(self, refused: Variation, taken: Variation) -> None:
        """Remember what was accepted in place of a variation; a single change is made in all later variations."""
        changed = [part for part in _SIMPLER if getattr(refused, part) != getattr(taken, part)]
        if taken.is_whole:
            # Where a slot is booked as it is offered, visits have no other length.
            self._slot = taken.minutes
            return
        self._whole[refused] = taken
        if len(changed) == 1:
            self._instead[changed[0], getattr(refused, changed[0])] = getattr(taken, changed[0])

    def has_another_length(self, variation: Variation, slot: int | None, alike: int = MOST_ALIKE) -> bool:
        """Whether a variation that was refused `alike` so many times after the first may be too long or too short: none
        was accepted so far, and a `slot` of the calendar has other minutes.
        """
        return slot not in {None, variation.minutes} and not self.has_taken and alike >= MOST_ALIKE

    def shorter(self, variation: Variation, slot: int | None = None) -> Iterator[Variation]:
        """Yield shorter variations that are not known to be refused: one that stays where it is, half an hour, and one
        on the grid; before them one that is as long as a `slot` of the calendar, if none was accepted so far.
        """
        if slot and self.has_another_length(variation, slot):
            yield _of_a_slot(variation, slot)
        still = replace(variation, is_moved=False)
        half = replace(still, minutes=PLAIN.minutes)
        for one in dict.fromkeys((still, half, replace(half, start=PLAIN.start))):
            if one.room < variation.room and self.of(one) == one:
                yield one

    def others(self, refused: Variation, answer: str, slot: int | None = None) -> Iterator[Variation]:
        """Yield what to try instead, one change at a time: first what the answer speaks of, then anything; before all,
        if none was accepted so far, the length of a `slot` of the calendar.
        """
        tried = [self._asked(refused)]
        first = [_of_a_slot(refused, slot)] if slot and self.has_another_length(refused, slot) else []
        for other in (*first, *_changed(refused, answer), *self._last_resorts()):
            asked = self._asked(other)
            if asked in tried or (self._refusals >= MOST_REFUSALS and other != self._last_taken):
                continue
            tried.append(asked)
            self._refusals += 1
            yield other

    def speaks_of(self, answer: str) -> frozenset[str]:
        """Return the parts of a variation that a refusal names."""
        return frozenset(_named(answer))

    def _asked(self, variation: Variation) -> dict[str, Any]:
        # Without a service in the settings, a variation with one is created without.
        times = {
            "minutes": variation.minutes,
            "start": variation.start,
            "stated": variation.stated,
            "begins": variation.begins,
            "reference": variation.reference,
        }
        return {**times, **variation.fields(self._settings)}

    @property
    def _last_taken(self) -> Variation | None:
        # One that begins at once might take the very slot that is to be booked again.
        return replace(self._taken, begins="ahead") if self._taken else None

    def _last_resorts(self) -> Iterator[Variation]:
        if self._last_taken:
            yield self._last_taken
        else:
            complete = replace(PLAIN, contact=True, service=True)
            yield from (PLAIN, complete, replace(complete, minutes=60), replace(complete, phone=False))


def _of_a_slot(variation: Variation, minutes: int) -> Variation:
    """Return a variation that takes a whole slot of the calendar."""
    return replace(variation, minutes=minutes, start=PLAIN.start, is_moved=False, is_whole=True)


def _changed(variation: Variation, answer: str) -> list[Variation]:
    named = _named(answer)
    parts = (*named, *(part for part in _SIMPLER if part not in named))
    usual = [(part, value) for part in parts for value in _SIMPLER[part] if value not in _IF_NAMED]
    # What a refusal names by an amount may be the service's as well.
    broadly = [part for part in _SIMPLER if part in named or (part == "payment" and "amount" in answer.lower())]
    rare = [(part, value) for part in broadly for value in _SIMPLER[part] if value in _IF_NAMED]
    likely = [one for one in usual if one[0] in named]
    return [replace(variation, **{part: value}) for part, value in dict.fromkeys((*likely, *rare, *usual))]


def _named(answer: str) -> list[str]:
    told = answer.lower()
    return [part for part in _SIMPLER if any(word in told for word in _WORDS.get(part, (part,)))]
