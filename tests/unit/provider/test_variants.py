"""Each honest variant differs from the provider's default, and is correct all the same."""

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.exchange.equality import same
from cancel_contract.provider import (
    SEED,
    VARIANTS,
    Provider,
    Variant,
)
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.store import Clock
from cancel_contract.provider.variants import desks
from tests.unit.provider.conftest import Runner

Ask = Callable[..., Answer]
Draft = Callable[..., dict[str, Any]]

DAY = "view=day&from=2031-05-01T00:00:00Z&to=2031-05-01T20:00:00Z"
PAID = {
    "client_name": "Contract test O'Brien",
    "starts_at": "2031-04-01T05:00:00Z",
    "ends_at": "2031-04-01T05:30:00Z",
    "status": "confirmed",
    "service_amount": 2,
    "prepaid_amount": 1,
    "settlement_amount": 1,
}
KEYED = {
    "resource_id": SEED.resource_id,
    "client_name": "Contract test",
    "starts_at": "2031-05-07T05:00:00Z",
    "ends_at": "2031-05-07T05:30:00Z",
    "idempotency_key": "unit-9",
}
WAITING = frozenset({"row-lock", "one-at-a-time"})
"""The variants that say who waits for whom, and no more."""
JSON = ("content-type", "application/json")
PATH = f"appointments/{SEED.paid_expense_appointment_ids[0]}"


async def script(provider: Provider, make: Callable[..., Request], draft: dict[str, Any], reads: int) -> list[Answer]:
    """Ask what shows each variant; only a throttle needs many reads."""
    requests = [
        make("POST", "appointments", data=draft),
        make("POST", "appointments", data={**draft, **PAID}),
        make("GET", "calendar", query=DAY),
        make("GET", PATH, accept_encoding="gzip"),
        *(make("POST", f"{PATH}/cancel") for _ in range(3)),
        make("GET", PATH),
        make("POST", "appointments/8000000000/cancel"),
        make("POST", f"{PATH}/cancel", accept="text/html"),
        make("POST", f"{PATH}abc/cancel"),
        make("PUT", f"{PATH}/cancel"),
        make("POST", f"{PATH}/cancel", token=SEED.unprivileged_token),
        make("POST", f"appointments/{SEED.readonly_appointment_id}/cancel"),
        make("POST", f"{PATH}/cancel", token=f"{SEED.member_token},wrong"),
        make("POST", f"{PATH}/cancel", token=f"wrong,{SEED.member_token}"),
        make("GET", PATH, x_request_id="cancel-contract-3f9a01bc-7"),
    ]
    answers = [await provider.answer(request) for request in requests]
    answers += [await provider.answer(make("GET", PATH)) for _ in range(reads)]
    return [
        *answers,
        *await writers(provider, make, provider.store.first_id),
        *await odd(provider, make),
        *await rare(provider, make),
        *await commented(provider, make, draft),
        await provider.answer(make("GET", f"appointments/{SEED.readonly_appointment_id}")),
        await provider.answer(make("POST", f"{PATH}/cancel.xml")),
        await provider.answer(make("GET", "calendar", query=DAY)),
        await provider.answer(make("GET", "appointments")),
    ]


async def commented(provider: Provider, make: Callable[..., Request], draft: dict[str, Any]) -> list[Answer]:
    """Move what has a comment, cancel it, show it to the other member, and book it again for the same client, and
    what begins as it ends; at last name another method.
    """
    path = f"appointments/{provider.store.next_id() + 1}"
    times = {"starts_at": "2032-02-07T05:00:00Z", "ends_at": "2032-02-07T05:30:00Z", "idempotency_key": "unit-10"}
    comment, phone = "By the window & the door", "+7 000 000 00 00"
    later = {"starts_at": "2032-02-07T06:00:00Z", "ends_at": "2032-02-07T06:30:00Z"}
    beside = {"starts_at": "2032-02-07T06:30:00Z", "ends_at": "2032-02-07T07:00:00Z"}
    another = {"idempotency_key": "unit-11", "client_name": "Another of the family"}
    requests = (
        make("POST", "appointments", data={**draft, **times, "client_comment": comment, "client_phone": phone}),
        make("PATCH", path, data=later),
        make("POST", f"{path}/cancel"),
        make("GET", path, token=SEED.second_token),
        make("GET", PATH, token=SEED.second_token),
        make("POST", "appointments", data={**draft, **later, **another, "client_phone": phone}),
        make("POST", "appointments", data={**draft, **beside, "idempotency_key": "unit-12"}),
        make("POST", f"{PATH}/cancel", x_http_method_override="PUT"),
    )
    return [await provider.answer(request) for request in requests]


async def odd(provider: Provider, make: Callable[..., Request]) -> list[Answer]:
    """Cancel as somebody odd would."""
    path = f"{PATH}/cancel"
    disabled = f"/api/v1/accounts/{SEED.disabled_account_id}/scheduling/{path}"
    requests = (
        make("POST", path, authorization="Bearer x"),
        make("POST", path, x_forwarded_for="127.0.0.1"),
        make("POST", path, x_user_id="1"),
        make("POST", path, token="x' OR '1'='1"),
        make("POST", disabled),
        make("GET", path),
        make("POST", path, data=[]),
        make("POST", path, transfer_encoding="chunked"),
        make("POST", f"{path}."),
        make("POST", path, data={"status": "confirmed"}),
        make("POST", path, if_none_match="*"),
        make("POST", path, origin="https://example.test"),
        make("POST", path, accept_language="de"),
        make("POST", path, content_type="garbage"),
        make("POST", path, idempotency_key="k"),
        make("POST", f"{path}/", idempotency_key="k", query="include=resource"),
        make("POST", path, idempotency_key="k", data={"cancellation_reason": "ill"}),
    )
    return [await provider.answer(request) for request in requests]


async def writers(provider: Provider, make: Callable[..., Request], number: int) -> list[Answer]:
    """Change an appointment while it is cancelled, undo that, and delete it in the end."""
    path = f"appointments/{number}"
    together = (make("PATCH", path, data={"client_phone": "+7 000 0000003"}), make("POST", f"{path}/cancel"))
    answers = await asyncio.gather(*(provider.answer(request) for request in together))
    for request in (
        make("POST", f"{path}/cancel"),
        make("PATCH", path, data={"status": "scheduled"}),
        make("GET", path),
        make("POST", f"{path}/cancel"),
        make("GET", "appointments", query="from=2031-01-01T00:00:00Z"),
        make("GET", "appointments", query="from=2031-01-01T00:00:00Z&payment_status=cancelled"),
        make("GET", "calendar", query="from=2031-03-01T00:00:00Z&to=2031-04-30T00:00:00Z"),
        make("POST", "appointments", data=KEYED),
        make("POST", f"appointments/{number + 2}/cancel"),
        make("POST", "appointments", data=KEYED),
        make("PUT", path, data={"client_phone": "+7 000 0000004"}),
        make("POST", f"{path}/cancel"),
        make("DELETE", path),
        make("GET", path),
    ):
        answers.append(await provider.answer(request))
    return answers


async def rare(provider: Provider, make: Callable[..., Request]) -> list[Answer]:
    """Make what is seldom booked, a day after the other."""
    fields: tuple[dict[str, Any], ...] = (
        {"duration_min": 60},
        {"ends_at": "2031-06-02T15:00:00Z"},
        {"starts_at": "2031-06-03T05:15:00Z"},
        {"starts_at": "2030-10-14T12:00:00Z", "ends_at": "2030-10-14T12:30:00Z"},
        {"starts_at": "2030-10-14T09:00:00Z", "ends_at": "2030-10-14T09:30:00Z"},
        {"client_comment": "x" * 300},
        {"client_name": "u\u0308"},
        {"starts_at": "2031-06-08T18:00:00Z", "ends_at": "2031-06-08T18:30:00Z"},
        {"external_ref": "r" * 40},
        {"idempotency_key": "k" * 40},
        *({"client_phone": "+7 000 0000005", "contact_id": SEED.contact_id},) * 2,
    )
    answers = []
    for day, changed in enumerate(fields, 1):
        times = {"starts_at": f"2031-06-{day:02}T05:00:00Z", "ends_at": f"2031-06-{day:02}T05:30:00Z"}
        body = {"resource_id": SEED.resource_id, "client_name": "Contract test", **times, **changed}
        request = make("POST", "appointments", body=json.dumps(body, ensure_ascii=False).encode())
        answers.append(await provider.answer(replace(request, headers=(*request.headers, JSON))))
    return answers


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAUSE", 0.0)
    monkeypatch.setattr(desks, "SETTLED", 0.0)


@pytest.fixture(scope="module")
def honest(request_for: Callable[..., Request], runner: Runner, clock: Clock) -> Callable[..., list[Answer]]:
    """Return what the provider without a variant answers, each script asked once."""
    known: dict[str, list[Answer]] = {}

    def give(body: dict[str, Any], reads: int) -> list[Answer]:
        key = json.dumps([body, reads])
        if key not in known:
            known[key] = runner.run(script(Provider(strangers=4, clock=clock), request_for, body, reads))
        return known[key]

    return give


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_differs(  # noqa: PLR0913, PLR0917  fixtures and a parameter
    variant: Variant,
    request_for: Callable[..., Request],
    draft: Draft,
    runner: Runner,
    clock: Clock,
    honest: Callable[..., list[Answer]],
) -> None:
    """The variant shows in some answer, or in how long answers take, and no more than that in who waits for whom."""
    body, provider = draft(), Provider(variants=[variant], strangers=4, clock=clock)
    reads = 140 if variant.name.startswith(("throttled", "gateway")) else 1
    answers = runner.run(script(provider, request_for, body, reads))

    assert (answers != honest(body, reads)) is (variant.latency == 0.0 and variant.name not in WAITING)
    assert provider.latency == variant.latency


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_cancels(variant: Variant, asking: Callable[[Provider], Ask]) -> None:
    """Whatever the variant, a cancel is a cancel, money stays, and a read says the same."""
    provider = Provider(variants=[variant], strangers=4)
    ask = asking(provider)
    # Of two builds that take turns the next but one shows the same.
    reads = 2 if variant.name == "fields-by-two-builds" else 1
    asked = (("POST", f"{PATH}/cancel"), *[("GET", PATH)] * reads)
    cancelled, *_, read = (json.loads(ask(*it, user_agent="unit", content_length="0").body)["payload"] for it in asked)

    for payload in (cancelled, read):
        payload.get("payments", []).sort(key=lambda row: row["id"])
        for part in (payload, payload.get("expense") or {}, *payload.get("payments", [])):
            part.pop("photo_url", None)
        if variant.name == "contacts-found":
            # It opens a conversation for a message about the cancel, and the read has it first.
            payload.pop("conversation_id")
    assert same("payload", cancelled, read)
    assert cancelled["status"] == "cancelled"
    if variant.name != "no-finance":
        assert (cancelled["payment_status"], cancelled["settlement_amount"]) == ("cancelled", 5000)
    if variant.name not in {"no-finance", "no-expenses"}:
        assert cancelled["expense"]["status"] == "paid"
    assert provider.audit.touched == ()


def test_gzip(asking: Callable[[Provider], Ask]) -> None:
    """Only a caller who accepts gzip gets it."""
    ask = asking(Provider(variants=["gzip"]))
    packed, plain = ask("GET", PATH, accept_encoding="gzip, br"), ask("GET", PATH)

    assert (packed.header("content-encoding"), plain.header("content-encoding")) == ("gzip", None)
    assert gzip.decompress(packed.body) == plain.body


def test_pages_stay_pages(asking: Callable[[Provider], Ask]) -> None:
    """What is not JSON is not spelled otherwise."""
    assert asking(Provider(variants=["pretty-printed"]))("POST", "/nowhere", accept="*/*").body.startswith(b"<!DOCTYPE")


def test_allow(asking: Callable[[Provider], Ask]) -> None:
    """A 405 says what would be allowed, and an unknown path is 404 all the same."""
    ask = asking(Provider(variants=["method-not-allowed"]))

    assert (ask("GET", f"{PATH}/cancel").status, ask("GET", f"{PATH}/cancel").header("allow")) == (405, "POST")
    assert ask("POST", "/nowhere").status == 404


def test_amount_required(asking: Callable[[Provider], Ask], draft: Draft) -> None:
    """Under this rule a free appointment is refused, and one with a service or an amount is made."""
    ask = asking(Provider(variants=["amount-required"]))
    shapes: tuple[dict[str, int], ...] = ({}, {"service_id": SEED.service_id}, {"service_amount": 1})

    assert [ask("POST", "appointments", data=draft(**shape)).status for shape in shapes] == [422, 201, 201]


def test_large_ids(asking: Callable[[Provider], Ask], draft: Draft) -> None:
    """Ids near the end of 64 bits are still within them."""
    ask = asking(Provider(variants=["large-ids"]))
    row = json.loads(ask("POST", "appointments", data=draft(service_amount=10, prepaid_amount=1)).body)["payload"]

    assert 2**62 < row["id"] < 2**63
    assert 2**62 < row["payments"][0]["id"] < 2**63
    assert ask("POST", f"appointments/{row['id']}/cancel").status == 200


def test_a_frameworks_error_has_a_status_without_a_name(request_for: Callable[..., Request]) -> None:
    """A delivery network's 524 is no status of HTTP's own, and is spelled all the same."""
    chosen = {"network-timeout", "fastapi"}
    provider = Provider([], [one for one in VARIANTS if one.name in chosen])

    async def ask() -> set[int]:
        return {(await provider.answer(request_for("GET", PATH))).status for _ in range(80)}

    assert asyncio.run(ask()) == {200, 524}
