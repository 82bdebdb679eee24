"""How first cancels are asked, by the number of the variation: as other callers ask, and in odd ways."""

from collections.abc import Iterator
from typing import Any, Final

from cancel_contract.clauses.input_callers import NO_ACCEPT
from cancel_contract.exchange.case import EMPTY_OBJECT, Intent

CALLERS: Final[dict[int, tuple[str, dict[str, Any]]]] = {
    1: ("curl", {
        "headers": (("accept", b"*/*"), ("accept-encoding", b"identity"), ("user-agent", b"curl/8.5.0")),
        "without": frozenset({"content-length", "x-request-id"}),
    }),
    2: (NO_ACCEPT, {"without": frozenset({"accept"})}),
    3: ("a library", {"headers": (
        ("content-type", b"application/json; charset=utf-8"), ("user-agent", b"okhttp/4.12.0")
    )}),
    5: ("a browser on a phone", {"headers": (
        ("accept", b"application/json, text/plain;q=0.9, */*;q=0.8"),
        ("accept-encoding", b"gzip, deflate"),
        ("accept-language", b"ru-RU,ru;q=0.9,kk;q=0.8,en;q=0.7"),
        ("content-type", b"application/json"),
        ("cookie", b"theme=dark"),
        ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("user-agent", b"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1"),
    ), "body": EMPTY_OBJECT}),
}  # fmt: skip
"""How other callers ask, by variation: the documentation's curl command, which sends no body, no length and no id; one
that takes any answer; one that names a body type without a body; a browser whose library sends an empty object.
"""
Way = tuple[Intent, str, dict[str, Any]]
ODDLY: Final[dict[int, Way]] = {
    4: (Intent.FOREIGN_BODY, "{}", {"headers": (("content-type", b"application/x-www-form-urlencoded"),)}),
    6: (Intent.ACCEPT, "{}", {"headers": (("accept", b"application/xml"),)}),
    7: (Intent.MALFORMED_ID, "{}abc", {}),
    8: (Intent.AGENT, "{}", {"without": frozenset({"user-agent"})}),
    9: (Intent.FOREIGN_BODY, "{}", {
        "headers": (("content-type", b"text/plain;charset=UTF-8"),), "body": b'{"reason": "contract test"}',
    }),
}  # fmt: skip
"""By variation, a request that may be refused before the application sees it; if it is not, it is a first cancel. The
first is what a library makes of a form without fields, the last what a browser makes of a text of JSON whose type
nobody has named.
"""


def each(parts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each part of a request by which a caller differs, with its name: a header that is there, or is not."""
    for header in parts.get("headers", ()):
        yield header[0], {"headers": (header,)}
    for name in sorted(parts.get("without", ())):
        yield f"no {name}", {"without": frozenset({name})}
    if "body" in parts:
        yield "body", {"body": parts["body"]}
