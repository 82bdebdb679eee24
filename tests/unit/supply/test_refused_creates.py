"""Refused creates: what is created instead, and the reason where nothing is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.errors import Unprepared
from cancel_contract.supply.variations import FULL, PLAIN, pairwise
from tests.unit.supply.conftest import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.supply.conftest import Shop


def test_a_refused_shape_is_asked_for_otherwise(bench: Bench, shop: Shop) -> None:
    """A 422 is about the variation: what comes near to it is made instead, from then on without asking."""
    shop.first = [httpx.Response(422, json={"error": "x", "code": "INVALID_IIN"})]

    assert [bench.supply.fresh(FULL).id, bench.supply.fresh(FULL).id] == [6001, 6002]

    assert [("client_identifier" in sent(shop.creates, number)) for number in range(3)] == [True, False, False]
    assert [sent(shop.creates, number)["prepaid_amount"] for number in range(3)] == [2519] * 3
    assert bench.supply.left_out == {"confirmed-paid-cyrillic-30-birth_date-comment": "422 INVALID_IIN"}
    assert bench.budget.appointments == 2


def test_what_is_missing_is_filled_in_one_field_after_another(bench: Bench, shop: Shop) -> None:
    """A refusal that names several fields names fewer once one of them is sent; from then on all are."""
    wanted = {"client_phone", "client_birth_date", "client_comment"}

    def answer(request: httpx.Request) -> httpx.Response:
        missing = sorted(wanted - json.loads(request.content).keys())
        told = {name: ["can't be blank"] for name in missing}
        refused = httpx.Response(422, json={"error": "Invalid", "code": "VALIDATION_ERROR", "details": told})
        return refused if missing else shop.create(request)

    shop.creates.mock(side_effect=answer)

    for _ in range(2):
        assert bench.supply.fresh(replace(PLAIN, phone=False))

    assert wanted <= sent(shop.creates, -1).keys()
    assert shop.creates.call_count < 15


def test_a_shape_with_nothing_in_its_place_is_left_out(bench: Bench, shop: Shop) -> None:
    """Where nothing is taken the reason is reported, and the variation is not tried again."""
    shop.creates.mock(return_value=httpx.Response(422, json={"error": "x", "code": "VALIDATION_ERROR"}))
    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh(PLAIN)
    asked = shop.creates.call_count
    with pytest.raises(Unprepared) as again:
        bench.supply.fresh(PLAIN)

    assert str(caught.value) == (
        "no appointment can be made: status is 422 VALIDATION_ERROR; "
        "see what the target's log says, or set ONELINK_APPOINTMENT_IDS"
    )
    assert str(again.value) == "the target refuses appointments such as scheduled-unpaid-latin-30: 422 VALIDATION_ERROR"
    assert shop.creates.call_count == asked == 11
    assert bench.budget.appointments == 0


@pytest.mark.parametrize(
    ("field", "most", "kept"),
    [("external_ref", 32, {"external_ref": None}), ("idempotency_key", 36, {"external_ref": "cancel-contract"})],
)
def test_a_reference_that_is_too_long_is_made_otherwise(
    bench: Bench, shop: Shop, field: str, most: int, kept: dict[str, str | None]
) -> None:
    """Where an external_ref is limited none is sent, and where a key is, a UUID: the other one bears the marker."""

    def narrow(request: httpx.Request) -> httpx.Response:
        is_long = len(json.loads(request.content).get(field) or "") > most
        return httpx.Response(422, json={"error": f"{field} is too long"}) if is_long else shop.create(request)

    shop.creates.mock(side_effect=narrow)

    made = [payload for _ in range(2) if (payload := bench.supply.fresh().seen.payload)]

    for name, text in kept.items():
        assert [str(one.get(name))[:15] for one in made] == [str(text)] * 2
    assert shop.creates.call_count <= 4
    assert bench.supply.unsure == ()


@pytest.mark.parametrize(
    ("code", "text", "field"),
    [
        ("CLIENT_LIMIT", "Too many", "client_phone"),
        ("PHONE_LIMIT", "Too many", "client_phone"),
        (None, "This patient has a visit already: client_phone", "client_phone"),
        ("DUPLICATE_EXTERNAL_REF", "external_ref is already taken", "external_ref"),
    ],
)
def test_a_conflict_about_what_is_named_is_no_taken_slot(
    bench: Bench, shop: Shop, code: str | None, text: str, field: str
) -> None:
    """A 409 that names a contact, a telephone or a reference is met by leaving that out, not by other slots."""
    told = {"error": text} | ({"code": code} if code else {})

    def limited(request: httpx.Request) -> httpx.Response:
        return httpx.Response(409, json=told) if json.loads(request.content).get(field) else shop.create(request)

    shop.creates.mock(side_effect=limited)

    assert {"id", field} & bench.supply.fresh().payload.keys() == {"id"}
    assert bench.supply.left_out == {"scheduled-unpaid-latin-30": f"409 {code}" if code else "409"}


def test_a_conflict_that_comes_once_is_one_of_the_slot(bench: Bench, shop: Shop) -> None:
    """Another client may have been faster: nothing is left out for it."""
    shop.first = [httpx.Response(409, json={"error": "Booked by a client", "code": "CLIENT_CONFLICT"})]

    assert "client_phone" in bench.supply.fresh().payload
    assert len({sent(shop.creates, number)["starts_at"] for number in range(2)}) == 2
    assert bench.supply.left_out == {}


def test_a_conflict_of_hours_is_one_of_the_slot(bench: Bench, shop: Shop) -> None:
    """A 409 whose text speaks of a slot is one, even if it names a client."""
    shop.first = [httpx.Response(409, json={"error": "The slot was taken by another client"})]

    assert bench.supply.fresh().id == 6001
    assert bench.supply.left_out == {}


def test_a_value_may_be_refused_with_400(bench: Bench, shop: Shop) -> None:
    """Some frameworks say so of each value, before anything was made as well."""
    shop.first = [httpx.Response(400, json={"message": ["property client_identifier should not exist"]})]

    assert {"id", "client_identifier"} & bench.supply.fresh(FULL).payload.keys() == {"id"}


def test_rules_are_learnt_one_after_the_other(bench: Bench, shop: Shop) -> None:
    """Each refusal names the first rule that is not kept; what one has named stays changed for the next."""
    rules = {
        "prepaid_amount": "no prepaid amount",
        "client_birth_date": "no birth date",
        "client_comment": "no comment",
    }
    shop.creates.mock(
        side_effect=lambda request: (
            next(
                (
                    httpx.Response(422, json={"error": told})
                    for field, told in rules.items()
                    if field in request.content.decode()
                ),
                None,
            )
            or shop.create(request)
        )
    )

    bench.supply.fresh(FULL)
    assert shop.creates.call_count == 4
    bench.supply.fresh(FULL)
    assert shop.creates.call_count == 5


@pytest.mark.parametrize("answer", [{"message": "starts_at: outside working hours"}, {"error": "closed then"}])
def test_a_time_may_be_refused_as_a_value(bench: Bench, shop: Shop, answer: dict[str, str]) -> None:
    """What was made before is not refused for its content, nor where the refusal speaks of the start."""
    made = [] if "message" in answer else [bench.supply.fresh(FULL)]
    shop.first = [httpx.Response(422, json=answer)] * 3

    bench.supply.fresh(FULL)

    assert len({sent(shop.creates, number)["starts_at"] for number in range(4 + len(made))}) == 4 + len(made)
    assert {sent(shop.creates, number)["client_name"] for number in range(4 + len(made))} == {
        sent(shop.creates)["client_name"]
    }
    assert bench.supply.left_out == {}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("starts_at must be in UTC, such as 2026-11-02T05:00:00Z", "starts_at"),
        ("client_birth_date is too early", "client_birth_date"),
    ],
)
def test_how_a_start_is_spelled_or_who_was_born_when_is_no_matter_of_the_slot(
    bench: Bench, shop: Shop, told: str, field: str
) -> None:
    """Nor is the day that was asked for: the same is made otherwise."""

    def refuse(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        is_odd = "+" in asked["starts_at"] if field == "starts_at" else field in asked
        return httpx.Response(422, json={"error": told}) if is_odd else shop.create(request)

    shop.creates.mock(side_effect=refuse)
    bench.supply.fresh(replace(FULL, start="offset"))

    # Not one slot after the other.
    assert shop.creates.call_count == 2


def test_a_start_off_the_grid_that_is_refused_is_no_matter_of_the_slot(bench: Bench, shop: Shop) -> None:
    """It would be refused in each of them, and many days would be taken for closed."""

    def refuse(request: httpx.Request) -> httpx.Response:
        is_off = ":15:" in json.loads(request.content)["starts_at"]
        return httpx.Response(422, json={"error": "starts_at must be on the hour"}) if is_off else shop.create(request)

    shop.creates.mock(side_effect=refuse)
    bench.supply.fresh(replace(FULL, start="quarter"))

    assert shop.creates.call_count == 2


LOOK = "see what the target's log says, or set ONELINK_APPOINTMENT_IDS"
TOKEN = "set it to the token of a member who may cancel, from the profile page"
NAME = "the member may not make appointments; name one who may, or set ONELINK_APPOINTMENT_IDS"
BELONG = "see that ONELINK_ACCOUNT_ID and ONELINK_RESOURCE_ID are of this target and belong together"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(401, json={"error": "x"}), f"status is 401; ONELINK_API_TOKEN is not taken here; {TOKEN}"),
        (httpx.Response(403, json={"code": "FEATURE_DISABLED"}), f"status is 403 FEATURE_DISABLED; {NAME}"),
        (httpx.Response(404, html="<p>"), f"status is 404; {BELONG}"),
        (httpx.Response(500), f"status is 500; {LOOK}"),
        (httpx.Response(200, html="<p>Welcome"), f"status is 200; {LOOK}"),
        (httpx.Response(400, json=["x"]), f"status is 400; {LOOK}"),
    ],
)
def test_other_answers_are_the_reason(bench: Bench, shop: Shop, answer: httpx.Response, told: str) -> None:
    """Where no appointment can be made, answer and remedy are reported, and it is no breach."""
    shop.first = [answer]

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh()

    assert str(caught.value) == f"no appointment can be made: {told}"
    assert bench.supply.active == ()
    # What is accepted may have been made all the same.
    assert len(bench.supply.unsure) == answer.is_success


@pytest.mark.parametrize("is_first", [False, True], ids=["after another one", "before any other one"])
@pytest.mark.parametrize("status", [400, 403, 405, 406, 418])
def test_what_a_firewall_blocks_is_made_otherwise(bench: Bench, shop: Shop, status: int, is_first: bool) -> None:  # noqa: FBT001  a parameter
    """Whoever may make one may make others: a refusal is about the text, and the nearest variation is made."""
    if not is_first:
        bench.supply.fresh()
    signs = replace(PLAIN, name="other")
    shop.creates.mock(
        side_effect=lambda request: (
            httpx.Response(status, html="<p>Blocked") if "O'Brien" in request.content.decode() else shop.create(request)
        )
    )

    assert bench.supply.fresh(signs).payload["client_name"] == "Contract Test Guest"
    assert bench.supply.left_out == {str(signs): f"{status}"}
    assert len(bench.supply.active) == 2


def test_a_refusal_that_says_why_is_no_firewalls(bench: Bench, shop: Shop) -> None:
    """The nearest variation is made, and no other one before it: each takes a slot."""
    shop.first = [httpx.Response(400, json={"error": "client_name is invalid", "code": "VALIDATION_ERROR"})]

    assert bench.supply.fresh(replace(PLAIN, name="other")).payload["client_name"] == "Contract Test Guest"
    assert len(bench.supply.active) == 1


def test_a_member_who_may_not_make_any_is_told_so(bench: Bench, shop: Shop) -> None:
    """The plainest appointment is tried once, and nothing else."""
    shop.creates.mock(side_effect=lambda _: httpx.Response(403))

    with pytest.raises(Unprepared, match="status is 403; the member may not make appointments"):
        bench.supply.fresh(replace(PLAIN, name="other"))

    assert shop.creates.call_count == 2


def test_a_service_that_is_not_there_is_named(make_bench: Callable[..., Bench], shop: Shop) -> None:
    """What a 404 may be about is whatever the create named."""
    bench = make_bench(service_id=31, contact_id=51)
    shop.first = [httpx.Response(404, json={"error": "x"})]

    with pytest.raises(Unprepared) as caught:
        bench.supply.fresh(next(variation for variation in pairwise() if variation.service and variation.contact))

    assert str(caught.value) == (
        "no appointment can be made: status is 404; see that ONELINK_ACCOUNT_ID, ONELINK_RESOURCE_ID, "
        "ONELINK_SERVICE_ID and ONELINK_CONTACT_ID are of this target and belong together"
    )
