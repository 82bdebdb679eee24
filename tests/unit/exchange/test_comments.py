"""When a comment is another one, and when it is gone."""

import pytest

from cancel_contract.exchange.changes import comment_lost, comment_replaced
from cancel_contract.exchange.compare import COMMENT

SAID = "By the window & the door"
SPELLED = {
    "escaped": "By the window &amp; the door", "cut": "By the win…", "longer": f"{SAID}\nCancelled through the API",
    "cut in a word": "By the", "in capitals": SAID.upper(),
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLED.values(), ids=SPELLED.keys())
def test_a_comment_that_is_spelled_otherwise_is_the_same(text: str) -> None:
    """Views may escape it, cut it, or show a line more."""
    for before, after in ((SAID, text), (text, SAID)):
        assert [*comment_lost({COMMENT: before}, {COMMENT: after})] == []


def test_a_comment_of_another_client_is_another_one() -> None:
    """It has no word in common with the first."""
    views = {COMMENT: SAID}, {COMMENT: "Allergic to penicillin"}

    assert [one.field for one in comment_replaced(*views)] == [one.field for one in comment_lost(*views)] == [COMMENT]


@pytest.mark.parametrize("left", [None, ""])
def test_a_comment_that_is_gone_is_lost_and_not_replaced(left: str | None) -> None:
    """A view that does not show comments at all, and one that was empty before, have lost none."""
    gone = {COMMENT: SAID}, {COMMENT: left}

    assert [one.field for one in comment_lost(*gone)] == [COMMENT]
    assert [*comment_replaced(*gone)] == [*comment_lost({COMMENT: SAID}, {})] == []
    assert [*comment_lost({COMMENT: left}, {COMMENT: SAID})] == []
