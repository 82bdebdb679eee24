"""What the guard looks for in headers and bodies, and how it treats hand-made requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointments_path,
)
from cancel_contract.guard.id_readings import readings
from cancel_contract.guard.ownership import FIRST_IMPOSSIBLE
from tests.unit.guard.conftest import BODY, JSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.conftest import Inner


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/json", b'{"id": 12}'),
        (b"application/json; charset=utf-8", b'{"appointment": {"id": "12abc"}}'),
        (b"application/x-www-form-urlencoded", b"id=12"),
        (b"application/xml", b"<id>12</id>"),
    ],
)
def test_strangers_in_bodies_are_refused(refused: Callable[..., str], kind: bytes, body: bytes) -> None:
    """A cancel of ours that names a stranger's appointment in its body does not leave."""
    assert "may be read as 12, which is neither owned nor harmless" in refused(
        intent=Intent.BODY, headers=(("content-type", kind),), body=body
    )


def test_strangers_in_queries_and_headers_are_refused(refused: Callable[..., str]) -> None:
    """A write that names a stranger, or another account, in its query or a header is refused; a read's query does no
    harm.
    """
    assert refused(query="id=12") == "its field id may be read as 12, which is neither owned nor harmless"
    assert refused(query="account_id=7") == "its field account_id may be read as 7, which is neither owned nor harmless"
    assert refused(headers=(("X-Appointment-Id", b"12"),)) == (
        "its field x-appointment-id may be read as 12, which is neither owned nor harmless"
    )


def test_owned_ids_in_fields_pass(passes: Callable[..., None]) -> None:
    """Two appointments of ours may stand in one request."""
    passes(query="id=5002", headers=JSON, body=b'{"appointment_id": 5002, "account_id": 1}', intent=Intent.BODY)


def test_ids_in_headers_for_the_road_pass(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """A header that the settings name for the road is no appointment's id."""
    make_bench(inner, extra_headers="X-Client-Id: 12").sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001)))

    assert inner.sent[0].headers["x-client-id"] == "12"


@pytest.mark.parametrize(
    "header",
    ["X-HTTP-Method-Override", "x_http_method_override", "X-Method-Override", "X-HTTP-Method", "X-Original-URL",
     "X-Rewrite-URL", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Host"],
)  # fmt: skip
def test_overrides_are_declared_by_a_case(bench: Bench, header: str) -> None:
    """A header that changes what a request is leaves only where the case names it."""
    request = httpx.Request("GET", "http://127.0.0.1:9" + ACTION.path(1, 5001), headers={header: "POST"})

    assert bench.guard.objection(request) == f"no case declared its header {header.lower()}"

    request.extensions["case"] = Case("test", Intent.METHOD_OVERRIDE, "/", headers=((header, b"POST"),))
    assert bench.guard.objection(request) is None


def test_an_overridden_path_is_held_to_the_same_rules(refused: Callable[..., str], passes: Callable[..., None]) -> None:
    """A header that puts another path in the place of the path may not name a stranger's appointment either."""
    passes(headers=(("x-original-url", ACTION.path(1, 5002).encode()),))

    for path in (ACTION.path(1, 12), "http://127.0.0.1:9" + ACTION.path(1, 12)):
        reason = refused(headers=(("x-original-url", path.encode()),))
        assert reason == "appointment '12' may be read as 12, which is neither owned nor harmless"
    assert refused(headers=(("x-original-url", b"/admin"),)) == "it could change something, and names no appointment"


def test_an_overridden_read_is_a_write(refused: Callable[..., str]) -> None:
    """A GET that asks for another method is held to the rules of a write."""
    for parts in (
        {"query": "_method=delete"},
        {"query": "a=1;%5Fmethod=delete"},
        {"headers": (("x-http-method", b"PUT"),)},
    ):
        assert refused(method="GET", path=appointments_path(1), **parts) == (
            "it could change something, and names no appointment"
        )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://127.0.0.1:9", "https://127.0.0.1:9 is not the target, http://127.0.0.1:9"),
        ("http://127.0.0.1:10", "http://127.0.0.1:10 is not the target, http://127.0.0.1:9"),
        ("http://127.0.0.1", "http://127.0.0.1 is not the target, http://127.0.0.1:9"),
        ("http://evil.test:9", "http://evil.test:9 is not the target, http://127.0.0.1:9"),
        ("http://me:secret@127.0.0.1:9", "its URL holds a user or a password"),
    ],
)
def test_other_origins_are_refused(bench: Bench, url: str, reason: str) -> None:
    """Nothing goes to another host, port or scheme, or as another user."""
    assert bench.guard.objection(httpx.Request("GET", url + ACTION.path(1, 5001))) == reason


def test_the_request_line_is_the_cases_own(bench: Bench, case: Callable[..., Case]) -> None:
    """A request target or Host that no case declared does not leave."""
    url = "http://127.0.0.1:9" + ACTION.path(1, 5001)
    hidden = httpx.Request("POST", url, extensions={"target": ACTION.path(1, 5002).encode()})
    other = httpx.Request("POST", url, extensions={"target": ACTION.path(1, 5002).encode(), "case": case()})
    query = httpx.Request("POST", url, extensions={"target": ACTION.path(1, 5001).encode() + b"?a=1", "case": case()})
    host = httpx.Request("POST", url, headers={"Host": "evil.test"})

    assert [bench.guard.objection(request) for request in (hidden, other, query, host)] == [
        "no case declared its request target",
        "no case declared its request target",
        "no case declared its request target",
        "its Host header names another host",
    ]
    assert bench.guard.objection(httpx.Request("POST", url)) is None


@pytest.mark.parametrize(
    "target", [b"http://evil.test/x", b"*", b"evil.test:443", b"@evil.test/", b"", b"/a b", b"/a\r\nX: y", b"/\xd0\xb9"]
)
def test_a_target_is_a_path(bench: Bench, target: bytes) -> None:
    """Absolute, authority and asterisk forms, blanks, line breaks and raw bytes in a request target are refused."""
    text = target.decode("latin-1")
    request = httpx.Request(
        "GET", "http://127.0.0.1:9", extensions={"target": target, "case": Case("test", Intent.READ, text)}
    )

    assert bench.guard.objection(request) == "its request target is not a path of printable ASCII characters"


@pytest.mark.parametrize("method", ["CONNECT", "POST /x HTTP/1.1\r\nX:", "", "P OST"])
def test_a_method_is_a_word(bench: Bench, method: str) -> None:
    """A method that tunnels, or that would make another request line, is refused."""
    request = httpx.Request(method, "http://127.0.0.1:9" + ACTION.path(1, 5001))

    assert bench.guard.objection(request) == "its method is none of a plain request"


def test_a_target_of_too_many_layers_is_refused(refused: Callable[..., str]) -> None:
    """What is percent-encoded more often than is looked at does not leave."""
    text = "%" + "25" * 9 + "31"

    assert refused(path=ACTION.path(1, text)) == "its request target is percent-encoded too often to be read"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (("x-a", b"1\r\nx-b: 2"), "its header x-a holds a line break, a control character or a blank at an end"),
        (("x-a", b"1\x00"), "its header x-a holds a line break, a control character or a blank at an end"),
        (("x-a", b" 1"), "its header x-a holds a line break, a control character or a blank at an end"),
        (("x-a", b"1\t"), "its header x-a holds a line break, a control character or a blank at an end"),
        (("x a", b"1"), "the name of one of its headers holds a character that none may hold"),
        (("x-a\r\n", b"1"), "the name of one of its headers holds a character that none may hold"),
        (("Transfer-Encoding", b"chunked"), "its header transfer-encoding changes where its body ends or what it says"),
        (("transfer_encoding", b"chunked"), "its header transfer_encoding changes where its body ends or what it says"),
        (("Upgrade", b"h2c"), "its header upgrade changes where its body ends or what it says"),
        (("Content-Encoding", b"gzip"), "its header content-encoding changes where its body ends or what it says"),
        (("Content-Length", b"4"), "its header content-length is not the length of its body"),
        (("Content-Length", b"+2"), "its header content-length is not the length of its body"),
        (("content_length", b"4"), "it states the length of its body more than once"),
        (("content-type", b"text/plain; charset=utf-7"), "its body is in a charset that is not looked into"),
    ],
)
def test_headers_that_make_another_message_are_refused(
    refused: Callable[..., str], header: tuple[str, bytes], reason: str
) -> None:
    """No header ends the message elsewhere, or hides what it says."""
    assert refused(headers=(header,), body=b"ab") == reason


def test_lengths_are_stated_once(bench: Bench) -> None:
    """A length that is stated twice is refused, even where both are right."""
    url = "http://127.0.0.1:9" + ACTION.path(1, 5001)
    request = httpx.Request("POST", url, headers=[("content-length", "2"), ("content-length", "2")], content=b"ab")

    assert bench.guard.objection(request) == "it states the length of its body more than once"


def test_one_host_is_named(bench: Bench) -> None:
    """A Host that stands twice is refused: each server on the road may believe another one."""
    url = "http://127.0.0.1:9" + ACTION.path(1, 5001)
    request = httpx.Request("POST", url, headers=[("host", "127.0.0.1:9"), ("Host", "127.0.0.1:9")])

    assert bench.guard.objection(request) == "it has more than one Host header"


@pytest.mark.parametrize("value", [b"", b"a b", b"a\tb", "токен".encode(), b"x" * 5000])
def test_odd_values_pass(passes: Callable[..., None], value: bytes) -> None:
    """A value that HTTP allows leaves, however odd it is."""
    passes(headers=(("x-a", value),))


def test_a_request_without_a_case_is_held_to_the_rules(bench: Bench) -> None:
    """A request that no case stands behind makes nothing, and names nothing but ours."""
    create = httpx.Request("POST", "http://127.0.0.1:9" + appointments_path(1), json=BODY)
    cancel = httpx.Request("POST", "http://127.0.0.1:9" + ACTION.path(1, 12), extensions={"case": "none"})

    assert bench.guard.objection(create)
    assert bench.guard.objection(cancel) == "appointment '12' may be read as 12, which is neither owned nor harmless"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.text(alphabet=st.characters(codec="ascii", exclude_characters="?")) | st.from_regex(r"[0-9%+_.,;/a-e -]{1,12}"),
    st.sampled_from(["POST", "GET", "PATCH", "DELETE"]),
    st.sampled_from(["/cancel", ""]),
)
def test_nothing_leaves_that_names_a_stranger(bench: Bench, text: str, method: str, end: str) -> None:
    """Whatever text is sent as an id, what leaves has no reading below 2^31 but those of our own."""
    path = f"{appointments_path(1)}/{text}{end}"
    request = httpx.Request(
        method,
        "http://127.0.0.1:9",
        extensions={"target": path.encode(), "case": Case("test", Intent.OTHER_PATH, path, method)},
    )

    if bench.guard.objection(request) is None:
        first = text.replace("\\", "/").lstrip("/").partition("/")[0]
        named = {n for n in readings(first) if 0 < n < FIRST_IMPOSSIBLE and n not in {5001, 5002}}
        assert not named or (method == "GET" and min(named) >= 2**31)


def test_closing_the_guard_closes_the_wire(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """Closing the guard closes the wire."""
    with make_bench(inner).guard:
        assert not inner.closed

    assert inner.closed
