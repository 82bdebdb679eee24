"""Faults of a check that stands in one branch alone: one format, one spelling, one parser, one method."""

import re
from typing import Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import Answer, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Condition, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.store.records import Account, Appointment

_NUMBER: Final = re.compile(r"[0-9]+")
_CANCEL: Final = re.compile(r".*/appointments/([0-9]+)/cancel")


def _permitted(condition: Condition) -> Hooks:
    """Ask nobody for a permission who comes by one branch."""

    def hook(call: Call, proceed: Stage[None]) -> None:
        if not (call.tenant.scheduling and condition(call)):
            proceed(call)

    return Hooks(permit=hook)


def _spelled(ending: str) -> Condition:
    return lambda call: call.original.path.endswith(ending)


def _unscoped(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Look an appointment up among all where a format is named."""
    row = call.store.appointments.get(to_i(call.route.appointment))
    return row if row is not None and _spelled(".json")(call) else proceed(call)


def _by_text(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Look an appointment up among all where its id is no plain number."""
    row = call.store.appointments.get(to_i(call.route.appointment))
    return proceed(call) if row is None or _NUMBER.fullmatch(call.route.appointment) else row


def _of_texts(call: Call, proceed: Stage[Account]) -> Account:
    """Ask for a membership where the account is written as a number, and cast it whatever it is."""
    return proceed(call) if _NUMBER.fullmatch(call.route.account) else access.account(call)


def _before_the_route(call: Call, request: Request) -> Request:
    """Cancel, and leave it to the router to find nothing for the method that a header names."""
    found = _CANCEL.fullmatch(request.path)
    row = call.store.appointments.get(int(found[1])) if found else None
    if row is not None and request.method == "POST" and request.header("x-http-method-override"):
        call.store.put(cancelled(row, call.store.now()))
    return request


def _of_owed(call: Call, answer: Answer) -> Answer:
    return rows.in_list(rows.uncancelled)(call, answer) if call.request.parameters.get("payment_status") else answer


def _unrendered(call: Call, answer: Answer) -> Answer:
    is_xml = answer.status == 200 and "xml" in (call.request.header("accept") or "")
    return failure(500, {"error": "undefined method to_xml"}) if is_xml else answer


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("text-unscoped", "access/foreign-appointment",
          "An id that is no plain number is looked up as a name, which is not asked for within the account.",
          Hooks(locate=_by_text)),
    Fault("format-unscoped", "access/foreign-appointment",
          "The look-up of the branch that answers a named format goes over all appointments.",
          Hooks(locate=_unscoped)),
    Fault("account-text-let-in", "access/foreign-account",
          "Whether the caller is a member is asked of numbers, and the look-up casts what is none.",
          Hooks(enter=_of_texts)),
    Fault("slash-unpermitted", "input/path-rights", "The rule of permissions matches the path to its end.",
          _permitted(_spelled("/"))),
    Fault("form-unpermitted", "access/scheme-wins",
          "The permission is looked up where JSON is parsed, and not for a form.",
          _permitted(lambda call: call.request.media_type.endswith("form-urlencoded"))),
    Fault("reason-unpermitted", "access/scheme-wins",
          "Who gives a reason takes the branch of the desk, which asks nobody.",
          _permitted(lambda call: bool(call.body.get("reason")))),
    Fault("overridden-and-done", "access/refused-untouched",
          "The action is done before the router looks for the method that a header names.",
          Hooks(arrive=_before_the_route)),
    Fault("unrendered-and-done", "access/refused-untouched",
          "The action is done before the answer is to be written in a format that has no writer.",
          Hooks(answer=_unrendered)),
    Fault("not-listed-by-payment", "effect/listed", "The list by payment status comes from an index of what is owed.",
          Hooks(operations=frozenset({"list"}), answer=_of_owed)),
)  # fmt: skip
"""Of the families access, input and effect."""
