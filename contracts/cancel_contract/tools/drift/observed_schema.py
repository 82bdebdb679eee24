"""Collects the names, types and words that a target sends, from a recording or a report, without personal data."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.ledger.observed_schema import ObservedSchema as Counted
from cancel_contract.tools.judge.address import What, address
from cancel_contract.tools.judge.har import entries
from cancel_contract.tools.judge.har_body import body_of
from cancel_contract.tools.judge.har_entry import Entry, UnreadableError, entry

Where = tuple[str, ...]
"""The way to a field: names, and `[]` for each item of a list."""

_COUNTED: Final = TypeAdapter(Counted)
EACH: Final = "[]"
_WORD_LENGTH: Final = 40
_MOST_WORDS: Final = 50
_KINDS: Final[Mapping[type, str]] = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object", type(None): "null",
}  # fmt: skip


_LIKELY: Final[Mapping[str, Any]] = {"errors": [""]}
"""What stands for the value of a refusal's field of which only the name is known; others are texts."""


class ReportError(Exception):
    """A file that is no report, or a damaged one."""


@dataclass(slots=True)
class Seen:
    """What was seen of one field."""

    kinds: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    """Its texts, where they are short and few."""


@dataclass(slots=True)
class ObservedSchema:
    """What was seen of the answers to cancels."""

    payloads: int = 0
    typed: bool = True
    """Whether the types of values are known, and not their names alone."""
    fields: dict[Where, Seen] = field(default_factory=dict)
    objects: Counter[Where] = field(default_factory=Counter)
    """How many objects were seen at each place."""
    errors: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    """One refusal of each shape: its status and its body."""
    statuses: Counter[int] = field(default_factory=Counter)
    """How often a cancel was answered with each status."""
    with_payload: set[int] = field(default_factory=set)
    """The statuses of answers that held an appointment."""
    _shapes: set[tuple[Any, ...]] = field(default_factory=set)

    def payload(self, value: Mapping[str, Any], status: int = 200) -> None:
        """Count an appointment."""
        self.payloads += 1
        self.with_payload.add(status)
        self._object((), value)

    def error(self, status: int, body: Mapping[str, Any]) -> None:
        """Count a refusal; the first of each shape is kept."""
        shape = (status, *sorted((name, kind_of(value)) for name, value in body.items()))
        if shape not in self._shapes:
            self._shapes.add(shape)
            self.errors.append((status, body))

    def _object(self, where: Where, value: Mapping[str, Any]) -> None:
        self.objects[where] += 1
        for name, inner in value.items():
            self._value((*where, name), inner)

    def _value(self, where: Where, value: Any) -> None:  # noqa: ANN401  JSON's boundary
        seen = self.fields.setdefault(where, Seen())
        seen.kinds[kind_of(value)] += 1
        if isinstance(value, str) and len(value) <= _WORD_LENGTH and len(seen.words) < _MOST_WORDS:
            seen.words[value] += 1
        # Nothing is documented further down; free objects contain what clients put there.
        if where == ("payments",) and isinstance(value, list):
            for row in (row for row in value if isinstance(row, dict)):
                self._object((*where, EACH), row)
        elif where == ("expense",) and isinstance(value, dict):
            self._object(where, value)


def kind_of(value: object) -> str:
    """Name the JSON type of a value."""
    return _KINDS[type(value)]


def of_recording(path: Path) -> ObservedSchema:
    """Count what a recording contains; raises what `cancel_contract.tools.judge.har.entries` raises."""
    observed_schema = ObservedSchema()
    for status, body in _answers(entries(path)):
        observed_schema.statuses[status] += 1
        if 200 <= status < 300 and isinstance(inner := body.get("payload"), dict):
            observed_schema.payload(inner, status)
        elif 400 <= status < 500 and body:
            observed_schema.error(status, body)
    return observed_schema


def _answers(found: Iterable[Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield status and body of each answer to a cancel; an empty body where it is not a JSON object."""
    for one in found:
        request = one.get("request") if isinstance(one, dict) else None
        url = request.get("url") if isinstance(request, dict) else None
        where = address(url) if isinstance(url, str) else None
        read = _read(one) if where and where.what is What.CANCEL and where.plain else None
        if read and read.request.method.upper() == "POST":
            value, fault = parse_json(body_of(read.response) or b"")
            yield read.response.status, value if fault is None and isinstance(value, dict) else {}


def _read(found: object) -> Entry | None:
    try:
        return entry(found)
    except UnreadableError:
        return None


def of_report(path: Path) -> ObservedSchema:
    """Read the observed schema of a run's report; it contains names and words, not types.

    Raises ReportError for JSON that is none, ValueError for what is not JSON, OSError for what cannot be read.
    """
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict) or "observed_schema" not in value:
        raise ReportError(
            f"{path} is neither a recording nor a report of a run: it has no log.entries and no observed_schema; "
            "name a report or a HAR file"
        )
    try:
        counted = _COUNTED.validate_json(json.dumps(value["observed_schema"]))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, ("observed_schema", *first["loc"])))
        raise ReportError(f"{path} is a damaged report: {place}: {first['msg']}; write the report anew") from error
    # An odd request may be refused with any 4xx: only the forms of refusals count.
    statuses = Counter({int(status): count for status, count in counted.statuses.items() if not status.startswith("4")})
    observed_schema = ObservedSchema(payloads=sum(counted.statuses.values()), typed=False, statuses=statuses)
    for name in (*counted.unnamed, *counted.nulls, *counted.values):
        observed_schema.fields.setdefault((name,), Seen())
    for name, count in counted.nulls.items():
        observed_schema.fields[name,].kinds["null"] += count
    for name, words in counted.values.items():
        observed_schema.fields[name,].words.update(words)
    for shape in counted.errors:
        observed_schema.error(shape.status, {key: _LIKELY.get(key, "") for key in shape.keys})
    return observed_schema
