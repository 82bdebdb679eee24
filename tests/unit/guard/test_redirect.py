"""A redirect is told with where it points, and followed nowhere."""

from collections.abc import Callable

import pytest
import respx

from cancel_contract.exchange.case import Case
from cancel_contract.guard.redirect import pointed_at
from tests.unit.bench import Bench


@pytest.mark.parametrize(
    ("status", "redirect"),
    [
        (301, ("https://evil.test/", "https://evil.test")),
        (302, ("//evil.test/x", "https://evil.test")),
        (303, ("http://127.0.0.1:9/x", "http://127.0.0.1:9")),
        (307, ("/x?token=y#z", "/x")),
        (308, ("https://me:secret@evil.test/x", "https://evil.test")),
        (302, ("http://[broken/", None)),
        (302, ("http://evil.test:port/", None)),
        (302, ("?next=/", None)),
    ],
)
def test_redirects_are_answers(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], status: int, redirect: tuple[str, str | None]
) -> None:
    """A redirect is recorded as the answer that it is, and followed nowhere; its user and query are not told."""
    place, told = redirect
    route = server.route().respond(status, headers={"Location": place})

    exchange = bench.sender.send(case())

    assert exchange.status == status
    assert exchange.answer
    assert pointed_at(exchange.answer) == told
    assert route.call_count == 1


@pytest.mark.parametrize(("status", "headers"), [(200, {"Location": "/x"}), (304, {"Location": "/x"}), (302, {})])
def test_other_answers_point_nowhere(
    bench: Bench, server: respx.MockRouter, case: Callable[..., Case], status: int, headers: dict[str, str]
) -> None:
    """Only a redirect with a place points anywhere."""
    server.route().respond(status, headers=headers)

    answer = bench.sender.send(case()).answer

    assert answer
    assert pointed_at(answer) is None
