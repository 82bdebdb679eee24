"""Finds the line of the fragment's file on which a JSON pointer leads."""

from functools import lru_cache
from pathlib import Path

import yaml

from cancel_contract.fragment.pointers import steps


@lru_cache(maxsize=1)
def _root(path: Path) -> yaml.Node | None:
    return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)


def line_of(path: Path, pointer: str) -> int:
    """Return the number of the line, from 1, that a pointer into the file leads to.

    Where a reference stands on the way, it is the line of the reference.
    """
    node, line = _root(path), 1
    for step in steps(pointer):
        found = _child(node, step) if node else None
        if found is None:
            return line
        line, node = found
    return line


def _child(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == step)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        child = node.value[int(step)]
        return child.start_mark.line + 1, child
    return None
