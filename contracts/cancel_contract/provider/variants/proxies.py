"""Variants where a proxy or the framework changes a message without breaking a promise."""

import re
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import HTML_TYPE, Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.server.wire import message
from cancel_contract.provider.store.records import Payload

_HINTS: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
_NUMBER: Final = re.compile(r"-?[0-9]+")


def parametrised(_: Call, answer: Answer) -> Answer:
    """Spell the content type in other letters, with a parameter more and an empty one."""
    kind = answer.header("content-type") or ""
    spelled = kind.replace("application/json", "Application/JSON").replace("utf-8", '"UTF-8"')
    return answer.with_header("Content-Type", f"{spelled}; profile=v1;") if "json" in kind else answer


def hinted(call: Call, answer: Answer) -> Answer:
    """Send an interim answer before the final one."""
    return answer if call.request.method == "HEAD" else replace(answer, raw=_HINTS + message(answer))


def turned(call: Call, payload: Payload) -> Payload:
    """Return payments in no particular order."""
    return {**payload, "payments": payload["payments"][:: -1 if call.number % 2 else 1]}


def signed(call: Call, payload: Payload) -> Payload:
    """Add links that are signed anew each time, to payments and the expense, too."""
    link = {"photo_url": f"https://files.example/1?signature={call.number}"}
    rows, expense = [{**row, **link} for row in payload["payments"]], payload["expense"]
    return {**payload, **link, "payments": rows, "expense": expense and {**expense, **link}}


def routed(call: Call, answer: Answer) -> Answer:
    """Answer with a page where an id is not a number: the routes know no other."""
    if answer.status != 404 or not call.route.appointment or _NUMBER.fullmatch(call.route.appointment):
        return answer
    page = b"<!DOCTYPE html><html><body><h1>404</h1></body></html>"
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=page)
