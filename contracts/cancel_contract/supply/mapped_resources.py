"""Recognises resources that are mapped to the clinic's own system, and says how to allow one by name.

An appointment made there is copied to the other system, and a cancel here leaves it there (observed).
"""

from collections.abc import Mapping
from typing import Any, Final

from cancel_contract.target.settings import variable

SPECIALIST: Final = "medelement_specialist_code"
"""The custom attribute of a mapped resource."""


def shows_mapped(calendar: Mapping[str, Any], resource: int | None) -> bool:
    """Whether a calendar shows a resource as mapped; not every calendar shows attributes."""
    rows = calendar.get("resources")
    return any(
        isinstance(row, dict) and str(row.get("id")) == str(resource) and _code(row) not in {None, "", False}
        for row in (rows if isinstance(rows, list) else ())
    )


def _code(row: Mapping[str, Any]) -> str | None:
    attributes = row.get("custom_attributes")
    code = attributes.get(SPECIALIST) if isinstance(attributes, dict) else None
    return None if code is None else str(code).strip()


def not_allowed(resource: int | None) -> tuple[str, str]:
    """Return the fact and the remedy where a mapped resource is not allowed by name."""
    mapped = f"resource {resource} is mapped to the clinic's own system ({SPECIALIST})"
    fact = f"{mapped}, and appointments created there are copied to it"
    name = variable("allow_mapped_resource")
    return fact, f"set {variable('resource_id')} to one that is not mapped, or {name}={resource} to create them there"
