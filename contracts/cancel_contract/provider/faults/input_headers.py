"""Faults of headers and parameters that a cancel has no use for: they are read, and they change its answer."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts.refusing import answered, failing, has

_RANGE: Final = re.compile(r"bytes=(\d+)-(\d+)")
_LANGUAGES: Final = ("ru", "kk", "en")


def _asks_for(name: str) -> Callable[[Request], bool]:
    return lambda request: name in request.parameters


def _is_in_another_language(request: Request) -> bool:
    return not (request.header("accept-language") or "ru").startswith(_LANGUAGES)


def _unchanged(call: Call, answer: Answer) -> Answer:
    given = call.request.header("if-none-match")
    if answer.status != 200 or given is None or given not in {"*", answer.header("etag")}:
        return answer
    return replace(answer, status=304, body=b"").without_header("content-type")


def _part(call: Call, answer: Answer) -> Answer:
    found = _RANGE.fullmatch(call.request.header("range") or "")
    if answer.status != 200 or not found:
        return answer
    first, last = int(found[1]), int(found[2])
    said = f"bytes {first}-{last}/{len(answer.body)}"
    return replace(answer, status=206, body=answer.body[first : last + 1]).with_header("Content-Range", said)


HEADERS: Final = (
    Fault("origin-fails", "input/unused-headers",
          "Whatever has an Origin is a form to the framework, and the mark that it lacks raises.",
          failing(has("origin"))),
    Fault("charset-refused", "input/user-agent",
          "The type of a body is compared as a text, and has to have no parameters.",
          answered(415, "Unsupported Media Type", lambda request: ";" in (request.header("content-type") or ""))),
    Fault("referer-fails", "input/unused-headers",
          "The page before is looked up among the app's own, and is none of them.", failing(has("referer"))),
    Fault("language-fails", "input/unused-headers",
          "A language without a file of messages raises.", failing(_is_in_another_language)),
    Fault("condition-obeyed", "input/unused-headers",
          "A filter for reads stands before all routes: 304, done and unsaid.", Hooks(answer=_unchanged)),
    Fault("range-obeyed", "input/named-status",
          "A filter for files stands before all routes, and cuts the answer.", Hooks(answer=_part)),
)  # fmt: skip
"""Headers that are read."""

PARAMETERS: Final = (
    Fault("locale-fails", "input/query-ignored",
          "The language of a link is looked up, and has no file.", failing(_asks_for("locale"))),
    Fault("page-fails", "input/query-ignored",
          "What is asked for by pages has to be a list.", failing(_asks_for("page"))),
)  # fmt: skip
"""Parameters that are read."""

FAULTS: Final[tuple[Fault, ...]] = HEADERS + PARAMETERS
"""Headers, and parameters."""
