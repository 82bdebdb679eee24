"""What the faults are made of: conditions, maps of payloads and answers, and changes of rows.

A change takes the row as it was found and as the honest cancel left it.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from cancel_contract.provider.api.answers import Answer, Refused, encode
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Around, Condition, Map
from cancel_contract.provider.store.records import Appointment, Payload

Change: TypeAlias = Callable[[Appointment, Appointment], Appointment]

READ: Final = frozenset({"read"})
"""The operation that shows one appointment."""


def shown(call: Call) -> Appointment:
    """Return the appointment that an answer shows."""
    return call.after or call.found


def every(number: int) -> Condition:
    """Hold for each so-manieth cancel: the fault that shows now and then."""
    return lambda call: (call.turn + call.seed) % number == 0


def repeated(call: Call) -> bool:
    """Hold where the appointment was cancelled before."""
    return call.before is not None and call.before.cancelled


def from_time(number: int) -> Condition:
    """Hold from the so-manieth cancel of one appointment on."""
    return lambda call: call.times >= number


def was(status: str) -> Condition:
    """Hold for one earlier status."""
    return lambda call: call.before is not None and call.before.status == status


def has_payments(call: Call) -> bool:
    """Hold where money was received."""
    return call.before is not None and bool(shown(call).payments)


def has_expense(call: Call) -> bool:
    """Hold where an expense is shown."""
    return call.before is not None and shown(call).expense is not None


def asked(call: Call, name: str) -> set[str]:
    """Return the words of a comma-separated parameter."""
    return {word.strip() for word in call.request.parameters.get(name, "").split(",") if word.strip()}


def in_part(row: Appointment) -> bool:
    """Hold for a row that was paid for in part."""
    return row.prepaid_amount > 0 and not row.settlement_amount


def broken_body(request: Request) -> bool:
    """Hold where the body is not JSON."""
    try:
        _ = request.json
    except (ValueError, RecursionError):
        return True
    return False


def not_ascii(call: Call) -> bool:
    """Hold where the client's name is not ASCII."""
    return call.before is not None and not shown(call).client_name.isascii()


def put(name: str, value: object) -> Map[Payload]:
    """Set a field."""
    return lambda _, payload: {**payload, name: value}


def recast(name: str, change: Callable[[Any], object]) -> Map[Payload]:
    """Change a field where it is not null."""

    def hook(_: Call, payload: Payload) -> Payload:
        return payload if payload.get(name) is None else {**payload, name: change(payload[name])}

    return hook


def drop(*names: str) -> Map[Payload]:
    """Leave fields out."""
    return lambda _, payload: {name: value for name, value in payload.items() if name not in names}


def in_payments(change: Map[Payload]) -> Map[Payload]:
    """Change each payment."""
    return lambda call, payload: {**payload, "payments": [change(call, row) for row in payload["payments"]]}


def in_expense(change: Map[Payload]) -> Map[Payload]:
    """Change the expense where there is one."""
    return lambda call, payload: {**payload, "expense": payload["expense"] and change(call, payload["expense"])}


def succeeded(change: Callable[[Answer], Answer]) -> Map[Answer]:
    """Change an answer only where it is a success."""
    return lambda _, answer: change(answer) if answer.status == 200 else answer


def refused(change: Callable[[Answer], Answer], *statuses: int) -> Map[Answer]:
    """Change an answer only where it is one of these refusals."""
    return lambda _, answer: change(answer) if answer.status in statuses else answer


def status(number: int) -> Callable[[Answer], Answer]:
    """Answer with another status."""
    return lambda answer: replace(answer, status=number)


def body(change: Callable[[bytes], bytes]) -> Callable[[Answer], Answer]:
    """Change the bytes of the body."""
    return lambda answer: replace(answer, body=change(answer.body))


def value(change: Callable[[Any], object]) -> Callable[[Answer], Answer]:
    """Change the JSON of the body."""
    return body(lambda text: encode(change(json.loads(text))))


def error(number: int, content: object) -> Callable[[Answer], Answer]:
    """Answer with an error instead."""
    headers = (("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-cache"))
    return lambda _: Answer(number, headers, encode(content))


def broken() -> Callable[[Answer], Answer]:
    """Answer as a framework does when the app raised."""
    return error(500, {"status": 500, "error": "Internal Server Error"})


def crash() -> Refused:
    """Make the end of a request in which the app raised."""
    return Refused(broken()(Answer(500)))


def header(name: str, content: str) -> Callable[[Answer], Answer]:
    """Set a header."""
    return lambda answer: answer.with_header(name, content)


def once(change: Change) -> Around[Awaitable[Appointment]]:
    """Change what the first cancel leaves; a repeated one leaves all as it finds it."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        return call.store.put(call.found if call.found.cancelled else change(call.found, done))

    return hook


def each_time(change: Change) -> Around[Awaitable[Appointment]]:
    """Change what every cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        found = call.store.appointments.get(call.found.id, call.found)
        return call.store.put(change(found, await proceed(call)))

    return hook


def columns(**values: object) -> Change:
    """Set columns of the row."""
    return lambda _, done: replace(done, **values)  # type: ignore[arg-type]  # the columns' types are the caller's


def kept(*names: str) -> Change:
    """Leave columns as they were before the cancel."""
    return lambda found, done: replace(done, **{name: getattr(found, name) for name in names})
