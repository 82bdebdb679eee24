"""Renders the documentation of the served API as one page that loads nothing from elsewhere."""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from cancel_contract.exchange.action import ACTION
from cancel_contract.fragment.endpoint import METHODS
from cancel_contract.fragment.pointers import at
from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.provider.docs.openapi import texts
from cancel_contract.provider.store.seed import SEED

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a table: a parameter, or a field of a body, with its place in dots."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a request or an answer holds, in one media type."""

    media_type: str
    fields: tuple[Field, ...]
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What may come back."""

    status: str
    text: str
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be asked."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Field, ...]
    bodies: tuple[Body, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    """An OpenAPI text that may refer to others beside it."""

    name: str
    root: Node
    others: Mapping[str, Node] = field(repr=False)

    def followed(self, node: Node) -> tuple["_Document", Node]:
        """Return what a reference leads to, and the text that it stands in."""
        here: _Document = self
        while "$ref" in node:
            file, _, pointer = node["$ref"].partition("#")
            here = _Document(file or here.name, here.others[file or here.name], here.others)
            node = at(here.root, pointer)
        return here, node


def page(base_url: str) -> str:
    """Return the page, with lines to try on a server."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"markdown": _block, "inline": _inline}
    template = environment.get_template("page.html")
    path = ACTION.path(SEED.account_id, SEED.paid_expense_appointment_ids[0])
    header = ENDPOINT.token_header
    return template.render(operations=operations(), base_url=base_url, path=path, seed=SEED, token_header=header)


@functools.cache
def operations() -> tuple[Operation, ...]:
    """Return every operation: the one under contract first, then its companions."""
    return tuple(one for name, root in texts().items() for one in _operations(_Document(name, root, texts())))


def _block(text: str) -> Markup:
    """Render the Markdown of a description; its HTML, if it has any, stays text."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704  the renderer escapes


def _inline(text: str) -> Markup:
    """Render the Markdown of a line."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704  the renderer escapes


def _operations(document: _Document) -> Iterator[Operation]:
    for path, item in document.root["paths"].items():
        for method in (method for method in METHODS if method in item):
            node = item[method]
            yield Operation(
                name=node["operationId"],
                method=method.upper(),
                path=path,
                summary=node["summary"],
                text=node.get("description", ""),
                parameters=tuple(_parameters(document, [*item.get("parameters", []), *node.get("parameters", [])])),
                bodies=tuple(_bodies(*document.followed(node.get("requestBody", {})))),
                answers=tuple(_answers(document, node["responses"])),
            )


def _parameters(document: _Document, nodes: list[Node]) -> Iterator[Field]:
    for node in nodes:
        here, found = document.followed(node)
        _, schema = here.followed(found["schema"])
        kind = f"{_kind(schema)}, in the {found['in']}"
        yield Field(found["name"], kind, bool(found.get("required")), found.get("description", ""))


def _answers(document: _Document, responses: Node) -> Iterator[Answer]:
    for status, node in responses.items():
        here, found = document.followed(node)
        yield Answer(str(status), found["description"], tuple(_bodies(here, found)))


def _bodies(document: _Document, node: Node) -> Iterator[Body]:
    for media_type, media in node.get("content", {}).items():
        shown = []
        for name, example in media.get("examples", {}).items():
            value = document.followed(example)[1]["value"]
            shown.append((name, json.dumps(value, ensure_ascii=False, indent=2, default=str)))
        yield Body(media_type, tuple(_fields(document, media["schema"])), tuple(shown))


def _fields(document: _Document, schema: Node, above: str = "") -> Iterator[Field]:
    here, found = document.followed(schema)
    for choice in found.get("oneOf", ()):
        yield from _fields(here, choice, above)
    for name, node in found.get("properties", {}).items():
        there, below = here.followed(node)
        text = node.get("description") or below.get("description", "")
        yield Field(f"{above}{name}", _kind(below), name in found.get("required", ()), text)
        yield from _fields(there, below, f"{above}{name}.")
    if "items" in found:
        yield from _fields(here, found["items"], f"{above.removesuffix('.')}[].")


def _kind(schema: Node) -> str:
    names = schema.get("type", "any")
    kind = names if isinstance(names, str) else " or ".join(names)
    listed = f": {', '.join(map(str, schema['enum']))}" if "enum" in schema else ""
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{kind}{form}{listed}"
