"""The one list of harmless headers, and what may be shown of any header.

Reports and the judge of recordings show the value of a listed header where it has the form that the header prescribes;
of all other values they show the length. A name on the list never carries a credential.
"""

import re
from typing import Final

from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.redaction.personal_data import discreet, discreet_key
from cancel_contract.redaction.request_ids import ANSWERED

LONGEST_KIND: Final = 300
"""Characters of a content type that are shown."""
_WORD: Final = re.compile(r"[^\s,;=\"]+")
_TOKEN_HEADER: Final = ENDPOINT.token_header.replace("_", "[_-]")
_PLAIN: Final = re.compile(
    rf"""
    public | private | no-(cache|store|transform) | (must|proxy)-revalidate | must-understand | immutable
    | (s-)?max-?age | stale-(while-revalidate|if-error) | close | keep-alive | upgrade | timeout
    | max
    | gzip | br | deflate | zstd | compress | identity | chunked | x-gzip | x-compress | dcb | dcz
    | q | trailers | bytes | none
    | get | head | post | put | patch | delete | options | trace
    | \* | accept(-encoding|-language)? | authorization | cookie | origin | user-agent | {_TOKEN_HEADER}
    | basic | bearer | digest | negotiate | token | realm | error | invalid_token | charset | utf-8
    | cors | navigate | no-cors | same-origin | websocket | same-site | cross-site | empty | document | xmlhttprequest
    | [01]\.\d{{1,3}}                # a weight
    | \d{{1,8}}                      # nobody's number
    | \$(ONELINK|RECORDED)_[A-Z_]+ # what stands for a secret
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""Words of HTTP in such headers; a name in small letters is none."""
_MOMENT: Final = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_KIND: Final = re.compile(r"(application|image|text)/[a-z.+-]+(; ?charset=\"?[\w-]+\"?)?", re.ASCII)
"""A content type without a parameter of its own."""
_RANGE: Final = r"(\*|application|image|text)/(\*|[a-z.+-]+)(; ?[qv]=[\w.]{1,5})*"
_NEVER: Final = re.compile(r"(?!)")
_WORDS: Final = (
    "accept-encoding", "accept-ranges", "allow", "cache-control", "connection", "content-encoding", "keep-alive",
    "pragma", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "te", "transfer-encoding",
    "upgrade", "upgrade-insecure-requests", "vary", "www-authenticate", "x-http-method", "x-http-method-override",
    "x-method-override", "x-requested-with",
)  # fmt: skip
"""Headers whose values are words of HTTP."""
_SILENT: Final = (
    "accept-charset", "alt-svc", "baggage", "dnt", "forwarded", "from", "link", "location", "nel", "origin", "priority",
    "referer", "referrer-policy", "report-to", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-gpc",
    "server", "server-timing", "strict-transport-security", "tracestate", "user-agent", "via",
    "x-content-type-options", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-frame-options",
    "x-powered-by", "x-real-ip", "x-xss-protection",
)  # fmt: skip
"""Headers that carry no credential, and whose values may be anything."""
_HARMLESS: Final = {
    **dict.fromkeys(_SILENT, _NEVER),
    **dict.fromkeys(_WORDS, _WORD),
    **ANSWERED,
    "accept": re.compile(rf"{_RANGE}(, ?{_RANGE})*"),
    "accept-language": re.compile(
        r"(\*|[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?)(; ?q=[\d.]{1,5})?(, ?[a-zA-Z*-]{1,8}(; ?q=[\d.]{1,5})?)*"
    ),
    "age": re.compile(r"\d{1,9}"),
    "content-length": re.compile(r"\d{1,9}"),
    "content-type": _KIND,
    "date": _MOMENT,
    "etag": re.compile(r'(W/)?"[0-9a-f]{32,64}"'),
    "expires": _MOMENT,
    "host": re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?"),
    "if-none-match": re.compile(r'(W/)?"[0-9a-f]{32,64}"'),
    "last-modified": _MOMENT,
    "retry-after": re.compile(rf"\d{{1,6}}|{_MOMENT.pattern}"),
    "x-runtime": re.compile(r"\d{1,3}\.\d{1,9}"),
}
"""Each harmless header with the form in which its value is shown."""


def is_harmless(name: str) -> bool:
    """Whether a header of this name carries no credential."""
    return name.lower() in _HARMLESS


def discreet_name(name: str) -> str:
    """Return a header's name; one that no server chooses is replaced by its length."""
    key = name.lower().replace("-", "_")
    return name if discreet_key(key) == key else f"<header {len(name)}>"


def discreet_value(name: str, value: str) -> str:
    """Return a header's value; one that does not have its header's form is replaced by its length."""
    form = _HARMLESS.get(name.lower(), _NEVER)
    if form is _WORD:
        return _WORD.sub(_masked_word, value)
    if form is _KIND:
        return kind_of(value)
    return value if form.fullmatch(value) else f"<string {len(value)}>"


def kind_of(content_type: str) -> str:
    """Return a content type, shortened; a text that is none is masked like any other."""
    told = content_type if _KIND.fullmatch(content_type) else discreet(content_type)
    return told if len(told) <= LONGEST_KIND else f"{told[:LONGEST_KIND]}..."


def _masked_word(found: re.Match[str]) -> str:
    return found[0] if _PLAIN.fullmatch(found[0]) else f"<string {len(found[0])}>"
