"""An answer to a create or an update is a view of the appointment where it has the fields of what follows it."""

from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.ledger.row import Verdict
from tests.unit.tools.conftest import PAYLOAD, TOKEN, URL, Entry, Judged

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


@pytest.mark.parametrize(
    ("source", "became", "is_blamed"),
    [
        ("medelement", {"status": "completed", "client_comment": "Call back"}, False),
        ("medelement", {"status": "cancelled"}, True),
        ("api", {"client_comment": "Call back"}, True),
    ],
)
def test_what_the_clinic_writes_into_an_imported_one_is_no_cancels_doing(
    judged: Callable[..., Judged], shown: Callable[..., Entry], source: str, became: dict[str, Any], *, is_blamed: bool
) -> None:
    """Its own system may change it at any time; that it was cancelled beside the cancel of another one is told."""
    before = ACTIVE | {"source": source, "client_comment": None}
    cancel = shown(1, "POST", {**PAYLOAD, "id": 124}, 200, f"{OTHER}/cancel")
    found = judged(shown(0, "GET", before), cancel, shown(2, "GET", before | became))

    assert (NEIGHBOUR in found.wrong) is is_blamed


def test_a_create_of_other_fields_is_compared_with_no_cancel(
    judged: Callable[..., Judged], shown: Callable[..., Entry]
) -> None:
    """What it does not show has not come with the cancel."""
    view = {name: ACTIVE[name] for name in ("id", "status", "payment_status", "service_amount")}
    create = shown(0, "POST", view, 201, URL.removesuffix("/123"))
    cancel = shown(1, "POST", PAYLOAD, 200, f"{URL}/cancel")

    assert not judged(create, cancel, shown(2, "GET", PAYLOAD)).wrong


LESS = {"client_phone": "ends in 09"}
OTHER_MEMBER = {"api_access_token": "Qm4Ns8Lt2Vx6Bz0Cy1Dw"}


@pytest.fixture
def by_two(recorded: Callable[..., Entry]) -> list[Entry]:
    """One member reads, cancels and reads; another one, who is shown less, cancels again, reads, and lists."""

    def make(second: float, payload: object, method: str = "GET", url: str = URL, **headers: str) -> Entry:
        return recorded({"payload": payload}, second=second, method=method, url=url, headers=headers)

    less = PAYLOAD | LESS
    cancel, listed = f"{URL}/cancel", URL.removesuffix("/123")
    return [
        make(0, ACTIVE), make(1, PAYLOAD, "POST", cancel), make(2, PAYLOAD),
        make(3, less, "POST", cancel, **OTHER_MEMBER), make(4, less, **OTHER_MEMBER),
        make(7, [less], url=listed, **OTHER_MEMBER),
    ]  # fmt: skip


def test_what_one_member_is_shown_is_not_held_against_another_one(
    judged: Callable[..., Judged], by_two: list[Entry]
) -> None:
    """The list is the second member's as well."""
    found = judged(*by_two)

    assert not found.wrong
    assert found["effect/read-back"] is Verdict.HELD


@pytest.mark.parametrize(
    "signed_in",
    [
        {"cookie": "_crm_session={}; _ga=GA1.2.7"},
        {"authorization": "Bearer {}"},
        {"uid": "{}", "access-token": "renewed with each answer"},
    ],
    ids=lambda signed_in: next(iter(signed_in)),
)
def test_two_sessions_are_two_callers(
    judged: Callable[..., Judged], by_two: list[Entry], signed_in: dict[str, str]
) -> None:
    """Where no token was recorded, a member is told from another one by what signs them in."""

    def by(*members: str) -> set[str]:
        for one, member in zip(by_two, (*members[:1] * 3, *members[1:] * 3), strict=True):
            sent = {"host": "staging.example", **{name: text.format(member) for name, text in signed_in.items()}}
            one["request"]["headers"] = [{"name": name, "value": value} for name, value in sent.items()]
        return set(judged(*by_two).wrong)

    assert by("Qm4Ns8Lt2Vx6Bz0Cy1Dw", "Ab3Cd5Ef7Gh9Jk1Lm3Np") == set()
    assert "repeat/same-payload" in by("Qm4Ns8Lt2Vx6Bz0Cy1Dw", "Qm4Ns8Lt2Vx6Bz0Cy1Dw")


def test_one_member_is_shown_the_same_each_time(judged: Callable[..., Judged], by_two: list[Entry]) -> None:
    """The same answers to one token are a breach."""
    for one in by_two:
        one["request"]["headers"] = [
            {**pair, "value": TOKEN} if pair["name"] == "api_access_token" else pair
            for pair in one["request"]["headers"]
        ]

    assert "repeat/same-payload" in judged(*by_two).wrong


@pytest.mark.parametrize("second", [1.05, 3.0], ids=["at the same time", "later"])
def test_cancels_of_two_members_beside_a_change_are_a_race(
    judged: Callable[..., Judged], shown: Callable[..., Entry], second: float
) -> None:
    """The first cancel is not judged before the change beside it was seen."""
    renamed = {**PAYLOAD, "client_name": "Another Name"}
    first, other = (shown(at, "POST", renamed, url=f"{URL}/cancel") for at in (1.0, second))
    other["request"]["headers"][-1]["value"] = OTHER_MEMBER["api_access_token"]
    change = shown(second + 0.01, "PATCH", renamed)

    assert bool(judged(shown(0, "GET", ACTIVE), first, other, change).wrong) is (second > 1.12)
