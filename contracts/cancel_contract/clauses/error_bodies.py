"""Reads why a request was refused from the body of the error.

Frameworks use different keys (`error`, `errors`, `detail`, `message`, the problem details of RFC 9457), and the
provider uses two. A consumer needs JSON, an object, and some text of the error in it.
"""

from collections.abc import Iterator
from typing import Any, Final

from cancel_contract.exchange.exchange import Answer

_OF_THE_REQUEST: Final = frozenset(
    {
        "path", "instance", "url", "uri", "method", "timestamp", "time", "date",
        "requestid", "traceid", "correlationid", "spanid", "id", "version", "jsonapi",
    }
)  # fmt: skip
"""Keys, in lower case and without underscores, whose text describes the request and not the error."""
_OF_A_SUCCESS: Final = frozenset({"payload"})


def says_why(answer: Answer) -> bool:
    """Whether the body of a refusal is a JSON object with some text of the error."""
    return isinstance(answer.json, dict) and next(_texts(answer.json), None) is not None


def _texts(value: dict[str, Any]) -> Iterator[str]:
    # A stack, not recursion: an error may be nested as deeply as its sender likes.
    stack: list[Any] = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, str) and here.strip():
            yield here
        elif isinstance(here, list):
            stack.extend(here)
        elif isinstance(here, dict):
            stack.extend(inner for key, inner in here.items() if _plain(key) not in _OF_THE_REQUEST | _OF_A_SUCCESS)


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
