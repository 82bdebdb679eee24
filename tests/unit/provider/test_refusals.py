"""Who is refused, in which order and in which shape (observations 6 to 9)."""

import json
from collections.abc import Callable

import pytest

from cancel_contract.provider import SEED, Provider
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import to_i
from tests.unit.provider.conftest import Runner

Ask = Callable[..., Answer]
Made = Callable[..., int]

NOT_FOUND = (404, {"error": "Resource could not be found"})
SIGNED_OUT = (401, {"errors": ["You need to sign in or sign up before continuing."]})
WRONG = (401, {"error": "Invalid Access Token"})
BAD = (400, {"status": 400, "error": "Bad Request"})


def told(answer: Answer) -> tuple[int, object]:
    """Return status and body of an error."""
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (None, SIGNED_OUT),
        ("", SIGNED_OUT),
        ("  ", SIGNED_OUT),
        ("x" * 5000, WRONG),
        (SEED.member_token.upper(), WRONG),
        (SEED.member_token[:-1], WRONG),
        (f"{SEED.member_token}x", WRONG),
        (SEED.foreign_token, (401, {"error": "You are not authorized to access this account"})),
        (SEED.unprivileged_token, (401, {"error": "You are not authorized to do this action"})),
    ],
)
def test_token(ask: Ask, made: Made, token: str | None, expected: object) -> None:
    """A token that is missing, wrong or another's is refused in its own shape, and nothing is cancelled."""
    path = f"appointments/{made()}"
    before = ask("GET", path).body

    assert told(ask("POST", f"{path}/cancel", token=token)) == expected
    assert ask("GET", path).body == before


@pytest.mark.parametrize("name", ["api_access_token", "API_Access_Token", "api-access-token"])
def test_header_name(
    provider: Provider, made: Made, request_for: Callable[..., Request], runner: Runner, name: str
) -> None:
    """The header's name is taken in any letter case and with dashes."""
    request = request_for("POST", f"appointments/{made()}/cancel", token=None)
    named = Request(request.method, request.path, "", ((name.lower(), SEED.member_token),), b"")

    assert runner.run(provider.answer(named)).status == 200


def test_two_headers(provider: Provider, made: Made, runner: Runner) -> None:
    """Two token headers make one wrong token."""
    path = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments/{made()}/cancel"
    headers = (("api_access_token", "wrong"), ("api_access_token", SEED.member_token))

    assert told(runner.run(provider.answer(Request("POST", path, "", headers, b"")))) == WRONG


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {SEED.member_token}"},
        {"cookie": f"api_access_token={SEED.member_token}"},
        {"x_api_access_token": SEED.member_token},
        {"http_api_access_token": SEED.member_token},
    ],
)
def test_token_elsewhere(ask: Ask, made: Made, headers: dict[str, str]) -> None:
    """A token anywhere but in its header is no token."""
    assert told(ask("POST", f"appointments/{made()}/cancel", token=None, **headers)) == SIGNED_OUT


def test_token_in_query_and_body(ask: Ask, made: Made) -> None:
    """A token in the query or in the body is no token."""
    path = f"appointments/{made()}/cancel"

    assert told(ask("POST", path, token=None, query=f"api_access_token={SEED.member_token}")) == SIGNED_OUT
    assert told(ask("POST", path, token=None, data={"api_access_token": SEED.member_token})) == SIGNED_OUT


@pytest.mark.parametrize(
    ("account", "token", "expected"),
    [
        ("999999", SEED.member_token, NOT_FOUND),
        ("abc", SEED.member_token, NOT_FOUND),
        ("-1", SEED.member_token, NOT_FOUND),
        (str(10**30), SEED.member_token, NOT_FOUND),
        ("999999", "wrong", WRONG),
        (
            str(SEED.foreign_account_id),
            SEED.member_token,
            (401, {"error": "You are not authorized to access this account"}),
        ),
        (str(SEED.suspended_account_id), SEED.member_token, (401, {"error": "Account is suspended"})),
        (
            str(SEED.disabled_account_id),
            SEED.member_token,
            (403, {"error": "Scheduling is not enabled for this account", "code": "FEATURE_DISABLED"}),
        ),
    ],
)
def test_account(ask: Ask, account: str, token: str, expected: object) -> None:
    """Token, account, membership and feature are looked at in this order, before the appointment."""
    assert told(ask("POST", f"/api/v1/accounts/{account}/scheduling/appointments/1/cancel", token=token)) == expected


@pytest.mark.parametrize(
    "number",
    ["0", "-1", str(2**31), str(2**63), str(10**30), "9" * 400, "abc", "null", "%00", "%20", "%2F", "%D9%A1", "4002"],
)
def test_unknown(ask: Ask, number: str) -> None:
    """Whatever names no appointment of the account is answered alike, without a code."""
    assert told(ask("POST", f"appointments/{number}/cancel")) == NOT_FOUND


@pytest.mark.parametrize("spelled", ["{}abc", "0{}", "+{}", "%20{}", "{}e2", "{}%00", "{},2", "{};2", "{}%2F2", "{}_"])
def test_cast(ask: Ask, made: Made, spelled: str) -> None:
    """An id is cast as Ruby casts it, and the appointment is cancelled."""
    assert ask("POST", f"appointments/{spelled.format(made())}/cancel").status == 200


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" \t12", 12), ("1_2", 12), ("1__2", 1), ("_1", 0), ("-12", -12), ("+-1", 0), ("", 0), ("0x1f", 0)],
)
def test_to_i(text: str, number: int) -> None:
    """Ruby's cast reads blanks, one sign, and digits with single underscores."""
    assert to_i(text) == number


@pytest.mark.parametrize("path", ["cancel/", "/cancel", "cancel.json", "cancel.xml", "cancel.html"])
def test_path_taken(ask: Ask, made: Made, path: str) -> None:
    """A last slash, double slashes and a format are taken like the plain path."""
    assert ask("POST", f"appointments/{made()}/{path}").status == 200


@pytest.mark.parametrize(
    "path",
    ["{}/Cancel", "{}/%63ancel", "{}/./cancel", "{}/cancel/extra", "cancel", "{}.5/cancel", "../{}/cancel"],
)
def test_path_unknown(ask: Ask, made: Made, path: str) -> None:
    """Another spelling is no route, for whoever has a token and for whoever has none."""
    spelled = f"appointments/{path.format(made())}"

    assert told(ask("POST", spelled)) == (404, {"status": 404, "error": "Not Found"})
    assert ask("POST", spelled, token=None).status == 404


def test_page(ask: Ask) -> None:
    """Who does not ask for JSON gets a page where no route is."""
    answer = ask("POST", "/nowhere", accept="*/*")

    assert (answer.status, answer.header("content-type")) == (404, "text/html; charset=utf-8")
    assert b"<h1>Not Found</h1>" in answer.body


def test_bad_path(ask: Ask) -> None:
    """Bytes that are no UTF-8, and endless paths, are answered 400."""
    assert told(ask("POST", "appointments/%FF/cancel")) == BAD
    assert ask("POST", f"appointments/{'9' * 10_000}/cancel", accept="*/*").body == b""


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_other_methods(ask: Ask, made: Made, method: str) -> None:
    """No other method is known on the cancel path, and none cancels."""
    path = f"appointments/{made()}"

    assert ask(method, f"{path}/cancel").status == 404
    assert b'"status":"scheduled"' in ask("GET", path).body


def test_unknown_method(ask: Ask, made: Made) -> None:
    """A method that nobody knows is answered 405 without a body."""
    answer = ask("LINK", f"appointments/{made()}/cancel")

    assert (answer.status, answer.body) == (405, b"")


def test_override(ask: Ask, made: Made) -> None:
    """An override makes another method of a POST, and of a POST only."""
    path = f"appointments/{made()}/cancel"
    form = {"body": b"_method=DELETE", "content_type": "application/x-www-form-urlencoded"}

    assert ask("POST", path, x_http_method_override="DELETE").status == 404
    assert ask("POST", path, **form).status == 404
    assert ask("GET", path, x_http_method_override="POST").status == 404


def test_head(ask: Ask, made: Made) -> None:
    """HEAD is routed as GET is."""
    assert ask("HEAD", f"appointments/{made()}").status == 200


@pytest.mark.parametrize(
    "body",
    [b"{", b"   ", b"\xff", b"[NaN]", b"[" * 101 + b"]" * 101, b"[" * 100_000, b'{"a":1,}'],
)
def test_broken_json(ask: Ask, made: Made, body: bytes) -> None:
    """A broken JSON body is answered 400 before any look at the token, and cancels nothing."""
    path = f"appointments/{made()}"

    for token in (SEED.member_token, None):
        assert told(ask("POST", f"{path}/cancel", token=token, body=body, content_type="application/json")) == BAD
    assert b'"status":"scheduled"' in ask("GET", path).body


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b""),
        ("application/json", b"[" * 100 + b"]" * 100),
        ("application/json", b'{"id": 1, "status": "confirmed", "service_amount": 7}'),
        ("application/json; charset=utf-8", b"null"),
        ("application/xml", b"<a"),
        ("text/plain", b"\xff"),
        ("application/x-www-form-urlencoded", b"status=confirmed&a[b]=1"),
        ("multipart/form-data; boundary=x", b"--y"),
    ],
)
def test_body_ignored(ask: Ask, made: Made, content_type: str, body: bytes) -> None:
    """Whatever comes in a body, the appointment of the path is cancelled and nothing is assigned."""
    path = f"appointments/{made(service_amount=500)}"
    plain = f"appointments/{made(service_amount=500)}"
    row = json.loads(ask("POST", f"{path}/cancel", body=body, content_type=content_type).body)["payload"]
    expected = json.loads(ask("POST", f"{plain}/cancel").body)["payload"]
    own = {"id", "starts_at", "ends_at", "created_at", "updated_at"}

    assert {**row, **dict.fromkeys(own)} == {**expected, **dict.fromkeys(own)}


@pytest.mark.parametrize("query", ["id=1", "status=confirmed&account_id=4", "format=xml"])
def test_query_ignored(ask: Ask, made: Made, query: str) -> None:
    """An id in the query is ignored: the path names the appointment."""
    number = made()

    assert json.loads(ask("POST", f"appointments/{number}/cancel", query=query).body)["payload"]["id"] == number


@pytest.mark.parametrize("text", ["a=%ZZ", "a=%FF", "a=1&a[b]=2"])
def test_bad_form(ask: Ask, made: Made, text: str) -> None:
    """Escapes that are none, and names in conflict, are answered 400 in a query and in a form."""
    path = f"appointments/{made()}/cancel"

    assert told(ask("POST", path, query=text)) == BAD
    assert told(ask("POST", path, body=text.encode(), content_type="application/x-www-form-urlencoded")) == BAD


def test_bad_type(ask: Ask, made: Made) -> None:
    """A content type that is none is answered 406 without a body."""
    answer = ask("POST", f"appointments/{made()}/cancel", content_type="garbage")

    assert (answer.status, answer.body) == (406, b"")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png", "garbage"])
def test_accept(ask: Ask, made: Made, accept: str) -> None:
    """JSON is sent whatever the Accept header asks for."""
    answer = ask("POST", f"appointments/{made()}/cancel", accept=accept)

    assert (answer.status, answer.header("content-type")) == (200, "application/json; charset=utf-8")
