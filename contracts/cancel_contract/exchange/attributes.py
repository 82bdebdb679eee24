"""Tells which of an appointment's attributes a run has set: a target may add keys of its own, and change them."""

from typing import Final

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


def own_alone(payload: Payload) -> Payload:
    """Return an appointment of a run with those of its attributes that runs set; of any other with the names alone, as
    nobody knows who writes to it.
    """
    attributes = payload.get(FIELD)
    if not isinstance(attributes, dict):
        return payload
    is_marked = any(PREFIX in str(payload.get(name)) for name in REFERENCES)
    if not is_marked and not KEYS & attributes.keys():
        return {**payload, FIELD: dict.fromkeys(attributes)}
    # Without any it is as if none were shown.
    return {**payload, FIELD: {name: value for name, value in attributes.items() if name in KEYS} or None}
