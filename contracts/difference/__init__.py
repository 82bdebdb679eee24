"""What a change of the contract breaks, and for whom.

Lives here: comparing the operation under contract in two documents. Own code, because no tool of the field fits:
oasdiff, the one that is well kept, is a Go program that neither PyPI nor npm carries (npm's `oasdiff` is an empty
placeholder), `@pb33f/openapi-changes` on npm downloads a binary when it is installed, npm's `openapi-diff` knows no
OpenAPI 3.1, those on PyPI are months old with one author each, and all of them ask only whether a consumer breaks: that
a provider has to change too, when an answer is promised more narrowly, none of them tells. May not know: files, git.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.difference.change import Breaks, Change, Side, Turn, change
from contracts.difference.schemas import Node, Place, schema_changes

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_CANCEL: Final = re.compile(r".*/scheduling/appointments/\{[^}]+\}/cancel")


class NoOperationError(Exception):
    """A document without the operation."""


def differences(old: Node, new: Node) -> tuple[Change, ...]:
    """Every change of the operation that cancels an appointment, by whom it breaks; what it does not reach is none."""
    found = dict.fromkeys(_operation_changes(_operation(old, "the old"), _operation(new, "the new")))
    order = list(Breaks)
    return tuple(sorted(found, key=lambda one: (order.index(one.breaks), one.pointer, one.sentence)))


def _operation(document: Node, which: str) -> Place:
    paths = document.get("paths") or {}
    found = [(path, method) for path, item in paths.items() for method in _METHODS if method in (item or {})]
    cancels = [pair for pair in found if _CANCEL.fullmatch(pair[0]) and pair[1] == "post"] or (
        found if len(found) == 1 else []
    )
    if not cancels:
        raise NoOperationError(f"{which} document has {len(found)} operations, none a POST that cancels: name another")
    path, method = cancels[0]
    return Place(document, "", document).at("paths", path, method)


def _operation_changes(old: Place, new: Place) -> Iterator[Change]:
    yield from _address(old, new)
    if old.node.get("operationId") != new.node.get("operationId"):
        names = (old.node.get("operationId"), new.node.get("operationId"))
        fact = f"the operation is named {names[1]}, not {names[0]}: generated clients name their method by it"
        yield Change(Breaks.CONSUMERS, f"{new.pointer}/operationId", fact)
    yield from _security(old, new)
    yield from _servers(old, new)
    yield from _parameters(old, new)
    yield from _body(old, new)
    yield from _answers(old, new)
    if any(old.node.get(word) != new.node.get(word) for word in ("summary", "description", "tags", "x-source")):
        yield Change(Breaks.NOBODY, new.pointer, "the operation is described in other words")
    if new.node.get("deprecated") and not old.node.get("deprecated"):
        yield Change(Breaks.NOBODY, f"{new.pointer}/deprecated", "the operation is deprecated: it still works")


def _address(old: Place, new: Place) -> Iterator[Change]:
    before, after = (re.sub(r"\{[^}]*\}", "{}", place.pointer) for place in (old, new))
    if before != after:
        yield Change(Breaks.BOTH, new.pointer, "the operation has another path or method")


def _security(old: Place, new: Place) -> Iterator[Change]:
    before, after = (place.node.get("security", place.document.get("security", [])) for place in (old, new))
    if before != after:
        turn = Turn.WIDER if {} in after or not after else Turn.NARROWER if not before else Turn.OTHER
        yield change(Side.REQUEST, turn, f"{new.pointer}/security", "the operation asks for another credential")
    schemes = [_schemes(place.document) for place in (old, new)]
    for name in sorted({name for each in after for name in each}):
        shapes = [{key: value for key, value in (each.get(name) or {}).items() if key in _SCHEME} for each in schemes]
        if name in schemes[0] and shapes[0] != shapes[1]:
            pointer = f"/components/securitySchemes/{name}"
            yield Change(Breaks.BOTH, pointer, f"the credential {name} is shown in another way")


_SCHEME: Final = frozenset({"type", "in", "name", "scheme", "flows", "openIdConnectUrl"})


def _schemes(document: Node) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (document.get("components") or {}).get("securitySchemes") or {}
    return found


def _servers(old: Place, new: Place) -> Iterator[Change]:
    before, after = ({server["url"] for server in place.document.get("servers") or []} for place in (old, new))
    for url in sorted(before - after):
        yield Change(Breaks.CONSUMERS, "/servers", f"the server {url} is not named any more")
    for url in sorted(after - before):
        yield Change(Breaks.NOBODY, "/servers", f"the server {url} is named for the first time")


def _parameters(old: Place, new: Place) -> Iterator[Change]:
    before, after = _by_name(old), _by_name(new)
    for key in sorted(before.keys() | after.keys()):
        where, name = key
        if key not in after:
            # Whoever sends it still may; a path parameter that is gone has changed the path.
            yield change(
                Side.REQUEST, Turn.SAME, before[key].pointer, f"{name} in the {where} is not asked for any more"
            )
        elif key not in before:
            needed = bool(after[key].node.get("required"))
            turn, fact = (Turn.NARROWER, "has to be sent") if needed else (Turn.WIDER, "may be sent, and is read")
            yield change(Side.REQUEST, turn, after[key].pointer, f"{name} in the {where} {fact}")
        else:
            yield from _parameter(before[key], after[key], name)


def _by_name(place: Place) -> dict[tuple[str, str], Place]:
    found = [place.at("parameters", str(number)) for number in range(len(place.node.get("parameters", ())))]
    # What a path's parameter is called, no message shows: its place counts.
    names = [_path_place(place, one.node["name"]) if one.node["in"] == "path" else one.node["name"] for one in found]
    return {(one.node["in"], name): one for one, name in zip(found, names, strict=True)}


def _path_place(place: Place, name: str) -> str:
    return (
        f"number {re.findall(r'{([^}]*)}', place.pointer).index(name) + 1}" if f"{{{name}}}" in place.pointer else name
    )


def _parameter(old: Place, new: Place, name: str) -> Iterator[Change]:
    before, after = bool(old.node.get("required")), bool(new.node.get("required"))
    if before != after:
        turn = Turn.NARROWER if after else Turn.WIDER
        fact = f"{name} is required" if after else f"{name} may be left out"
        yield change(Side.REQUEST, turn, f"{new.pointer}/required", fact)
    yield from schema_changes(Side.REQUEST, old.at("schema"), new.at("schema"), f"the parameter {name}")


def _body(old: Place, new: Place) -> Iterator[Change]:
    pointer = f"{new.pointer}/requestBody"
    if "requestBody" not in old.node and "requestBody" not in new.node:
        return
    if "requestBody" not in new.node:
        yield Change(Breaks.NOBODY, pointer, "no body is read any more")
    elif "requestBody" not in old.node:
        turn = Turn.NARROWER if new.at("requestBody").node.get("required") else Turn.WIDER
        yield change(Side.REQUEST, turn, pointer, "a body is read, which was ignored")
    else:
        yield from _contents(Side.REQUEST, old.at("requestBody"), new.at("requestBody"), "the body")


def _answers(old: Place, new: Place) -> Iterator[Change]:
    before, after = old.node.get("responses") or {}, new.node.get("responses") or {}
    for status in sorted({*before, *after}, key=str):
        pointer = f"{new.pointer}/responses/{status}"
        if status not in after:
            yield change(Side.ANSWER, Turn.NARROWER, pointer, f"{status} is not a legal answer any more")
        elif status not in before:
            yield _new_answer(str(status), pointer)
        else:
            steps = ("responses", status)
            yield from _answer(old.at(*steps), new.at(*steps), f"the {status} answer")


def _new_answer(status: str, pointer: str) -> Change:
    if status[:1] in {"4", "5"}:
        # A client treats a status that it does not know as the first of its class (RFC 9110, 15).
        return Change(Breaks.NOBODY, pointer, f"{status} is a legal answer, which a client takes for {status[0]}00")
    return change(Side.ANSWER, Turn.WIDER, pointer, f"{status} is a legal answer")


def _answer(old: Place, new: Place, name: str) -> Iterator[Change]:
    yield from _contents(Side.ANSWER, old, new, name)
    before, after = old.node.get("headers") or {}, new.node.get("headers") or {}
    for header in sorted({*before, *after}):
        yield from _header(old, new, header, name)
    if old.node.get("description") != new.node.get("description"):
        yield Change(Breaks.NOBODY, new.pointer, f"{name} is described in other words")


def _header(old: Place, new: Place, header: str, name: str) -> Iterator[Change]:
    places = [
        place.at("headers", header) if header in (place.node.get("headers") or {}) else None for place in (old, new)
    ]
    before, after = (bool(place and place.node.get("required")) for place in places)
    pointer = f"{new.pointer}/headers/{header}"
    if before != after:
        fact = "is always there" if after else "may be missing"
        yield change(Side.ANSWER, Turn.NARROWER if after else Turn.WIDER, pointer, f"{header} of {name} {fact}")
    one, other = places
    if one and other:
        yield from schema_changes(Side.ANSWER, one.at("schema"), other.at("schema"), f"{header} of {name}")
    elif not before and not after:
        yield change(
            Side.ANSWER,
            Turn.SAME if other else Turn.WIDER,
            pointer,
            f"{header} of {name} is named {'for the first time' if other else 'no more'}",
        )


def _contents(side: Side, old: Place, new: Place, name: str) -> Iterator[Change]:
    before, after = old.node.get("content") or {}, new.node.get("content") or {}
    for kind in sorted({*before, *after}):
        pointer = f"{new.pointer}/content/{kind.replace('/', '~1')}"
        if kind not in after:
            yield change(side, Turn.NARROWER, pointer, f"{name} is not written as {kind} any more")
        elif kind not in before:
            yield change(side, Turn.WIDER, pointer, f"{name} may be written as {kind}")
        elif before[kind].get("schema") or after[kind].get("schema"):
            places = [_schema_of(place, kind) for place in (old, new)]
            yield from schema_changes(side, places[0], places[1], name)


def _schema_of(place: Place, kind: str) -> Place:
    media = place.at("content", kind)
    return media.at("schema") if "schema" in media.node else Place(media.document, f"{media.pointer}/schema", {})
