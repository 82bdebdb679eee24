"""Finds the line of the fragment's file on which a JSON pointer leads."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from cancel_contract.fragment.pointers import steps

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where it is installed: the other one takes ten times as long."""
Place = tuple[int, yaml.Node | None]


@lru_cache(maxsize=1)
def _root(path: Path) -> yaml.Node | None:
    return yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)


def line_of(path: Path, pointer: str) -> int:
    """Return the number of the line, from 1, that a pointer into the file leads to, references followed.

    Of a pointer that leads nowhere it is the nearest line above.
    """
    root = _root(path)
    return _walked(root, (1, root), pointer)[0]


def _walked(root: yaml.Node | None, start: Place, pointer: str) -> Place:
    line, node = start
    for step in steps(pointer):
        found = _child(node, step)
        if found is None and (reference := _child(node, "$ref")) and isinstance(reference[1], yaml.ScalarNode):
            found = _child(_walked(root, (1, root), reference[1].value)[1], step)
        if found is None:
            break
        line, node = found
    return line, node


def _child(node: yaml.Node | None, step: str) -> Place | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == step)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        child = node.value[int(step)]
        return child.start_mark.line + 1, child
    return None
