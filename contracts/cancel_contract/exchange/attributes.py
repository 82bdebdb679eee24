"""Tells which of an appointment's attributes a run has set: a target may add keys of its own, and change them."""

from typing import Any, Final

from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.marker import PREFIX, REFERENCES

FIELD: Final = "custom_attributes"
"""The field that any program may write to (observed)."""
KEYS: Final = frozenset(
    {
        "contract", "number", "nested", "none", "off", "camelCase", "ключ", "empty", "blank", "part", "two words",
        "status", "large", "assigned",
    }
)  # fmt: skip
"""What runs set, or try to."""


def own_alone(before: Payload, after: Payload) -> tuple[Payload, Payload]:
    """Return two views of an appointment with those of its attributes that runs set; of one that no run has marked with
    the names alone that the earlier view shows, as nobody knows who writes to it.
    """
    is_own = any(_is_marked(view) or KEYS & _of(view).keys() for view in (before, after))
    names = KEYS if is_own else _of(before).keys()
    one, other = ({name: value for name, value in _of(view).items() if name in names} for view in (before, after))
    if not is_own:
        one, other = dict.fromkeys(one), dict.fromkeys(other)
    return _with(before, one), _with(after, other)


def _is_marked(view: Payload) -> bool:
    return any(PREFIX in str(view.get(name)) for name in REFERENCES)


def _of(view: Payload) -> dict[str, Any]:
    attributes = view.get(FIELD)
    return attributes if isinstance(attributes, dict) else {}


def _with(view: Payload, attributes: dict[str, Any]) -> Payload:
    """Return a view with other attributes; what is none of its own is as if not shown, and empty ones stay empty."""
    shown = view.get(FIELD)
    return {**view, FIELD: attributes or (None if shown else shown)} if isinstance(shown, dict) else view
