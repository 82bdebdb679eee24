"""The companion operations of cancel: create, read, update, delete (sibling, observation 11)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.api.answers import Answer

Ask = Callable[..., Answer]
Draft = Callable[..., dict[str, Any]]
Made = Callable[..., int]
Read = Callable[[Answer], dict[str, Any]]

SLOT = {"starts_at": "2031-05-01T05:00:00Z", "ends_at": "2031-05-01T05:30:00Z"}


def code(answer: Answer) -> tuple[int, str | None]:
    """Return status and code of an error."""
    return answer.status, json.loads(answer.body).get("code")


def test_minimal(ask: Ask, draft: Draft, payload: Read) -> None:
    """A create with the four required fields makes a free appointment of the token's user."""
    row = payload(ask("POST", "appointments", data=draft()))

    assert (row["id"], row["account_id"], row["created_by_id"]) == (5000, SEED.account_id, SEED.member_id)
    assert (row["status"], row["payment_status"], row["service_amount"]) == ("scheduled", "awaiting_payment", 0)
    assert (row["payments"], row["expense"], row["custom_attributes"], row["duration_min"]) == ([], None, {}, 30)


def test_priced_by_service(ask: Ask, draft: Draft, payload: Read) -> None:
    """Without an amount the service's price counts."""
    row = payload(ask("POST", "appointments", data=draft(service_id=SEED.service_id)))

    assert (row["service_amount"], row["service_name_snapshot"]) == (8000, "Test consultation")


@pytest.mark.parametrize(
    ("received", "status"),
    [((0, 0), "awaiting_payment"), ((100, 0), "prepaid"), ((0, 100), "prepaid"), ((400, 600), "paid")],
)
def test_payment_status(ask: Ask, draft: Draft, payload: Read, received: tuple[int, int], status: str) -> None:
    """The payment status follows from what was received."""
    amounts = {"service_amount": 1000, "prepaid_amount": received[0], "settlement_amount": received[1]}
    row = payload(ask("POST", "appointments", data=draft(**amounts)))

    assert row["payment_status"] == status
    assert (row["expense"] is not None) == (status == "paid")
    assert [(it["amount"], it["payment_method"]) for it in row["payments"]] == [
        (amount, "cash") for amount in received if amount
    ]


def test_idempotency_key(ask: Ask, draft: Draft, payload: Read) -> None:
    """The same key again gives the first appointment with 200, though it was cancelled since."""
    body = draft(idempotency_key="k")
    first = payload(ask("POST", "appointments", data=body))
    ask("POST", f"appointments/{first['id']}/cancel")
    again = ask("POST", "appointments", data=body)

    assert again.status == 200
    assert (payload(again)["id"], payload(again)["status"]) == (first["id"], "cancelled")


def test_slot(ask: Ask, made: Made, draft: Draft) -> None:
    """A taken slot is a conflict until its appointment is cancelled."""
    number = made(**SLOT)

    assert code(ask("POST", "appointments", data=draft(**SLOT))) == (409, "SLOT_CONFLICT")
    ask("POST", f"appointments/{number}/cancel")
    assert ask("POST", "appointments", data=draft(**SLOT)).status == 201


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "expected"),
    [
        ("2031-05-02T02:59:00Z", "2031-05-02T03:30:00Z", "OUTSIDE_WORKING_HOURS"),
        ("2031-05-02T14:45:00Z", "2031-05-02T15:15:00Z", "OUTSIDE_WORKING_HOURS"),
        ("2030-01-01T05:00:00Z", "2030-01-01T05:30:00Z", "BLOCKED_BY_HOLIDAY"),
    ],
)
def test_unavailable(ask: Ask, draft: Draft, starts_at: str, ends_at: str, expected: str) -> None:
    """A time at which nobody works is a conflict with its own code."""
    asked = draft(resource_id=SEED.other_resource_id, starts_at=starts_at, ends_at=ends_at)

    assert code(ask("POST", "appointments", data=asked)) == (409, expected)


def test_what_is_open_around_the_clock_is_open_at_midnight(ask: Ask, draft: Draft) -> None:
    """A visit may begin on one day and end on the next where no hours are closed."""
    asked = draft(starts_at="2031-05-02T18:45:00Z", ends_at="2031-05-02T19:15:00Z")

    assert ask("POST", "appointments", data=asked).status == 201


def test_a_duration_is_taken_beside_the_range(ask: Ask, made: Made, payload: Read) -> None:
    """It is shown as it was given, by the cancel too, until the range is another."""
    path = f"appointments/{made(duration_min=60)}"
    cancelled = payload(ask("POST", f"{path}/cancel"))
    revived = payload(ask("PATCH", path, data={"status": "scheduled"}))
    moved = payload(ask("PATCH", path, data={"starts_at": "2031-06-01T05:00:00Z", "ends_at": "2031-06-01T05:45:00Z"}))

    assert [row["duration_min"] for row in (cancelled, revived, moved)] == [60, 60, 45]


def test_external_reference(ask: Ask, made: Made, draft: Draft) -> None:
    """A cancelled appointment keeps its external reference taken."""
    ask("POST", f"appointments/{made(external_ref='r')}/cancel")

    assert code(ask("POST", "appointments", data=draft(external_ref="r"))) == (409, "DUPLICATE_EXTERNAL_REF")


def test_any_external_reference_can_stand_in_a_header(asking: Callable[[Provider], Ask], draft: Draft) -> None:
    """A fault that leaks references into headers has to bear those that others than this suite choose, too."""
    ask = asking(Provider(["refusal-logs-reference"], strangers=4))
    number = json.loads(ask("POST", "appointments", data=draft(external_ref="\u242a\r\nx")).body)["payload"]["id"]

    refused = ask("POST", f"appointments/{number}/cancel", token=None)

    assert refused.header("X-Log") == "%E2%90%AA%0D%0Ax"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("starts_at", None, "VALIDATION_ERROR"),
        ("starts_at", "tomorrow", "VALIDATION_ERROR"),
        ("ends_at", "2031-01-01T05:00:00Z", "VALIDATION_ERROR"),
        ("ends_at", "2031-03-09T05:00:00Z", "VALIDATION_ERROR"),
        ("client_name", "  ", "VALIDATION_ERROR"),
        ("client_name", [], "VALIDATION_ERROR"),
        ("client_phone", "a\0b", "VALIDATION_ERROR"),
        ("resource_id", None, "VALIDATION_ERROR"),
        ("status", "canceled", "VALIDATION_ERROR"),
        ("payment_status", "refunded", "VALIDATION_ERROR"),
        ("duration_min", 4, "VALIDATION_ERROR"),
        ("service_amount", 2**31, "VALIDATION_ERROR"),
        ("service_amount", -1, "VALIDATION_ERROR"),
        ("service_amount", "10.5", "VALIDATION_ERROR"),
        ("service_amount", True, "VALIDATION_ERROR"),
        ("prepaid_amount", 1, "VALIDATION_ERROR"),
        ("client_birth_date", "31.12.1990", "VALIDATION_ERROR"),
        ("custom_attributes", [], "VALIDATION_ERROR"),
        ("created_by_id", SEED.foreign_member_id, "VALIDATION_ERROR"),
        ("client_identifier", "900101300123", "INVALID_IIN"),
        ("client_identifier", "900101300800", "INVALID_IIN"),
    ],
)
def test_invalid(ask: Ask, draft: Draft, field: str, value: object, expected: str) -> None:
    """A value that cannot be taken is answered 422 with its code."""
    assert code(ask("POST", "appointments", data={**draft(), field: value})) == (422, expected)


@pytest.mark.parametrize("field", ["resource_id", "service_id", "contact_id", "company_id", "conversation_id"])
def test_foreign_reference(ask: Ask, draft: Draft, field: str) -> None:
    """A reference to what the account has not is answered 404."""
    answer = ask("POST", "appointments", data=draft(**{field: 10**30}))

    assert (answer.status, json.loads(answer.body)) == (404, {"error": "Resource could not be found"})


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"service_amount": 10.5}, 10),
        ({"service_amount": "700"}, 700),
        ({"service_amount": 2**31 - 1}, 2**31 - 1),
        ({"client_phone": " "}, None),
        ({"client_identifier": "not iin"}, "not iin"),
        ({"client_identifier": "900101-300126"}, "900101300126"),
        ({"client_identifier": "900101300811"}, "900101300811"),
        ({"client_birth_date": "1990-12-31"}, "1990-12-31"),
        ({"contact_id": SEED.contact_id}, SEED.contact_id),
        ({"company_id": ""}, None),
        ({"starts_at": "2031-04-01T10:00:00.9+05:00", "ends_at": "2031-04-01T05:30:00"}, "2031-04-01T05:00:00Z"),
        ({"custom_attributes": None}, {}),
    ],
)
def test_taken_as(ask: Ask, draft: Draft, payload: Read, given: dict[str, object], stored: object) -> None:
    """A value that can be taken is stored as observed."""
    assert payload(ask("POST", "appointments", data=draft(**given)))[next(iter(given))] == stored


def test_update(ask: Ask, made: Made, payload: Read) -> None:
    """An update sets what it names, derives money again and keeps the rows that did not change."""
    number = made(service_amount=1000, prepaid_amount=400)
    before = payload(ask("GET", f"appointments/{number}"))
    after = payload(ask("PATCH", f"appointments/{number}", data={"settlement_amount": 600, "client_gender": "f"}))

    assert (after["payment_status"], after["client_gender"], after["expense"]["status"]) == ("paid", "f", "unpaid")
    assert after["payments"][0] == before["payments"][0]


def test_update_changes_payment(ask: Ask, made: Made, payload: Read) -> None:
    """A changed amount changes its row of money and keeps the row's id."""
    number = made(service_amount=1000, prepaid_amount=1000)
    before = payload(ask("GET", f"appointments/{number}"))
    after = payload(ask("PATCH", f"appointments/{number}", data={"prepaid_amount": 300, "service_id": SEED.service_id}))

    assert [row["id"] for row in after["payments"]] == [row["id"] for row in before["payments"]]
    assert (after["payments"][0]["amount"], after["expense"], after["service_name_snapshot"]) == (
        300,
        None,
        "Test consultation",
    )


def test_update_reprices_expense(ask: Ask, made: Made, payload: Read) -> None:
    """An unpaid expense follows the amount and keeps its id."""
    number = made(service_amount=1000, prepaid_amount=1000)
    before = payload(ask("GET", f"appointments/{number}"))["expense"]
    amounts = {"service_amount": 2000, "prepaid_amount": 2000}
    after = payload(ask("PATCH", f"appointments/{number}", data=amounts))["expense"]

    assert (after["id"], before["amount"], after["amount"]) == (before["id"], 400, 800)


def test_update_moves_into_conflict(ask: Ask, made: Made) -> None:
    """An update may not move an appointment to where another one is."""
    made(**SLOT)

    assert code(ask("PATCH", f"appointments/{made()}", data=SLOT)) == (409, "SLOT_CONFLICT")


@pytest.mark.parametrize("field", ["client_name", "starts_at", "resource_id"])
def test_update_refuses_nothing(ask: Ask, made: Made, field: str) -> None:
    """An update may not take away what a create must name."""
    assert code(ask("PATCH", f"appointments/{made()}", data={field: None})) == (422, "VALIDATION_ERROR")


def test_update_without_change(ask: Ask, made: Made) -> None:
    """An update that changes nothing answers what is."""
    number = made(service_amount=1000, prepaid_amount=400)

    assert ask("PUT", f"appointments/{number}", data={}).body == ask("GET", f"appointments/{number}").body


def test_update_cancels(ask: Ask, made: Made, payload: Read) -> None:
    """The status `cancelled` does what cancel does."""
    number = made(service_amount=1000, prepaid_amount=1000)
    row = payload(ask("PATCH", f"appointments/{number}", data={"status": "cancelled"}))

    assert (row["status"], row["payment_status"], row["expense"], row["prepaid_amount"]) == (
        "cancelled",
        "cancelled",
        None,
        1000,
    )


def test_revive(ask: Ask, made: Made, payload: Read) -> None:
    """The status `scheduled` revives; the payment status stays cancelled unless it is sent."""
    number = made(service_amount=1000, prepaid_amount=1000)
    ask("POST", f"appointments/{number}/cancel")
    revived = payload(ask("PATCH", f"appointments/{number}", data={"status": "scheduled"}))
    derived = payload(ask("PATCH", f"appointments/{number}", data={"payment_status": "paid"}))

    assert (revived["status"], revived["payment_status"], revived["expense"]) == ("scheduled", "cancelled", None)
    assert (derived["payment_status"], derived["expense"]["status"]) == ("paid", "unpaid")


def test_revive_keeps_paid_expense(ask: Ask, payload: Read) -> None:
    """A paid expense survives a cancel and a revival, as often as that happens."""
    path = f"appointments/{SEED.paid_expense_appointment_ids[0]}"
    before = payload(ask("GET", path))["expense"]
    for _ in range(2):
        ask("POST", f"{path}/cancel")
        revived = payload(ask("PATCH", path, data={"status": "scheduled"}))

        assert (revived["status"], revived["expense"]) == ("scheduled", before)


def test_revive_into_conflict(ask: Ask, made: Made) -> None:
    """A cancelled appointment whose slot was taken since cannot be revived."""
    number = made(**SLOT)
    ask("POST", f"appointments/{number}/cancel")
    made(**SLOT)

    assert code(ask("PATCH", f"appointments/{number}", data={"status": "scheduled"})) == (409, "SLOT_CONFLICT")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_readonly(ask: Ask, method: str) -> None:
    """An imported appointment is neither updated nor deleted."""
    assert code(ask(method, f"appointments/{SEED.readonly_appointment_id}")) == (422, "APPOINTMENT_READ_ONLY")


def test_delete(ask: Ask, made: Made) -> None:
    """Only a cancelled appointment can be deleted, and then it is gone."""
    path = f"appointments/{made()}"

    assert code(ask("DELETE", path)) == (422, "APPOINTMENT_DELETE_REQUIRES_CANCELLED")
    ask("POST", f"{path}/cancel")
    assert (ask("DELETE", path).status, ask("GET", path).status) == (204, 404)
