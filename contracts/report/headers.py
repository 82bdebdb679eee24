"""Headers of an answer as they may be told. Lives here: which names and values are words of HTTP. May not know: bodies,
how headers are printed.
"""

import re
from typing import Final

from contracts.discretion import discreet, discreet_key

_WORDS: Final = frozenset(
    {"allow", "cache-control", "connection", "content-encoding", "transfer-encoding", "vary", "www-authenticate"}
)
"""Headers of an answer whose values are words of HTTP."""
_MOMENT: Final = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
_FORMS: Final = {
    "content-length": re.compile(r"\d{1,9}"),
    "date": re.compile(_MOMENT),
    "x-request-id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "x-runtime": re.compile(r"\d{1,3}\.\d{1,9}"),
    "retry-after": re.compile(rf"\d{{1,6}}|{_MOMENT}"),
}
"""Headers of an answer whose values have one form."""


def discreet_name(name: str) -> str:
    """Give a header's name; one that no server chooses is told by its length."""
    key = name.lower().replace("-", "_")
    return name if discreet_key(key) == key else f"<header {len(name)}>"


def discreet_value(name: str, value: str) -> str:
    """Give a header's value; what is no word of HTTP is told by its length."""
    key = name.lower()
    if key in _WORDS:
        return discreet(value)
    form = _FORMS.get(key)
    return value if form and form.fullmatch(value) else f"<string {len(value)}>"
