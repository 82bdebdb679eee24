"""Two values are equal where they mean the same, however an answer writes its timestamps."""

import pytest

from cancel_contract.exchange.equality import same

ROW = {"id": 1, "created_at": "2031-03-01T05:00:00Z"}


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("created_at", "2031-03-01T05:00:00Z", "2031-03-01T10:00:00.000+05:00"),
        ("ends_at", "2031-03-01T05:00:00.123456+00:00", "2031-03-01T01:30:00.123456-03:30"),
        ("created_at", "2031-03-01T05:00:00.987Z", "2031-03-01T05:00:00Z"),
        ("created_at", "2031-03-01T05:00:00.987Z", "2031-03-01T05:00:01Z"),
        ("payments", [ROW], [{**ROW, "created_at": "2031-03-01T00:00:00-05:00"}]),
        ("custom_attributes", {"seen": {"first_at": "2031-03-01T05:00:00Z"}},
         {"seen": {"first_at": "2031-03-01T06:00:00+01:00"}}),
        ("starts_at", None, None),
        ("created_at", "yesterday", "yesterday"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_equal(field: str, one: object, other: object) -> None:
    """Zone and precision of a timestamp say nothing, at any depth."""
    assert same(field, one, other)
    assert same(field, other, one)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("created_at", "2031-03-01T05:00:00Z", "2031-03-01T05:00:01Z"),
        ("created_at", "2031-03-01T05:00:00.1Z", "2031-03-01T05:00:00.2Z"),
        ("created_at", "2031-03-01T05:00:00.1Z", "2031-03-01T05:00:02Z"),
        ("created_at", "2031-03-01T05:00:00Z", "2031-03-01T05:00:00"),
        ("client_comment", "2031-03-01T05:00:00Z", "2031-03-01T10:00:00+05:00"),
        ("payments", [ROW], [ROW, ROW]),
        ("payments", [ROW], [{**ROW, "id": 2}]),
        ("payments", [ROW], [{"id": 1}]),
        ("amount", 1, 1.0),
        ("amount", 1, True),
        ("starts_at", "2031-03-01T05:00:00Z", None),
    ],
)
def test_what_means_something_else_is_not(field: str, one: object, other: object) -> None:
    """Another moment, a text that only looks like one, another type, and other rows."""
    assert not same(field, one, other)
    assert not same(field, other, one)
