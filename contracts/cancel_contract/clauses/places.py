"""The texts of a JSON value, each with the keys that lead to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cancel_contract.redaction.personal_data import discreet_key

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")

Keys = tuple[str, ...]
"""The keys that lead to a value, the outermost first; places in arrays are left out."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text of a JSON value."""

    keys: Keys
    text: str

    @property
    def name(self) -> str:
        """The innermost key, in small letters and without separators."""
        return re.sub(r"[\W_]", "", self.keys[-1]).lower() if self.keys else ""

    @property
    def words(self) -> frozenset[str]:
        """The words of all keys, in small letters."""
        return words(self.keys)


def words(keys: Keys) -> frozenset[str]:
    """The words of some keys, in small letters: `nextClient` has `next` and `client`."""
    return frozenset(word.lower() for key in keys for word in _WORD.findall(key))


def pointer(keys: Keys) -> str:
    """The keys as a JSON pointer; one that no API would choose is replaced by its length."""
    return "".join(f"/{discreet_key(key)}" for key in keys)


def leaves(value: object) -> Iterator[Leaf]:
    """Yield each text of a JSON value, in its order."""
    # A stack, not recursion: an error may be nested as deeply as its sender likes.
    stack: list[tuple[Keys, object]] = [((), value)]
    while stack:
        keys, here = stack.pop()
        if isinstance(here, str):
            yield Leaf(keys, here)
        elif isinstance(here, list):
            stack.extend((keys, inner) for inner in reversed(here))
        elif isinstance(here, dict):
            stack.extend(((*keys, str(key)), inner) for key, inner in reversed(here.items()))


def objects(value: object) -> Iterator[tuple[Keys, dict[str, object]]]:
    """Yield each object of a JSON value with the keys that lead to it."""
    stack: list[tuple[Keys, object]] = [((), value)]
    while stack:
        keys, here = stack.pop()
        if isinstance(here, dict):
            yield keys, here
            stack.extend(((*keys, str(key)), inner) for key, inner in reversed(here.items()))
        elif isinstance(here, list):
            stack.extend((keys, inner) for inner in reversed(here))
