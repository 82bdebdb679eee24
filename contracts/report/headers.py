"""Headers of an answer as they may be told. Lives here: which names and values are words of HTTP. May not know: bodies,
how headers are printed.
"""

import re
from typing import Final

from contracts.discretion import discreet_key

_WORDS: Final = frozenset(
    {"allow", "cache-control", "connection", "content-encoding", "transfer-encoding", "vary", "www-authenticate"}
)
"""Headers of an answer whose values are words of HTTP."""
_WORD: Final = re.compile(r"[^\s,;=\"]+")
_PLAIN: Final = re.compile(
    r"""
    public | private | no-(cache|store|transform) | (must|proxy)-revalidate | must-understand | immutable
    | (s-)?max-?age | stale-(while-revalidate|if-error) | close | keep-alive | upgrade | timeout | max
    | gzip | br | deflate | zstd | compress | identity | chunked
    | get | head | post | put | patch | delete | options | trace
    | \* | accept(-encoding|-language)? | authorization | cookie | origin | user-agent | api[_-]access[_-]token
    | basic | bearer | digest | negotiate | token | realm | error | invalid_token | charset | utf-8
    | \d{1,8}                    # nobody's number
    | \$ONELINK_[A-Z_]+          # what stands for a secret
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""Words of HTTP in such headers; a name in small letters is none."""
_MOMENT: Final = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
_FORMS: Final = {
    "content-length": re.compile(r"\d{1,9}"),
    "date": re.compile(_MOMENT),
    "etag": re.compile(r'(W/)?"[0-9a-f]{32,64}"'),
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
        return _WORD.sub(_told, value)
    form = _FORMS.get(key)
    return value if form and form.fullmatch(value) else f"<string {len(value)}>"


def _told(found: re.Match[str]) -> str:
    return found[0] if _PLAIN.fullmatch(found[0]) else f"<string {len(found[0])}>"
