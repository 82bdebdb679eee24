"""Whether answers to creates and updates show what reads show is learned by the first appointment."""

from typing import Any

import pytest

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.supply.views import Views
from tests.unit.clauses.conftest import STARTED

SHOWN: dict[str, Any] = {
    "id": 7,
    "status": "scheduled",
    "client_phone": "+7000",
    "expense": {"id": 1, "status": "paid"},
    "payments": [{"id": 2}, {"id": 3}],
}


def _shows(payload: Any, intent: Intent = Intent.READ) -> Exchange:  # noqa: ANN401  JSON
    body = {"payload": payload}
    return Exchange(1, Case("x", intent, "/"), "", (), b"", STARTED, 0.1, Answer(200, (), b"", body))


def _learned(created: Any, read: Any, intent: Intent = Intent.CREATE) -> Views:  # noqa: ANN401  JSON
    views = Views()
    views.compare(_shows(created, intent), _shows(read))
    return views


@pytest.mark.parametrize(
    ("created", "is_other"),
    [
        (SHOWN, False),
        ({**SHOWN, "status": "confirmed"}, False),
        ({**SHOWN, "client_phone": "+7 000"}, True),
        ({**SHOWN, "payments": [{"id": 2}, {"id": 9}]}, True),
        ({"id": 7}, True),
        ({**SHOWN, "created": True}, True),
        ({**SHOWN, "payments": []}, True),
        ({**SHOWN, "expense": {"id": 1}}, True),
        ({**SHOWN, "expense": None}, True),
    ],
)
def test_other_fields_at_any_depth_make_another_view(created: Any, *, is_other: bool) -> None:  # noqa: ANN401  JSON
    """So do other values, but for those that a worker changes at once; rows are of one kind."""
    views = _learned(created, SHOWN)

    assert views.is_other is is_other
    assert views.is_like_a_read(_shows(SHOWN, Intent.CREATE)) is not is_other


def test_an_update_shows_what_a_read_shows_or_does_not() -> None:
    """Whatever creates show."""
    views = _learned({"id": 7}, SHOWN)

    assert views.is_like_a_read(_shows(SHOWN, Intent.REVIVE))
    assert not views.is_like_a_read(_shows({"id": 7}, Intent.REVIVE))
    assert not views.is_like_a_read(_shows(None, Intent.REVIVE))


@pytest.mark.parametrize(
    ("created", "read", "intent"),
    [({"id": 7}, None, Intent.CREATE), (None, SHOWN, Intent.CREATE), (SHOWN, {"id": 7}, Intent.LIST)],
)
def test_what_shows_no_appointment_tells_nothing(created: Any, read: Any, intent: Intent) -> None:  # noqa: ANN401  JSON
    """The next appointment is looked at, too."""
    views = _learned(created, read, intent)

    assert not views.names
    assert views.is_like_a_read(_shows({"id": 7, "status": "scheduled"}, Intent.CREATE))
    for payload in (None, {"id": 7}, {"id": "7"}, {"appointment": {"id": 7}}):
        assert not views.is_like_a_read(_shows(payload, Intent.CREATE))
