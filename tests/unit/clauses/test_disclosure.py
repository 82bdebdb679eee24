"""What an answer may show beside the appointment, and which secrets and which other clients it may not."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.clauses.conftest import Judge

BCRYPT = "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"
HEX = "8f14e45fceea167a5a36dedd4bea2543"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo3fQ.4pcPyMD09olPSyXnrXCj"
DATABASE = "postgres://scheduling:Wint3r-Rain@10.0.3.17:5432/production"
AWS = "AKIAIOSFODNN7EXAMPLE"
KEY = "-----BEGIN EC PRIVATE KEY-----\nMIIB"
OURS: dict[str, Any] = {"contact_id": None, "client_name": "Contract Test", "client_phone": "+7 000 000 00 00"}
OTHER = {"name": "Another Person", "phone": "+7 000 000 00 02"}
PHONE = OTHER["phone"]

SECRETS = [
    ({"log": ["ok", f"digest {BCRYPT}"]}, "the digest of a password", "/log"),
    ({"a": "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJC"}, "the digest of a password", "/a"),
    ({"a": "pbkdf2_sha256$600000$c29tZQ$abc"}, "the digest of a password", "/a"),
    ({"a": {"b": [{"key": KEY}]}}, "a private key", "/a/b/key"),
    ({"room": {"key": KEY}}, "a private key", "/room/key"),
    ({"a": AWS}, "a cloud's access key", "/a"),
    ({"a": JWT}, "a signed token", "/a"),
    ({"a": f"Bearer {JWT}"}, "a signed token", "/a"),
    (
        {"a": "GET /x with Authorization: Basic b25lbGluazpXMW50M3I="},
        "the password or key that signs a service in",
        "/a",
    ),
    ({"a": "curl -H 'Authorization: Bearer Wq8sT2nYk5Lr9Xc4Vb7'"}, "the password or key that signs a service in", "/a"),
    ({"a": DATABASE}, "an address with a password", "/a"),
    ({"a": "redis://:s3cr3t@cache:6379/0"}, "an address with a password", "/a"),
    ({"a": "sk_live_51H8s2eKq0Zr3"}, "a service's secret key", "/a"),
    ({"accessToken": "Wq8sT2nYk5Lr9Xc4"}, "a secret by its name", "/accessToken"),
    ({"user": {"webhook-secret": "a1b2c3d4"}}, "a secret by its name", "/user/<key 14>"),
    ({"backup_codes": ["a1b2c3d4"]}, "a secret by its name", "/backup_codes"),
    ({"_session_id": HEX}, "a session's id", "/_session_id"),
    ({"payments": [{"card": {"pan": "4111 1111 1111 1111"}}]}, "the number of a bank card", "/payments/card/pan"),
    ({"payment": {"card_number": "378282246310005"}}, "the number of a bank card", "/payment/card_number"),
    ({"card": {"cvv": "123"}}, "the code of a bank card", "/card/cvv"),
    ({"a": "https://sms.example/?psw=Qwe12345&login=clinic"}, "an address with a login and its password", "/a"),
    ({"a": f"https://hooks.slack.com/services/T0/B0/{HEX}"}, "the secret address of a webhook", "/a"),
    ({"a": "otpauth://totp/One:a?secret=JBSWY3DPEHPK3PXP&issuer=One"}, "the secret of a second factor", "/a"),
    ({"a": f"/ical/a/private-{HEX}/basic.ics"}, "the secret address of a calendar", "/a"),
    ({"a": f"PATH=/bin SECRET_KEY_BASE={HEX}"}, "a secret of the server's own settings", "/a"),
    ({"a": f"https://discord.com/api/webhooks/1/{HEX}"}, "the secret address of a webhook", "/a"),
]
"""What stands beside the appointment, the kind of secret, and where it is."""
NO_SECRETS = [
    {
        "hint": "send Authorization: Bearer $ONELINK_API_TOKEN",
        "log": "Basic authentication is refused",
        "b": "Bearer x",
    },
    {"feed": "https://a.example/f.ics?api_key=Wq8sT2nYk5Lr9Xc4"},
    {"a": "SECRET_KEY_BASE=<hidden>", "b": "/private-office/basic.ics", "c": "otpauth://totp/One"},
    {"link": f"https://s3.example/f.pdf?X-Amz-Credential={AWS}/eu&X-Amz-Signature={HEX}&token={JWT}"},
    {
        "service": "Basic Cardio-check-up-2026",
        "tariff": "Basic 2026/Q4-corporate-plan",
        "plan": "Basic 12345678901234567a",
    },
    {"course_session_id": HEX, "paymentSessionId": HEX},
    {"video": {"token": JWT, "access_token": "Wq8sT2nYk5Lr9Xc4", "session_id": HEX}},
    {"password": None, "has_password": True, "secret": "[FILTERED]", "api_key": "****1234", "access_token": "none"},
    {"reset_password_token_expires_at": "2026-11-02T10:00:00Z", "public_key": "pk_live_51H8s2eKq0Zr3"},
    {
        "password": "$ONELINK_API_TOKEN_SHA256",
        "api_key": "pk_live_51H8s2eKq0Zr3",
        "maps": {"api_key": "AIzaSyD4a1b2c3"},
    },
    {"session_id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "etag": HEX, "sha256": HEX * 2},
    {"dsn": "postgres://scheduling:***@10.0.3.17/production", "url": "https://a.example:80/@me?x=y:z@w"},
    {"payments": [{"card": {"pan": "411111******1111"}}], "pan": "4111111111111112", "cvv": "12", "cvv_passed": "123"},
    {
        "patient": {"payment": {"card_number": "4111111111111111"}},
        "card": "4111111111111111",
        "iin": "4111111111111111",
        "payments": [{"fiscal_card": "4111111111111111"}],
    },
    {
        "a": "https://zoom.example/j/1?pwd=Qwe12345",
        "b": "https://sms.example/?login=a&psw=***",
        "c": "?login=a&psw=Qwe12",
    },
    {"errors": {"password": ["is too short: 8 characters at least"]}},
]
"""What stands beside the appointment and is no secret of the house."""
OWN_HEADERS = (
    ("Set-Cookie", f"_session={HEX}"),
    ("Access-Token", "Wq8sT2nYk5Lr9Xc4"),
    ("Authorization", f"Bearer {JWT}"),
    ("X-Renewed-Token", JWT),
    ("X-Session-Id", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
)

IN_PATH = "/cancel?token=$ONELINK_API_TOKEN"
TOKEN = "the answer holds the value of $ONELINK_API_TOKEN"

OTHERS = [
    ({"waiting_list": [OTHER]}, "/payload/waiting_list"),
    ({"queue": [OTHER]}, "/payload/queue"),
    ({"contact_person": OTHER}, "/payload/contact_person"),
    ({"resource": {"name": "Room", "next": {"patient": "Another", "at": {"mobile": PHONE}}}}, "/payload/resource/next"),
    ({"contact": {"relatives": [{"person": OTHER}]}}, "/payload/contact/relatives/person"),
    ({"nextClient": {"fullName": "Another", "phoneNumber": PHONE}}, "/payload/nextClient"),
    ({"doctor": {"next_patient": OTHER}}, "/payload/doctor/next_patient"),
    ({"day": [{"customer_name": "Another", "tel": PHONE}]}, "/payload/day"),
]
"""What stands beside our client, and where somebody else is shown."""
OURSELVES = [
    {"contact": {"name": "Contract Test", "phone": "+7 000 000 00 00"}},
    {"client": {"name": "TEST, Contract", "phone": PHONE}},
    {"client": {"name": "Contr.", "phone": PHONE}},
    {"client": {"name": "Another", "phone": "8 (000) 000-00-00"}},
    {"client": {"name": "Another", "phone": "none"}, "patient": {"name": "", "phone": PHONE}},
    {"resource": {"name": "Dr. Another", "phone": PHONE}, "clinic": OTHER, "created_by": OTHER, "support": OTHER},
    {"appointment": {"doctor": {"name": "Dr. Another", "phone": PHONE}}, "patientCoordinator": OTHER},
    {"visit": {"doctor_name": "Dr. Another", "doctor_phone": PHONE}, "customer_support": OTHER, "waiting_room": OTHER},
    {"location": {"contact_name": "Reception", "contact_phone": PHONE}, "booking_channel": OTHER, "queue": OTHER},
    {"branch": {"contact_person": OTHER}, "contact_center": OTHER, "cancellation_policy": {"contact": OTHER}},
    {"inbox": {"sender_name": "Another", "phone_number": PHONE}, "visit_place": OTHER},
    {"log": [{"id": 7, "client_name": "As it was spelled", "client_phone": PHONE}]},
    {"contact_id": 51, "contact": {"relatives": [OTHER]}},
]
"""What stands beside our client, and is about nobody else, or about staff."""


@pytest.mark.parametrize(("beside", "kind", "place"), SECRETS)
def test_a_secret_is_found_wherever_it_stands(judge: Judge, beside: dict[str, Any], kind: str, place: str) -> None:
    """At any depth, by its form or by its name; the sentence does not repeat it."""
    found = judge("answer/inner-secrets", lambda m: m.cancel(extra=beside))

    assert found == (f"{kind} is shown in the body, at /payload/extra{place}",)


@pytest.mark.parametrize("beside", NO_SECRETS)
def test_what_is_no_secret_may_be_shown(judge: Judge, beside: dict[str, Any]) -> None:
    """Signed links, passes for a call, masks, digests of what is public, keys for browsers."""
    assert judge("answer/inner-secrets", lambda m: m.cancel(extra=beside)) == (None,)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("X-Session-Id", HEX, "a session's id"),
        ("X-Debug", JWT, "a signed token"),
        ("X-Api-Key", "a1b2c3d4e5", "a secret by its name"),
        ("Set-Cookie", f"user={BCRYPT}", "the digest of a password"),
    ],
)
def test_a_secret_in_a_header_is_found(judge: Judge, name: str, text: str, kind: str) -> None:
    """By the header's name, or by its form."""
    place = name.lower().replace("-", "_")

    found = judge("answer/inner-secrets", lambda m: m.cancel(401, headers=((name, text),)))

    assert found == (f"{kind} is shown in a header, at {place}",)


def test_what_is_the_callers_own_may_be_renewed(judge: Judge) -> None:
    """A session cookie, a token that is renewed with each answer, a session that is a trace's id."""
    assert judge("answer/inner-secrets", lambda m: m.cancel(headers=OWN_HEADERS)) == (None,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"<p>dsn={DATABASE}</p>", "an address with a password is shown in the answer, at body"),
        ("<script>see('https://a.example:80/@me?x=y:z@w')</script>", None),
    ],
)
def test_a_page_is_looked_through(judge: Judge, text: str, found: str | None) -> None:
    """A body that is not JSON is searched for what has the form of a secret."""
    assert judge("answer/inner-secrets", lambda m: m.cancel(500, body=text.encode(), kind="text/html")) == (found,)


@pytest.mark.parametrize(("beside", "place"), OTHERS)
def test_another_client_is_found_without_an_id(judge: Judge, beside: dict[str, Any], place: str) -> None:
    """A name and a telephone under words for clients, which are not our client's."""
    found = judge("answer/nobody-else", lambda m: m.cancel(**OURS, **beside))

    assert found == (f"the answer shows another client's name and telephone at {place}",)


@pytest.mark.parametrize("beside", OURSELVES)
def test_our_client_and_staff_may_be_shown(judge: Judge, beside: dict[str, Any]) -> None:
    """Our client in another spelling, staff and places, what a log holds of ourselves, a contact's relatives."""
    assert judge("answer/nobody-else", lambda m: m.cancel(**{**OURS, **beside})) == (None,)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("X-Next-Client", "%D0%90%20%D0%91;tel=%2B7%20000%20000%2000%2002", "x_next_client"),
        ("X-Next-Client", "Contract Test;tel=+7 000 000 00 00", None),
        ("X-Client-Ref", "1234567890123", None),
        ("X-Support", "Reception, +7 000 000 00 02", None),
    ],
)
def test_a_header_shows_nobody_else(judge: Judge, name: str, text: str, place: str | None) -> None:
    """A telephone in a header about clients is our client's."""
    found = judge("answer/nobody-else", lambda m: m.cancel(headers=((name, text),), **OURS))

    told = f"the answer shows another client's name and telephone at {place}"
    assert found == (told if place else None,)


URL = "https://one-link.test/api/v1/accounts/3/scheduling/appointments/5000/cancel?token=$ONELINK_API_TOKEN"


@pytest.mark.parametrize(
    ("shown", "asked", "found"),
    [
        ({"error": "No", "path": IN_PATH}, URL, None),
        (
            {"error": "No $ONELINK_API_TOKEN", "path": IN_PATH},
            URL,
            f"{TOKEN} in the body at /error, in the body at /path",
        ),
        (
            {"error": "No", "path": IN_PATH},
            URL.partition("?")[0],
            f"{TOKEN} in the body at /path",
        ),
    ],
)
def test_an_error_may_repeat_the_url_that_was_asked_for(
    judge: Judge, shown: dict[str, Any], asked: str, found: str | None
) -> None:
    """A token that its caller has put into the query stands in the path of many frameworks' errors."""
    judged = judge(
        "answer/no-token", lambda m: replace(m.cancel(401, body=shown, echoes=("ONELINK_API_TOKEN",)), url=asked)
    )

    assert judged == (found,)
