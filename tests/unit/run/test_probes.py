"""Whether a token is answered otherwise than one that nobody has, however many texts there are for that."""

from collections.abc import Callable, Iterator

import pytest

from cancel_contract.exchange.exchange import Exchange
from cancel_contract.run.probes import is_another

ONE, OTHER = "Invalid Access Token", "The access token is invalid"


@pytest.mark.parametrize(
    ("shown", "nobodys", "is_known"),
    [
        ("You are not authorized to do this", [ONE, ONE], True),
        (ONE, [ONE, ONE], False),
        ("You are not authorized to do this", [ONE, OTHER, ONE, OTHER, OTHER, ONE], True),
        (OTHER, [ONE, OTHER, ONE, OTHER, OTHER, ONE], False),
        ("You are not authorized to do this", [ONE, OTHER, ONE, ONE, ONE, ONE], True),
        (OTHER, [ONE, OTHER, ONE, ONE, ONE, ONE], False),
        (
            "Not here at all",
            ["Not here 1", "Not here or 2", "Not here 3", "Not here or 4", "Not here 5", "Not here or 6"],
            False,
        ),
    ],
)
def test_a_token_is_known_by_another_answer(
    exchanged: Callable[..., Exchange], shown: str, nobodys: list[str], *, is_known: bool
) -> None:
    """More than two are asked for only where the first two differ."""

    def answered() -> Iterator[Exchange]:
        for number, text in enumerate(nobodys):
            yield exchanged(401, {"error": text}, number=number)

    answers = answered()
    first = next(answers), next(answers)

    assert is_another(exchanged(401, {"error": shown}, number=99), first, lambda: next(answers)) is is_known
    assert next(answers, None) is None
