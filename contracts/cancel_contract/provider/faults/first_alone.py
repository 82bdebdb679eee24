"""Faults of what a request brings to a first cancel: a repeated one returns before it is read."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.records import STATUSES, Appointment

_TEXTS: Final = ("client_name", "client_phone", "client_comment")
_AMOUNTS: Final = ("service_amount", "prepaid_amount")
_MERGED: Final = "application/merge-patch+json"


def _at_first(change: Callable[[Call, Appointment], Appointment]) -> Hooks:
    """Change what a first cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was_active, done = not call.found.cancelled, await proceed(call)
        return call.store.put(change(call, done)) if was_active else done

    return Hooks(transition=hook)


def _cancelled_too(numbers: Callable[[Call], set[str]]) -> Hooks:
    """Cancel others that the request names."""

    def change(call: Call, done: Appointment) -> Appointment:
        for row in rows.made_here(call.store):
            if row.id != done.id and str(row.id) in numbers(call):
                call.store.put(cancelled(row, call.store.now()))
        return done

    return _at_first(change)


def _in_body(call: Call) -> set[str]:
    found = call.body.get("ids")
    return {str(number) for number in found} if isinstance(found, list) else set()


def _in_query(call: Call) -> set[str]:
    return {call.request.parameters.get("appointment_id", "")}


def _queried(call: Call, done: Appointment) -> Appointment:
    asked = call.request.parameters
    given: dict[str, Any] = {name: asked[name] for name in _TEXTS if asked.get(name)}
    given |= {name: int(asked[name]) for name in _AMOUNTS if asked.get(name, "").isdigit()}
    return replace(done, **given)


def _enveloped(call: Call, done: Appointment) -> Appointment:
    payload = call.body.get("payload")
    return _with_status(done, payload.get("status") if isinstance(payload, dict) else None)


def _with_status(done: Appointment, word: object) -> Appointment:
    return replace(done, status=word) if isinstance(word, str) and word in STATUSES else done


def _patched(call: Call, done: Appointment) -> Appointment:
    if call.request.media_type != _MERGED:
        return done
    given: dict[str, Any] = json.loads(call.request.body)
    return replace(done, **{name: given[name] for name in _TEXTS if name in given})


FAULTS: Final = (
    Fault("ids-cancelled-at-first", "input/path-wins",
          "Several may be cancelled at once, by ids in the body; what is cancelled already looks at none.",
          _cancelled_too(_in_body)),
    Fault("linked-one-cancelled-at-first", "effect/neighbour-untouched",
          "A parameter names the other half of a double visit, which goes with it.", _cancelled_too(_in_query)),
    Fault("query-assigned-at-first", "input/query-ignored",
          "All parameters may be assigned, and a repeated cancel saves nothing.", _at_first(_queried)),
    Fault("envelope-assigned-at-first", "input/envelope-back",
          "The status that is sent back wins over the one that the cancel has just set.", _at_first(_enveloped)),
    Fault("reason-becomes-status-at-first", "input/reason", "The reason is looked up among the words for a status.",
          _at_first(lambda call, done: _with_status(done, call.body.get("reason")))),
    Fault("patch-applied-at-first", "effect/client-kept",
          "A filter applies patches, whatever the action, as long as there is something to save.", _at_first(_patched)),
)  # fmt: skip
"""What is assigned, and who is named, by a first cancel alone."""
