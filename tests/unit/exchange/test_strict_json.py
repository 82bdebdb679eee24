"""What a strict JSON parser refuses."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancel_contract.exchange.strict_json import parse_json


@pytest.mark.parametrize(
    ("body", "value", "fault"),
    [
        (b'{"a": [1, 2.5, null, true, "\xd1\x8f"]}', {"a": [1, 2.5, None, True, "я"]}, None),
        (b"", None, "it is empty"),
        (b" \n", None, "it is empty"),
        (b"<html>", None, "it is not JSON: Expecting value at character 0"),
        (
            b'{"ab": {"note": "a\nb"}}',
            None,
            "it is not JSON: Invalid control character at character 18, in the value of note",
        ),
        (b'{"a": 1} x', None, "it is not JSON: it goes on behind the end of its value at character 9"),
        (
            b'{"note": "x", "contact_id": None}',
            None,
            "it is not JSON: Expecting value at character 28, in the value of contact_id, where None stands",
        ),
        (b'{"note": }', None, "it is not JSON: Expecting value at character 9, in the value of note, where } stands"),
        (b'{"a": 1,}', None, "it is not JSON: Illegal trailing comma before end of object at character 7"),
        (b'{"a": \xff}', None, "it is not UTF-8 from byte 6 on"),
        (b"\x1f\x8b\x08", None, "it is not UTF-8 from byte 1 on: it looks like gzip without a Content-Encoding"),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, "it begins with a byte order mark"),
        (b"\xef\xbb\xbf{", None, "it begins with a byte order mark"),
        (b"\xef\xbb\xbf" + b"[" * 100_000, None, "it begins with a byte order mark"),
        (b'{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, "the key 'a' stands twice in one object"),
        (b"[" * 100_000, None, "it is not JSON: nested too deep"),
        (b"[" + b"9" * 5000 + b"]", [math.inf], "a number of 5000 digits stands in it, at /0"),
        (b'["\\ud800"]', ["?"], "it holds half of a surrogate pair, which is no character"),
        (b'["\\ud83d\\ude00"]', ["😀"], None),
    ],
)
def test_bodies(body: bytes, value: Any, fault: str | None) -> None:  # noqa: ANN401 - JSON's boundary
    """A body has the value that a lenient parser reads, and the fault that a strict one finds."""
    found, told = parse_json(body)

    assert found == value
    # Python's own words for a trailing comma differ between versions.
    assert told == fault or (told is not None and body == b'{"a": 1,}' and told.startswith("it is not JSON: "))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_are_no_numbers(constant: str) -> None:
    """What Python takes for a number beyond JSON's is reported by name."""
    value, fault = parse_json(f'{{"a": {constant}}}'.encode())

    assert isinstance(value["a"], float)
    assert fault == f"{constant} is not a JSON number, at /a"


def test_what_is_no_number_is_found_at_any_depth() -> None:
    """As deep as a parser goes, and beside other members."""
    _, deep = parse_json(b"[" * 800 + b"NaN" + b"]" * 800)
    _, beside = parse_json(b'{"a": [1, {"b": 2}], "c": {"d": [0, Infinity]}}')

    assert deep == "NaN is not a JSON number, at " + "/0" * 800
    assert beside == "Infinity is not a JSON number, at /c/d/1"


@settings(max_examples=25)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")), lambda inner: (
    st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner)
)))  # fmt: skip
def test_json_is_read_back(value: object) -> None:
    """Whatever is JSON is read as what it is, without a fault."""
    assert parse_json(json.dumps(value).encode()) == (value, None)


@given(st.binary(max_size=40))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    """Whatever bytes come, there is an answer about them."""
    value, fault = parse_json(body)

    assert value is not None or fault is not None or body.strip() == b"null"
