"""What an honest cancel does, and what it leaves unchanged (observations 1, 4 and 5)."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from tests.unit.provider.conftest import Runner

Ask = Callable[..., Answer]
Made = Callable[..., int]
Read = Callable[[Answer], dict[str, Any]]

CHANGED = {"status", "payment_status", "expense", "updated_at"}
DOCUMENTED = (
    *("id", "account_id", "resource_id", "contact_id", "service_id", "company_id", "conversation_id", "created_by_id"),
    *("starts_at", "ends_at", "duration_min", "status", "appointment_type"),
    *("client_name", "client_phone", "client_identifier", "client_birth_date", "client_gender"),
    *("payment_status", "service_amount", "prepaid_amount", "settlement_amount"),
    *("external_ref", "idempotency_key", "payments", "expense"),
)
PAID = {"service_amount": 8000, "prepaid_amount": 3000, "settlement_amount": 5000}


@pytest.mark.parametrize("status", ["scheduled", "confirmed", "completed", "no_show"])
def test_every_status(ask: Ask, made: Made, payload: Read, status: str) -> None:
    """An appointment of any status is cancelled, and nothing else of it changes."""
    number = made(status=status, service_amount=5000, client_name="Айгүл", client_phone="+7 000 0000000")
    before = payload(ask("GET", f"appointments/{number}"))

    after = payload(ask("POST", f"appointments/{number}/cancel"))

    assert (after["status"], after["payment_status"]) == ("cancelled", "cancelled")
    assert {name: after[name] for name in before.keys() - CHANGED} == {
        name: before[name] for name in before.keys() - CHANGED
    }


def test_documented_order(ask: Ask, made: Made, payload: Read) -> None:
    """The documented fields come first and in the documented order."""
    names = list(payload(ask("POST", f"appointments/{made()}/cancel")))

    assert tuple(names[: len(DOCUMENTED)]) == DOCUMENTED


def test_unpaid_expense(ask: Ask, made: Made, payload: Read) -> None:
    """An unpaid expense goes, and the payments stay as they were."""
    number = made(**PAID)
    before = payload(ask("GET", f"appointments/{number}"))

    after = payload(ask("POST", f"appointments/{number}/cancel"))

    assert (before["payment_status"], before["expense"]["amount"], before["expense"]["status"]) == (
        "paid",
        3200,
        "unpaid",
    )
    assert after["expense"] is None
    assert after["payments"] == before["payments"]
    assert [row["payment_kind"] for row in after["payments"]] == ["prepaid", "adjustment"]


def test_paid_expense(ask: Ask, payload: Read) -> None:
    """Cancelling an appointment with a paid expense leaves the expense unchanged."""
    number = SEED.paid_expense_appointment_ids[0]
    before = payload(ask("GET", f"appointments/{number}"))["expense"]

    assert before["status"] == "paid"
    assert payload(ask("POST", f"appointments/{number}/cancel"))["expense"] == before


def test_read_back(ask: Ask, made: Made) -> None:
    """A read shows the answer of the cancel, byte for byte."""
    number = made(**PAID)

    assert ask("POST", f"appointments/{number}/cancel").body == ask("GET", f"appointments/{number}").body


def test_repeated(ask: Ask, made: Made) -> None:
    """A repeated cancel answers the same bytes."""
    number = made(**PAID)
    answers = [ask("POST", f"appointments/{number}/cancel") for _ in range(5)]

    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}


def test_repeat_rejected(asking: Callable[[Provider], Ask]) -> None:
    """Under the policy `rejected` a repeated cancel is a conflict with a code, and changes nothing."""
    ask = asking(Provider(repeat_policy="rejected"))
    path = f"appointments/{SEED.paid_expense_appointment_ids[0]}"
    first, second = ask("POST", f"{path}/cancel"), ask("POST", f"{path}/cancel")

    assert (first.status, second.status) == (200, 409)
    assert json.loads(second.body) == {
        "error": "Appointment is already cancelled",
        "code": "APPOINTMENT_ALREADY_CANCELLED",
    }
    assert ask("GET", path).body == first.body


def test_parallel(provider: Provider, made: Made, request_for: Callable[..., Request], runner: Runner) -> None:
    """Twenty cancels at the same moment, of two appointments, each answer for their own and have one effect."""
    numbers = [made(**PAID), made(**PAID)] * 10

    async def burst() -> list[Answer]:
        requests = [request_for("POST", f"appointments/{number}/cancel") for number in numbers]
        return list(await asyncio.gather(*(provider.answer(request) for request in requests)))

    answers = runner.run(burst())

    assert {answer.status for answer in answers} == {200}
    assert [json.loads(answer.body)["payload"]["id"] for answer in answers] == numbers
    assert len({answer.body for answer in answers}) == 2


def test_readonly(ask: Ask) -> None:
    """An imported appointment is refused with a code and stays what it was."""
    path = f"appointments/{SEED.readonly_appointment_id}"
    before = ask("GET", path).body
    refused = ask("POST", f"{path}/cancel")

    assert refused.status == 422
    assert json.loads(refused.body) == {
        "error": "Imported Medelement appointments are read-only",
        "code": "APPOINTMENT_READ_ONLY",
    }
    assert ask("GET", path).body == before


def test_success_headers(ask: Ask, made: Made) -> None:
    """A success bears JSON's type, a weak entity tag and the framework's cache policy."""
    answer = ask("POST", f"appointments/{made()}/cancel")

    assert answer.header("content-type") == "application/json; charset=utf-8"
    assert answer.header("cache-control") == "max-age=0, private, must-revalidate"
    assert (answer.header("etag") or "").startswith('W/"')


def test_escapes(ask: Ask, made: Made) -> None:
    """Signs that could end a script element are escaped, other Unicode is raw."""
    number = made(client_name=" Айгүл <&>\u2028 ")
    answer = ask("POST", f"appointments/{number}/cancel")

    assert '"client_name":"Айгүл \\u003c\\u0026\\u003e"'.encode() in answer.body


def test_unmodified_read(ask: Ask, made: Made) -> None:
    """A read with the entity tag is answered 304, a cancel with it 200."""
    number = made()
    tag = ask("GET", f"appointments/{number}").header("etag")

    assert ask("GET", f"appointments/{number}", if_none_match=tag).status == 304
    assert ask("POST", f"appointments/{number}/cancel", if_none_match=tag).status == 200
