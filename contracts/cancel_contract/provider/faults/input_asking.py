"""Faults of bodies that a cancel has no use for: other accounts, lists, envelopes, switches, reasons, chunks."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from cancel_contract.provider.api import access
from cancel_contract.provider.api.answers import Answer, invalid, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.api.render import instant
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.api.values import instant as read_instant
from cancel_contract.provider.behaviours import Around, Condition, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import broken, crash
from cancel_contract.provider.store.records import STATUSES, Account, Appointment

LONGEST_REASON: Final = 255
"""Characters that a column for reasons holds."""


def _named_in(given: Callable[[Call], object]) -> Around[Account]:
    """Enter the account that something else than the path names."""

    def hook(call: Call, proceed: Stage[Account]) -> Account:
        number = to_i(str(given(call) or ""))
        return _other(call, number) if number else proceed(call)

    return hook


def _other(call: Call, number: int) -> Account:
    call.route = replace(call.route, account=str(number))
    return access.enter(call)


def _assigned(columns: Callable[[Call], dict[str, Any]]) -> Around[Awaitable[Appointment]]:
    """Write what the request brings into what the cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        given = columns(call)
        return call.store.put(replace(done, **given)) if given else done

    return hook


def _moved(call: Call) -> dict[str, Any]:
    number = call.body.get("account_id")
    return {"account_id": number} if isinstance(number, int) and not isinstance(number, bool) else {}


def _dated(call: Call) -> dict[str, Any]:
    names = ("created_at", "updated_at")
    return {name: read_instant(call.body[name], name) for name in names if isinstance(call.body.get(name), str)}


def _attributed(call: Call) -> dict[str, Any]:
    given = call.body.get("custom_attributes")
    return {"custom_attributes": {**call.found.custom_attributes, **given}} if isinstance(given, dict) else {}


def _enveloped(call: Call) -> dict[str, Any]:
    payload = call.body.get("payload")
    status = payload.get("status") if isinstance(payload, dict) else None
    return {"status": status} if status in STATUSES else {}


def _by_reason(call: Call) -> dict[str, Any]:
    reason = call.body.get("reason")
    return {"status": reason} if reason in STATUSES else {}


def _commented(call: Call) -> dict[str, Any]:
    reason = call.body.get("reason") or call.body.get("comment") or call.body.get("note")
    return {"client_comment": f"{call.found.client_comment or ''}\nCancelled: {reason}".strip()} if reason else {}


def _paid_back(call: Call) -> dict[str, Any]:
    return {"prepaid_amount": 0, "settlement_amount": 0, "payments": ()} if call.body.get("refund") else {}


def _unsaved_when(condition: Condition) -> Hooks:
    """Answer as if it were done, and do nothing."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        return cancelled(call.found, call.store.now()) if condition(call) else await proceed(call)

    return Hooks(transition=hook)


def _failing_when(condition: Condition) -> Hooks:
    """Raise in the view, which is reached by what was done alone."""
    return Hooks(answer=lambda call, answer: broken()(answer) if call.after and condition(call) else answer)


def _is_json(call: Call) -> bool:
    return call.request.json is not None


def _list(call: Call) -> list[Any]:
    given = call.request.json
    return given if isinstance(given, list) else []


def _ids(call: Call) -> list[Any]:
    found: object = next((call.body[name] for name in ("ids", "appointment_ids") if name in call.body), [])
    return found if isinstance(found, list) else []


def _in_bulk(numbers: Callable[[Call], list[Any]]) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done = await proceed(call)
        named = set(map(str, numbers(call)))
        for row in rows.made_here(call.store):
            if str(row.id) in named:
                call.store.put(cancelled(row, call.store.now()))
        return done

    return hook


def _required(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.request.json == {}:
        raise invalid("param is missing or the value is empty: appointment")


def _of_old_version(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    payload = call.body.get("payload")
    version = payload.get("updated_at") if isinstance(payload, dict) else None
    if version is not None and (call.found.cancelled or version != instant(call.found.updated_at)):
        raise refusal(409, "The appointment was changed by another request", "CONFLICT")


async def _deleted(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    if call.after is not None and call.body.get("force") and call.after.id in call.store.appointments:
        call.store.remove(call.after.id)
    return answer


def _too_long(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if len(str(call.body.get("reason") or "")) > LONGEST_REASON:
        raise crash()


def _asks(*names: str) -> Condition:
    """Hold where a body asks for one of these by name."""
    return lambda call: any(call.body.get(name) is True for name in names)


def _chunked(call: Call) -> bool:
    return "chunked" in (call.request.header("transfer-encoding") or "")


OTHERS: Final = (
    Fault("body-account-wins", "input/account-wins",
          "Parameters of the body come before those of the path, and a form carries its account along.",
          Hooks(enter=_named_in(lambda call: call.body.get("account_id")))),
    Fault("query-account-wins", "input/account-wins", "The account is taken from wherever the link has one.",
          Hooks(enter=_named_in(lambda call: call.request.parameters.get("account_id")))),
    Fault("body-account-assigned", "input/body-ignored",
          "The account is one of the record's columns, and the body moves the appointment into another one.",
          Hooks(transition=_assigned(_moved))),
    Fault("list-cancelled", "input/path-wins",
          "The calendar may cancel several at once: whatever ids a list in the body holds are cancelled, too.",
          Hooks(transition=_in_bulk(_list))),
    Fault("ids-cancelled", "input/path-wins",
          "The calendar may cancel several at once, by a field of ids that every request may bring.",
          Hooks(transition=_in_bulk(_ids))),
    Fault("body-times-assigned", "input/body-ignored",
          "An import may set when a record was made and changed, and so may everybody.",
          Hooks(transition=_assigned(_dated))),
    Fault("body-attributes-merged", "input/body-ignored",
          "Free attributes are merged with whatever comes, by all actions alike.",
          Hooks(transition=_assigned(_attributed))),
)  # fmt: skip
"""What a body names."""

SHAPES: Final = (
    Fault("list-fails", "input/body-shapes", "A list has no keys to ask for.",
          _failing_when(lambda call: isinstance(call.request.json, list))),
    Fault("scalar-fails", "input/body-shapes", "A text or a number has no keys to ask for.",
          _failing_when(lambda call: _is_json(call) and not isinstance(call.request.json, dict | list))),
    Fault("empty-object-refused", "input/body-shapes",
          "The framework requires a root key as soon as there is a body, and libraries send an empty one.",
          Hooks(writable=_required)),
    Fault("envelope-assigned", "input/envelope-back",
          "What was read can be sent back, is the new rule, and the status in it undoes the cancel.",
          Hooks(transition=_assigned(_enveloped))),
    Fault("envelope-outdated", "input/envelope-back",
          "What is sent back is compared with what is stored, and an older reading is a conflict.",
          Hooks(writable=_of_old_version)),
    Fault("envelope-fails", "input/envelope-back",
          "What is sent back holds rows of money, which no parameter of the model is called.",
          _failing_when(lambda call: "payload" in call.body)),
    Fault("chunked-fails", "input/body-chunked", "The length of the body is read, and there is none.",
          _failing_when(_chunked)),
    Fault("chunked-unsaved", "input/body-chunked",
          "A filter holds a body of unknown length back, and the transaction is over when it comes.",
          _unsaved_when(_chunked)),
)  # fmt: skip
"""How a body is built and sent."""

SWITCHES: Final = (
    Fault("dry-run-obeyed", "input/switches",
          "Jobs may be tried out, by a field that all controllers inherit: 200, and nothing is done.",
          _unsaved_when(_asks("dry_run", "dryRun", "validate_only", "preview"))),
    Fault("dry-run-in-query-obeyed", "input/switches", "Jobs may be tried out, by a parameter of the link.",
          _unsaved_when(lambda call: call.request.parameters.get("dry_run") in {"1", "true"})),
    Fault("confirmation-awaited", "input/switches",
          "A cancel that is not confirmed is kept in mind and answered as if it were done.",
          _unsaved_when(lambda call: call.body.get("confirm") is False)),
    Fault("notice-fails", "input/switches",
          "Whoever asks for a notice to the client needs a mail address, and appointments have none.",
          _failing_when(_asks("notify", "send_notification"))),
    Fault("force-deletes", "input/switches", "Force is what the delete of the admin's console is called.",
          Hooks(handle=_deleted)),
    Fault("refund-obeyed", "input/switches",
          "The app's button may ask for a refund, and the book of payments loses its rows.",
          Hooks(transition=_assigned(_paid_back))),
    Fault("reason-becomes-status", "input/reason",
          "The reason is looked up among the words for a status, and a no-show is billed.",
          Hooks(transition=_assigned(_by_reason))),
    Fault("reason-in-comment", "input/reason",
          "The reason is written under the client's own words, which the client is sent again.",
          Hooks(transition=_assigned(_commented))),
    Fault("long-reason-fails", "input/reason", "A reason is cut nowhere, and its column is short.",
          Hooks(writable=_too_long)),
)  # fmt: skip
"""What a body asks for."""

FAULTS: Final[tuple[Fault, ...]] = OTHERS + SHAPES + SWITCHES
"""What a body names, how it is sent, and what it asks for."""
