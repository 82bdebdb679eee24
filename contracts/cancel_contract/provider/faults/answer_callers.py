"""Faults of answers to callers that send more, or less, than others: weights, traces, keys, parameters, no length."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.faults.parts.refusing import answered, failing, has
from cancel_contract.provider.store.records import Payload


def _has_no_request_id(request: Request) -> bool:
    return request.header("x-request-id") is None


def _has_no_length(request: Request) -> bool:
    return request.header("content-length") is None and request.header("transfer-encoding") is None


def _has_weights(request: Request) -> bool:
    return ";q=" in (request.header("accept") or "")


def _explained(call: Call, payload: Payload) -> Payload:
    asked = "debug" in call.request.parameters
    return {**payload, "debug": {"token": call.caller.token}} if asked else payload


def _with_its_day(call: Call, payload: Payload) -> Payload:
    if "include" not in call.request.parameters:
        return payload
    day = [row for row in call.store.of_account(call.tenant.id) if row.resource_id == payload["resource_id"]]
    return {**payload, "resource": {"appointments": [appointment_payload(row) for row in day]}}


def _asking_the_maker(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.status == "completed" and call.found.created_by_id != call.caller.id:
        raise crash()


async def _kept_for_all(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    key = call.request.header("idempotency-key")
    kept: dict[str, Answer] = call.memory.setdefault("keys", {})
    if key is None:
        return await proceed(call)
    if key not in kept:
        kept[key] = await proceed(call)
    return kept[key]


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("length-missed", "answer/status-200",
          "The length of a body is read as a number, and the documentation's own curl command states none.",
          failing(_has_no_length)),
    Fault("colleague-fails-on-completed", "answer/status-200",
          "Who completed a visit is told of its cancel, and is looked for among the caller's own.",
          Hooks(writable=_asking_the_maker)),
    Fault("weights-refused", "answer/status-200",
          "Types are compared as texts, and a browser writes weights behind them.",
          answered(406, "Not Acceptable", _has_weights)),
    Fault("trace-fails", "answer/status-200",
          "An old library reads the trace of a new browser.", failing(has("traceparent"))),
    Fault("request-id-missed", "answer/status-200",
          "Each request is written to a log by its id, and whoever sends none has no line to be written to.",
          failing(_has_no_request_id)),
    Fault("key-kept-for-all", "answer/id-echo",
          "Answers are kept by the key of the request alone, and another client's appointment is shown.",
          Hooks(handle=_kept_for_all)),
    Fault("debug-shows-token", "answer/no-token",
          "A switch for the developers was left in, and shows as whom the request was made.",
          Hooks(render=_explained)),
    Fault("include-shows-day", "answer/nobody-else",
          "What belongs to the record may be asked for, and to the room belong its other clients.",
          Hooks(render=_with_its_day)),
)  # fmt: skip
"""In the order of the headers and parameters."""
