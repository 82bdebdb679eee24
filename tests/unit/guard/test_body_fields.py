"""The fields of queries and bodies in which an id is sought."""

from __future__ import annotations

import json

import pytest

from cancel_contract.guard import body_fields as fields


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "ids", "ids[]", "ids[0]", "appointment_id", "appointment-id", "appointmentId", "appointment[id]",
     "appointment.id", "bookingId", "pk", "appointment", "appointments[0]", "account_id", "x-appointment-id"],
)  # fmt: skip
def test_names_of_ids(name: str) -> None:
    """A field of such a name may be taken for an id."""
    assert fields.named(name)


@pytest.mark.parametrize(
    "name", ["", "status", "appointment[status]", "paid", "identifier", "client_identifier", "[0]", "1"]
)
def test_names_of_other_things(name: str) -> None:
    """A field with an unrelated name is not read as an id."""
    assert not fields.named(name)


@pytest.mark.parametrize(
    "query",
    [
        "id=12",
        "a=1&id=12",
        "a=1;id=12",
        "%69d=12",
        "%2569d=12",
        "appointment%5Bid%5D=12",
        "ids=7,12",
        "ids[]=12",
        "Id=%31%32",
    ],
)
def test_ids_in_a_query(query: str) -> None:
    """However a query is encoded, the ids in it are found."""
    assert "12" in {text for _, text in fields.of_query(query)}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"id": 12}'),
        ("application/json", b'{"id": 12, "id": 5001}'),
        ("application/json", b'{"id": 5001, "id": 12}'),
        ("application/json", b'{"\\u0069d": "12"}'),
        ("application/json", b'{"appointment": {"id": [5001, 12]}}'),
        ("application/json", b'{"appointments": {"12": {"status": "cancelled"}}}'),
        ("application/json", b'{"ids": "5001,12"}'),
        ("application/json", b'{"id": 12, "giant": ' + b"9" * 5000 + b"}"),
        ("application/json", b'{"id": 12,}'),
        ("application/json", b"[" * 5000 + b'{"\\u0069d": 12}' + b"]" * 5000),
        ("application/json", b'\xef\xbb\xbf{"id": 12}'),
        ("application/json", '{"id": 12}'.encode("utf-16-le")),
        ("application/json", json.dumps({"data": json.dumps({"id": 12})}).encode()),
        ("application/json", b'"&id=12&"'),
        ("text/plain", b'{"id": 12}'),
        ("", b"id=12"),
        ("application/x-www-form-urlencoded", b"appointment[id]=12"),
        ("application/x-www-form-urlencoded", b"%69d=%31%32"),
        ("application/xml", b"<appointment><id>12</id></appointment>"),
        ("application/xml", b'<appointment id="12"/>'),
        ("application/xml", b'<id type="integer">&#49;2</id>'),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n12\r\n--b--\r\n'),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=id\r\nContent-Transfer-Encoding: base64\r\n\r\nMTI=\r\n",
        ),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name*=utf-8''%69%64\r\n\r\n12\r\n--b--\r\n",
        ),
    ],
)
def test_ids_in_a_body(kind: str, body: bytes) -> None:
    """Whatever a body is, and says that it is, the ids in it are found."""
    assert "12" in {text for _, text in fields.of_body(kind, body)}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"status": "scheduled", "service_amount": 1, "client_identifier": "7", "data": "[x]"}'),
        ("application/json", b"[1, 2]"),
        ("application/xml", b"<status>12</status>"),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("text/plain", "текст 12".encode()),
        ("", b""),
        ("application/json", b'{"client_comment": "a=1&b=2; \xff"}'),
    ],
)
def test_bodies_without_ids(kind: str, body: bytes) -> None:
    """Numbers that no field calls an id are none."""
    assert fields.of_body(kind, body) == ()
