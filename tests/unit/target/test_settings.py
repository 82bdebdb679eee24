"""Which values settings accept, and what they say of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.target.loading import load
from cancel_contract.target.settings import Settings
from tests.unit.conftest import GOOD, NOWHERE, TOKEN

if TYPE_CHECKING:
    from pathlib import Path


def told(environ: dict[str, str], **overrides: Any) -> tuple[str, ...]:  # noqa: ANN401  whatever the settings take
    """Return the problems of settings that are wrong."""
    with pytest.raises(Misconfigured) as caught:
        load(environ, NOWHERE, **overrides)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert TOKEN not in str(caught.value)
    return caught.value.problems


def test_nothing_set_is_the_embedded_target() -> None:
    """Without any setting all defaults hold, and there is no target of one's own."""
    settings = load({}, NOWHERE)

    assert settings == Settings()
    assert settings.base_url is None
    assert settings.zone == ZoneInfo("Asia/Almaty")


def test_settings_are_read() -> None:
    """Texts of the environment become values; an empty one counts as not set."""
    given = GOOD | {
        "ONELINK_APPOINTMENT_IDS": "5, 6,7,",
        "ONELINK_ALLOW_PRODUCTION": "yes",
        "ONELINK_EXTRA_HEADERS": "X-Way: a: b\n\nX-Other: c",
        "ONELINK_RESOURCE_ID": "",
        "PATH": "/bin",
    }
    settings = load(given, NOWHERE, max_requests=7, service_id=None, foreign_account_id=2)

    assert settings.base_url == "https://staging.test"
    assert settings.appointment_ids == (5, 6, 7)
    assert settings.allow_production
    assert [(name, value.get_secret_value()) for name, value in settings.extra_headers] == [
        ("X-Way", "a: b"),
        ("X-Other", "c"),
    ]
    assert (settings.resource_id, settings.max_requests, settings.foreign_account_id) == (None, 7, 2)


def test_the_command_line_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    """Each source may say the same setting; nothing in a file is put in from elsewhere."""
    file = tmp_path / ".env"
    file.write_text(
        "ONELINK_BASE_URL=https://file.test\nONELINK_API_TOKEN='${HOME}-is-a-token'\n"
        "ONELINK_ACCOUNT_ID=1\nONELINK_MAX_REQUESTS=3\nONELINK_MAX_RATE=1\n"
    )
    settings = load({"ONELINK_MAX_REQUESTS": "4", "ONELINK_MAX_RATE": "2"}, file, max_rate=5)

    assert (settings.base_url, settings.max_requests, settings.max_rate) == ("https://file.test", 4, 5)
    assert settings.api_token
    assert settings.api_token.get_secret_value() == "${HOME}-is-a-token"


def test_the_machines_environment_is_the_default(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being told otherwise, the environment and the folder's .env are read."""
    monkeypatch.setenv("ONELINK_MAX_REQUESTS", "5")
    (elsewhere / ".env").write_text("ONELINK_MAX_APPOINTMENTS=6\n")

    assert (load().max_requests, load().max_appointments) == (5, 6)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A .env that cannot be read is a problem, and not passed over."""
    file = tmp_path / ".env"
    file.write_bytes(b"ONELINK_BASE_URL=\xff\xfe")

    with pytest.raises(Misconfigured) as caught:
        load({}, file)

    assert str(caught.value) == (
        f"{file} cannot be read ('utf-8' codec can't decode byte 0xff in position 17: invalid start byte): "
        "save it as UTF-8 text, or take it away"
    )


def test_every_problem_is_told_at_once() -> None:
    """Unknown names, wrong values and contradictions among the rest come together, each once."""
    problems = told(
        {
            "ONELINK_BASE_URL": "http://staging.test",
            "ONELINK_API_TOKEN": "line\nbreak",
            "ONELINK_ACCOUNT_ID": "one",
            "ONELINK_APPOINTMENT_IDS": "a,b,7",
            "ONELINK_FOREIGN_APPOINTMENT_ID": "7",
            "ONELINK_TOKEN": "x",
        }
    )

    assert problems == (
        "ONELINK_TOKEN is no setting: the nearest one is ONELINK_API_TOKEN",
        f"ONELINK_API_TOKEN is ***, {NOT_CARRIED.replace('11', '10')}: {NO_TOKEN.partition(': ')[2]}",
        f"ONELINK_ACCOUNT_ID is 'one', not a whole number: set it to {REMEDIES['ACCOUNT_ID']}",
        f"ONELINK_APPOINTMENT_IDS is 'a,b,7', not a whole number: set it to {GIVEN}",
        f"ONELINK_BASE_URL is http://staging.test, not https, {HTTPS}",
        "ONELINK_FOREIGN_APPOINTMENT_ID is set but ONELINK_FOREIGN_ACCOUNT_ID is not: set both",
    )


REMEDIES = {
    "BASE_URL": "the target's scheme, host and port; without it the embedded provider is the target",
    "ACCOUNT_ID": "the account's number, as in the address of its pages",
    "RESOURCE_ID": "the resource in whose free slots appointments are made",
    "FOREIGN_API_TOKEN": "the token of a member of the second account only",
    "TIME_ZONE": "the zone of the resource's working hours",
    "REPEAT_POLICY": "idempotent (200 and the same), rejected (409 or 422), or either of them",
    "TIME_LIMIT": "seconds within which an answer comes",
    "MAX_RATE": "requests a second; on loopback, where none is set, no limit",
    "MAX_PARALLEL": "requests under way at once",
    "ALLOW_PLAINTEXT": "yes to let http (without TLS) leave this machine, else no",
    "CA_BUNDLE": "a file of certificate authorities to trust",
    "CLIENT_CERT": "a PEM file with the client's certificate and key",
    "EXTRA_HEADERS": "extra headers, for example for a proxy, a line each: Name: value",
}
NO_URL = "not a URL such as https://staging.example"
NOT_ALONE = "not scheme, host and port alone; leave out path, query, user and password"
NO_ZONE = "not the name of a time zone such as Asia/Almaty"
NO_HEADERS = "not lines of the form Name: value"
NOT_CARRIED = "a text of 11 with a line break or another character that no header can carry"
QUOTED = "a text of 16 with quotation marks, which are no part of a token"
NO_FILE = "which cannot be read (No such file or directory)"
TOO_SHORT = "a text of 5, too short to be told from an ordinary word in an answer"
POLICIES = "not what it takes (Input should be 'idempotent', 'rejected' or 'either')"
NO_BOOLEAN = "not what it takes (Input should be a valid boolean, unable to interpret input)"
NO_BUNDLE = "not a file of certificates in PEM form"
NO_CERTIFICATE = "not a PEM file with a certificate and a key that no password locks"


@pytest.mark.parametrize(
    ("name", "value", "shown", "fact"),
    [
        ("BASE_URL", "staging", "'staging'", NO_URL),
        ("BASE_URL", "ftp://staging", "'ftp://staging'", NO_URL),
        ("BASE_URL", "https://", "'https://'", NO_URL),
        ("BASE_URL", "https://a:b:c", "'https://a:b:c'", NO_URL),
        ("BASE_URL", "https://a:99999", "'https://a:99999'", NO_URL),
        ("BASE_URL", "https://a:0", "'https://a:0'", NO_URL),
        ("BASE_URL", "https://a b", "'https://a b'", NO_URL),
        ("BASE_URL", "https://me:pa/ss@a", "'https://***@a'", NO_URL),
        ("BASE_URL", "https://a/api", "'https://a/api'", NOT_ALONE),
        ("BASE_URL", "https://me:pass@a", "'https://***@a'", NOT_ALONE),
        ("BASE_URL", "https://a?token=b", "'https://a?***'", NOT_ALONE),
        ("ACCOUNT_ID", "1_2", "'1_2'", "not a whole number"),
        ("RESOURCE_ID", "0", "'0'", "not what it takes (Input should be greater than or equal to 1)"),
        (
            "RESOURCE_ID",
            f"{2**63}",
            f"'{2**63}'",
            f"not what it takes (Input should be less than or equal to {2**63 - 1})",
        ),
        ("FOREIGN_API_TOKEN", "short", "***", TOO_SHORT),
        ("FOREIGN_API_TOKEN", "two words", "***", "a text of 9 with a blank in it, which no token has"),
        ("FOREIGN_API_TOKEN", "tökén-tökén", "***", NOT_CARRIED),
        ("FOREIGN_API_TOKEN", '"t0ken-in-marks"', "***", QUOTED),
        ("TIME_ZONE", "Asia", "'Asia'", NO_ZONE),
        ("TIME_ZONE", "../x", "'../x'", NO_ZONE),
        ("TIME_ZONE", "Asia/Alma-Ata", "'Asia/Alma-Ata'", NO_ZONE),
        ("REPEAT_POLICY", "maybe", "'maybe'", POLICIES),
        ("TIME_LIMIT", "inf", "'inf'", "not what it takes (Input should be less than or equal to 300)"),
        ("MAX_RATE", "inf", "'inf'", "not what it takes (Input should be a finite number)"),
        ("MAX_PARALLEL", "1", "'1'", "not what it takes (Input should be greater than or equal to 2)"),
        ("ALLOW_PLAINTEXT", "perhaps", "'perhaps'", NO_BOOLEAN),
        ("CA_BUNDLE", "/nowhere.pem", "'/nowhere.pem'", NO_FILE),
        pytest.param("CA_BUNDLE", __file__, f"'{__file__}'", NO_BUNDLE, id="no bundle"),
        ("CLIENT_CERT", "/nowhere.pem", "'/nowhere.pem'", NO_FILE),
        pytest.param("CLIENT_CERT", __file__, f"'{__file__}'", NO_CERTIFICATE, id="no certificate"),
        ("EXTRA_HEADERS", "secret-without-colon", "***", NO_HEADERS),
        ("EXTRA_HEADERS", "a b: c", "***", NO_HEADERS),
        ("EXTRA_HEADERS", "a: ключ", "***", NO_HEADERS),
        ("EXTRA_HEADERS", "Host: evil", "***", "with Host, which the suite itself decides"),
        ("EXTRA_HEADERS", "HTTP2-Settings: x", "***", "with HTTP2-Settings, which the suite itself decides"),
        ("EXTRA_HEADERS", "Api_Access_Token: x", "***", "with Api_Access_Token, which the suite itself decides"),
    ],
)
def test_wrong_values_are_told(name: str, value: str, shown: str, fact: str) -> None:
    """A wrong value is reported with its setting, itself (or *** if secret), what is wrong and what to set instead."""
    assert told(GOOD | {f"ONELINK_{name}": value}) == (
        f"ONELINK_{name} is {shown}, {fact}: set it to {REMEDIES[name]}",
    )


STAGING = "name a staging host, or set ONELINK_ALLOW_PRODUCTION=yes"
HTTPS = "so that a token would travel readable: use https, or set ONELINK_ALLOW_PLAINTEXT=yes"
NO_TOKEN = "ONELINK_API_TOKEN is not set: set it to the token of a member who may cancel, from the profile page"
ONE_PART = "appointment 5 is named twice in the settings: it has one part to play, name another"
GIVEN = "appointments that the run may cancel, comma-separated, where making them is not permitted"
ANOTHER = "name another member's token"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"API_TOKEN": ""}, NO_TOKEN),
        ({"ACCOUNT_ID": ""}, f"ONELINK_ACCOUNT_ID is not set: set it to {REMEDIES['ACCOUNT_ID']}"),
        (
            {"BASE_URL": "https://one-link.kz"},
            f"ONELINK_BASE_URL is https://one-link.kz, the production host: {STAGING}",
        ),
        (
            {"BASE_URL": "https://ONE-LINK.kz.:444"},
            f"ONELINK_BASE_URL is https://one-link.kz.:444, the production host: {STAGING}",
        ),
        (
            {"BASE_URL": "https://app.one-link.kz"},
            f"ONELINK_BASE_URL is https://app.one-link.kz, the production host: {STAGING}",
        ),
        ({"BASE_URL": "http://127.evil.test"}, f"ONELINK_BASE_URL is http://127.evil.test, not https, {HTTPS}"),
        ({"FOREIGN_ACCOUNT_ID": "1"}, "ONELINK_FOREIGN_ACCOUNT_ID is 1, the account itself: name another account"),
        (
            {"DISABLED_ACCOUNT_ID": "1"},
            "ONELINK_DISABLED_ACCOUNT_ID is 1, which ONELINK_ACCOUNT_ID names: name another account",
        ),
        (
            {"DISABLED_ACCOUNT_ID": "2", "FOREIGN_ACCOUNT_ID": "2"},
            "ONELINK_DISABLED_ACCOUNT_ID is 2, which ONELINK_FOREIGN_ACCOUNT_ID names: name another account",
        ),
        (
            {"FOREIGN_API_TOKEN": TOKEN},
            f"ONELINK_FOREIGN_API_TOKEN is *** and equals ONELINK_API_TOKEN: {ANOTHER}",
        ),
        (
            {"FOREIGN_API_TOKEN": "Another-token", "UNPRIVILEGED_API_TOKEN": "Another-token"},
            f"ONELINK_UNPRIVILEGED_API_TOKEN is *** and equals ONELINK_FOREIGN_API_TOKEN: {ANOTHER}",
        ),
        ({"APPOINTMENT_IDS": "5,6,5"}, ONE_PART),
        ({"APPOINTMENT_IDS": "5", "READONLY_APPOINTMENT_ID": "5"}, ONE_PART),
    ],
)
def test_contradictions_are_told(changes: dict[str, str], problem: str) -> None:
    """Settings that contradict one another are reported, each with what to do."""
    assert told(GOOD | {f"ONELINK_{name}": value for name, value in changes.items()}) == (problem,)


@pytest.mark.parametrize(
    "changes",
    [
        {"BASE_URL": "https://one-link.kz", "ALLOW_PRODUCTION": "yes"},
        {"BASE_URL": "http://staging.test", "ALLOW_PLAINTEXT": "yes"},
        {"BASE_URL": "http://[::1]:8080/"},
        {"BASE_URL": "https://not-one-link.kz"},
        {"FOREIGN_ACCOUNT_ID": "2", "FOREIGN_APPOINTMENT_ID": "5"},
        {"APPOINTMENT_IDS": "5,6", "READONLY_APPOINTMENT_ID": "7", "PAID_EXPENSE_APPOINTMENT_ID": "8"},
    ],
)
def test_what_is_allowed_by_name_is_taken(changes: dict[str, str]) -> None:
    """What is no contradiction, or is allowed by name, is taken."""
    assert load(GOOD | {f"ONELINK_{name}": value for name, value in changes.items()}, NOWHERE).base_url


def test_a_target_is_set_as_a_whole() -> None:
    """Without a base URL, whatever means something on a target only is a contradiction."""
    assert told({"ONELINK_API_TOKEN": TOKEN, "ONELINK_SERVICE_ID": "3"}) == (
        "ONELINK_API_TOKEN is set but ONELINK_BASE_URL is not: set both, or neither",
        "ONELINK_SERVICE_ID is set but ONELINK_BASE_URL is not: set both, or neither",
    )


def test_a_version_is_one_short_line() -> None:
    """What names a build is printed in every report: no line break and no page of text is taken."""
    version = "ONELINK_TARGET_VERSION"

    assert load({version: "v2.3 (4f2a9c1)"}, NOWHERE).target_version == "v2.3 (4f2a9c1)"
    for text in ("v1\nv2", "v" * 201):
        (problem,) = told({version: text})
        assert problem.startswith(version)
        assert "not one printable line of at most 200 characters" in problem
