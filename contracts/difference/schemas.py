"""What differs between two schemas: each difference makes the set of legal values wider or narrower.

Lives here: the keywords of JSON Schema that fragments use. A change of a keyword that is not known here is told as one
that breaks both sides. May not know: requests and answers, beyond who writes them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.difference.change import Change, Side, Turn, change

_ANNOTATIONS: Final = frozenset(
    {"title", "description", "summary", "example", "examples", "default", "deprecated", "readOnly", "writeOnly",
     "$comment", "externalDocs", "contentEncoding", "contentMediaType"}
)  # fmt: skip
_LOWER: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
_UPPER: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"})
_TEXTS: Final = frozenset({"pattern", "format", "multipleOf", "uniqueItems", "not", "propertyNames", "contains"})
"""Keywords whose being there makes narrower, and two of which cannot be compared."""
_LISTS: Final = ("oneOf", "anyOf")
_OWN: Final = frozenset(
    {"$ref", "type", "enum", "const", "required", "properties", "items", "additionalProperties", "allOf"}
)
_NUMBERS: Final = frozenset({"integer", "number"})

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A schema and where it stands in its document."""

    document: Node
    pointer: str
    node: Any

    def at(self, *steps: str) -> "Place":
        """Give what stands below; nothing there is an empty schema."""
        node, pointer = self.node, self.pointer
        for step in steps:
            inside = node.get(step) if isinstance(node, Mapping) else node[int(step)]
            node, pointer = inside, f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"
        return Place(self.document, pointer, node).followed()

    def followed(self) -> "Place":
        """Give what the references lead to; a pointer that leads nowhere is a LookupError."""
        here = self
        for _ in range(100):
            target = here.node.get("$ref") if isinstance(here.node, Mapping) else None
            if not isinstance(target, str):
                return here
            if not target.startswith("#/"):
                raise LookupError(f"{here.pointer} refers to {target!r}, outside the file: put it into the file")
            here = _pointed(here.document, target[1:])
        raise LookupError(f"{self.pointer} refers to itself: correct the reference")


def _pointed(document: Node, pointer: str) -> Place:
    node: Any = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            raise LookupError(f"nothing stands at {pointer!r}: correct the reference")
        node = node[name]
    return Place(document, pointer, node)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two schemas of one value, and the pairs that led to them: a schema may refer to itself."""

    side: Side
    old: Place
    new: Place
    name: str
    above: frozenset[tuple[str, str]] = frozenset()

    def below(self, old: Place, new: Place, name: str) -> "_Pair":
        here = (self.old.pointer, self.new.pointer)
        return _Pair(self.side, old, new, name, self.above | {here})


def schema_changes(side: Side, old: Place, new: Place, name: str) -> Iterator[Change]:
    """Every change between two schemas of one value."""
    yield from _changes(_Pair(side, old.followed(), new.followed(), name))


def _changes(pair: _Pair) -> Iterator[Change]:
    side, new, name = pair.side, pair.new, pair.name
    if (pair.old.pointer, new.pointer) in pair.above:
        return
    one, other = _mapping(pair.old.node), _mapping(new.node)
    yield from _types(side, one, other, new.pointer, name)
    yield from _values(side, one, other, new.pointer, name)
    yield from _bounds(side, one, other, new.pointer, name)
    yield from _required(side, one, other, new.pointer, name)
    yield from _properties(pair)
    for keyword in ("items", "additionalProperties"):
        yield from _below(pair, keyword)
    for keyword in (*_LISTS, "allOf"):
        yield from _choices(pair, keyword)
    yield from _unknown(side, one, other, new.pointer, name)


def _types(side: Side, one: Node, other: Node, pointer: str, name: str) -> Iterator[Change]:
    before, after = _type_names(one), _type_names(other)
    if before != after:
        turn = _turn(_spread(before), _spread(after))
        yield change(side, turn, f"{pointer}/type", f"{name} is {_told(after)}, not {_told(before)}")


def _type_names(node: Node) -> frozenset[str] | None:
    names = node.get("type")
    return None if names is None else frozenset([names] if isinstance(names, str) else names)


def _spread(names: frozenset[str] | None) -> frozenset[str] | None:
    return names | _NUMBERS if names is not None and "number" in names else names


def _values(side: Side, one: Node, other: Node, pointer: str, name: str) -> Iterator[Change]:
    before, after = _listed(one), _listed(other)
    if before == after:
        return
    if before is None or after is None:
        fact = "is any value, no longer one of a list" if after is None else f"is one of {_told(after)}, not any value"
        yield change(side, _turn(before, after), f"{pointer}/enum", f"{name} {fact}")
        return
    for value in sorted(after - before):
        yield change(side, Turn.WIDER, f"{pointer}/enum", f"{name} may be {value}")
    for value in sorted(before - after):
        yield change(side, Turn.NARROWER, f"{pointer}/enum", f"{name} may not be {value} any more")


def _listed(node: Node) -> frozenset[str] | None:
    if "const" in node:
        return frozenset({json.dumps(node["const"])})
    return frozenset(map(json.dumps, node["enum"])) if "enum" in node else None


def _turn(before: frozenset[str] | None, after: frozenset[str] | None) -> Turn:
    if before is None or after is None:
        return Turn.NARROWER if before is None else Turn.WIDER
    if before < after:
        return Turn.WIDER
    return Turn.NARROWER if after < before else Turn.OTHER


def _bounds(side: Side, one: Node, other: Node, pointer: str, name: str) -> Iterator[Change]:
    for keyword in sorted((_LOWER | _UPPER | _TEXTS) & {*one, *other}):
        before, after = one.get(keyword), other.get(keyword)
        if before != after:
            turn = _bound_turn(keyword, before, after)
            fact = f"has {keyword} {_told(after)}, not {_told(before)}"
            yield change(side, turn, f"{pointer}/{keyword}", f"{name} {fact}")


def _bound_turn(keyword: str, before: Any, after: Any) -> Turn:  # noqa: ANN401  JSON's boundary
    if before is None or after is None:
        return Turn.NARROWER if before is None else Turn.WIDER
    if keyword in _TEXTS:
        return Turn.OTHER
    grows = after > before
    return Turn.NARROWER if grows is (keyword in _LOWER) else Turn.WIDER


def _required(side: Side, one: Node, other: Node, pointer: str, name: str) -> Iterator[Change]:
    before, after = set(one.get("required", ())), set(other.get("required", ()))
    for field in sorted(after - before):
        yield change(side, Turn.NARROWER, f"{pointer}/required", f"{field} of {name} is always there")
    for field in sorted(before - after):
        yield change(side, Turn.WIDER, f"{pointer}/required", f"{field} of {name} may be missing")


def _properties(pair: _Pair) -> Iterator[Change]:
    side, old, new, name = pair.side, pair.old, pair.new, pair.name
    before, after = _mapping(old.node).get("properties", {}), _mapping(new.node).get("properties", {})
    for field in before.keys() | after.keys():
        pointer = f"{new.pointer}/properties/{field}"
        if field not in after:
            yield change(side, Turn.WIDER, pointer, f"{field} of {name} is not promised any more")
        elif field not in before and field not in _mapping(new.node).get("required", ()):
            # It might have been sent in another shape before, but nobody relied on that.
            yield change(side, Turn.SAME, pointer, f"{field} of {name} is named for the first time, and may be missing")
        elif field in before:
            steps = ("properties", field)
            yield from _changes(pair.below(old.at(*steps), new.at(*steps), f"{field} of {name}"))


def _below(pair: _Pair, keyword: str) -> Iterator[Change]:
    side, old, new, name = pair.side, pair.old, pair.new, pair.name
    before, after = _mapping(old.node).get(keyword, True), _mapping(new.node).get(keyword, True)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _changes(pair.below(old.at(keyword), new.at(keyword), f"each of {name}"))
    elif before != after:
        # `false` allows nothing, `true` and nothing said allow all, a schema is in between.
        order = [before is not False, isinstance(before, bool) and before, after is not False, after is True]
        turn = Turn.NARROWER if order[:2] > order[2:] else Turn.WIDER
        yield change(
            side, turn, f"{new.pointer}/{keyword}", f"{name} has {keyword} {_told(after)}, not {_told(before)}"
        )


def _choices(pair: _Pair, keyword: str) -> Iterator[Change]:
    side, old, new, name = pair.side, pair.old, pair.new, pair.name
    before, after = _all(old, keyword), _all(new, keyword)
    if not before and not after:
        return
    left = [one for one in after if one.node not in [known.node for known in before]]
    gone = [one for one in before if one.node not in [known.node for known in after]]
    for one, other in zip(gone, left, strict=False):
        yield from _changes(pair.below(one, other, f"a shape of {name}"))
    more, less = (Turn.NARROWER, Turn.WIDER) if keyword == "allOf" or not before else (Turn.WIDER, Turn.NARROWER)
    for other in left[len(gone) :]:
        yield change(side, more, other.pointer, f"{name} has another shape in its {keyword}")
    for one in gone[len(left) :]:
        yield change(side, less, one.pointer, f"{name} has a shape less in its {keyword}")


def _all(place: Place, keyword: str) -> list[Place]:
    return [place.at(keyword, str(number)) for number in range(len(_mapping(place.node).get(keyword, ())))]


def _unknown(side: Side, one: Node, other: Node, pointer: str, name: str) -> Iterator[Change]:
    known = _LOWER | _UPPER | _TEXTS | _OWN | _ANNOTATIONS | {*_LISTS}
    for keyword in sorted({*one, *other} - known):
        if one.get(keyword) != other.get(keyword):
            turn = Turn.SAME if keyword.startswith("x-") else Turn.OTHER
            yield change(side, turn, f"{pointer}/{keyword}", f"{name} has another {keyword}")
    if any(one.get(keyword) != other.get(keyword) for keyword in _ANNOTATIONS):
        yield change(side, Turn.SAME, pointer, f"{name} is described in other words")


def _mapping(node: object) -> Node:
    return node if isinstance(node, Mapping) else {}


def _told(value: Any) -> str:  # noqa: ANN401  JSON's boundary
    if isinstance(value, frozenset):
        return " or ".join(sorted(value))
    return "none" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)
