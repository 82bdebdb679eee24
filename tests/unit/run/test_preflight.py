"""What the preflight finds: each question's failure, with its remedy."""

import httpx
import pytest

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.run.finding import Finding
from cancel_contract.run.preflight import first_problem
from tests.unit.run.conftest import BASE_URL, Examined, Memory, Opened

DOWN = "look into the server's log: it, or a proxy before it, fails or is shut for a while"

THERE = Finding("is the target there?", "it answers in 1 ms, without TLS")
API = Finding("is it this API?", "it answers 401 in JSON where no token is sent")
TOKEN = Finding("is the token good, the account visible?", "the account's appointments can be listed")
CALENDAR = Finding("can appointments be created?", "the calendar of resource 11 can be read")
TIMELESS = Finding("does the clock agree?", "the target sends no Date header")


def test_a_fit_target_has_four_good_answers_and_its_time(examined: Examined, memory: Memory) -> None:
    """A fit target gives good answers to all preflight questions, in three reads."""
    assert examined() == (THERE, API, TOKEN, CALENDAR, TIMELESS)
    assert len(memory.asked) == 3


def test_a_fit_target_has_no_first_problem(make_run: Opened, memory: Memory) -> None:
    """What only warns keeps no run from beginning."""
    memory.before = lambda request: httpx.Response(404) if "/calendar" in request.path else request
    with make_run() as run:
        assert first_problem(run.context) == ""


@pytest.mark.parametrize(
    ("response", "fact"),
    [
        (httpx.Response(200, html="<title>Welcome</title>"), "200 (text/html; charset=utf-8)"),
        (httpx.Response(200, json={"ok": True}), "200 (application/json)"),
        (httpx.Response(200, json={"payload": []}), "200 (application/json)"),
        (httpx.Response(404, json={"error": "no such thing"}), "404 (application/json)"),
    ],
    ids=["site", "api", "list", "missing"],
)
def test_another_service_is_told(examined: Examined, memory: Memory, response: httpx.Response, fact: str) -> None:
    """A target that does not refuse a request without a token is another service; one more request at most says so."""
    memory.before = lambda _: response

    assert examined() == (
        THERE,
        Finding(
            "is it this API?",
            f"it answers {fact} where no token is sent, not 401 in JSON",
            "correct ONELINK_BASE_URL: another service, a login page or a proxy answers there",
        ),
    )
    assert len(memory.asked) == 1 + (response.status_code == httpx.codes.NOT_FOUND)


def _no_list(request: Request) -> Request | httpx.Response:
    return httpx.Response(405) if request.method == "GET" and request.path.endswith("/appointments") else request


def test_an_api_that_lists_nothing_is_told_by_its_reads(examined: Examined, memory: Memory) -> None:
    """No page documents a list: a read is refused without a token, and finds nothing with it."""
    memory.before = _no_list

    assert examined()[1:3] == (
        Finding("is it this API?", "it lists nothing, and answers 401 in JSON where no token is sent"),
        Finding(TOKEN.question, "a read of an appointment that is not there answers 404"),
    )


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://login.example/?next=%2Fapi", "https://login.example"),
        ("https://me:secret@new.example:8443/api", "https://new.example:8443"),
        ("/users/sign_in?token=x", "/users/sign_in"),
    ],
)
def test_a_redirect_is_told_with_where_it_points(examined: Examined, memory: Memory, location: str, place: str) -> None:
    """A redirect is not followed; its reader learns which address to set, and no secret of it."""
    memory.before = lambda _: httpx.Response(302, headers={"location": location})

    assert examined() == (
        THERE,
        Finding(
            "is it this API?",
            f"it answers 302 (no content type) where no token is sent, and redirects to {place}",
            "set ONELINK_BASE_URL to where the API itself answers: no redirect is followed",
        ),
    )
    assert len(memory.asked) == 1


@pytest.mark.parametrize(
    ("response", "fact"),
    [
        (httpx.Response(401, html="<title>Log in</title>"), "401 (text/html; charset=utf-8)"),
        (httpx.Response(401, json=["error"]), "401 (application/json)"),
        (httpx.Response(401), "401 (no content type)"),
        (httpx.Response(403, json={"message": "Missing Authentication Token"}), "403 (application/json)"),
    ],
    ids=["login-page", "no-object", "empty", "gateway"],
)
def test_another_service_that_refuses_is_told(
    examined: Examined, memory: Memory, response: httpx.Response, fact: str
) -> None:
    """What refuses the right token as well, and not as this API refuses, is another service."""
    memory.before = lambda _: response

    assert examined() == (
        THERE,
        Finding(
            "is it this API?",
            f"it answers {fact} where no token is sent, not 401 in JSON, and lists nothing with the token",
            "correct ONELINK_BASE_URL: another service, a login page or a proxy answers there",
        ),
    )


@pytest.mark.parametrize(
    "body",
    [{"message": "Unauthorized"}, {"detail": "No credentials"}, {"title": "Unauthorized", "status": 401}],
    ids=["message", "detail", "problem"],
)
def test_a_refusal_in_other_words_is_one(examined: Examined, memory: Memory, body: dict[str, object]) -> None:
    """Any JSON that says why is the refusal of this API, whatever its keys."""
    memory.before = lambda asked: asked if asked.header("api_access_token") else httpx.Response(401, json=body)

    assert examined() == (THERE, API, TOKEN, CALENDAR, TIMELESS)


@pytest.mark.parametrize(
    ("response", "fact"),
    [
        (httpx.Response(403, json={"detail": "No credentials"}), "403 (application/json)"),
        (httpx.Response(401, json=["No"]), "401 (application/json)"),
        (httpx.Response(401, html="<title>Log in</title>"), "401 (text/html; charset=utf-8)"),
        (httpx.Response(401), "401 (no content type)"),
    ],
    ids=["403", "list", "page", "empty"],
)
def test_a_refusal_in_another_way_is_one_if_the_token_works(
    examined: Examined, memory: Memory, response: httpx.Response, fact: str
) -> None:
    """A target that lists the account's appointments is this API; how it refuses is judged by the clauses."""
    memory.before = lambda asked: asked if asked.header("api_access_token") else response

    told = f"it answers {fact} where no token is sent, and lists appointments where the right one is"
    assert examined() == (THERE, Finding("is it this API?", told), TOKEN, CALENDAR, TIMELESS)


def test_a_server_that_fails_is_told(examined: Examined, memory: Memory) -> None:
    """A server that answers 5xx is reported as such."""
    memory.before = lambda _: httpx.Response(500, html="<title>Exception caught</title>")

    assert examined()[1:] == (
        Finding(
            "is it this API?", "it answers 500 (text/html; charset=utf-8) where no token is sent, not 401 in JSON", DOWN
        ),
    )


def test_a_gateway_that_speaks_for_a_server_is_told(examined: Examined, memory: Memory) -> None:
    """A 503 is asked for again; where it stays, the server is not there."""
    memory.before = lambda _: httpx.Response(503, html="<title>Maintenance</title>")

    assert examined() == (Finding("is the target there?", f"{BASE_URL} answered a read 503, 4 times in a row", DOWN),)


def test_a_server_that_goes_away_is_no_matter_of_the_token(examined: Examined, memory: Memory) -> None:
    """Only a 401 tells of the token; what comes of the same read otherwise tells of the target."""
    memory.before = lambda request: httpx.Response(502) if request.header("api_access_token") else request

    assert examined()[-1] == Finding("is the target there?", f"{BASE_URL} answered a read 502, 4 times in a row", DOWN)


def test_an_answer_that_is_no_http_is_told(examined: Examined, memory: Memory) -> None:
    """A port that speaks something else is there, and is not this API."""

    class Garbled(Memory):
        """Says something, which is no HTTP."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Fail as the wire does after some bytes."""
            request.extensions["tape"] = b"SSH-2.0"
            raise httpx.RemoteProtocolError("illegal status line")

    memory.__class__ = Garbled

    finding = examined()[-1]

    assert finding == Finding(
        "is it this API?",
        "the answer is cut short, or no HTTP (illegal status line)",
        "check the network and the server, then try again",
    )


def test_a_budget_that_is_too_small_is_told_as_such(examined: Examined) -> None:
    """A budget that is too small for the preflight is reported as such, not as a network problem."""
    assert examined(max_requests=2)[-1] == Finding(
        "may it be asked?", "2 of 2 requests are spent", "set ONELINK_MAX_REQUESTS higher"
    )


def test_a_target_that_throttles_for_ever_is_told_as_such(examined: Examined, memory: Memory) -> None:
    """A target that throttles for too long is reported as such, not as a network problem."""
    memory.before = lambda _: httpx.Response(429)

    assert examined() == (
        Finding(
            "is the target there?",
            "http://127.0.0.1:9 answered 6 times 429 (too many requests) in a row: try when it is less busy, or set "
            "ONELINK_MAX_RATE lower",
            "wait until it is less busy",
        ),
    )


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[Errno 111] Connection refused", "start the server, or correct the port in ONELINK_BASE_URL"),
        (
            "[Errno 111] Connection refused, by way of the proxy http://proxy.test:3128",
            "start the proxy or correct its address, or name the target's host in NO_PROXY",
        ),
        (
            "certificate verify failed: self-signed certificate, by way of the proxy http://proxy.test:3128",
            "set ONELINK_CA_BUNDLE to the authority that signed it",
        ),
        (
            "[SSL: WRONG_VERSION_NUMBER] wrong version number",
            "it speaks no TLS: correct scheme or port in ONELINK_BASE_URL",
        ),
        ("[SSL] record layer failure", "it speaks no TLS: correct scheme or port in ONELINK_BASE_URL"),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
            "set ONELINK_CA_BUNDLE to the authority that signed it",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch",
            "correct the host in ONELINK_BASE_URL: the certificate is another's",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired",
            "renew the server's certificate",
        ),
        ("[Errno -2] Name or service not known", "correct the host in ONELINK_BASE_URL"),
        (
            "timed out",
            (
                "check the network, the VPN and the server, then try again; if it speaks TLS, write https into "
                "ONELINK_BASE_URL"
            ),
        ),
    ],
)
def test_why_there_is_no_connection_is_told(examined: Examined, memory: Memory, text: str, remedy: str) -> None:
    """Each way of not getting through has a remedy of its own."""
    memory.before = lambda _: httpx.ConnectError(text)

    assert examined() == (
        Finding(
            "is the target there?",
            f"http://127.0.0.1:9 cannot be reached ({text}), 3 times in a row",
            remedy,
        ),
    )


def test_a_token_that_is_good_for_lists_alone_is_told(examined: Examined, memory: Memory) -> None:
    """A 401 on the calendar ends the examination as a token that is not known."""
    memory.before = lambda request: (
        httpx.Response(401, json={"error": "Invalid Access Token"}) if "/calendar" in request.path else request
    )

    assert examined()[-1].remedy == "take a fresh token from the profile page into ONELINK_API_TOKEN"


def test_the_first_problem_is_one_line(make_run: Opened) -> None:
    """A gate that cannot begin tells question, fact and remedy together."""
    with make_run(account_id=SEED.disabled_account_id, disabled_account_id=None) as run:
        assert first_problem(run.context) == (
            "is the token good, the account visible? the list of appointments answers 403: "
            "switch scheduling on for the account, let the token's owner list appointments, or name another account"
        )
