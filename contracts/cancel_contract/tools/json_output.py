"""Prints what a command has found as JSON, for programs."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object instead of lines, for programs")]


def echo_json(value: object, clean: Callable[[str], str]) -> None:
    """Print a value; each text in it is cleaned of secrets first."""
    typer.echo(json.dumps(_cleaned(value, clean), ensure_ascii=False, indent=2))


def _cleaned(value: object, clean: Callable[[str], str]) -> Any:  # noqa: ANN401  JSON's boundary
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(one, clean) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one, clean) for one in value]
    return value
