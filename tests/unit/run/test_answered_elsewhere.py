"""What stands before the application answers a cancel with a page of 200, and nothing is cancelled."""

from collections.abc import Callable

import httpx
import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider.api.requests import Request
from tests.unit.run.conftest import Memory, Named, Opened

_FOLLOWED = "effect/no_show-paid-longest-30-comment"
_PAGES = (
    httpx.Response(200, html="<!doctype html><div id=app></div>"),
    httpx.Response(200),
    httpx.Response(200, json={"ok": True}),
    httpx.Response(200, json={"payload": {"id": 1, "status": "cancelled"}}),
)
Before = Callable[[Request], Request | httpx.Response]


def _answering(page: httpx.Response) -> Before:
    """Answer whatever names another method in its headers."""
    return lambda request: page if request.header("x-http-method-override") else request


@pytest.mark.parametrize("page", _PAGES)
def test_what_a_page_answers_is_cancelled_in_the_end(
    make_run: Opened, memory: Memory, named: Named, page: httpx.Response
) -> None:
    """A 200 that does not show the appointment as cancelled says nothing of it."""
    memory.before = _answering(page)
    with make_run() as run:
        run.play(named(_FOLLOWED)[0])
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("page", _PAGES)
def test_a_cancel_that_a_page_answers_leaves_it_active(make_run: Opened, memory: Memory, page: httpx.Response) -> None:
    """Until a read shows otherwise."""
    with make_run() as run:
        made = run.context.fresh()
        memory.before = lambda request: page if request.path.endswith("/cancel") else request
        run.context.cancel(made.id, "first", Intent.FIRST)

        assert made.id in run.supply.active
