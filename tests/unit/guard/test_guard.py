"""What the guard lets leave, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    appointments_path,
)
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.guard.request import request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.conftest import Inner

STRANGER = 12


SPELLINGS = (
    "{}", "{}abc", "%20{}", "+{}", "%2B{}", "{}%00", "-{}", "{}%2F..%2F{}", "{};x=y", "'{}'", "{}%0A",
)  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_strangers_are_refused_and_ours_pass(
    refused: Callable[..., str], passes: Callable[..., None], spelling: str
) -> None:
    """An id that may be read as a stranger's is refused with the reason; the same spelling of our own passes."""
    text = spelling.format(STRANGER, STRANGER)

    reason = refused(path=ACTION.path(1, text))
    if ".." not in spelling:
        passes(path=ACTION.path(1, spelling.format(5001)))

    assert reason.endswith("may be read as 12, which is neither owned nor harmless")


@pytest.mark.parametrize(
    "text",
    ["1_2", "1,2", "0x0c", "0b1100", "014", "%D9%A1%D9%A2", "%EF%BC%91%EF%BC%92", "%31%32", "%2531%2532",
     "%252531%252532", str(2**64 + 12), str(2**32 + 12), "%C0%B1%C0%B2", "%u0031%u0032", "1.2e1", "120e-1",
     "5001%2F..%2F12", "5001/../12", "5001/..;/12", "5001%5C..%5C12", "5001/%2e%2e/12", "5001/%252e%252e/12",
     "12%3B5001", "12%23", "12%3F", "%5B12%5D", "5001-12", "visit-5001-12", "5001.0", "5001;x=1"],
)  # fmt: skip
def test_odd_spellings_of_strangers_are_refused(refused: Callable[..., str], text: str) -> None:
    """However a stranger's id is spelled or hidden in the path, the request does not leave."""
    assert refused(path=ACTION.path(1, text))


@pytest.mark.parametrize(
    "text", ["1_2", "12abc", "1,12", "+12", "-12", "0x0c", str(2**64 + 12), "%D9%A1%D9%A2", "12%00"]
)
def test_the_same_texts_pass_over_owned_ids(make_bench: Callable[..., Bench], inner: Inner, text: str) -> None:
    """Where 12 is ours, and 1, 2 and 112, as which some of them are read, every spelling of it passes."""
    bench = make_bench(inner)
    for number in (1, 2, 12, 112):
        bench.ownership.own(number)

    bench.sender.send(Case("test", Intent.MALFORMED_ID, ACTION.path(1, text)))

    assert [request.extensions["target"] for request in inner.sent] == [ACTION.path(1, text).encode()]


def test_a_refusal_says_what_and_why(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """The refusal names request and reason, and no token."""
    bench = make_bench(inner)

    with pytest.raises(Refused) as caught:
        bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, "12abc"), credential=Credential(showing="query")))

    assert str(caught.value) == (
        "POST /api/v1/accounts/1/scheduling/appointments/12abc/cancel?api_access_token=$ONELINK_API_TOKEN"
        "&access_token=$ONELINK_API_TOKEN&token=$ONELINK_API_TOKEN&api_key=$ONELINK_API_TOKEN "
        "was not sent: appointment '12abc' may be read as 12, which is neither owned nor harmless"
    )


@pytest.mark.parametrize("shown", [Credential(), Credential(showing="none"), Credential(Holder.FOREIGN)])
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_no_token_opens_a_strangers_appointment(
    make_bench: Callable[..., Bench], inner: Inner, method: str, shown: Credential
) -> None:
    """Whichever token is sent or left out, no write names a stranger's appointment."""
    bench = make_bench(inner, foreign_api_token="Foreign4k8mP27w5Xx9L")

    for path in (appointment_path(1, STRANGER), ACTION.path(1, STRANGER)):
        with pytest.raises(Refused, match="may be read as 12, which is neither owned nor harmless"):
            bench.sender.send(Case("test", Intent.OTHER_METHOD, path, method, shown))

    assert inner.sent == []


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1/accounts/1", "/api/v1/accounts/1/scheduling/resources/9", appointments_path(1) + "/", "//evil/",
     "/api/v1/accounts/1/scheduling/appointments/cancel", "/api/v1/accounts/1/scheduling/appointments//cancel",
     appointment_path(1, 5001) + "/payments/3", appointment_path(1, "5001%2Fpayments%2F5001") + "/cancel",
     "/x" + ACTION.path(1, 5001), appointment_path(1, 5001) + "/../../resources/9", "/api/v2/accounts/1/x",
     appointment_path(1, 5001) + "/5002/cancel", appointment_path(1, 5001) + "/%2e%2e",
     "/%61pi/v1/accounts/1/scheduling"],
)  # fmt: skip
def test_writes_to_other_paths_are_refused(refused: Callable[..., str], method: str, path: str) -> None:
    """What could change something and is no one appointment of ours does not leave."""
    assert refused(path=path, method=method, intent=Intent.OTHER_PATH) == (
        "it could change something, and names no appointment"
    )


@pytest.mark.parametrize("text", ["5001%2F12", "5001%5C12", "5001%252F12"])
def test_what_stands_behind_an_escaped_slash_is_an_id_as_well(refused: Callable[..., str], text: str) -> None:
    """A proxy that undoes the escape, or a router that takes the last part, reads a stranger's there."""
    told = refused(path=ACTION.path(1, 5001).replace("/5001", f"/{text}"), intent=Intent.MALFORMED_ID)

    assert told.endswith("may be read as 12, which is neither owned nor harmless")


@pytest.mark.parametrize(
    "path",
    ["{0}/", "{0}.json", "{0}%20", "{0}/.", "{1}//cancel", "{1}/%63ancel", "{1}/Cancel", "{1}/./cancel",
     "{1};x=y/cancel", "{1}%2F5001/cancel", "{1}'%20AND%20''='/cancel"],
)  # fmt: skip
def test_spellings_of_the_path_pass(passes: Callable[..., None], path: str) -> None:
    """Another spelling of the path of an appointment of ours leaves as it is."""
    passes(path=path.format(ACTION.path(1, 5001), appointment_path(1, 5001)), intent=Intent.OTHER_PATH)


@pytest.mark.parametrize(
    "path",
    ["{0}/5001", "{0}/5002/", "{0}.", "{0}.html", "{1}/%2563ancel", "{1}%5Ccancel", "{2}", "{3}"],
)
def test_more_spellings_of_the_path_pass(passes: Callable[..., None], path: str) -> None:
    """So does one with another id of ours at its end, with a climb to where it was, or in other letters."""
    plain = ACTION.path(1, 5001)
    climbing = plain.replace("/appointments/", "/appointments/../appointments/")
    passes(
        path=path.format(plain, appointment_path(1, 5001), climbing, plain.replace("/api/", "/API/")),
        intent=Intent.OTHER_PATH,
    )


@pytest.mark.parametrize("end", ["12", "12/", "5001/12", "12abc", "%31%32", "x", "all", "5001%2F12", "5001,12", "1e1"])
def test_what_follows_the_action_is_ours(refused: Callable[..., str], end: str) -> None:
    """Behind the action nothing but one number of an appointment of ours may stand, and no word."""
    assert refused(path=f"{ACTION.path(1, 5001)}/{end}", intent=Intent.OTHER_PATH)


@pytest.mark.parametrize("path", ["{0}/../appointments/12/cancel", "{0}/../{1}/5001/cancel", "{0}/../../12/cancel"])
def test_a_climb_leads_to_what_is_ours(refused: Callable[..., str], path: str) -> None:
    """A path that climbs to a stranger's appointment, or through anything else, does not leave."""
    assert refused(path=path.format(appointments_path(1), "resources"), intent=Intent.OTHER_PATH)


def test_a_header_may_name_a_user_whom_ours_name(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """The user's header may hold the id of who made an appointment of ours: no other header, and no other id."""
    bench = make_bench(inner)

    def objection(name: str, value: bytes) -> str | None:
        case = Case("test", Intent.FIRST, ACTION.path(1, 5001), headers=((name, value),))
        return bench.guard.objection(request_of(case, bench.target))

    told = "its field x-user-id may be read as 12, which is neither owned nor harmless"
    assert objection("x-user-id", b"12") == told
    bench.ownership.know_user(12)
    assert objection("X-User-Id", b"12") is None
    assert objection("x-user-id", b"13") == told.replace("12", "13")
    assert objection("x-user-id", b"12abc") == told
    assert objection("x-appointment-id", b"12") == told.replace("user", "appointment")


def test_accounts_have_to_be_ours(refused: Callable[..., str]) -> None:
    """A write or a read that may be read to name another account is refused."""
    reason = "account '7abc' may be read as 7, which is not ours"

    assert refused(path=ACTION.path("7abc", 5001)) == reason
    assert refused(path=appointment_path("7abc", 5001), method="GET") == reason
    assert refused(path=appointments_path(2**40)) == (
        "account '1099511627776' may be read as 1099511627776, which is not ours"
    )


def test_reads_may_ask_for_high_ids_only(refused: Callable[..., str], passes: Callable[..., None]) -> None:
    """A read of a stranger's appointment is refused, of an id that no counter reaches it is not."""
    passes(path=appointment_path(1, 2**40), method="GET", intent=Intent.READ)
    passes(path=appointments_path(1), method="GET", intent=Intent.LIST, query="from=2030-01-01&status=cancelled")

    assert refused(path=appointment_path(1, STRANGER), method="GET", intent=Intent.READ) == (
        "appointment '12' may be read as 12, which is neither owned nor harmless"
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"method": "POST"},
        {"query": "_method=post"},
        {"headers": (("x-http-method-override", b"POST"),)},
        {"intent": Intent.READ},
        {"path": ACTION.path(1, STRANGER)},
        {"path": appointment_path(1, "12abc")},
        {"path": appointment_path(7, STRANGER)},
    ],
)
def test_recognising_is_a_plain_read(
    refused: Callable[..., str], passes: Callable[..., None], parts: dict[str, Any]
) -> None:
    """A look for a mark may name a stranger's appointment, by a plain read of it in our account and in no other way."""
    plain: dict[str, Any] = {"path": appointment_path(1, STRANGER), "method": "GET", "intent": Intent.RECOGNISE}
    passes(**plain)

    assert "may be read as" in refused(**(plain | parts))
