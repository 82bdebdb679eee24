"""Clauses answer/...: answers that keep each promise, break it, or do not concern it."""

from functools import partial
from typing import Any

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses import lost_rows, seen_rows
from tests.unit.clauses.conftest import Family, Judge, Make

GZIP = (("Accept-Encoding", "gzip, deflate;q=0.5, br;q=0"),)
LISTED = (("Accept-Encoding", "gzip;q=0.001"), ("Accept-Encoding", "br"))
WEIGHED = (("accept-encoding", "*;q=0.1"),)


def _reminding(m: Any, spelled: str) -> Any:  # noqa: ANN401  the fixture's own class
    """Make an answer that tells its client's number once more, as something else has it."""
    return m.cancel(client_phone="+7 701 555 12 34", reminders=[{"id": 5, "client_phone": spelled}])


_ECHOES = ("ONELINK_API_TOKEN",)
_SPAN = {"starts_at": "2026-11-02T05:00:00Z", "ends_at": "2026-12-02T05:00:00Z"}
HELD: list[tuple[str, Make]] = [
    ("answer/status-200", lambda m: m.cancel()),
    *lost_rows.HELD,
    ("answer/valid-json", lambda m: m.cancel()),
    ("answer/content-type", lambda m: m.cancel()),
    ("answer/content-type", lambda m: m.cancel(kind="application/json")),
    ("answer/content-type", lambda m: m.cancel(kind='Application/JSON; Charset="UTF-8"')),
    ("answer/content-type", lambda m: m.cancel(kind="application/json;charset=utf-8; x=y;")),
    ("answer/content-type", lambda m: m.cancel(kind="application/json; charset=utf-8; charset=UTF8")),
    ("answer/content-type", lambda m: m.cancel(kind='application/json; profile="a; charset=b"; charset=UTF8')),
    ("answer/encoding", lambda m: m.cancel(sent=GZIP)),
    ("answer/encoding", lambda m: m.cancel(404, sent=GZIP, headers=(("Content-Encoding", "X-GZip, Deflate"),))),
    ("answer/encoding", lambda m: m.cancel(sent=GZIP, headers=(("content-encoding", "identity"),))),
    ("answer/encoding", lambda m: m.cancel(sent=LISTED, headers=(("content-encoding", "br, gzip"),))),
    ("answer/encoding", lambda m: m.cancel(sent=WEIGHED, headers=(("content-encoding", "zstd"),))),
    ("answer/length", lambda m: m.cancel()),
    ("answer/envelope", lambda m: m.cancel()),
    ("answer/no-error", lambda m: m.cancel()),
    ("answer/no-error", lambda m: m.cancel(body={"payload": {}, "error": None, "errors": []})),
    ("answer/no-error", lambda m: m.cancel(body={"payload": {}, "success": True, "ok": 0})),
    ("answer/documented-fields", lambda m: m.cancel(extra=[])),
    ("answer/types", lambda m: m.cancel()),
    ("answer/nulls", lambda m: m.cancel(contact_id=None, client_phone=None, expense=None)),
    ("answer/enumerations", lambda m: m.cancel(status="no_show")),
    ("answer/formats", lambda m: m.cancel(starts_at="2026-11-02T09:00:00.123+05:00")),
    ("answer/bounds", lambda m: m.cancel(duration_min=720, contact_id=2**63 - 1)),
    ("answer/whole-money", lambda m: m.cancel(service_amount=0)),
    ("answer/money-adds-up", lambda m: m.cancel(service_amount=5000, prepaid_amount=2000, settlement_amount=3000)),
    ("answer/id-echo", lambda m: m.cancel()),
    ("answer/account-echo", lambda m: m.cancel()),
    ("answer/end-after-start", lambda m: m.cancel()),
    ("answer/duration", lambda m: m.cancel(starts_at="2026-11-02T10:00:00+05:00", ends_at="2026-11-02T05:30:00Z")),
    *(
        (
            "answer/duration",
            lambda m, stated=stated: m.cancel(
                starts_at="2026-11-02T05:00:00Z", ends_at="2026-11-02T05:29:59.5Z", duration_min=stated
            ),
        )
        for stated in (29, 30)
    ),
    ("answer/time-limit", lambda m: m.cancel(elapsed=10.0)),
    ("answer/no-token", lambda m: m.cancel(401)),
    ("answer/no-internals", lambda m: m.cancel(500, body=b"We're sorry, but something went wrong.", kind="text/html")),
    ("answer/no-internals", lambda m: m.cancel(client_comment="SELECT a seat FROM the map, said ActiveRecord::Base")),
    ("answer/no-internals", lambda m: m.cancel(404, body={"error": "No", "trace": "4bf92f3577b34da6", "stack": None})),
    ("answer/no-internals", lambda m: m.cancel(404, body={"trace": {"id": "4bf92f3577b34da6", "span_id": "00f067aa"}})),
    (
        "answer/no-internals",
        lambda m: m.cancel(404, body={"trace": "https://traces.example/4", "stack": "KZ-Almaty 1"}),
    ),
    ("answer/no-appointment", lambda m: m.cancel(404)),
    ("answer/no-appointment", lambda m: m.cancel(403, body={"subscription": {"id": 5, "starts_at": "x"}})),
    *(
        ("answer/no-appointment", lambda m, key=key: m.cancel(403, body={key: {"id": 5, **_SPAN}}))
        for key in ("subscription", "maintenance_window", "trial")
    ),
    ("answer/no-appointment", lambda m: m.cancel(403, body={"error": "No", "details": {"client_name": ["is taken"]}})),
    ("answer/no-appointment", lambda m: m.cancel(401, body=[{"id": 7, "client_name": None}, {"id": None}, "x"])),
    ("answer/nobody-else", lambda m: m.cancel()),
    *(
        ("answer/nobody-else", partial(_reminding, spelled=spelled))
        for spelled in ("+77015551234", "8 701 555 12 34", "+7 *** *** ** 34", "+7 701 555 12 34")
    ),
    ("answer/nobody-else", lambda m: m.cancel(client_name="Anna Li", old=[{"id": 8, "client_name": "ANNA L."}])),
    ("answer/nobody-else", lambda m: m.cancel(series=[m.payload(), {**m.payload(), "id": 8}])),
    ("answer/nobody-else", lambda m: m.cancel(log=[{"id": m.payload()["id"], "client_name": "As it was spelled"}])),
    ("answer/nobody-else", lambda m: m.cancel(next={"id": 8, "client_name": None, "client_phone": ""})),
    ("answer/nobody-else", lambda m: m.cancel(log=[{"id": [8], "client_name": "x"}, {"id": 8, "client_name": ["x"]}])),
    (
        "answer/nobody-else",
        lambda m: m.cancel(change={"client_name": "Another"}, log=[{"id": None, "client_phone": "1"}]),
    ),
    ("answer/inner-secrets", lambda m: m.cancel()),
    *[
        ("answer/private", lambda m, told=told: m.cancel(headers=(("Cache-Control", told),)))
        for told in ("max-age=0, private", "max-age=0", "max-age=60, private", "max-age=60, no-store")
    ],
    *seen_rows.HELD,
]

BROKEN: list[tuple[str, Make, str]] = [
    ("answer/status-200", lambda m: m.cancel(409), "status is 409, not 200"),
    *lost_rows.BROKEN,
    ("answer/valid-json", lambda m: m.cancel(body=b'{"payload": {"service_amount": NaN}}'),
     "the body is not strict JSON: NaN is not a JSON number, at /payload/service_amount"),
    ("answer/valid-json", lambda m: m.cancel(body=b'{"payload": {"id": 7, "id": 8}}'),
     "the body is not strict JSON: the key 'id' stands twice in one object"),
    ("answer/valid-json", lambda m: m.cancel(body=b'\xef\xbb\xbf{"payload": {}}'),
     "the body is not strict JSON: it begins with a byte order mark"),
    ("answer/valid-json", lambda m: m.cancel(404, body=b"", kind="Application/JSON"),
     "the body is empty"),
    ("answer/valid-json", lambda m: m.cancel(404, body=b""),
     "the body is empty"),
    ("answer/valid-json", lambda m: m.cancel(body=b"", kind="text/html"),
     "the body is empty"),
    ("answer/content-type", lambda m: m.cancel(kind="text/html"),
     "the content type is text/html, not application/json in UTF-8"),
    ("answer/content-type", lambda m: m.cancel(kind="application/hal+json"),
     "the content type is application/hal+json, not application/json in UTF-8"),
    ("answer/content-type", lambda m: m.cancel(kind=None),
     "the content type is missing, not application/json in UTF-8"),
    ("answer/content-type", lambda m: m.cancel(kind="application/json; charset=latin-1"),
     "the content type is application/json; charset=latin-1, not application/json in UTF-8"),
    ("answer/content-type", lambda m: m.cancel(kind="application/json; x=y; charset=latin-1"),
     "the content type is application/json; <string 3>; charset=latin-1, not application/json in UTF-8"),
    ("answer/content-type", lambda m: m.cancel(kind="application/json, application/json"),
     "the content type is application/json, application/json, not application/json in UTF-8"),
    ("answer/length", lambda m: m.cancel(framing="5 bytes follow the last chunk"),
     "5 bytes follow the last chunk"),
    ("answer/length", lambda m: m.cancel(trouble=Trouble.BROKEN),
     "the answer is cut short, or no HTTP (peer closed)"),
    ("answer/envelope", lambda m: m.cancel(body=[]), "the body is an array, not an object with a payload"),
    ("answer/envelope", lambda m: m.cancel(body=5), "the body is a number, not an object with a payload"),
    ("answer/envelope", lambda m: m.cancel(body={"id": 7}), "the body has no payload, only id"),
    ("answer/envelope", lambda m: m.cancel(body={"payload": None}), "payload is null, not an object"),
    ("answer/documented-fields", lambda m: m.cancel(without=["expense"]), "expense is missing"),
    ("answer/documented-fields", lambda m: m.cancel(without=["id", "status", "payments", "expense"]),
     "id is missing; status is missing; payments is missing"),
    ("answer/documented-fields", lambda m: m.cancel(payments=[{"id": 1}]),
     "payments/0/amount is missing; payments/0/payment_method is missing; payments/0/payment_kind is missing"),
    ("answer/types", lambda m: m.cancel(client_name=["Анна"]), "client_name is an array of 1 entry, not string"),
    ("answer/types", lambda m: m.cancel(id="7"), "id is a string of 1 character, not integer"),
    ("answer/nulls", lambda m: m.cancel(client_name=None), "client_name is null, not string"),
    ("answer/enumerations", lambda m: m.cancel(status="canceled"),
     "status is 'canceled', not one of scheduled, confirmed, completed, cancelled, no_show"),
    ("answer/formats", lambda m: m.cancel(client_birth_date="25.12.2023"),
     "client_birth_date is a string of 10 characters (00.00.0000), not a date"),
    ("answer/formats", lambda m: m.cancel(starts_at="2026-11-02T09:00:00"),
     "starts_at is a string of 19 characters (0000-00-00T00:00:00), not a date-time"),
    ("answer/bounds", lambda m: m.cancel(duration_min=4), "duration_min is 4, not >= 5"),
    ("answer/bounds", lambda m: m.cancel(contact_id=2**63),
     "contact_id is 9223372036854775808, not <= 9223372036854775807"),
    ("answer/whole-money", lambda m: m.cancel(service_amount=-1), "service_amount is -1, not >= 0"),
    ("answer/whole-money", lambda m: m.cancel(prepaid_amount=10.5), "prepaid_amount is 10.5, not integer"),
    ("answer/whole-money", lambda m: m.cancel(settlement_amount=100.0), "settlement_amount is 100.0, not integer"),
    ("answer/money-adds-up", lambda m: m.cancel(service_amount=5000, prepaid_amount=2000, settlement_amount=3001),
     "2000 prepaid and 3001 settled are more than the 5000 of the service"),
    ("answer/id-echo", lambda m: m.cancel(id=8), "id is 8, not 7"),
    ("answer/account-echo", lambda m: m.cancel(account_id=4), "account_id is 4, not 3"),
    ("answer/end-after-start",
     lambda m: m.cancel(starts_at="2026-11-02T10:00:00+05:00", ends_at="2026-11-02T05:00:00Z"),
     "ends_at is 2026-11-02T05:00:00+00:00, not after 2026-11-02T10:00:00+05:00"),
    ("answer/duration", lambda m: m.cancel(duration_min=60), "duration_min is 60, not the 30 minutes of its times"),
    ("answer/time-limit", lambda m: m.cancel(elapsed=10.26), "the answer took 10.3 s, not 10 s at most"),
    ("answer/time-limit", lambda m: m.cancel(trouble=Trouble.TIMEOUT), "no answer came within 10 s"),
    ("answer/no-token", lambda m: m.cancel(401, echoes=_ECHOES), "the answer holds the value of $ONELINK_API_TOKEN"),
    ("answer/no-token", lambda m: m.read(echoes=_ECHOES), "the answer to a read holds the value of $ONELINK_API_TOKEN"),
    ("answer/no-internals", lambda m: m.cancel(500, body=b"PG::UniqueViolation: ERROR", kind="text/plain"),
     "the answer leaks server internals in its body: 'PG::UniqueViolation'"),
    ("answer/no-internals", lambda m: m.cancel(headers=(("X-Error", "NoMethodError in cancel"),)),
     "the answer leaks server internals in its header X-Error: 'NoMethodError'"),
    ("answer/no-internals", lambda m: m.cancel(headers=(("X-Query", "SELECT id FROM"), ("X-Next", "none"))),
     "the answer leaks server internals in its header X-Query: 'SELECT id FROM'"),
    ("answer/no-internals",
     lambda m: m.cancel(500, body=b"SELECT \xff, status, payment_status, id FROM t", kind="text/plain"),
     "the answer leaks server internals in its body: 'SELECT \ufffd, status, payment_status, id FRO'"),
    ("answer/no-appointment", lambda m: m.cancel(403, body={"data": {"id": 5, **_SPAN}}),
     "the 403 shows an appointment with its id and starts_at"),
    ("answer/no-internals", lambda m: m.cancel(404, body={"error": "No", "exception": "#<E>", "traces": {}}),
     "the answer has the key 'exception', which leaks server internals"),
    ("answer/nobody-else", lambda m: m.cancel(day=[m.payload(), {"id": 8, "client_name": "Guest #8"}]),
     "the answer shows another appointment's client_name, at /payload/day/client_name"),
    ("answer/nobody-else", lambda m: m.cancel(day=[m.payload(), {"id": 8, "client_name": "Another"}]),
     "the answer shows another appointment's client_name, at /payload/day/client_name"),
    ("answer/nobody-else", lambda m: m.cancel(body={"payload": m.payload(), "next": {"id": 8, "client_phone": "1"}}),
     "the answer shows another appointment's client_phone, at /next/client_phone"),
    ("answer/inner-secrets", lambda m: m.cancel(401, body={"error": "No", "user": {"api_key": "a1b2c3d4e5"}}),
     "a secret by its name is shown in the body, at /user/api_key"),
    *[("answer/private", lambda m, told=told: m.cancel(headers=(("Cache-Control", told),)),
       f"Cache-Control is {told.lower()!r}, so shared caches may keep a person's data")
      for told in ("Public, max-age=60", "Max-Age=600", "Public", "private, S-MaxAge=60")],
    ("answer/private", lambda m: m.cancel(headers=(("Surrogate-Control", "Max-Age=60"),)),
     "surrogate-control is 'max-age=60', so shared caches may keep a person's data"),
    *[("answer/encoding", lambda m, weight=weight: m.cancel(
        sent=(("Accept-Encoding", "gzip"), ("accept-encoding", f"br;{weight}")),
        headers=(("Content-Encoding", "zstd, br, gzip"),)),
       f"the content encoding is zstd, br, not one of gzip, br;{weight}")
      for weight in ("q=0", " Q=0. ", "q=0.0", "q=0.00", "q=0.000")],
    ("answer/encoding", lambda m: m.cancel(sent=GZIP, headers=(("Content-Encoding", "gzip, br"),)),
     "the content encoding is br, not one of gzip, deflate;q=0.5, br;q=0"),
    ("answer/encoding", lambda m: m.cancel(401, sent=GZIP, headers=(("Content-Encoding", "zstd"),)),
     "the content encoding is zstd, not one of gzip, deflate;q=0.5, br;q=0"),
    *[("answer/no-error", lambda m, key=key: m.cancel(body={"payload": {}, key: False}),
       f"beside the payload of a success, {key} is false") for key in ("success", "ok")],
    ("answer/no-error", lambda m: m.cancel(body={"payload": {}, "error": "No"}),
     "beside the payload of a success, error is 'No'"),
    ("answer/no-error", lambda m: m.cancel(body={"payload": {}, "errors": {"a": 1}}),
     "beside the payload of a success, errors is an object of 1 field"),
    ("answer/no-appointment",
     lambda m: m.cancel(404, body={"error": "No", "near": [{"id": 9, "starts_at": "x", "ends_at": "y"}]}),
     "the 404 shows an appointment with its id and starts_at"),
    ("answer/no-appointment", lambda m: m.cancel(401, body={"error": "No", "payload": m.payload()}),
     "the 401 shows an appointment with its id and client_name"),
    *seen_rows.BROKEN,
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("answer/status-200", lambda m: m.cancel(409, Intent.REPEAT)),
    ("answer/status-200", lambda m: m.cancel(trouble=Trouble.LOST)),
    ("answer/status-200", lambda m: m.cancel(500, case={"abandoned": True})),
    ("answer/status-200", lambda m: m.cancel(411)),
    ("answer/duration", lambda m: m.cancel(duration_min="30")),
    *lost_rows.ASIDE,
    ("answer/valid-json", lambda m: m.cancel(404, body=b"<html>", kind="text/html")),
    ("answer/valid-json", lambda m: m.cancel(200, Intent.OTHER_METHOD, body=b"", case={"method": "HEAD"})),
    ("answer/valid-json", lambda m: m.read(body=b"")),
    ("answer/content-type", lambda m: m.cancel(404, kind="text/html")),
    ("answer/length", lambda m: m.read(framing="5 bytes follow it")),
    ("answer/length", lambda m: m.cancel(trouble=Trouble.LOST)),
    ("answer/envelope", lambda m: m.cancel(409)),
    ("answer/documented-fields", lambda m: m.cancel(body={"payload": []})),
    ("answer/types", lambda m: m.cancel(409)),
    ("answer/types", lambda m: m.cancel(409, body={"payload": {"id": "7"}})),
    ("answer/nulls", lambda m: m.cancel(409)),
    ("answer/enumerations", lambda m: m.cancel(409)),
    ("answer/formats", lambda m: m.cancel(409)),
    ("answer/bounds", lambda m: m.cancel(409)),
    ("answer/whole-money", lambda m: m.cancel(409)),
    ("answer/money-adds-up", lambda m: m.cancel(service_amount=0, prepaid_amount=5)),
    ("answer/money-adds-up", lambda m: m.cancel(409)),
    ("answer/id-echo", lambda m: m.cancel(id=8, case={"appointment": None})),
    ("answer/account-echo", lambda m: m.cancel(409)),
    ("answer/end-after-start", lambda m: m.cancel(ends_at="soon")),
    ("answer/end-after-start", lambda m: m.cancel(ends_at=5)),
    ("answer/end-after-start", lambda m: m.cancel(409)),
    (
        "answer/end-after-start",
        lambda m: m.cancel(
            409, body={"payload": {"starts_at": "2026-11-02T10:00:00Z", "ends_at": "2026-11-02T09:00:00Z"}}
        ),
    ),
    ("answer/duration", lambda m: m.cancel(starts_at="2026-11-02T09:00:00")),
    ("answer/time-limit", lambda m: m.read(elapsed=11.0)),
    ("answer/no-token", lambda m: m.read()),
    ("answer/no-internals", lambda m: m.read(500, body=b"NoMethodError")),
    (
        "answer/nobody-else",
        lambda m: m.cancel(404, body={"payload": m.payload(), "next": {"id": 8, "client_phone": "1"}}),
    ),
    ("answer/nobody-else", lambda m: m.read(day=[{"id": 8, "client_name": "Another"}])),
    ("answer/inner-secrets", lambda m: m.read(beside={"password": "Wint3r-Rain"})),
    ("answer/private", lambda m: m.cancel(404, headers=(("Cache-Control", "public"),))),
    ("answer/encoding", lambda m: m.cancel(headers=(("Content-Encoding", "br"),))),
    ("answer/encoding", lambda m: m.read(sent=GZIP, headers=(("Content-Encoding", "br"),))),
    ("answer/no-error", lambda m: m.cancel(404, body={"payload": {}, "error": "No"})),
    ("answer/no-error", lambda m: m.cancel(body={"error": "No"})),
    ("answer/no-error", lambda m: m.read(body={"payload": {}, "error": "No"})),
    ("answer/no-appointment", lambda m: m.cancel(409, body={"error": "No", "payload": m.payload()})),
    ("answer/no-appointment", lambda m: m.cancel(404, body=b"x")),
    ("answer/no-appointment", lambda m: m.read(404, body={"payload": m.payload()})),
    *seen_rows.ASIDE,
]


class TestAnswer(Family):
    """The tables above."""

    name = "answer"


def test_each_answer_is_judged_by_its_own_payload(judge: Judge) -> None:
    """What the fragment said of one answer is not said of the next."""
    found = [judge("answer/types", lambda m, given=given: m.cancel(id=given)) for given in (7, "7", 7)]

    assert found == [(None,), ("id is a string of 1 character, not integer",), (None,)]
