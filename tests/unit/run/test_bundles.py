"""What a cancel asks for at once is parted, and put together again, by its places."""

import json

from cancel_contract.run.scenarios.asking import CHUNKED, JSON, QUERIED, SWITCHES
from cancel_contract.run.scenarios.bundles import Part, parted, together


def test_what_is_parted_can_be_put_together_again() -> None:
    """The query comes first, then the headers but for that of the body's type, then the fields of the body."""
    parts = SWITCHES[2]
    told = tuple(parted(parts))

    assert [one.place for one in told][:1] + [one.place for one in told][-1:] == ["query", "body"]
    assert together(told) == parts
    assert together(tuple(parted(QUERIED[2]))) == {"headers": (), **QUERIED[2]}


def test_a_part_says_where_it_stands() -> None:
    """Its name and its place tell a reader what to look for."""
    told = [str(one) for one in parted({"query": "a=1", "headers": (*JSON, ("x-b", b"2")), "body": b'{"c": 3}'})]

    assert told == ["a in the query", "x-b in the headers", "c in the body"]


def test_without_a_field_there_is_no_body() -> None:
    """A body of its own would be one more part."""
    assert together([Part("headers", "x-b", b"2")]) == {"headers": (("x-b", b"2"),), "query": ""}
    assert json.loads(together([Part("body", "c", 3)])["body"]) == {"c": 3}
    assert next(iter(parted(CHUNKED[2]))).place == "headers"
