"""JSON pointers (RFC 6901) into an OpenAPI text, and the references in it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

Node = TypeVar("Node", bound=Mapping[str, Any])


def pointer_to(*steps: str) -> str:
    """Return the pointer that leads down these steps."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def at(document: Mapping[str, Any], pointer: str) -> Any:  # noqa: ANN401  JSON of any kind
    """Return what stands at a pointer, no reference followed; `LookupError` names a pointer that dangles."""
    node: Any = document
    for name in steps(pointer):
        node = _child(node, name, pointer)
    return node


def trail(document: Mapping[str, Any], pointer: str) -> Iterator[Any]:
    """Yield every node from the root to the pointer's end, with those that references on the way lead to.

    `LookupError` names a pointer that dangles.
    """
    node: Any = document
    yield node
    for name in steps(pointer):
        if "$ref" in mapping(node) and name not in node:
            node = followed(document, node)
            yield node
        node = _child(node, name, pointer)
        yield node
    if mapping(node).keys() == {"$ref"}:
        yield followed(document, node)


def followed(document: Node, node: Node) -> Node:
    """Return what a node's reference leads to, or the node where it is none."""
    while "$ref" in node:
        *_, node = trail(document, node["$ref"])
    return node


def mapping(node: object) -> Mapping[str, Any]:
    """Return a node as an object of JSON: an empty one where it is something else."""
    return node if isinstance(node, Mapping) else {}


def steps(pointer: str) -> Iterator[str]:
    """Yield the names that a pointer leads down by, unescaped."""
    for step in pointer.removeprefix("#").split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _child(node: object, name: str, pointer: str) -> Any:  # noqa: ANN401  JSON of any kind
    if isinstance(node, Mapping) and name in node:
        return node[name]
    if isinstance(node, list) and name.isdecimal() and int(name) < len(node):
        return node[int(name)]
    raise LookupError(f"the fragment has nothing at {pointer!r}: {name!r} is not there; correct the pointer")
