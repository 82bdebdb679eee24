"""How a value differs is told by its members, without a text of them."""

import pytest

from cancel_contract.exchange.value_changes import how_differs


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ({"a": 1}, {"a": 1, "inner": {}}, "'inner' is gone"),
        ({"a": 1, "inner": {}}, {"a": 2}, "'a' is another one, 'inner' is new"),
        (dict.fromkeys("abcde", 1), {}, "'a' is new, 'b' is new, 'c' is new and 2 more"),
        ({"77012223344": 1}, {}, "'<key 11>' is new"),
        ([{"id": 1}, {"id": 2, "amount": 5}], [{"id": 1}, {"id": 2, "amount": 7}], "'amount' is another one"),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], ""),
        ({"a": "7", "b": None}, {"a": 7, "b": False}, "'a' is a string, not an integer, 'b' is null, not a boolean"),
        ({"a": [], "b": {}}, {"a": {}, "b": True}, "'a' is an array, not an object, 'b' is an object, not a boolean"),
        ({"a": 7.5}, {"a": 7}, "'a' is a number, not an integer"),
        ("Ann", "Anna", "it is cut after 3"),
        (None, {"a": 1}, ""),
        (7, 8, ""),
        ({"at": "2027-03-01T01:00:00Z"}, {"at": "2027-03-01T06:00:00+05:00"}, "'at' is another one"),
        ({"paid_at": "2027-03-01T01:00:00Z"}, {"paid_at": "2027-03-01T06:00:00+05:00"}, ""),
    ],
)
def test_what_became_of_it(here: object, there: object, told: str) -> None:
    """The same moment in another zone is no change."""
    assert how_differs(here, there) == told
