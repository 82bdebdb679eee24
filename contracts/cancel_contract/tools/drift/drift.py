"""Writes the patch that makes the fragment describe what a target really sends.

Nothing is changed: a person decides whether the contract or the target is wrong.
"""

import difflib
import io
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cancel_contract.exchange.exchange import FIRST_FAILURE
from cancel_contract.fragment.document import Fragment
from cancel_contract.fragment.pointers import followed
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.store.seed import SEED, seeded
from cancel_contract.provider.store.store import REAL_TIME
from cancel_contract.tools.drift.observed_schema import (
    EACH,
    ObservedSchema,
    Seen,
    Where,
    kind_of,
)

_SOURCE: Final = "x-source"
_OBSERVED: Final = "observed"
_SCHEMAS: Final = ("components", "schemas")
_NULL: Final = "null"
_ENVELOPE: Final = "#/components/schemas/Envelope"
_WIDE: Final = 4096
"""So wide that no line of the fragment is folded."""


class _Representer(RoundTripRepresenter):
    """Writes null as the fragment does."""


def _null(representer: RoundTripRepresenter, _: None) -> Any:  # noqa: ANN401  a node of ruamel's own
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _null)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


class Drift:
    """The fragment as it would be, and why."""

    def __init__(self, fragment: Fragment, usual: AbstractSet[Where] = frozenset()) -> None:
        self._fragment, self._usual = fragment, usual
        self._text = fragment.path.read_text("utf-8")
        self._document: CommentedMap = _yaml().load(self._text)
        self.reasons: list[str] = []
        self.left_out = 0
        """How many fields are not proposed: the fragment does not name them, and an honest provider sends them."""

    def follow(self, observed_schema: ObservedSchema) -> None:
        """Change the fragment's copy to match what was seen."""
        for where, seen in observed_schema.fields.items():
            if where in self._usual and not self._is_named(where):
                self.left_out += 1
            else:
                self._field(where, seen)
        self._missing(observed_schema)
        for status, body in observed_schema.errors:
            self._error(status, body, typed=observed_schema.typed)
        for status, count in sorted(observed_schema.statuses.items()):
            self._status(status, count, has_payload=status in observed_schema.with_payload)

    def patch(self) -> str:
        """Return the changes as a unified diff; empty where there are none."""
        written = io.StringIO()
        _yaml().dump(self._document, written)
        name = f"openapi/{self._fragment.path.name}"
        lines = (self._text.splitlines(keepends=True), written.getvalue().splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}")) if self.reasons else ""

    # Fields

    def _field(self, where: Where, seen: Seen) -> None:
        holder, name = self._holder(where[:-1]), where[-1]
        properties = holder["properties"]
        if name not in properties:
            self._add(properties, where, seen)
            return
        schema = followed(self._document, properties[name])
        for kind in sorted(set(seen.kinds) - _allowed(schema)):
            self._allow(properties, where, kind)
        words = [word for word in seen.words if "enum" in schema and word not in schema["enum"]]
        for word in words:
            schema["enum"].append(word)
            self._because(where, f"was {word!r}, which its list does not hold")

    def _add(self, properties: CommentedMap, where: Where, seen: Seen) -> None:
        kinds = sorted(set(seen.kinds) - {_NULL})
        # What was only ever null may be of any type.
        typed = {"type": _type(kinds, nullable=_NULL in seen.kinds)} if kinds else {}
        properties[where[-1]] = _flow(CommentedMap({**typed, _SOURCE: _OBSERVED}))
        self._because(where, "is sent, and not named")

    def _allow(self, properties: CommentedMap, where: Where, kind: str) -> None:
        name = where[-1]
        node = properties[name]
        reference = node.get("$ref", "")
        nullable = reference.replace("/schemas/", "/schemas/Nullable")
        if reference and kind == _NULL and nullable.rpartition("/")[2] in self._at(_SCHEMAS):
            node["$ref"] = nullable
        elif reference:
            shapes = [_flow(CommentedMap({"$ref": reference})), _flow(CommentedMap({"type": _word(kind)}))]
            properties[name] = _flow(CommentedMap({"oneOf": CommentedSeq(shapes), _SOURCE: _OBSERVED}))
        elif "oneOf" in node:
            node["oneOf"].append(_flow(CommentedMap({"type": _word(kind)})))
        else:
            node["type"] = _flow(CommentedSeq([*_names(node), _word(kind)]))
        self._because(where, f"was {kind}, and never is by the fragment")

    def _missing(self, observed_schema: ObservedSchema) -> None:
        for where, count in observed_schema.objects.items():
            required = self._holder(where).get("required", ())
            for name in [name for name in required if _times(observed_schema, (*where, name)) < count]:
                required.remove(name)
                self._because((*where, name), "was missing, and is always there by the fragment")

    def _is_named(self, where: Where) -> bool:
        return where[-1] in self._holder(where[:-1])["properties"]

    # Statuses

    def _status(self, status: int, count: int, *, has_payload: bool) -> None:
        """Propose an answer of a status that the fragment does not name; one that nothing may answer is only said."""
        if status in self._fragment.statuses:
            return
        self.reasons.append(f"{status}: was answered {count} times, and is not named by the fragment")
        # A failure is never legal, however often it was answered.
        if status < FIRST_FAILURE and str(status) not in self._responses():
            self._answer(status, _flow(CommentedMap({"$ref": _ENVELOPE})) if has_payload else None)

    # Refusals

    def _error(self, status: int, body: Mapping[str, Any], *, typed: bool) -> None:
        if status in self._fragment.statuses and not self._fragment.answer_errors(status, body):
            return
        name = f"Observed{status}"
        schemas = self._at(_SCHEMAS)
        while name in schemas:
            name += "x"
        schemas[name] = _shape(status, {key: kind_of(value) if typed else None for key, value in body.items()})
        reference = _flow(CommentedMap({"$ref": f"#/components/schemas/{name}"}))
        self._answer(status, reference)
        self.reasons.append(f"{status}: its body was an object of {', '.join(sorted(body)) or 'nothing'}")

    def _responses(self) -> CommentedMap:
        (item,) = self._document["paths"].values()
        (responses,) = (node["responses"] for node in item.values() if "responses" in node)
        return cast("CommentedMap", responses)

    def _answer(self, status: int, reference: CommentedMap | None) -> None:
        responses = self._responses()
        if str(status) not in responses:
            answer = CommentedMap({"description": "Observed, and not explained yet", _SOURCE: _OBSERVED})
            if reference is not None:
                answer["content"] = CommentedMap({"application/json": CommentedMap({"schema": reference})})
            responses[str(status)] = answer
            return
        content = followed(self._document, responses[str(status)])["content"]
        media = content.setdefault("application/json", CommentedMap({"schema": reference}))
        if media["schema"] is not reference:
            known = media["schema"].get("oneOf") or CommentedSeq([media["schema"]])
            media["schema"] = CommentedMap({"oneOf": CommentedSeq([*known, reference])})

    # The document

    def _holder(self, where: Where) -> CommentedMap:
        node: CommentedMap = self._at((*_SCHEMAS, "Appointment"))
        for step in where:
            node = followed(self._document, node["items"] if step == EACH else node["properties"][step])
        return node

    def _at(self, steps: tuple[str, ...]) -> CommentedMap:
        node = self._document
        for step in steps:
            node = node[step]
        return node

    def _because(self, where: Where, fact: str) -> None:
        self.reasons.append(f"{'.'.join(where)} {fact}")


def _times(observed_schema: ObservedSchema, where: Where) -> int:
    return observed_schema.fields[where].kinds.total() if where in observed_schema.fields else 0


def _allowed(schema: Mapping[str, Any]) -> set[str]:
    allowed = {name for one in [schema, *schema.get("oneOf", ())] for name in _names(one)}
    if any("$ref" in one for one in schema.get("oneOf", ())) or not allowed:
        return {"array", "boolean", "integer", "null", "number", "object", "string"}
    return allowed | {"integer"} if "number" in allowed else allowed


def _names(schema: Mapping[str, Any]) -> Iterator[str]:
    names = schema.get("type", ())
    yield from [names] if isinstance(names, str) else names


def _shape(status: int, kinds: Mapping[str, str | None]) -> CommentedMap:
    typed = {name: {"type": _word(kind)} if kind else {} for name, kind in kinds.items()}
    properties = {name: _flow(CommentedMap({**told, _SOURCE: _OBSERVED})) for name, told in typed.items()}
    return CommentedMap(
        {
            "description": f"A refusal as it was observed with {status}.",
            _SOURCE: _OBSERVED,
            "type": "object",
            "required": _flow(CommentedSeq(kinds)),
            "properties": CommentedMap(properties),
        }
    )


def _type(kinds: list[str], *, nullable: bool) -> Any:  # noqa: ANN401  a word, or a list of ruamel's own
    words = [*kinds, *([_word(_NULL)] if nullable else [])]
    return words[0] if len(words) == 1 else _flow(CommentedSeq(words))


def _word(kind: str) -> str:
    return DoubleQuotedScalarString(kind) if kind == _NULL else kind


def _flow(node: Any) -> Any:  # noqa: ANN401  a map or a list of ruamel's own
    node.fa.set_flow_style()
    return node


def _usual() -> AbstractSet[Where]:
    """Return the places of all fields that the reference provider sends of an appointment."""
    number = SEED.paid_expense_appointment_ids[0]
    rows = seeded(0, number + 1_000, 0, REAL_TIME).appointments
    usual = ObservedSchema()
    usual.payload(appointment_payload(rows[number]))
    return usual.fields.keys()


def drifted(fragment: Fragment, observed_schema: ObservedSchema) -> Drift:
    """Return the fragment changed to match what was seen."""
    drift = Drift(fragment, _usual())
    drift.follow(observed_schema)
    return drift
