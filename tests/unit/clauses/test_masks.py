"""What of a text two refusals of one thing mask, and what of it still counts."""

from typing import Any

import pytest

from cancel_contract.clauses.alike import difference, texts_of
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.exchange import Exchange, Trouble
from tests.unit.clauses.conftest import Maker

HERE, ABSENT = 4002, 99999
_ELSEWHERE = "/api/v1/accounts/3/scheduling"


def _refused(m: Maker, body: Any, number: int | None = ABSENT, code: int = 404, **parts: Any) -> Exchange:  # noqa: ANN401  JSON's boundary
    path = _ELSEWHERE if number is None else f"{_ELSEWHERE}/appointments/{number}/cancel"
    return m.cancel(code, body=body, case={"path": path}, **parts)


def _compared(m: Maker, here: Any, there: Any, again: Any) -> str | None:  # noqa: ANN401  likewise
    one, other = (_refused(m, body) for body in (there, again))
    found = difference(_refused(m, here, HERE), one, other)
    return str(found) if found else None


@pytest.mark.parametrize(
    ("here", "there", "again"),
    [
        # Each word by itself.
        ("Took 3 s, id xyz", "Took 1.5 s, id abc", "Took 2 s, id def"),
        # Another number of words, on other lines too.
        ("Try in ten\nor more minutes", "Try in 5 minutes", "Try in about half an hour"),
        ("Try all their few more times", "Try 5 more times", "Try some few more times"),
        ("No soon", "No", "No more tries"),
        ("just try again", "try again", "please try again"),
        ("No now", "No now", "No not now"),
        # Another number of parts in a word, or other parts.
        ("wait=9", "wait=1.5", "wait=20"),
        ("id=//x", "id=ab+c", "id=/d/"),
        ("+x+y", "a-b", "-c-"),
        ("a-b", "a-b", "a-/-b"),
        # The id, as a server writes it that keeps numbers as floats.
        ("No 4002", "No 99999.0", "No 99999.0"),
    ],
)
def test_a_text_may_differ_where_two_of_one_thing_do(maker: Maker, here: str, there: str, again: str) -> None:
    """Whatever stands in the place of what differs by itself is no difference."""
    assert _compared(maker, {"error": here}, {"error": there}, {"error": again}) is None


@pytest.mark.parametrize(
    ("here", "there", "again"),
    [
        ("Try all your times", "Try 5 more times", "Try some few more times"),
        ("Try some few more tries", "Try 5 more times", "Try some few more times"),
        ("please stop", "try again", "please try again"),
        ("x-77-theirs", "x-77bc", "x-0d1e"),
        ("no=//x", "id=ab+c", "id=/d/"),
    ],
)
def test_a_text_counts_around_what_differs_by_itself(maker: Maker, here: str, there: str, again: str) -> None:
    """The common beginning and end of two texts of one thing are those of each other one."""
    assert _compared(maker, {"error": here}, {"error": there}, {"error": again}) == f"error is {here!r}, not {there!r}"


@pytest.mark.parametrize("again", [None, True, "5"])
def test_a_value_that_changes_its_type_by_itself_is_no_difference(maker: Maker, again: object) -> None:
    """A number that is null the next time may be anything."""
    assert _compared(maker, {"n": "theirs"}, {"n": 10}, {"n": again}) is None


def test_a_key_that_comes_the_second_time_is_no_difference(maker: Maker) -> None:
    """What only the second of the two has comes and goes by itself."""
    assert _compared(maker, {"error": "No", "hint": "x"}, {"error": "No"}, {"error": "No", "hint": "y"}) is None


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        ("No", "Not there", Difference("body", "body", "'No'", "'Not there'", "the body is 'No', not 'Not there'")),
        (["a"], ["b"], Difference("body", "/0", "'a'", "'b'", "0 is 'a', not 'b'")),
    ],
)
def test_a_body_that_is_no_object_is_compared_too(maker: Maker, here: Any, there: Any, found: Difference) -> None:  # noqa: ANN401  JSON's boundary
    """The difference says where in the body it is."""
    nothing = _refused(maker, there)
    broken = difference(_refused(maker, here, HERE), nothing, nothing)

    assert broken is not None
    assert broken.differences == (found,)
    assert broken.message == found.told


def test_a_body_in_another_encoding_is_compared_too(maker: Maker) -> None:
    """Bytes that are no UTF-8 hide nothing of the rest."""
    nothing = _refused(maker, b"\xff not there")

    assert difference(_refused(maker, b"\xff not there", HERE), nothing, nothing) is None
    assert difference(_refused(maker, b"\xff not yours", HERE), nothing, nothing) is not None


def test_another_status_is_one_difference(maker: Maker) -> None:
    """Nothing else of a refusal with another status is compared."""
    nothing = _refused(maker, {"error": "No"})
    broken = difference(_refused(maker, {"error": "Not yours"}, HERE, 403), nothing, nothing)

    assert broken is not None
    assert broken.differences == (Difference("status", "status", "403", "404"),)


@pytest.mark.parametrize("missing", range(3))
def test_an_answer_that_did_not_come_differs_from_none(maker: Maker, missing: int) -> None:
    """All three answers are needed."""
    three = [_refused(maker, {"error": str(n)}, trouble=Trouble.LOST if n == missing else None) for n in range(3)]

    assert difference(three[0], three[1], three[2]) is None


@pytest.mark.parametrize(("mine", "theirs"), [(None, None), (HERE, None), (None, ABSENT)])
def test_a_path_without_an_id_is_compared_as_it_is(maker: Maker, mine: int | None, theirs: int | None) -> None:
    """Where a request names no appointment nothing of the other's is replaced."""
    here, nothing = _refused(maker, {"error": "No"}, mine), _refused(maker, {"error": "No"}, theirs)

    assert difference(here, nothing, nothing) is None
    assert difference(_refused(maker, {"error": "Yes"}, mine), nothing, nothing) is not None
    assert texts_of(_refused(maker, {"error": f"No {HERE}"}, None))[-1] == f"No {HERE}"


@pytest.mark.parametrize("kind", ["application/json;charset=utf-8", "Application/JSON ; charset=x"])
def test_parameters_of_a_content_type_do_not_count(maker: Maker, kind: str) -> None:
    """The charset of JSON is no difference, nor are capital letters."""
    here = _refused(maker, {"error": "No"}, HERE, kind=kind)
    nothing = _refused(maker, {"error": "No"}, kind="application/json")

    assert difference(here, nothing, nothing) is None


def test_the_texts_of_an_answer_are_all_that_it_says(maker: Maker) -> None:
    """The content type, each value and its type are texts; without an answer there is none."""
    said = _refused(maker, {"error": "No 7", "n": [1, None]}, 7, kind=None)

    assert texts_of(said) == ("", "an object", "No <id>", "an array of 2 entries", "1", "null")
    assert texts_of(_refused(maker, {}, trouble=Trouble.LOST)) == ()
