"""How a body begins that is not JSON, without what may be a person's."""

import gzip

import pytest

from cancel_contract.redaction.first_bytes import first_bytes
from cancel_contract.redaction.personal_data import discreet

PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
)
NAME = "\N{CYRILLIC CAPITAL LETTER A}\N{CYRILLIC SMALL LETTER EN}\N{CYRILLIC SMALL LETTER A}"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (PAGE, r"b'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>…'"),
        (b"<!DOCTYPE html><p>Anna</p>", "b'<!DOCTYPE html><p><string 4></p>'"),
        (b"null and void", "b'null and void'"),
        (b')]}\',\n{"id": 5}', r"""b')]}\',\n{"id": 5}'"""),
        (b"\x1f\x8b\x08\x00\x00", r"b'\x1f\x8b\x08\x00\x00'"),
        (b"\xff\0Anna", r"b'\xff\x00<4 bytes>'"),
    ],
)
def test_the_first_bytes_are_shown_escaped(body: bytes, shown: str) -> None:
    """A page of a gateway, a prefix, and bytes that are no text."""
    assert first_bytes(body, discreet) == shown


@pytest.mark.parametrize(
    "body",
    [
        f"client {NAME} +7 701 111 22 33".encode(),
        f"client {NAME}".encode("cp1251"),
        f"client {NAME}".encode("utf-16"),
        f'{{"client_name": "{NAME}"'.encode(),
        b"<client name='Anna Ivanova'>Anna</client>",
        b"x" * 45 + b" 7 701 111 22 33 44",
        b"x" * 52 + b" annaivanova",
    ],
)
def test_no_person_is_shown(body: bytes) -> None:
    """Whatever the encoding, and where the end cuts a word or a number off."""
    shown = first_bytes(body, discreet)

    assert not any(part in shown for part in ("Anna", "anna", NAME, "701", "xe0", r"\xc0\xed", "x10", "11 22"))


def test_a_compressed_body_gives_nothing_away() -> None:
    """Its high bytes are told by their number."""
    assert first_bytes(gzip.compress(b"Anna" * 100, mtime=0), discreet).startswith(r"b'\x1f\x8b\x08")
