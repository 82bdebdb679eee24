"""Faults of what a cancel asks for besides: switches, at first or later, and bodies that are refused and done."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer, framework_error
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.store.records import Appointment

_DEEP: Final = re.compile(rb"\[{200}")
_LARGE: Final = 10**6
_REFUSED: Final = 400
_LATER: Final = timedelta(days=7)


def _asks(call: Call, *names: str) -> bool:
    return any(call.body.get(name) is True for name in names)


def _first(change: Callable[[Call, Appointment], dict[str, Any]]) -> Hooks:
    """Write something else into what a first cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was, done = call.found, await proceed(call)
        given = {} if was.cancelled else change(call, was)
        return call.store.put(replace(done, **given)) if given else done

    return Hooks(transition=hook)


def _again(change: Callable[[Call], dict[str, Any]]) -> Hooks:
    """Write something else into what was cancelled before."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        was, done = call.found, await proceed(call)
        given = change(call) if was.cancelled else {}
        return call.store.put(replace(done, **given)) if given else done

    return Hooks(transition=hook)


def _refused_and_done(of: Callable[[Call], bool], status: int = 0) -> Hooks:
    """Do a cancel whose body is refused, or refuse such a body with a status and do it."""

    def hook(call: Call, answer: Answer) -> Answer:
        row = call.store.appointments.get(to_i(call.request.path.split("/")[-2]))
        if row is None or row.id < call.store.first_id or not of(call) or not call.request.path.endswith("/cancel"):
            return answer
        if answer.status >= _REFUSED or status:
            call.store.put(cancelled(row, call.store.now()))
        return framework_error(status, "Refused", accepts_json=True).answer if status else answer

    return Hooks(frozenset({"cancel", "unrouted"}), answer=hook)


def _moved(call: Call, was: Appointment) -> dict[str, Any]:
    asks = isinstance(call.body.get("reschedule_to"), str)
    return {"status": was.status, "starts_at": was.starts_at + _LATER, "ends_at": was.ends_at + _LATER} if asks else {}


SWITCHES: Final = (
    Fault("payment-alone-on-request", "input/switches", "The desk's form may give the payment up, and keep the visit.",
          _first(lambda call, was: {"status": was.status} if _asks(call, "payment_only", "refund_only") else {})),
    Fault("moved-on-request", "input/switches", "Whoever names another time does not want a cancel, but a move.",
          _first(_moved)),
    Fault("taken-back-on-request", "repeat/all-alike", "The button of a cancelled one is the same, and takes it back.",
          _again(lambda call: {"status": "scheduled"} if _asks(call, "undo", "revert", "restore") else {})),
    Fault("missed-on-request", "repeat/all-alike", "What is cancelled may be called missed later, by one action.",
          _again(lambda call: {"status": "no_show"} if _asks(call, "no_show") else {})),
)  # fmt: skip
"""What is obeyed."""

BODIES: Final = (
    Fault("nested-and-done", "access/refused-untouched", "The audit counts the nesting of a body, after the action.",
          _refused_and_done(lambda call: _DEEP.search(call.request.body) is not None)),
    Fault("miscoded-and-done", "access/refused-untouched", "The bytes of a body are looked at where it is logged.",
          _refused_and_done(lambda call: b"\xff" in call.request.body)),
    Fault("untyped-and-done", "access/refused-untouched", "The type of a body is read where the answer's is chosen.",
          _refused_and_done(lambda call: call.request.media_type == "garbage")),
    Fault("oversized-and-done", "access/refused-untouched", "A filter behind the action weighs the body: 413, done.",
          _refused_and_done(lambda call: len(call.request.body) > _LARGE, 413)),
)  # fmt: skip
"""What is refused, and done."""

FAULTS: Final[tuple[Fault, ...]] = SWITCHES + BODIES
"""By what is asked for."""
