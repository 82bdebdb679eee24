"""Lists and calendars that fail: on what is cancelled, or by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.unit.run.conftest import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

CLAUSE = "effect/listed"


def _failing(where: Callable[[Request], bool]) -> Callable[[Request, httpx.Response], httpx.Response]:
    def answer(request: Request, response: httpx.Response) -> httpx.Response:
        is_view = request.method == "GET" and "from" in request.parameters
        return httpx.Response(500, json={"error": "Internal Server Error"}) if is_view and where(request) else response

    return answer


@pytest.mark.parametrize(
    ("path", "what"), [("/calendar", "calendar"), ("/appointments", "list of appointments")], ids=["calendar", "list"]
)
def test_what_fails_on_a_cancelled_one_alone_is_told(
    make_run: Opened, memory: Memory, named: Named, path: str, what: str
) -> None:
    """It is asked for once more, and for a time with nothing in it."""
    with make_run() as run:
        run.play(named(PLAIN)[0])
        memory.after = _failing(
            lambda request: (
                request.path.endswith(path) and request.parameters["from"][:4] <= f"{run.exchanges[0].started.year + 1}"
            )
        )
        run.finish()
        breach = run.ledger.rows[CLAUSE].breach

    assert breach
    assert f"status is 500, twice in a row, for the {what} of a time in which one is cancelled" in breach.message


def test_what_fails_for_any_time_says_nothing(make_run: Opened, memory: Memory, named: Named) -> None:
    """It has broken down by itself."""
    with make_run() as run:
        run.play(named(PLAIN)[0])
        memory.after = _failing(lambda _: True)
        run.finish()

        assert run.ledger.rows[CLAUSE].broken == 0
