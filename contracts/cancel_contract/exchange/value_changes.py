"""Says in words how a value differs from what it was, without a text that may be a person's."""

from collections.abc import Mapping
from typing import Any, Final

from cancel_contract.exchange.equality import same
from cancel_contract.exchange.text_changes import how_changed
from cancel_contract.redaction.personal_data import discreet_key

_KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
}
_MOST: Final = 3
"""Members of an object that are told."""


def how_differs(here: object, there: object) -> str:
    """Return what was done to a text, or which members of an object or of a row are gone, new or others; empty where
    nothing simple explains it.
    """
    if isinstance(here, str) and isinstance(there, str):
        return how_changed(here, there)
    if isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        pairs = zip(here, there, strict=True)
        return next((told for pair in pairs if (told := how_differs(*pair))), "")
    if isinstance(here, dict) and isinstance(there, dict):
        return _members(here, there)
    return ""


def _members(here: Mapping[str, Any], there: Mapping[str, Any]) -> str:
    became = {name: _became(name, here, there) for name in {**there, **here}}
    told = [f"{discreet_key(name)!r} is {what}" for name, what in became.items() if what]
    more = f" and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return f"{', '.join(told[:_MOST])}{more}"


def _became(name: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> str:
    if name not in here:
        return "gone"
    if name not in there:
        return "new"
    if same(name, here[name], there[name]):
        return ""
    is_now, was = kind_of(here[name]), kind_of(there[name])
    return "another one" if is_now == was else f"{is_now}, not {was}"


def kind_of(value: object) -> str:
    """Return what a value of JSON is: `an array`."""
    return _KINDS.get(type(value), "an object")
