"""Looks a fault or a variant up by its name."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol, TypeVar


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str:
        """The slug."""


T = TypeVar("T", bound=Named)


class UnknownNameError(LookupError):
    """A name that nothing bears."""

    def __str__(self) -> str:
        return str(self.args[0])


def named(kind: str, wanted: str, known: Iterable[T]) -> T:
    """Return what bears a name, or tell the nearest name that exists."""
    by_name = {it.name: it for it in known}
    if wanted in by_name:
        return by_name[wanted]
    near = get_close_matches(wanted, by_name, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownNameError(f"there is no {kind} {wanted!r}{hint}")
