"""Loads the OpenAPI fragment of the one operation, and compiles its schemas into validators.

No other module writes down a path, a header name or a shape.
"""

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema_rs import Draft202012Validator

from cancel_contract.fragment.endpoint import Endpoint, endpoint_of
from cancel_contract.fragment.lines import line_of
from cancel_contract.fragment.pointers import at, followed, mapping, trail
from cancel_contract.fragment.schema_errors import SchemaError, Where, one_per_place, schema_error, whole_float
from cancel_contract.fragment.yaml_loader import parsed

FILE_NAME: Final = "cancel-appointment.yaml"
_PAYLOAD: Final = "/components/schemas/Appointment"
_DIGEST_LENGTH: Final = 12


class FragmentError(Exception):
    """A text that cannot be the fragment; the message says what it contains, what it may contain, and what to do."""


@dataclass(frozen=True, slots=True)
class _Judge:
    """A compiled schema, with what messages call its value."""

    name: str
    schema: Mapping[str, Any]
    document: Mapping[str, Any]
    validator: Draft202012Validator

    def errors(self, value: object) -> tuple[SchemaError, ...]:
        try:
            whole_floats = tuple(self._whole_floats(value))
            if self.validator.is_valid(value) and not whole_floats:
                return ()
            found = [schema_error(self.name, error) for error in self.validator.iter_errors(value)]
        except UnicodeEncodeError:
            # JSON's escapes can write a lone surrogate, UTF-8 cannot.
            message = f"{self.name} holds text that is no Unicode: a lone surrogate"
            wrong = {"got": "a lone surrogate", "wanted": "Unicode"}
            return (SchemaError((), "encoding", message, is_null=False, **wrong),)
        return (*one_per_place(found), *whole_floats)

    def _whole_floats(self, value: object) -> Iterator[SchemaError]:
        """Find `100.0` where an integer is promised: JSON Schema accepts it, strict parsers do not."""
        for path, number in _floats(value):
            if number.is_integer() and "integer" in self._types(path):
                yield whole_float(self.name, path, number)

    def _types(self, path: Where) -> list[str]:
        schema = followed(self.document, self.schema)
        for step in path:
            below = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
            schema = followed(self.document, below or {})
        return _type_names(schema)


@dataclass(frozen=True, slots=True)
class Fragment:
    """The operation under contract, as `openapi/` writes it down."""

    path: Path
    digest: str
    endpoint: Endpoint = field(repr=False)
    document: Mapping[str, Any] = field(repr=False, hash=False)
    documented_fields: tuple[str, ...] = field(repr=False)
    nullable_fields: frozenset[str] = field(repr=False)
    statuses: frozenset[int]
    _payload: _Judge = field(repr=False, compare=False)
    _answers: Mapping[int, _Judge] = field(repr=False, compare=False)

    def place(self, pointer: str) -> str:
        """Return file and line that a pointer leads to, as editors take them: `openapi/cancel-appointment.yaml:57`.

        What is no pointer, such as a section of an RFC, stays as it is.
        """
        if not pointer.startswith("/"):
            return pointer
        return f"openapi/{self.path.name}:{line_of(self.path, pointer)}"

    def resolve(self, pointer: str) -> Any:  # noqa: ANN401 - what stands there is JSON of any kind
        """Return what a JSON pointer leads to, references followed; `LookupError` names one that leads nowhere."""
        *_, found = trail(self.document, pointer)
        return found

    def payload_errors(self, payload: object) -> tuple[SchemaError, ...]:
        """Return the errors of a payload, without its envelope, against the fragment's appointment."""
        return self._payload.errors(payload)

    def answer_errors(self, status: int, body: object) -> tuple[SchemaError, ...]:
        """Return the errors of a whole JSON body against the answer of that status; nothing if the fragment has no such
        answer.
        """
        judge = self._answers.get(status)
        return judge.errors(body) if judge else ()

    def source(self, pointer: str) -> str:
        """Return the `x-source` at a JSON pointer, or the nearest above it."""
        named = [node["x-source"] for node in trail(self.document, pointer) if "x-source" in mapping(node)]
        if not named:
            raise LookupError(f"the fragment names no source at or above {pointer!r}; write an x-source there")
        return str(named[-1])


def load(path: Path | None = None) -> Fragment:
    """Load the fragment that ships with the suite, or the one at `path`; the shipped one is read once."""
    return _shipped() if path is None else _read(path)


@functools.cache
def _shipped() -> Fragment:
    here = Path(__file__).resolve().parents[1]
    places = (here.parents[1] / "openapi" / FILE_NAME, here / "openapi" / FILE_NAME)  # a checkout; an installed wheel
    for place in places:
        if place.is_file():
            return _read(place)
    raise FragmentError(f"no fragment at {' or '.join(map(str, places))}; install the package again")


def _read(path: Path) -> Fragment:
    try:
        text = path.read_bytes()
        document = parsed(text)
    except OSError as error:
        raise FragmentError(f"the fragment {path} cannot be read: {error.strerror}; name another file") from error
    except yaml.YAMLError as error:
        raise FragmentError(f"the fragment {path} is no YAML: {error}; correct the file") from error
    endpoint = _the_endpoint(path, mapping(document))
    operation = at(document, endpoint.pointer)
    payload = _judge("payload", document, {"$ref": f"#{_PAYLOAD}"})
    answers = dict(_answer_judges(document, operation))
    properties = followed(document, payload.schema)["properties"]
    return Fragment(
        path=path,
        digest=hashlib.sha256(text).hexdigest()[:_DIGEST_LENGTH],
        endpoint=endpoint,
        document=document,
        documented_fields=tuple(properties),
        nullable_fields=frozenset(
            name for name, schema in properties.items() if "null" in _type_names(followed(document, schema))
        ),
        statuses=frozenset(map(int, operation["responses"])),
        _payload=payload,
        _answers=answers,
    )


def _the_endpoint(path: Path, document: Mapping[str, Any]) -> Endpoint:
    try:
        return endpoint_of(document)
    except ValueError as error:
        raise FragmentError(f"the fragment {path} {error}") from error


def _answer_judges(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[int, _Judge]]:
    for status, response in operation["responses"].items():
        content = followed(document, response).get("content", {})
        if "application/json" in content:
            yield int(status), _judge("body", document, content["application/json"]["schema"])


def _judge(name: str, document: Mapping[str, Any], schema: Mapping[str, Any]) -> _Judge:
    # References lead to `#/components/…`, so the components travel with the schema.
    whole = {**schema, "components": document["components"]}
    return _Judge(name, schema, document, Draft202012Validator(whole, validate_formats=True))


def _type_names(schema: Mapping[str, Any]) -> list[str]:
    names = schema.get("type", [])
    return [names] if isinstance(names, str) else list(names)


def _floats(value: object) -> Iterator[tuple[Where, float]]:
    # A stack, not recursion: an extra field may be nested as deeply as its sender likes.
    stack: list[tuple[Where, object]] = [((), value)]
    while stack:
        path, here = stack.pop()
        if isinstance(here, float):
            yield path, here
        elif isinstance(here, dict | list):
            steps: Iterable[tuple[Any, object]] = here.items() if isinstance(here, dict) else enumerate(here)
            stack.extend(((*path, step), below) for step, below in steps if isinstance(below, float | dict | list))
