"""Reads why a request was refused from the body of the error.

Frameworks use different keys (`error`, `errors`, `detail`, `message`, the problem details of RFC 9457), and the
provider uses two. A consumer needs JSON, an object, and some text of the error in it.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from cancel_contract.exchange.compare import shown
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Answer

_OF_THE_REQUEST: Final = frozenset(
    {
        "path", "instance", "url", "uri", "method", "timestamp", "time", "date",
        "requestid", "traceid", "correlationid", "spanid", "id", "version", "jsonapi",
    }
)  # fmt: skip
"""Keys, in small letters and without underscores, whose text tells of the request and not of what was wrong."""
_PLACE: Final = re.compile(r" at character \d+(?:, in the value of [a-z_]+)?| from byte \d+ on|, at /.*$")
_AT_ONCE: Final = ": Expecting value at character 0"
"""What a parser says of a body that does not even begin as JSON."""
_OF_A_SUCCESS: Final = frozenset({"payload"})


def says_why(answer: Answer) -> bool:
    """Whether the body of a refusal is a JSON object with some text of the error."""
    return isinstance(answer.json, dict) and next(_texts(answer.json), None) is not None


def unexplained(answer: Answer, where: str = "") -> Broken | None:
    """The breach of a refusal that does not say why; nothing where it does. `where` says which one, behind it."""
    if says_why(answer):
        return None
    if answer.json is None and answer.json_fault:
        return no_json(answer, f"a {answer.status} without a JSON error{where}")
    lacks = " without" if isinstance(answer.json, dict) else ", not an object with"
    told = f"the body of a {answer.status} is {shown(answer.json)}{lacks} a text of the error{where}"
    return broken("error", "body", "without a text of the error", "an object with a text of the error", told)


def faulty(answer: Answer) -> str:
    """What a body is that a strict JSON parser refuses; the ledger adds how it begins."""
    fault = answer.json_fault or "it is null"
    if answer.json is None and fault.startswith("it is "):
        return fault.removeprefix("it is ").removesuffix(_AT_ONCE)
    return f"not strict JSON: {fault}"


def no_json(answer: Answer, told: str) -> Broken:
    """The breach of a body that a strict JSON parser refuses."""
    # Where in the body it fails differs from one answer to the next.
    fault = _PLACE.sub("", answer.json_fault or "it is null").removeprefix("it is ")
    return broken("json", "body", fault, "JSON that any parser takes", told)


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
