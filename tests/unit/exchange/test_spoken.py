"""Sentences have plain words for how a request was made."""

from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.exchange.case import COMPANIONS, Case, Intent
from cancel_contract.exchange.credential import SHOWINGS, Credential, Holder
from cancel_contract.exchange.spoken import (
    ASKED,
    CARRIED,
    HELD,
    SAME_KEY,
    as_step,
    asked_for,
    in_words,
    spoken,
    spoken_of,
    unusual,
)

CASE = Case("input/odd-bodies#accept garbage", Intent.ACCEPT, "/cancel")


def test_every_way_to_carry_a_token_has_words() -> None:
    """No two ways have the same words, and none is told by its private name."""
    assert CARRIED.keys() == SHOWINGS.keys()
    assert len(set(CARRIED.values())) == len(CARRIED)
    assert {holder.name.lower() for holder in Holder} - {"member"} == HELD.keys()


def test_every_request_under_test_has_words() -> None:
    """A companion is told by its clause; whatever else is asked, a stranger learns what it was."""
    assert ASKED.keys() == {*Intent} - COMPANIONS


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (CASE, "a cancel that asks for another type of answer"),
        (replace(CASE, intent=Intent.READ), ""),
        (replace(CASE, intent=Intent.REPEAT, at_once=7), "a repeated cancel, at the same moment as 7 more"),
        (replace(CASE, intent=Intent.FIRST, body=b"{}"), "a first cancel, with an empty object as its body"),
        (replace(CASE, intent=Intent.ODDLY_REFUSED, appointment=7, body=b"x"),
         "a cancel that is to be refused, with a body"),
        (replace(CASE, intent=Intent.REFUSED, appointment=None), "a cancel across accounts"),
        (replace(CASE, intent=Intent.METHOD_OVERRIDE, method="GET", query="_method=post"),
         "a GET that names another method in its query"),
        (replace(CASE, intent=Intent.ODDLY_REFUSED, appointment=7, body=b"{}", chunked=True),
         "a cancel that is to be refused, with a body in chunks"),
        (replace(CASE, intent=Intent.AGENT, without=frozenset({"user-agent"})),
         "a cancel without User-Agent"),
        (replace(CASE, intent=Intent.FIRST, credential=Credential(Holder.SECOND), without=frozenset({"accept"})),
         "a first cancel, with the token of a second member of the same account, without a header accept"),
    ],
)  # fmt: skip
def test_a_case_is_told_with_what_is_unusual_in_it(case: Case, words: str) -> None:
    """What is asked, whose token it bears if not the member's own, and which usual header it lacks."""
    assert in_words(case) == words


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        (str(Credential(showing="wildcard")), "with % as the token"),
        (str(Credential(showing="none")), "without a token"),
        (str(Credential(Holder.UNPRIVILEGED)), "with the token of a member who may not cancel"),
        (str(Credential(Holder.FOREIGN)), "with the token of another account's member"),
        (str(Credential(showing="star", over=Holder.UNPRIVILEGED)),
         "with * as the token, and in api_access_token that of a member who may not cancel"),
        ("cookie-and-query over unprivileged",
         "with the token in cookie and query, and in api_access_token that of a member who may not cancel"),
        ("none with internal headers", "without a token, with internal headers"),
        ("unprivileged:right with identity headers",
         "with the token of a member who may not cancel, with identity headers"),
        ("foreign appointment", "for an appointment of another account"),
        ("no Accept", "without Accept"),
        ("a truncated body", "with a truncated body"),
        ("query with a stranger", "with the token in the query, not the header, with a stranger"),
    ],
)  # fmt: skip
def test_a_topic_is_told_in_words(topic: str, words: str) -> None:
    """Whose token it is, and how it is carried; what nobody has named is told as it is."""
    assert spoken(topic) == words


def test_the_one_part_of_a_request_stands_for_all_of_them() -> None:
    """Where it was narrowed down to one header, that is named."""
    whole = replace(CASE, key="access/foreign-token#foreign:right with identity headers")

    assert spoken_of("none with identity headers", whole) == "without a token, with identity headers"
    assert spoken_of("none with identity headers", replace(whole, key=f"{whole.key}, x-tenant-id alone")) == (
        "without a token, with x-tenant-id"
    )
    in_query = replace(CASE, key="access/showings#query, token in the query alone")
    assert spoken_of("query", in_query) == "with the token in the query, named token"
    in_header = replace(CASE, key="access/showings#other-header, the header x-api-key alone")
    assert spoken_of("other-header", in_header) == "with the token in the header x-api-key"
    assert spoken_of("cookie-and-query over unprivileged", in_query) == (
        "with the token in the query, named token, and in api_access_token that of a member who may not cancel"
    )


def test_the_value_of_a_short_header_is_told() -> None:
    """That it was a probe's User-Agent says more than that it was one; a long one is no sign."""
    key = "access/showings#none with internal headers, user-agent alone"
    alone = replace(CASE, key=key, headers=(("user-agent", b"kube-probe/1.29"),))

    assert spoken_of("none with internal headers", alone) == "without a token, with user-agent kube-probe/1.29"
    longer = replace(alone, headers=(("user-agent", b"k" * 21),))
    assert spoken_of("none with internal headers", longer) == "without a token, with user-agent"


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ({"path": "/api/v1/accounts/3/scheduling/appointments/7,8/cancel"}, ", that names appointment 8, too"),
        ({"query": "page=2&appointment_id=8"}, ", that names appointment 8, too"),
        ({"query": "id=7"}, ""),
        ({"query": "paid=8"}, ""),
        ({"query": "id=8", "intent": Intent.READ}, ""),
    ],
)
def test_an_appointment_beside_its_own_is_told(parts: dict[str, Any], more: str) -> None:
    """It may be the one that was cancelled, too."""
    case = replace(CASE, appointment=7, **parts)

    assert (
        as_step(case) == f"{'a read' if 'intent' in parts else 'a cancel that asks for another type of answer'}{more}"
    )


def test_a_case_is_told_in_words() -> None:
    """Its key, which says nothing to a stranger, stands elsewhere."""
    assert asked_for(CASE) == "a cancel that asks for another type of answer"
    assert asked_for(replace(CASE, intent=Intent.READ)) == "input/odd-bodies#accept garbage"
    keyed = replace(CASE, intent=Intent.CHUNKED, headers=(("idempotency-key", SAME_KEY),))
    assert asked_for(keyed) == "a cancel whose body comes in chunks (with the key of another cancel)"
    alone = replace(CASE, intent=Intent.HEADERS, key="input/odd-bodies#headers, referer alone")
    assert asked_for(alone) == in_words(alone) == "a cancel with referer"


@pytest.mark.parametrize(("number", "more"), [(5999, ""), (2**62, ", whose id is past 32 bits")])
def test_an_id_that_few_counters_reach_is_told(number: int, more: str) -> None:
    """A server may fail for its size alone."""
    case = replace(CASE, intent=Intent.UNKNOWN_ID, path=f"/api/v1/accounts/3/scheduling/appointments/{number}/cancel")

    assert in_words(case) == f"a cancel of an appointment that is not there{more}"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"intent": Intent.OTHER_METHOD, "method": "OPTIONS"}, "a request with the method OPTIONS"),
        ({"intent": Intent.RACED, "beside": (Intent.DELETE,)}, "a cancel beside a deletion"),
        ({"intent": Intent.RACED, "beside": (Intent.CREATE, Intent.UPDATE)}, "a cancel beside a booking and an update"),
        ({"intent": Intent.RACED}, "a cancel beside another change"),
        (
            {"intent": Intent.FOREIGN_BODY, "headers": (("content-type", b"text/xml"),)},
            "a cancel with a body of another type than JSON (text/xml)",
        ),
        (
            {"intent": Intent.FOREIGN_BODY, "headers": (("content-type", b"Ann Lee"),)},
            "a cancel with a body of another type than JSON",
        ),
    ],
)
def test_what_is_unusual_is_named(parts: dict[str, Any], words: str) -> None:
    """A method, and who writes at the same moment, say more than that there is another one."""
    case = Case("k", path="/", **parts)

    assert asked_for(case) == in_words(case) == words


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/accounts/3/visits/7/cancel/", "…/7/cancel/"),
        ("/api/accounts/3/visits/7/./cancel", "…/7/./cancel"),
        ("/api/accounts/3/visits/7/cancel.json", "…/7/cancel.json"),
        ("/api/accounts/3abc/visits/7/cancel", "…/accounts/3abc/visits/7/cancel"),
        ("/API/accounts/3/visits/7/cancel", "/API/accounts/3/visits/7/cancel"),
        ("//api/accounts/3/visits/7/cancel", "//api/accounts/3/visits/7/cancel"),
        ("/api/accounts/3/visits/7/cancel", "/api/accounts/3/visits/7/cancel"),
    ],
)
def test_of_another_path_that_is_told_which_is_unusual(path: str, told: str) -> None:
    """Its beginning is the same for all of them, and long."""
    assert unusual(path, "/api/accounts/3/visits/7/cancel") == told
