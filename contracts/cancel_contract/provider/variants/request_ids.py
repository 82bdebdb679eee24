"""Honest variants of what becomes of the X-Request-Id that a request bears."""

import json
import re
from collections.abc import Awaitable
from dataclasses import replace
from typing import Final
from uuid import uuid4

from cancel_contract.provider.api.answers import Answer, encode, framework_error
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.server.wire import message

HEADER: Final = "X-Request-Id"
_STRANGE: Final = re.compile(r"[^\w@-]", re.ASCII)
_LONGEST: Final = 255
"""What Rails keeps of the header: letters, digits, dashes and `@`, and no more characters than this."""


def _echoed(call: Call, answer: Answer) -> Answer:
    """Answer with the request's own id, in the header as Rails does, and in each body that is a JSON object."""
    given = _STRANGE.sub("", call.request.header(HEADER) or "")[:_LONGEST]
    if not given:
        return answer
    told = answer.with_header(HEADER, given)
    try:
        value = json.loads(answer.body)
    except ValueError:
        return told
    return replace(told, body=encode({**value, "request_id": given})) if isinstance(value, dict) else told


def _replaced(_: Call, answer: Answer) -> Answer:
    """Answer with ids of one's own and of the gateway's."""
    own = answer.with_header(HEADER, f"req_{uuid4().hex}").with_header("X-Correlation-Id", str(uuid4()))
    return own.with_header("CF-Ray", f"{uuid4().hex[:16]}-ALA")


def _ignored(call: Call, answer: Answer) -> Answer:
    """Answer with no id at all."""
    return answer if call.request.method == "HEAD" or answer.raw else replace(answer, raw=message(answer))


async def _refused(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Let a firewall turn away whoever brings an id."""
    if call.request.header(HEADER) is not None:
        return framework_error(403, "Forbidden", accepts_json=False).answer
    return await proceed(call)


REQUEST_IDS: Final[tuple[Variant, ...]] = (
    Variant("request-id-echoed", "Header and body of each answer repeat the request's id.",
            Hooks(EVERY, answer=_echoed)),
    Variant("request-id-replaced", "Each answer bears ids of its own and of a gateway.",
            Hooks(EVERY, answer=_replaced)),
    Variant("request-id-ignored", "No answer bears an id.", Hooks(EVERY, answer=_ignored)),
    Variant("request-id-refused", "A firewall answers 403 to whatever has a header X-Request-Id.",
            Hooks(EVERY, handle=_refused)),
)  # fmt: skip
"""Other ways of meeting the header."""
