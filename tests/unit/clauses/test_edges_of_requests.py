"""Edge cases of what a request asked for: a payment with the booking, another type of answer, an id that no row has."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.clauses.creates import never_paid, sent
from cancel_contract.clauses.odd import asks_for_length, is_odd, may_be_a_page
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from tests.unit.clauses.conftest import Maker

PAID: dict[str, Any] = {"service_amount": 5000, "prepaid_amount": 2000, "settlement_amount": 3000}
HTML = (("Accept", "text/html"),)


def _create(maker: Maker, payment_status: str = "awaiting_payment", **fields: object) -> Exchange:
    made = maker.cancel(201, Intent.CREATE, body={"payload": {"id": 7, "payment_status": payment_status}})
    return replace(made, request_body=json.dumps(fields).encode())


def _seen(*creates: Exchange, kind: Kind = Kind.MADE, role: Role = Role.BEFORE) -> Episode:
    return Episode(kind, tuple((role, create) for create in creates))


def test_where_nothing_is_made_as_paid_no_expense_can_be_looked_at(maker: Maker) -> None:
    """Of the creates of a run that asked for it none was made so, whatever those are that did not ask."""
    free, prepaid, plain = (
        _create(maker, "paid", **{**PAID, **fields}) for fields in ({"service_amount": 0}, {"settlement_amount": 1}, {})
    )
    unpaid = _create(maker, **PAID)

    told = NotApplicable("no appointment is made as paid where that is asked for (status is 201)")
    assert never_paid(_seen(unpaid)) == never_paid(_seen(free, prepaid, unpaid)) == told
    assert never_paid(_seen(unpaid, plain)) is None
    assert never_paid(_seen(free, prepaid)) is None
    assert never_paid(_seen(unpaid, kind=Kind.WHOLE)) is never_paid(_seen(unpaid, role=Role.AFTER)) is None


def test_what_was_paid_ahead_or_settled_alone_counts(maker: Maker) -> None:
    """Null and a missing amount are none; a create without a price is not paid."""
    asked: tuple[dict[str, Any], ...] = (
        {"service_amount": 5000, "prepaid_amount": 5000, "settlement_amount": None},
        {"service_amount": 5000, "settlement_amount": 5000},
        {"service_amount": 1, "prepaid_amount": 1},
    )
    assert all(never_paid(_seen(_create(maker, **fields))) for fields in asked)
    unpaid: tuple[dict[str, Any], ...] = (
        {"prepaid_amount": 0},
        {"service_amount": None, "prepaid_amount": 0},
        {"service_amount": 5000},
    )
    for fields in unpaid:
        assert never_paid(_seen(_create(maker, **fields))) is None


def test_a_create_alone_sends_fields(maker: Maker) -> None:
    """A body that is no object says nothing, as another request's does, or none at all."""
    create = _create(maker, **PAID)

    assert sent(create) == PAID
    assert sent(replace(create, request_body=b"[1]")) == sent(None) == {}
    assert sent(replace(create, case=replace(create.case, intent=Intent.UPDATE))) == {}


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ((("Accept", "text/html"),), True),
        ((("accept", "TEXT/HTML"),), True),
        ((("Accept", "application/JSON, text/html"),), False),
        ((("Accept", "text/html, */*;q=0.1"),), False),
        ((("Accept", "application/*"),), False),
        ((("X-Other", "text/html"),), False),
        ((), False),
    ],
)
def test_a_page_is_for_who_asks_for_no_other_type(
    maker: Maker, accept: tuple[tuple[str, str], ...], *, is_page: bool
) -> None:
    """A success that is no JSON is fine there; one that says it is JSON is judged as such."""
    asked = maker.cancel(200, Intent.ACCEPT, kind="text/html", body=b"<p>", sent=accept)

    assert may_be_a_page(asked) is is_page
    assert may_be_a_page(maker.cancel(200, Intent.ACCEPT, sent=accept)) is False


@pytest.mark.parametrize(("ending", "is_other"), [(".xml", True), (".json", False), (".", False), ("", False)])
def test_a_path_may_ask_for_another_type(maker: Maker, ending: str, *, is_other: bool) -> None:
    """Frameworks answer what the ending of a path names."""
    asked = maker.cancel(200, Intent.OTHER_PATH, kind="application/xml", body=b"<p>")
    asked = replace(asked, case=replace(asked.case, path=f"{asked.case.path}{ending}"))

    assert may_be_a_page(asked) is is_other


def test_what_never_came_is_no_page(maker: Maker) -> None:
    """A success has an answer; another method's answer has no shape that is promised."""
    page = maker.cancel(200, Intent.ACCEPT, kind="text/html", body=b"<p>", sent=HTML)

    assert may_be_a_page(replace(page, case=replace(page.case, intent=Intent.OTHER_METHOD))) is True
    assert may_be_a_page(replace(page, case=replace(page.case, intent=Intent.FIRST), request_headers=())) is False


def test_a_length_that_was_stated_is_not_asked_for(maker: Maker) -> None:
    """A server may refuse a request without one, whatever it asks; the header's letters have no case."""
    bare = maker.cancel(411, body={"error": "Length"})

    assert asks_for_length(bare) is is_odd(bare) is True
    for name in ("content-length", "Content-Length", "CONTENT-LENGTH"):
        assert asks_for_length(replace(bare, request_headers=((name, "0"),))) is False
    assert asks_for_length(maker.cancel(400)) is False


@pytest.mark.parametrize(
    ("number", "odd"),
    [("1", False), (str(2**53), False), (str(2**53 + 1), True), (str(2**63 - 1), True), ("0", True), ("-1", True),
     ("1x", True), ("٣", True)],
)  # fmt: skip
def test_an_id_that_not_all_can_read_is_odd(maker: Maker, number: str, *, odd: bool) -> None:
    """It counts from one, up to what a floating-point number holds: a router may refuse the others."""
    path = f"/api/v1/accounts/3/scheduling/appointments/{number}/cancel"

    assert is_odd(maker.cancel(404, Intent.BOUNDARY_ID, case={"path": path})) is odd
