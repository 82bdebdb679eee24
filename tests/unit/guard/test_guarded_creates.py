"""Which creates the guard lets leave: those with the mark of the run, in the run's own account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointments_path,
)
from cancel_contract.exchange.marker import FORMS, Marker
from tests.unit.guard.conftest import BODY, JSON, MARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.conftest import Inner


def test_a_marked_create_passes(passes: Callable[..., None]) -> None:
    """An appointment with a mark may be made in our account."""
    passes(path=appointments_path(1), intent=Intent.CREATE, headers=JSON, body=json.dumps(BODY).encode())


@pytest.mark.parametrize("form", FORMS)
def test_a_create_whose_references_look_like_numbers_passes(passes: Callable[..., None], form: str) -> None:
    """One of them is the mark itself, and the other is made of it."""
    reference, key = Marker("0000000a", 1790000000, 1).references(form)
    body = json.dumps(BODY | {"external_ref": reference, "idempotency_key": key}).encode()

    passes(path=appointments_path(1), intent=Intent.CREATE, headers=JSON, body=body)


@pytest.mark.parametrize(
    "parts",
    [
        {"body": json.dumps(BODY | {"external_ref": "mine"}).encode()},
        {"body": json.dumps(BODY | {"external_ref": "00123", "idempotency_key": MARK}).encode()},
        {"body": json.dumps(BODY | {"external_ref": "00123", "idempotency_key": "00123"}).encode()},
        {"body": json.dumps(BODY | {"external_ref": None, "idempotency_key": "00123"}).encode()},
        {"body": json.dumps(BODY | {"external_ref": None, "idempotency_key": None}).encode()},
        {"body": json.dumps(BODY | {"external_ref": f"api:{MARK}", "idempotency_key": MARK}).encode()},
        {"body": json.dumps(BODY | {"external_ref": MARK, "idempotency_key": "00123"}).encode()},
        {"body": json.dumps(BODY | {"external_ref": "cancel-contract-"}).encode()},
        {"body": json.dumps({"client_name": "x", "nested": {"external_ref": MARK}}).encode()},
        {"body": json.dumps(BODY | {"idempotency_key": "somebody-elses"}).encode()},
        {"body": json.dumps(BODY | {"idempotency_key": ["x"]}).encode()},
        {"body": json.dumps(BODY | {"id": 12}).encode()},
        {"body": json.dumps(BODY | {"resource_id": 8}).encode()},
        {"body": json.dumps(BODY | {"appointment": {"id": 12}}).encode()},
        {"body": json.dumps(BODY)[:-1].encode() + b', "external_ref": "mine"}'},
        {"body": json.dumps([BODY]).encode()},
        {"body": b"[]"},
        {"body": b"{"},
        {"body": b"7"},
        {"body": b"[" * 100_000},
        {"body": None},
        {"intent": Intent.FIRST},
        {"method": "PUT"},
        {"query": "id=12"},
        {"path": appointments_path(1) + "/"},
    ],
)
def test_unmarked_creates_are_refused(refused: Callable[..., str], parts: dict[str, Any]) -> None:
    """What makes an appointment without a mark, or may find one that is there, does not leave."""
    plain = {"path": appointments_path(1), "intent": Intent.CREATE, "headers": JSON, "body": json.dumps(BODY).encode()}

    assert refused(**(plain | parts))


def test_creates_in_a_second_account_are_refused(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """Even where a second account is named by the settings, or is absent, nothing is made in it."""
    bench = make_bench(inner)
    bench.ownership.saw_absent_account(2**40)

    body = json.dumps({"external_ref": MARK}).encode()
    create = Case("test", Intent.CREATE, appointments_path(2**40), headers=JSON, body=body)

    with pytest.raises(Refused, match="it could change something, and names no appointment"):
        bench.sender.send(create)
