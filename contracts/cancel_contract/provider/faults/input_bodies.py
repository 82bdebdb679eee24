"""Faults of what comes with a request and must be ignored: bodies and queries."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts.making import broken, broken_body, crash
from cancel_contract.provider.store.records import STATUSES, Appointment, Payload

LARGE: Final = 50_000
"""Bytes past which a careless server gives a body up."""


_CAMEL: Final = {"paymentStatus": "payment_status", "serviceAmount": "service_amount"}


_TYPED_IN: Final = ("client_name", "client_phone")


def _crashing_request(condition: Callable[[Request], bool]) -> Around[Awaitable[Answer]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        if condition(call.request):
            raise crash()
        return await proceed(call)

    return hook


def _assigning(*names: str) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        nested = call.body.get("appointment")
        given = {**call.body, **(nested if isinstance(nested, dict) else {})}
        return call.store.put(_with(done, {name: given[name] for name in names if name in given}))

    return hook


async def _camel_assigning(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    given = {to: call.body[name] for name, to in _CAMEL.items() if name in call.body}
    return call.store.put(_with(done, given))


async def _creator_assigning(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    return call.store.put(replace(done, created_by_id=call.body.get("created_by_id", done.created_by_id)))


async def _nested_query_assigning(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    status = call.request.parameters.get("appointment[status]")
    return call.store.put(replace(done, status=status)) if status in STATUSES else done


async def _query_assigning(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    status = call.request.parameters.get("status")
    return call.store.put(replace(done, status=status)) if status in STATUSES else done


def _with(done: Appointment, given: dict[str, Any]) -> Appointment:
    whole = {name for name in given if name.endswith("_amount") and isinstance(given[name], int)}
    texts = {name for name in given if not name.endswith("_amount") and isinstance(given[name], str)}
    return replace(done, **{name: given[name] for name in whole | texts})


def _number_in(fields: dict[str, Any], number: int) -> int:
    given = to_i(str(fields.get("id", "")))
    return given or number


def _id_of_body(call: Call, proceed: Stage[int]) -> int:
    return _number_in(call.body or dict(call.request.form), proceed(call))


def _id_of_query(call: Call, proceed: Stage[int]) -> int:
    return _number_in(dict(call.request.parameters), proceed(call))


def _broken_json(call: Call, answer: Answer) -> Answer:
    return broken()(answer) if broken_body(call.request) else answer


def _shown_from_body(call: Call, payload: Payload) -> Payload:
    return {**payload, **{name: call.body[name] for name in _TYPED_IN if name in call.body}}


def _shown_from_query(call: Call, payload: Payload) -> Payload:
    given = call.request.parameters
    return {**payload, **{name: given[name] for name in _TYPED_IN if name in given}}


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("body-assigned", "input/body-ignored",
          "All parameters are passed on to the update: the caller sets the status.",
          Hooks(transition=_assigning("status", "payment_status"))),
    Fault("body-money-assigned", "input/body-ignored", "Amounts are permitted parameters of every action.",
          Hooks(transition=_assigning("service_amount", "prepaid_amount", "settlement_amount"))),
    Fault("body-name-assigned", "input/body-ignored", "The cancel goes through the update's service.",
          Hooks(transition=_assigning("client_name", "client_comment"))),
    Fault("body-comment-assigned", "input/body-ignored",
          "A reason for the cancel may be given, and it goes where the client's own words stood.",
          Hooks(transition=_assigning("client_comment"))),
    Fault("body-camel-assigned", "input/body-ignored",
          "A mapper fills the record from whatever JSON has the names of its properties.",
          Hooks(transition=_camel_assigning)),
    Fault("body-creator-assigned", "input/body-ignored",
          "Who made the appointment is a hidden field of the form, and of every request.",
          Hooks(transition=_creator_assigning)),
    Fault("body-shown", "input/body-ignored",
          "Parameters are assigned to the record that is rendered, and only what was asked for is saved.",
          Hooks(render=_shown_from_body)),
    Fault("query-nested-assigned", "input/query-ignored",
          "The parameters of the appointment are taken from wherever the framework has merged them.",
          Hooks(transition=_nested_query_assigning)),
    Fault("query-shown", "input/query-ignored",
          "The view fills its fields from the query first, as the form does that it was copied from.",
          Hooks(render=_shown_from_query)),
    Fault("query-assigned", "input/query-ignored", "The query is passed on to the update.",
          Hooks(transition=_query_assigning)),
    Fault("query-fails", "input/query-ignored", "A filter of the list runs before every action.",
          Hooks(handle=_crashing_request(lambda request: bool(request.query)))),
    Fault("broken-body-fails", "input/body-broken", "The parser's error is not rescued.", Hooks(answer=_broken_json)),
    Fault("large-body-fails", "input/body-large", "A proxy's buffer overflows.",
          Hooks(handle=_crashing_request(lambda request: len(request.body) > LARGE))),
    Fault("foreign-body-fails", "input/body-foreign", "A parser for XML and forms is loaded, and it is broken.",
          Hooks(handle=_crashing_request(lambda request: bool(request.body)
                                         and request.media_type not in {"", "application/json"}))),
    Fault("body-names-appointment", "input/path-wins", "Parameters of the body come before those of the path.",
          Hooks(identify=_id_of_body)),
    Fault("query-names-appointment", "input/path-wins", "Parameters of the query come before those of the path.",
          Hooks(identify=_id_of_query)),
)  # fmt: skip
"""In the order of the clauses that they break."""
