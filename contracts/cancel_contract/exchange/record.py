"""How the records of a run are written into its report, and read from one."""

from typing import Final

from pydantic import ConfigDict

RECORD: Final = ConfigDict(
    strict=True, extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
)
"""What a dataclass that a report holds has as its `__pydantic_config__`: values of its own types, no other fields, each
of them always there, and the docstrings of its fields in the report's schema."""
