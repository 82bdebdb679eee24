"""Which headers decide what a request is, however they are spelled."""

import pytest

from cancel_contract.exchange.request_headers import METHOD_OVERRIDES, is_reserved, overrides, reframes


@pytest.mark.parametrize(
    "name", [*METHOD_OVERRIDES, "X_HTTP_Method_Override", "X-Original-URL", "X-Forwarded-URI", "X-Host"]
)
def test_overriding_headers(name: str) -> None:
    """A header that may put another method, path or host in a request's place is one, in either spelling."""
    assert overrides(name)
    assert is_reserved(name)
    assert not reframes(name)


@pytest.mark.parametrize("name", ["Transfer-Encoding", "transfer_encoding", "TE", "HTTP2-Settings", "Content-Encoding"])
def test_reframing_headers(name: str) -> None:
    """A header by which a body may end elsewhere is one, and no setting may add it."""
    assert reframes(name)
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["Host", "Connection", "Content-Length", "Expect", "Api_Access_Token"])
def test_reserved_headers(name: str) -> None:
    """What the suite says of each request is no setting's to say."""
    assert is_reserved(name)
    assert not overrides(name)


@pytest.mark.parametrize("name", ["X-Client-Id", "Authorization", "X-Forwarded-For", "Cookie", "X-Hosting"])
def test_other_headers(name: str) -> None:
    """Headers that a proxy may ask for are left to the settings."""
    assert not is_reserved(name)
