"""Writes report.json, and its schema, which is checked in beside this module."""

import json
from pathlib import Path
from typing import Any, Final

from cancel_contract.report.model import RunReport

SCHEMA: Final = Path(__file__).with_name("report.schema.json")
"""The JSON Schema of report.json."""
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def render(outcome: RunReport) -> str:
    """Return the report's text."""
    return json.dumps(outcome.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> RunReport:
    """Return the report that a text holds; raises pydantic's ValidationError if it is none."""
    return RunReport.model_validate_json(text)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return {"$schema": _DRAFT, **RunReport.model_json_schema(mode="serialization")}


def schema_text() -> str:
    """Return the schema as the file that is checked in; `SCHEMA.write_text(schema_text())` writes it again."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
