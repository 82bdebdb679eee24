"""An answer to a create or an update is a view of the appointment where it has the fields of what follows it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.tools.conftest import PAYLOAD, URL, Entry, Judged

OTHER = URL.replace("/appointments/123", "/appointments/124")
NEIGHBOUR = "effect/neighbour-untouched"
ACTIVE = {**PAYLOAD, "status": "confirmed", "payment_status": "paid"}
SHORT = {"id": 123, "status": "confirmed"}


@pytest.fixture
def shown(recorded: Callable[..., Entry]) -> Callable[..., Entry]:
    """Make an exchange that shows an appointment."""

    def make(second: float, method: str, payload: dict[str, Any], status: int = 200, url: str = URL) -> Entry:
        return recorded({"payload": payload}, second=second, method=method, url=url, status=status)

    return make


@pytest.mark.parametrize(("view", "is_judged"), [(ACTIVE, True), (SHORT, False), ({**ACTIVE, "created": True}, False)])
def test_a_create_of_other_fields_is_compared_with_no_read(
    judged: Callable[..., Judged], shown: Callable[..., Entry], view: dict[str, Any], *, is_judged: bool
) -> None:
    """Neither of a neighbour, nor of the appointment itself."""
    collection = URL.removesuffix("/123")
    first = shown(0, "POST", view, 201, collection)
    cancel = shown(1, "POST", {**PAYLOAD, "id": 124}, 200, f"{OTHER}/cancel")
    found = judged(first, cancel, shown(2, "GET", {**ACTIVE, "client_phone": "+7 000 000 00 09"}))

    assert (NEIGHBOUR in found.wrong) is is_judged
    assert not judged(first, cancel, shown(2, "GET", ACTIVE)).wrong


def test_a_create_of_other_fields_is_compared_with_no_cancel(
    judged: Callable[..., Judged], shown: Callable[..., Entry]
) -> None:
    """What it does not show has not come with the cancel."""
    view = {name: ACTIVE[name] for name in ("id", "status", "payment_status", "service_amount")}
    create = shown(0, "POST", view, 201, URL.removesuffix("/123"))
    cancel = shown(1, "POST", PAYLOAD, 200, f"{URL}/cancel")

    assert not judged(create, cancel, shown(2, "GET", PAYLOAD)).wrong
