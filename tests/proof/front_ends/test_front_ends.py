"""An honest provider behind nginx or HAProxy, with usual settings, raises no alarm."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.provider import Hooks, Variant
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.behaviours import EVERY, Map
from tests.proof.conftest import Done
from tests.proof.front_ends.conftest import Certificates, Front, Start

Gate = Callable[..., Done]

WAITS = pytest.mark.waits
"""A test that does little else: each worker begins early with its share of them."""
GZIP = "gzip on;\ngzip_types *;\ngzip_min_length 1;\ngzip_proxied any;"
LIMIT = "limit_req_zone $binary_remote_addr zone=all:1m rate=60r/s;"
LOW = LIMIT.replace("60r", "45r")
LIMITED = "limit_req zone=all burst=20 nodelay;"
SHORT = "keepalive_requests 5;\nkeepalive_timeout 1;"
REFUSED = "http-request track-sc0 src\nhttp-request deny deny_status {} if {{ sc_http_req_rate(0) gt 20 }}"
PACKED = "compression algo gzip\ncompression type application/json"
RATE = "stick-table type ip size 1k expire 10s store http_req_rate(1s)\n"


Seen = Callable[[dict[str, Any]], bool]


def _status(number: int) -> Seen:
    """Whether an answer has this status."""
    return lambda answer: bool(answer["status"] == number)


def _header(name: str, value: str) -> Seen:
    """Whether an answer has this header."""
    return lambda answer: any((one["name"].lower(), one["value"]) == (name, value) for one in answer["headers"])


def _recorded(gate: Gate, front: Front, folder: Path, **settings: object) -> tuple[Done, list[dict[str, Any]]]:
    """Run the gate, and give the answers that it recorded."""
    har = folder / "run.har"
    done = gate(front.base_url, "--contract-har", str(har), **settings)
    return done, [entry["response"] for entry in json.loads(har.read_bytes())["log"]["entries"]]


def _is_held(done: Done, front: Front) -> None:
    """Everything held, nothing is left, and nobody else's appointment was named or touched."""
    audit = front.provider.audit
    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held"), done.out
    assert " BROKEN 0 " in done.out
    assert (audit.named, audit.touched, audit.active(PREFIX)) == (0, (), ())


@pytest.mark.parametrize(
    ("shared", "server", "location", "seen"),
    [
        pytest.param("", "", "", _status(200), id="plain"),
        pytest.param("", GZIP, "", _header("content-encoding", "gzip"), id="gzip"),
        pytest.param(LIMIT, "", f"{LIMITED}\nlimit_req_status 429;", _status(429), id="limit-429", marks=WAITS),
        pytest.param(LIMIT, "", LIMITED, _status(503), id="limit-503", marks=WAITS),
        pytest.param(LOW, "", LIMITED.replace("20", "2"), _status(503), id="low-limit-503", marks=WAITS),
        pytest.param("", SHORT, "", _header("connection", "close"), id="short-keep-alive"),
        pytest.param("", "client_max_body_size 1k;", "", _status(413), id="small-bodies"),
    ],
)
def test_nginx(  # noqa: PLR0913, PLR0917  each is a place in the file
    nginx: Start, gate: Gate, tmp_path: Path, shared: str, server: str, location: str, seen: Seen
) -> None:
    """Each as its manual shows it; what sets it apart was met."""
    with nginx(shared, server, location) as front:
        done, answers = _recorded(gate, front, tmp_path)

    _is_held(done, front)
    assert any(map(seen, answers))


def test_nginx_drops_headers_with_underscores_by_default(nginx: Start, gate: Gate) -> None:
    """No token arrives: the run ends before anything is made, and says what to do."""
    with nginx(underscores=False) as front:
        done = gate(front.base_url)

    assert done.code == 6
    assert "nginx needs underscores_in_headers on" in done.last
    assert front.provider.audit.active(PREFIX) == ()


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2-offered"])
def test_nginx_with_a_private_authority(nginx: Start, gate: Gate, certificates: Certificates, *, http2: bool) -> None:
    """Where HTTP/2 is offered, too, the gate stays with HTTP/1.1."""
    server = f"ssl_certificate {certificates.server};\nssl_certificate_key {certificates.server};"
    with nginx(server=server, listen=" ssl http2" if http2 else " ssl") as front:
        done = gate(front.base_url, CA_BUNDLE=certificates.authority)

    _is_held(done, front)


def test_nginx_that_asks_for_a_client_certificate(nginx: Start, gate: Gate, certificates: Certificates) -> None:
    """With the setting all is as usual; without it nothing is made, and the run has no verdict."""
    server = (
        f"ssl_certificate {certificates.server};\nssl_certificate_key {certificates.server};\n"
        f"ssl_client_certificate {certificates.authority};\nssl_verify_client on;"
    )
    with nginx(server=server, listen=" ssl") as front:
        without = gate(front.base_url, CA_BUNDLE=certificates.authority)
        assert front.provider.audit.requests == 0
        done = gate(front.base_url, CA_BUNDLE=certificates.authority, CLIENT_CERT=certificates.client)

    assert without.code == 6
    _is_held(done, front)


@pytest.mark.parametrize(
    ("defaults", "frontend", "seen"),
    [
        pytest.param("", "", _status(200), id="plain"),
        pytest.param("option http-server-close", "", _status(200), id="http-server-close"),
        pytest.param("timeout http-keep-alive 200ms", "", _status(200), id="short-keep-alive"),
        pytest.param("option httpclose", "", _header("connection", "close"), id="closing"),
        pytest.param("", RATE + REFUSED.format(429), _status(429), id="limit-429", marks=WAITS),
        pytest.param("", RATE + REFUSED.format(503), _status(503), id="limit-503", marks=WAITS),
        pytest.param(PACKED, "", _header("content-encoding", "gzip"), id="gzip"),
    ],
)
def test_haproxy(  # noqa: PLR0913, PLR0917  each is a place in the file
    haproxy: Start, gate: Gate, tmp_path: Path, defaults: str, frontend: str, seen: Seen
) -> None:
    """Each as its manual shows it; what sets it apart was met."""
    with haproxy(defaults, frontend) as front:
        done, answers = _recorded(gate, front, tmp_path)

    _is_held(done, front)
    assert any(map(seen, answers))


@pytest.mark.parametrize("client", [False, True], ids=["private-authority", "client-certificate"])
def test_haproxy_with_tls(haproxy: Start, gate: Gate, certificates: Certificates, *, client: bool) -> None:
    """Behind TLS, with HTTP/2 offered, and where a client has to show a certificate."""
    asked = f" ca-file {certificates.authority} verify required" if client else ""
    settings = {"CLIENT_CERT": certificates.client} if client else {}
    with haproxy(listen=f" ssl crt {certificates.server} alpn h2,http/1.1{asked}") as front:
        done = gate(front.base_url, CA_BUNDLE=certificates.authority, **settings)

    _is_held(done, front)


def _dies(_: Answer) -> Answer:
    return Answer(200, raw=b"")


def _hangs(answer: Answer) -> Answer:
    return replace(answer, delay=1.0)


def _at(change: Callable[[Answer], Answer], *numbers: int) -> Map[Answer]:
    """Change some answers by the number of their request; what was asked for is done all the same."""
    return lambda call, answer: change(answer) if call.number in numbers else answer


@pytest.mark.parametrize(("change", "status"), [(_dies, 502), (_hangs, 504)])
def test_a_worker_that_fails_twice_behind_nginx(
    nginx: Start, gate: Gate, tmp_path: Path, change: Callable[[Answer], Answer], status: int
) -> None:
    """Though the cancel was done, its answer is nginx' own: nothing is broken, and the scenario began anew."""
    seldom = Variant("seldom", "", Hooks(frozenset({"cancel"}), answer=_at(change, 20, 21, 90, 91)))
    location = "proxy_read_timeout 500ms; proxy_next_upstream off;"
    with nginx(location=location, variants=[seldom]) as front:
        done, answers = _recorded(gate, front, tmp_path)

    _is_held(done, front)
    assert any(map(_status(status), answers))
    assert f"incident: a gateway answered {status} to " in done.out


@WAITS
def test_a_server_of_which_a_third_fails_gives_no_verdict(nginx: Start, gate: Gate) -> None:
    """A front end that answers every third request with 502 leads to no verdict: neither an open gate nor a breach."""
    third = Variant("third", "", Hooks(EVERY, answer=_at(_dies, *range(2, 3000, 3))))
    with nginx(location="proxy_next_upstream off;", variants=[third]) as front:
        done = gate(front.base_url)

    assert done.code == 6
    assert f"the gateway before {front.base_url} answered 502 to " in done.last
    assert " BROKEN 0 " in done.out
    assert (front.provider.audit.named, front.provider.audit.touched) == (0, ())
