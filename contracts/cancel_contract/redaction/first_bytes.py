"""Shows how a body begins that is not JSON, without personal data."""

import re
from collections.abc import Callable
from typing import Final

SHOWN: Final = 60
"""Bytes of a body that are looked at."""
_TAG: Final = re.compile(
    r"(</?(?:!doctype html|html|head|title|meta|body|h[1-6]|p|div|span|center|hr|br|pre|xml|errors?|message)\s*/?>)",
    re.IGNORECASE,
)
"""Tags without attributes, which say nothing of anybody."""
_CUT: Final = re.compile(r"[\d\s()+-]*\w*$")
_READABLE: Final = re.compile(rb"[A-Za-z\x80-\xff]{2,}|\d{3,}")
"""Bytes that may be a name or a number, in whatever encoding."""
_MAGIC: Final = 12
"""Bytes that are looked at of a body that is no UTF-8: by the first ones a developer knows gzip."""


def first_bytes(body: bytes, clean: Callable[[str], str]) -> str:
    """Return the first bytes of a body, escaped; `clean` masks personal data in a text.

    Of what is no UTF-8 fewer are shown, and what may be read as letters or digits by its length.
    """
    if not _is_text(body):
        low = _READABLE.sub(lambda found: b"<%d bytes>" % len(found[0]), body[:_MAGIC])
        return _dotted(repr(low), whole=len(body) <= _MAGIC)
    # A character, word or number that the end cuts off could not be recognised.
    text = body[:SHOWN].decode("utf-8", "ignore")
    shown = _cleaned(_CUT.sub("", text) if len(body) > SHOWN else text, clean)
    return _dotted(repr(shown.encode() if shown.isascii() else shown), whole=len(body) <= SHOWN)


def _dotted(quoted: str, *, whole: bool) -> str:
    return quoted if whole else f"{quoted[:-1]}…{quoted[-1]}"


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _cleaned(text: str, clean: Callable[[str], str]) -> str:
    return "".join(part if number % 2 else clean(part) for number, part in enumerate(_TAG.split(text)))
