"""What settings mean for a run."""

from __future__ import annotations

from hashlib import md5, sha256
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.credential import Holder
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_target_is_made_of_settings(make_target: Callable[..., Target]) -> None:
    """Address, account and tokens come from the settings."""
    target = make_target(base_url="https://staging.test", foreign_api_token="Another-token")

    assert (str(target.url), target.account, target.is_loopback) == ("https://staging.test", 1, False)
    assert make_target().is_loopback
    assert [target.token(holder) for holder in Holder] == ["Token7f3cA91e7Bb2D4860", "Another-token", None, None]


def test_settings_without_a_target_are_a_mistake() -> None:
    """A target cannot be made of settings that name none."""
    with pytest.raises(AssertionError, match="settings without a target"):
        Target(Settings())


def test_secrets_are_not_shown(make_target: Callable[..., Target]) -> None:
    """Every setting may be seen but the secret ones."""
    target = make_target(extra_headers="X-Way: secret-of-the-road")

    assert target.shown["ONELINK_API_TOKEN"] == "***"
    assert target.shown["ONELINK_EXTRA_HEADERS"] == "***"
    assert target.shown["ONELINK_FOREIGN_API_TOKEN"] is None
    assert target.shown["ONELINK_ACCOUNT_ID"] == 1
    assert "Token7f3cA91e7Bb2D4860" not in repr(target) + str(dict(target.shown))
    assert target.redactor.found(b"secret-of-the-road") == ("EXTRA_HEADER_X-Way",)


def test_a_tokens_digest_is_a_secret(make_target: Callable[..., Target]) -> None:
    """Whoever has a list of tokens finds the one of which a digest was made."""
    digest = sha256(b"Token7f3cA91e7Bb2D4860").hexdigest()

    found = make_target().redactor.found(
        f"{digest}, {digest.upper()}, {md5(b'Another', usedforsecurity=False).hexdigest()}".encode()
    )

    assert found == ("ONELINK_API_TOKEN_SHA256", "ONELINK_API_TOKEN_SHA256_UPPER")
