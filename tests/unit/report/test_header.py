"""The header of a terminal: what is about to run."""

from cancel_contract.fragment.document import load
from cancel_contract.report.terminal import (
    header,
)
from cancel_contract.run.embedded import shown
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target
from tests.unit.report.test_terminal import DIGEST, GIVEN


def test_the_header_tells_what_is_about_to_run() -> None:
    """Fragment, profile, seed, target, account and every setting, secrets as three stars."""
    lines = header(Target(Settings.model_validate(GIVEN)), load(), "thorough", 7)

    assert "\n".join(lines) == (
        f"contract: cancel appointment, fragment {DIGEST}, profile thorough, seed 7\n"
        "target: https://staging.test, account 3\n"
        "settings: ONELINK_BASE_URL=https://staging.test ONELINK_API_TOKEN=*** ONELINK_ACCOUNT_ID=3\n"
        "  ONELINK_TIME_ZONE=Asia/Almaty ONELINK_APPOINTMENT_IDS=(101, 102) ONELINK_REPEAT_POLICY=idempotent\n"
        "  ONELINK_TIME_LIMIT=10.0 ONELINK_MAX_REQUESTS=600 ONELINK_MAX_APPOINTMENTS=48 ONELINK_MAX_RATE=20.0\n"
        "  ONELINK_MAX_PARALLEL=8 ONELINK_ALLOW_PRODUCTION=False ONELINK_ALLOW_PLAINTEXT=False "
        "ONELINK_EXTRA_HEADERS=***"
    )


def test_the_header_of_the_embedded_provider_names_no_port() -> None:
    """The provider is started later, on whatever port is free."""
    lines = header(shown(Settings()), load(), "quick", None)

    assert lines[:2] == [
        f"contract: cancel appointment, fragment {DIGEST}, profile quick",
        "target: the embedded reference provider, account 3",
    ]
    assert "ONELINK_BASE_URL" not in "".join(lines)
