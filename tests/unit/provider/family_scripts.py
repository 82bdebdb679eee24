"""What each family of clauses asks a provider, for its faults to show."""

from collections.abc import Iterator
from typing import Any

from cancel_contract.provider import (
    SEED,
)
from tests.unit.provider.bodies import asked_besides, bodies, other_types
from tests.unit.provider.caller_scripts import odd_callers, odd_paths
from tests.unit.provider.scripts import Make, Turn

LONG_NAME = "Әйгерім Нұрсұлтанқызы Тестовая-Проверочная"
PAID = {"service_amount": 17_777_779, "prepaid_amount": 2000, "settlement_amount": 17_775_779}
CALLER = {"accept_language": "ru", "user_agent": "curl/8.5.0", "cookie": "theme=dark"}
TOKEN = SEED.member_token


def drafts() -> Iterator[dict[str, Any]]:
    """Yield the bodies of five appointments of different shapes, one a day."""
    full = {
        "service_id": SEED.service_id,
        "contact_id": SEED.contact_id,
        "client_phone": "+7 000 0000000",
        "client_birth_date": "1956-12-31",
        "appointment_type": "secondary",
        "client_comment": "By the window,\n50% off",
        "custom_attributes": {"room": 1, "status": "new"},
        "external_ref": "unit-1",
        "idempotency_key": "unit-1",
    }
    person = {"client_identifier": "7", "contact_id": SEED.contact_id, "service_id": SEED.service_id}
    card, child = {"prepaid_payment_method": "card"}, {"client_birth_date": "2024-03-01"}
    shapes: tuple[dict[str, Any], ...] = (
        {**full, **PAID, "client_name": LONG_NAME},
        {"status": "confirmed", "service_amount": 5000, "prepaid_amount": 1000, **card, **person, **child},
        {"status": "no_show", "client_phone": "+7 000 0000001", **person, **child},
        {"status": "completed", "client_comment": "By the door", "appointment_type": "other", **PAID},
        {"client_phone": "+7 000 0000002", "client_name": "Test", **child},
    )
    ends = ("05:30", "05:30", "05:30", "06:00", "05:30")
    for day, (shape, end) in enumerate(zip(shapes, ends, strict=True), 1):
        times = {"starts_at": f"2031-03-0{day}T05:00:00Z", "ends_at": f"2031-03-0{day}T{end}:00Z"}
        yield {"resource_id": SEED.resource_id, "client_name": "Contract test", **times, **shape}


def next_client() -> dict[str, Any]:
    """Return the body of another client's appointment in the slot of the first."""
    slot = {name: value for name, value in next(drafts()).items() if name in {"resource_id", "starts_at", "ends_at"}}
    return {**slot, "client_name": "Contract test", "service_amount": 9137, "prepaid_amount": 1000}


def cancels(make: Make, first: int) -> Iterator[Turn]:
    """Cancel each shape twice, and look at every answer."""
    numbers = [*range(first, first + 5), *SEED.paid_expense_appointment_ids[:2]]
    yield [make("POST", f"appointments/{first}/cancel", token="TestMemberWrongWrongWrong")]
    yield [make("POST", "appointments/8000000000/cancel")]
    yield [make("POST", f"appointments/{first}/cancel")]
    yield [make("GET", f"appointments/{first + 4}")]
    yield [make("POST", f"appointments/{first}/cancel", accept="text/html")]
    yield [make("POST", f"appointments/{first}/cancel", accept="*/*", content_type="application/json")]
    yield [make("POST", f"appointments/{first},{first + 4}/cancel")]
    for name, sent in CALLER.items():
        yield [make("POST", f"appointments/{first}/cancel", **{name: sent})]
    for number in numbers:
        yield [make("POST", f"appointments/{number}/cancel")]
        yield [make("POST", f"appointments/{number}/cancel")]
        yield from ([make("GET", f"appointments/{seen}")] for seen in (number, number + 1))
    spelled = SEED.paid_expense_appointment_ids[2]
    yield from ([make(method, path)] for method, path in (
        ("POST", f"appointments/{spelled}abc/cancel"), ("GET", f"appointments/{spelled}"),
    ))  # fmt: skip
    yield [make("POST", f"appointments/{first}/cancel", token=None)]
    yield [make("GET", "appointments", query="from=2031-03-01T00:00:00Z")]
    yield [make("GET", "calendar", query="from=2031-03-01T00:00:00Z&to=2031-03-03T00:00:00Z&include_slots=true")]
    yield [make("POST", "appointments", data=next_client())]
    yield [make("GET", f"appointments/{first}")]
    yield [make("POST", f"appointments/{first}/cancel")]
    yield [make("GET", f"appointments/{first + 5}")]
    yield [make("POST", f"appointments/{first + 5}/cancel", token=SEED.second_token)]
    yield from ([make("GET", f"appointments/{number}")] for number in numbers)
    yield [make("PATCH", f"appointments/{first + 3}", data={"status": "completed"})]
    yield [make("POST", f"appointments/{first + 3}/cancel", token=SEED.second_token)]
    yield from asked_besides(make, first)
    for typed in other_types(make, first + 3):
        yield [make("PATCH", f"appointments/{first + 3}", data={"status": "scheduled"})]
        yield typed
        yield [make("GET", f"appointments/{first + 3}")]


def repeats(make: Make, first: int) -> Iterator[Turn]:
    """Cancel nine times in turn, and several times at once; cancel what has a paid expense twice."""
    yield from ([make("POST", f"appointments/{first}/cancel")] for _ in range(9))
    paid = f"appointments/{SEED.paid_expense_appointment_ids[0]}"
    cancel_paid = f"{paid}/cancel"
    yield from ([make(method, path)] for method, path in (*[("POST", cancel_paid)] * 2, ("GET", paid)))
    yield [make("POST", f"appointments/{number}/cancel") for number in range(first + 1, first + 4) for _ in range(3)]
    yield from ([make("POST", f"appointments/{first + 1}/cancel")] for _ in range(2))
    yield from ([make("GET", f"appointments/{number}")] for number in range(first, first + 4))
    yield from ([make("POST", cancel_paid)] for _ in range(2))
    yield [make("POST", f"appointments/{first}/cancel", token=TOKEN, authorization="Bearer x")]
    yield [make("POST", f"appointments/{first}/cancel", token=SEED.second_token)]
    yield [make("POST", f"appointments/{first}/cancel", idempotency_key="k")]
    yield from other_types(make, first)


def accesses(make: Make, first: int) -> Iterator[Turn]:
    """Cancel with every wrong token, and what is not ours."""
    path = f"appointments/{first}/cancel"
    member = SEED.foreign_appointment_id
    foreign = f"/api/v1/accounts/{SEED.foreign_account_id}/scheduling/appointments/{member}/cancel"
    wrong = (
        None,
        "",
        "x" * 24,
        "x" * 300,
        TOKEN[:-4],
        f"{TOKEN}x",
        TOKEN[4:],
        TOKEN.upper(),
        f"{TOKEN[:9]} {TOKEN[9:]}",
    )
    yield [make("GET", f"appointments/{first}")]
    yield from ([make("POST", path, token=token)] for token in wrong)
    yield [make("POST", path, token=f"{TOKEN},wrong")]
    yield [make("POST", path, token=f"wrong,{TOKEN}")]
    yield [make("POST", path, token=None, query=f"api_access_token={TOKEN}")]
    yield [make("POST", path, token=None, authorization=f"Bearer {TOKEN}")]
    yield [make("POST", path, token=None, query=f"access_token={TOKEN}")]
    yield [make("POST", path, token=None, authorization=TOKEN)]
    yield [make("POST", path, token=None, access_token=TOKEN)]
    yield [make("POST", path, token=None, idempotency_key="k")]
    yield [make("POST", path, token="%")]
    yield [make("POST", path, body=b"{", content_type="application/json")]
    yield [make("POST", path, token=None, cookie=f"api_access_token={TOKEN}")]
    yield [make("POST", path, token=None, data={"api_access_token": TOKEN})]
    yield [make("POST", path, token=None, body=b"--b--", content_type="multipart/form-data; boundary=b")]
    yield [make("POST", path, token=None, data={}, transfer_encoding="chunked")]
    yield from ([make("POST", path, token=token)] for token in (SEED.foreign_token, SEED.unprivileged_token))
    yield [make("POST", foreign)]
    yield [make("POST", f"appointments/{member}/cancel")]
    yield [make("GET", f"appointments/{first}")]
    yield from ([make("POST", path, token=token)] for token in (TOKEN, SEED.unprivileged_token, SEED.foreign_token))
    yield [make("GET", f"appointments/{first}")]
    yield [make("GET", foreign.removesuffix("/cancel"), token=SEED.foreign_token)]
    yield [make("POST", path, token=token) for token in (TOKEN, None)]
    yield [make("POST", path, accept="garbage")]
    yield from ([request] for request in odd_callers(make, first + 1))
    yield from of_each_state(make, first + 2)


def of_each_state(make: Make, number: int) -> Iterator[Turn]:
    """Cancel without a right to, whatever the state of an appointment."""
    path = f"appointments/{number}"
    states = ("completed", "no_show", "confirmed")
    changes: tuple[dict[str, Any], ...] = (
        *({"status": status} for status in states), {"service_amount": 0},
        {"starts_at": "2030-10-14T09:00:00Z", "ends_at": "2030-10-14T09:30:00Z"},
    )  # fmt: skip
    for change in changes:
        yield [make("PATCH", path, data=change)]
        yield from (
            [make("POST", f"{path}/cancel", token=token)]
            for token in (None, "x" * 24, SEED.foreign_token, SEED.unprivileged_token)
        )
        yield [make("GET", path)]
    yield [make("POST", f"/api/v1/accounts/{2**62}/scheduling/{path}/cancel")]
    yield [make("GET", path)]
    yield [make("PATCH", path, data={"status": "scheduled"})]
    yield [make("POST", f"{path}/cancel", token=SEED.second_token)]


def inputs(make: Make, first: int) -> Iterator[Turn]:
    """Cancel under every strange id, body, method and path."""
    other, base = first + 1, f"/api/v1/accounts/{SEED.account_id}/scheduling"
    ids = (
        "8000000000", str(2**31), str(2**62), str(2**63), str(2**32 + other), "0", f"-{other}", "abc", "%00",
        f"{first}abc",
    )  # fmt: skip
    yield from ([make("POST", f"appointments/{number}/cancel")] for number in ids)
    yield from (
        [make("POST", f"/api/v1/accounts/{number}/scheduling/appointments/{other}/cancel")]
        for number in ("9", "x", f"-{SEED.account_id}")
    )
    path = f"appointments/{first}/cancel"
    assigned = {"status": "confirmed", "service_amount": 1, "client_name": "X", "id": other}
    assigned |= {"client_comment": "X", "created_by_id": None, "serviceAmount": 1}
    yield [make("POST", path, data=assigned)]
    yield [make("POST", path, query=f"id={first + 2}&status=confirmed&client_name=X&appointment%5Bstatus%5D=confirmed")]
    yield [make("POST", path, body=b"{", content_type="application/json")]
    yield [make("POST", path, body=b" " * 60_000 + b"{}", content_type="application/json")]
    yield [make("POST", path, body=b"<a", content_type="application/xml")]
    target = f"appointments/{first + 4}/cancel"
    yield from ([make(method, target, token=TOKEN)] for method in ("GET", "HEAD", "DELETE", "OPTIONS"))
    yield [make("GET", target, x_http_method_override="POST")]
    yield [make("GET", target, x_http_method="POST")]
    for spelled in (
        f"{target}/",
        f"appointments//{target[13:]}",
        f"{target}.json",
        f"{target}.xml",
        f"appointments/./{target[13:]}",
    ):
        yield [make("POST", spelled, token=None)]
    yield [make("POST", f"{base}/{target}".replace("cancel", "%63ancel"), token=None)]
    yield [make("POST", f"{base}/{target}".replace("cancel", "CANCEL"), token=None)]
    yield [make("POST", path, accept="application/xml")]
    yield [make("POST", path, accept="text/html")]
    yield from ([make("GET", f"appointments/{number}")] for number in range(first, first + 5))
    yield from ([request] for request in odd_paths(make, first + 1))
    yield from readonly(make, first)
    yield from bodies(make, first)


def readonly(make: Make, _: int) -> Iterator[Turn]:
    """Cancel what was imported."""
    path = f"appointments/{SEED.readonly_appointment_id}"
    yield from ([make(method, it)] for method, it in (("GET", path), ("POST", f"{path}/cancel"), ("GET", path)))


SCRIPTS = {
    "answer": cancels,
    "effect": cancels,
    "repeat": repeats,
    "access": accesses,
    "input": inputs,
    "readonly": readonly,
}
