"""The appointments of a run differ in what a back end may get wrong."""

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.scenarios.kinds import VARIATIONS
from cancel_contract.supply.variations import (
    FULL,
    KIN,
    OFF_GRID,
    STATUSES,
    VISITS,
    Variation,
)
from cancel_contract.target.settings import Settings

AMOUNTS = ("service_amount", "prepaid_amount", "settlement_amount")
COLUMN = 255
LARGEST_EXACT = 2**24
"""Past it a number of four bytes has gaps."""


def test_every_word_of_the_api_is_cancelled() -> None:
    """Each earlier status, type of visit and state of payment stands among the variations of first cancels."""
    assert {variation.status for variation in VARIATIONS} == set(STATUSES)
    assert {variation.visit for variation in VARIATIONS} == set(VISITS)
    paid = {"ahead", "paid", "twice", "largest", "transferred", "partly"}
    assert {variation.payment for variation in VARIATIONS} == {"free", "small", *paid}


def test_no_amount_is_round() -> None:
    """An amount that is rounded, or goes through a number of four bytes, becomes another one."""
    bodies = [variation.fields(Settings()) for variation in (*VARIATIONS, FULL)]
    amounts = {body[name] for body in bodies for name in AMOUNTS if name in body}

    assert [amount for amount in amounts if amount and amount % 10 == 0 and amount < LARGEST_EXACT] == []
    assert any(amount > LARGEST_EXACT and amount % 2 for amount in amounts)


def test_received_is_the_price_where_all_is_paid() -> None:
    """What is paid in two parts adds up to the price."""
    body = FULL.fields(Settings())

    assert body["prepaid_amount"] + body["settlement_amount"] == body["service_amount"]


def test_kin_share_all_that_a_query_may_go_by() -> None:
    """Two of one kind have contact, service, identifier, name, telephone and birth date in common."""
    body = KIN.fields(seeded_settings("http://127.0.0.1"))

    shared = {"contact_id", "service_id", "client_identifier", "client_name", "client_phone", "client_birth_date"}
    assert shared <= set(body)


def test_texts_hold_what_a_back_end_stumbles_over() -> None:
    """Names of one word, and comments with a format's, a template's and a query's own signs, are among them."""
    bodies = [variation.fields(Settings()) for variation in VARIATIONS]
    comments = {body["client_comment"] for body in bodies if "client_comment" in body}

    assert any(" " not in body["client_name"] for body in bodies)
    assert any(set('%{}"&\\\n') <= set(comment) for comment in comments)
    assert all("test" in comment for comment in comments)


@pytest.mark.parametrize("visit", VISITS)
def test_every_type_of_visit_is_unpaid_paid_in_part_and_paid(visit: str) -> None:
    """Whatever goes by the type of a visit and by what was received is met."""
    mine = (one.fields(Settings()) for one in (*VARIATIONS, FULL, KIN, OFF_GRID) if one.visit == visit)
    shares = [(one.get("prepaid_amount", 0) + one.get("settlement_amount", 0), one["service_amount"]) for one in mine]

    parts = {"none" if not got else "all" if got == price else "some" for got, price in shares}
    assert parts == {"none", "some", "all"}


def test_money_comes_prepaid_by_card_and_in_cash() -> None:
    """A prepayment that a gateway would pay back, and one that lies in the till."""
    methods = {variation.fields(Settings()).get("prepaid_payment_method") for variation in VARIATIONS}

    assert methods == {None, "card", "cash"}


def test_children_and_the_old_are_born() -> None:
    """Somebody was born before 1970 on a leap day, somebody on the day on which Almaty's offset changed."""
    born = {variation.fields(Settings()).get("client_birth_date") for variation in VARIATIONS}

    assert born == {None, "1956-02-29", "2024-03-01", "2000-01-01"}


def test_rare_values_stand_where_they_are_cancelled_plainly() -> None:
    """Free with a service and without, the longest visit, texts past a column, and times in other spellings."""
    free = {variation.service for variation in VARIATIONS if variation.payment == "free"}
    bodies = [variation.fields(Settings()) for variation in VARIATIONS]

    assert free == {True, False}
    assert {variation.minutes for variation in VARIATIONS} == {10, 30, 45, 60, 90, 150, 720}
    assert {variation.start for variation in (*VARIATIONS, OFF_GRID)} == {"plain", "offset", "fraction", "quarter"}
    assert any((variation.stated or 0) > variation.minutes for variation in VARIATIONS)
    assert any(len(body["client_name"]) > COLUMN and len(body["client_comment"]) > COLUMN for body in bodies
               if "client_comment" in body)  # fmt: skip
    assert any(not unicodedata.is_normalized("NFC", body["client_name"]) for body in bodies)


def test_a_start_is_spelled_as_callers_do() -> None:
    """It names the same time with an offset, and half a second more with a fraction."""
    start, zone = datetime(2031, 4, 5, 5, tzinfo=UTC), ZoneInfo("Asia/Almaty")
    spelled = {how: Variation(start=how).spelled(start, zone) for how in ("plain", "offset", "fraction")}

    assert spelled == {
        "plain": "2031-04-05T05:00:00Z",
        "offset": "2031-04-05T10:00:00+05:00",
        "fraction": "2031-04-05T05:00:00.500Z",
    }
    assert Variation(minutes=60, start="quarter").room == 90  # three slots, two of them in part


def test_what_is_near_reaches_nobody() -> None:
    """What begins soon, or has begun, has neither a telephone nor a contact."""
    near = [variation for variation in (*VARIATIONS, OFF_GRID) if variation.begins != "ahead"]

    assert {variation.begins for variation in near} == {"soon", "running"}
    assert not any(variation.phone or variation.contact for variation in near)


def test_rich_texts_are_in_what_is_read_before_its_cancel() -> None:
    """A target may keep something else than the answer to a create shows: only a read shows what it is."""
    rich = [variation for variation in VARIATIONS if variation.texts == "rich"]
    bodies = [variation.fields(Settings()) for variation in rich]

    assert len(rich) > 1
    assert all(variation.is_rewritten for variation in rich)
    assert {type(value) for body in bodies for value in body["custom_attributes"].values()} >= {dict, bool, type(None)}
    assert all("\u200d" in body["client_comment"] for body in bodies)
    assert all(body["client_phone"].startswith("+999 264 81 9") for body in bodies)


def test_each_client_has_a_telephone_number_of_its_own() -> None:
    """Some targets know one client by one number, and show all visits by the name that it was given with last."""
    clients = {(one["client_phone"], one["client_name"]) for one in map(_fields, VARIATIONS) if "client_phone" in one}

    assert len(clients) >= 5
    assert len({number for number, _ in clients}) == len(clients)


def _fields(variation: Variation) -> dict[str, object]:
    return variation.fields(Settings())


def test_both_genders_are_among_the_clients() -> None:
    """One who is full has another gender than an update beside a cancel names."""
    bodies = [variation.fields(Settings()) for variation in (*VARIATIONS, FULL)]

    assert {body.get("client_gender") for body in bodies} == {"male", "female", None}
    assert bodies[-1]["client_gender"] == "female"
