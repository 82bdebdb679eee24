"""The served API as one OpenAPI document: the fragment and its companion operations, put together."""

import functools
import json
from collections.abc import Mapping
from typing import Any, Final

from cancel_contract.fragment.document import FILE_NAME, load
from cancel_contract.fragment.yaml_loader import parsed

COMPANIONS: Final = "companions.yaml"


@functools.cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """Return the OpenAPI texts by their files' names: the one under contract first, then its companions."""
    fragment = load()
    return {FILE_NAME: fragment.document, COMPANIONS: parsed((fragment.path.parent / COMPANIONS).read_bytes())}


def openapi(base_url: str) -> Mapping[str, Any]:
    """Return one document of all operations, with a server to try them on."""
    document: Mapping[str, Any] = json.loads(_whole())
    return {**document, "servers": [{"url": base_url, "description": "The reference provider"}]}


@functools.cache
def _whole() -> str:
    first, *others = texts().values()
    paths, components = dict(first["paths"]), {kind: dict(named) for kind, named in first["components"].items()}
    for other in others:
        paths |= other["paths"]
        for kind, named in other["components"].items():
            components.setdefault(kind, {}).update(named)
    info = {
        **first["info"],
        "title": "OneLink scheduling",
        "summary": "Appointments, as the reference provider serves them",
    }
    # Dates stand unquoted in the examples' YAML.
    text = json.dumps(
        {"openapi": first["openapi"], "info": info, "paths": paths, "components": components}, default=str
    )
    return text.replace(f'"{FILE_NAME}#/', '"#/').replace(f'"{COMPANIONS}#/', '"#/')
