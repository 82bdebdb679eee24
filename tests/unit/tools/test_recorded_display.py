"""What is printed of a recording contains no secret and no personal data."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.redaction.headers import is_harmless
from cancel_contract.tools.judge.lines import recording_lines
from tests.unit.tools.conftest import PAYLOAD, TOKEN, URL, Entry, Judged

Judge = Callable[..., Judged]
Made = Callable[..., Entry]

SECRET = "S3cretOfTheTests9x"
CREDENTIALS = (
    "Api-Access-Token", "API_ACCESS_TOKEN", "HTTP_API_ACCESS_TOKEN", "Authorization", "Proxy-Authorization",
    "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "Access-Token", "Client", "Uid",
    "X-Csrf-Token", "X-Xsrf-Token", "X-Session-Id", "X-Amz-Security-Token",
    "X-Amz-Date-Signature", "X-Goog-Iap-Jwt-Assertion", "X-Vault-Token",
    "X-Gitlab-Token", "X-Hub-Signature-256", "Ocp-Apim-Subscription-Key", "CF-Access-Client-Secret",
    "CF-Access-Jwt-Assertion", "X-Forwarded-Access-Token", "X-Functions-Key", "Private-Token", "X-Whatever", "Referer",
    "Origin", "User-Agent", "X-Request-Id", "Accept-Language", "If-None-Match", "X-Forwarded-For", ":path",
)  # fmt: skip
"""Headers in which a secret may stand, the API's own under its other names first."""
SPELLED = {
    "plain": SECRET,
    "bearer": f"Bearer {SECRET}",
    "cookie": f"session={SECRET}; other={SECRET}",
    "url": f"https://staging.example/?token={SECRET}",
}
WRONG = {"payload": {**PAYLOAD, "status": "scheduled"}}
PERSON = {"client_name": "Анна Каренина", "client_phone": "+7 701 555 12 34", "reason": "Karenina is ill"}


def printed(found: Judged) -> str:
    """Return all that is printed, and all that a breach holds."""
    lines = recording_lines("x.har", load(), found.judging.met, found.judging.ledger, found.rows, found.code)
    breaches = (str(row.breach) for row in found.rows if row.breach)
    return "\n".join([*(found.judging.clean(line) for line in lines), *breaches])


@pytest.mark.parametrize("value", SPELLED.values(), ids=SPELLED)
def test_no_headers_secret_is_printed(value: str, judged: Judge, recorded: Made) -> None:
    """Whatever a header is called and however its value is spelled, the value of none that may sign in is printed."""
    for name in CREDENTIALS:
        text = printed(judged(recorded(WRONG, headers={name: value}, answered={name: value})))

        assert "BROKEN" in text
        assert SECRET not in text, name


def _urls() -> Iterator[str]:
    rest = URL.removeprefix("https://")
    yield f"https://user:{SECRET}@{rest}/cancel"
    yield f"https://{SECRET}:x@{rest}/cancel"
    for name in ("access_token", "api_access_token", "token", "key", "X-Amz-Signature", "from"):
        yield f"{URL}/cancel?{name}={SECRET}&other=1"
    yield f"{URL}/cancel?{SECRET}"
    yield f"https://staging.example/{SECRET}/api/v1/accounts/123/scheduling/appointments/123/cancel"
    yield f"{URL};jsessionid={SECRET}/cancel"
    yield f"{URL}/cancel#{SECRET}"


@pytest.mark.parametrize("url", tuple(_urls()))
def test_no_secret_of_a_url_is_printed(url: str, judged: Judge, recorded: Made) -> None:
    """User info, the values of a query and odd parts of a path are no part of what is printed."""
    text = printed(judged(recorded({"payload": 5}, url=url)))

    assert "BROKEN" in text
    assert SECRET not in text


def test_the_names_of_a_query_are_printed(judged: Judge, recorded: Made) -> None:
    """Names may help a reader, values are left out."""
    text = printed(judged(recorded({"payload": 5}, url=f"{URL}/cancel?page=7&client=Karenina")))

    assert "/cancel?page=...&client=...'" in text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps(PERSON)),
        ("application/json", json.dumps(PERSON, ensure_ascii=False)),
        ("application/x-www-form-urlencoded", "client_name=Karenina&client_phone=%2B77015551234"),
        ("text/plain", f"Karenina {SECRET}"),
        ("Karenina", "{"),
    ],
    ids=["json", "unicode", "form", "text", "kind"],
)
def test_a_sent_body_is_printed_by_type_and_length(kind: str, body: str, judged: Judge, recorded: Made) -> None:
    """Nothing of a request's body is printed but its type and its length."""
    entry: Any = recorded(WRONG)
    entry["request"]["postData"] = {"mimeType": kind, "text": body}

    text = printed(judged(entry))

    assert f"{len(body.encode())} bytes>'" in text
    for part in ("Каренина", "Karenina", "555 12 34", "77015551234", SECRET, "\\u041a"):
        assert part not in text


def test_what_an_answer_repeats_is_not_printed(judged: Judge, recorded: Made) -> None:
    """A secret of the request that an answer repeats, be it as a key, is taken out by value."""
    sent = {"X-Edge": f"v1 {SECRET.lower()}"}
    body = {"error": f"no key {SECRET.lower()}", SECRET.lower(): 1, "payload": 5}

    assert SECRET.lower() not in printed(judged(recorded(body, headers=sent)))


def test_harmless_headers_are_printed(judged: Judge, recorded: Made) -> None:
    """What an engineer needs to repeat a request stays readable."""
    sent = {"Accept-Language": "ru-RU,ru;q=0.9", "Cache-Control": "no-cache", "Content-Type": "application/json"}

    text = printed(judged(recorded(WRONG, headers=sent)))

    for part in (
        "'Accept: application/json'",
        "'Accept-Language: ru-RU,ru;q=0.9'",
        "'Cache-Control: no-cache'",
        "'Content-Type: application/json'",
        '"api_access_token: ${ONELINK_API_TOKEN}"',
    ):
        assert f"-H {part}" in text


@pytest.mark.parametrize("name", ["Api-Access-Token", "HTTP-API-ACCESS-TOKEN", "API_ACCESS_TOKEN"])
def test_the_token_is_known_under_its_other_names(name: str, judged: Judge, recorded: Made) -> None:
    """A dash is the same as an underscore to the provider: the token is one, and its variable stands for it."""
    entry: Any = recorded(WRONG)
    entry["request"]["headers"][2]["name"] = name

    text = printed(judged(entry))

    assert f'-H "{name}: ${{ONELINK_API_TOKEN}}"' in text
    assert TOKEN not in text


def test_no_credential_is_on_the_list_of_harmless_headers() -> None:
    """The list says of none of them that it signs nobody in."""
    harmless = {
        "Referer",
        "Origin",
        "User-Agent",
        "X-Request-Id",
        "Accept-Language",
        "If-None-Match",
        "X-Forwarded-For",
    }

    assert {name for name in CREDENTIALS if is_harmless(name)} == harmless
