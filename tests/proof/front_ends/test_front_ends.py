"""An honest provider behind nginx and HAProxy, as they are set up in life, raises no alarm."""

from collections.abc import Callable

import pytest

from contracts.mark import PREFIX
from tests.proof.conftest import Done
from tests.proof.front_ends.conftest import Certificates, Front, Start

Gate = Callable[..., Done]

GZIP = "gzip on;\ngzip_types *;\ngzip_min_length 1;\ngzip_proxied any;"
LIMIT = "limit_req_zone $binary_remote_addr zone=all:1m rate=40r/s;"
LIMITED = "limit_req zone=all burst=20 nodelay;"
SHORT = "keepalive_requests 5;\nkeepalive_timeout 1;"
REFUSED = "http-request track-sc0 src\nhttp-request deny deny_status {} if {{ sc_http_req_rate(0) gt 40 }}"
RATE = "stick-table type ip size 1k expire 10s store http_req_rate(1s)\n"


def _is_held(done: Done, front: Front) -> None:
    """Everything held, nothing is left, and nobody else's appointment was named or touched."""
    audit = front.provider.audit
    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held"), done.out
    assert " BROKEN 0 " in done.out
    assert (audit.named, audit.touched, audit.standing(PREFIX)) == (0, (), ())


@pytest.mark.parametrize(
    ("shared", "server", "location"),
    [
        pytest.param("", "", "", id="plain"),
        pytest.param("", GZIP, "", id="gzip"),
        pytest.param(LIMIT, "", f"{LIMITED}\nlimit_req_status 429;", id="limit-429"),
        pytest.param(LIMIT, "", LIMITED, id="limit-503"),
        pytest.param(LIMIT.replace("40r", "8r"), "", LIMITED.replace("20", "5"), id="low-limit-503"),
        pytest.param("", SHORT, "", id="short-keep-alive"),
        pytest.param("", "client_max_body_size 1k;", "", id="small-bodies"),
    ],
)
def test_nginx(nginx: Start, gate: Gate, shared: str, server: str, location: str) -> None:
    """Each as its manual shows it."""
    with nginx(shared, server, location) as front:
        done = gate(front.base_url)

    _is_held(done, front)


def test_nginx_drops_headers_with_underscores_by_default(nginx: Start, gate: Gate) -> None:
    """No token arrives: the run ends before anything is made, and says what to do."""
    with nginx(underscores=False) as front:
        done = gate(front.base_url)

    assert done.code == 6
    assert "nginx needs underscores_in_headers on" in done.last
    assert front.provider.audit.standing(PREFIX) == ()


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
    ("defaults", "frontend"),
    [
        pytest.param("", "", id="plain"),
        pytest.param("option http-server-close", "", id="http-server-close"),
        pytest.param("timeout http-keep-alive 100ms\noption httpclose", "", id="short-keep-alive"),
        pytest.param("", RATE + REFUSED.format(429), id="limit-429"),
        pytest.param("", RATE + REFUSED.format(503), id="limit-503"),
        pytest.param("compression algo gzip\ncompression type application/json", "", id="gzip"),
    ],
)
def test_haproxy(haproxy: Start, gate: Gate, defaults: str, frontend: str) -> None:
    """Each as its manual shows it."""
    with haproxy(defaults, frontend) as front:
        done = gate(front.base_url)

    _is_held(done, front)


@pytest.mark.parametrize("client", [False, True], ids=["private-authority", "client-certificate"])
def test_haproxy_with_tls(haproxy: Start, gate: Gate, certificates: Certificates, *, client: bool) -> None:
    """Behind TLS, with HTTP/2 offered, and where a client has to show a certificate."""
    asked = f" ca-file {certificates.authority} verify required" if client else ""
    settings = {"CLIENT_CERT": certificates.client} if client else {}
    with haproxy(listen=f" ssl crt {certificates.server} alpn h2,http/1.1{asked}") as front:
        done = gate(front.base_url, CA_BUNDLE=certificates.authority, **settings)

    _is_held(done, front)
