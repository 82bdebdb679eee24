"""Reads the body of a recorded answer, and whether the recorder kept it."""

import base64
import binascii
import json
import re
from typing import Final

from cancel_contract.tools.judge.har_entry import Content, Response

_BODILESS: Final = frozenset({204, 304})
_TEXTS: Final = frozenset({"", "utf-8", "utf8", "text", "plain", "identity"})
"""Encodings of a text that stands unchanged in the recording."""
_STAND_IN: Final = re.compile(r"<\d+ bytes>")
"""What stands in the suite's own recordings for a body that is not JSON."""


def body_of(response: Response) -> bytes | None:
    """Return the bytes of an answer's body; nothing if the recorder did not keep them all."""
    content = response.content
    if not content.text:
        return b"" if _is_empty(response) else None
    if content.encoding.lower() == "base64":
        return _decoded(content)
    if content.encoding.lower() not in _TEXTS or _STAND_IN.fullmatch(content.text):
        return None
    body = content.text.encode("utf-8", "surrogatepass")
    return None if len(body) < _stated(response) and not _is_whole(content.text) else body


def _is_empty(response: Response) -> bool:
    """Whether the answer itself, and not only the recorder, says that it has no body."""
    if response.status in _BODILESS:
        return True
    if (length := _length(response)) is not None:
        return length == 0 and response.body_size <= 0 and response.content.size <= 0
    # A recorder that keeps no bodies writes 0 for their size.
    is_coded = response.header("transfer-encoding") or response.header("content-encoding")
    return response.body_size == 0 and response.content.size <= 0 and not is_coded


def _length(response: Response) -> int | None:
    stated = (response.header("content-length") or "").strip()
    return int(stated) if stated.isdecimal() and len(stated) < 20 else None


def _stated(response: Response) -> int:
    """Return the least number of bytes; the length on the wire counts only if nothing is encoded."""
    plain = 0 if response.header("content-encoding") else _length(response) or 0
    return max(plain, response.content.size)


def _decoded(content: Content) -> bytes | None:
    try:
        body = base64.b64decode(content.text or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return None if len(body) < content.size else body


def _is_whole(text: str) -> bool:
    """Whether a text is a complete object or array; if a recorder shortened its values, its length shows that."""
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
