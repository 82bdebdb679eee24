"""Certificates, loopback and remedies among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.target.loading import load
from cancel_contract.target.setting_types import is_loopback
from cancel_contract.target.settings import (
    Settings,
    remedy,
    secret_names,
    variable,
)
from tests.unit.conftest import GOOD, NOWHERE, TOKEN

if TYPE_CHECKING:
    from pathlib import Path


def test_certificates_are_tried(certificates: dict[str, Path]) -> None:
    """Files that hold what they are meant to hold are taken."""
    bundle, own = certificates["ca_bundle"], certificates["client_cert"]

    settings = load(GOOD, NOWHERE, ca_bundle=bundle, client_cert=own)

    assert (settings.ca_bundle, settings.client_cert) == (bundle, own)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("127.evil.test", False),
        ("x", False),
    ],
)
def test_loopback_is_an_address(host: str, *, expected: bool) -> None:
    """A host that merely looks like this machine is another one."""
    assert is_loopback(host) is expected


def test_a_line_of_the_file_that_is_no_assignment_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A line that sets nothing is reported by file, line and name, without its text; other programs' lines are not."""
    file = tmp_path / ".env"
    file.write_text(f"OTHER: x\n\nONELINK_API_TOKEN: {TOKEN}\nexport ONELINK_ACCOUNT_ID='1\nONELINK_CONTACT_ID=x\n")

    with pytest.raises(Misconfigured) as caught:
        load({"ONELINK_BASE_URL": "https://staging.test", "ONELINK_API_TOKEN": TOKEN}, file)

    assert caught.value.problems == (
        f"{file}, line 3, is no assignment: write it as ONELINK_API_TOKEN=value",
        f"{file}, line 4, is no assignment: write it as ONELINK_ACCOUNT_ID=value",
        "ONELINK_CONTACT_ID is 'x', not a whole number: set it to a contact, for appointments with one",
        "ONELINK_ACCOUNT_ID is not set: set it to the account's number, as in the address of its pages",
    )
    assert capfd.readouterr() == ("", "")


def test_headers_may_be_given_as_pairs() -> None:
    """Values that are no texts are taken as they are."""
    settings = load(GOOD, NOWHERE, extra_headers=(("X-Way", "secret"),))

    assert [name for name, _ in settings.extra_headers] == ["X-Way"]


def test_secrets_are_known_by_their_type() -> None:
    """Tokens and headers for the road are secret, and nothing else is."""
    tokens = {"api_token", "foreign_api_token", "unprivileged_api_token", "second_api_token"}

    assert secret_names() == tokens | {"extra_headers"}


def test_every_setting_has_a_remedy() -> None:
    """Every setting says what to set, and has a variable."""
    remedies: dict[str, Any] = {variable(name): remedy(name) for name in Settings.model_fields}

    assert len(remedies) == len(Settings.model_fields)
    assert not [text for text in remedies.values() if text.endswith("None")]
