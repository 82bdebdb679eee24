"""Variants with other rules: which token counts, what becomes of imported appointments, who may see money."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import HTML_TYPE, Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import (
    CANCEL,
    EVERY,
    Hooks,
    Variant,
)
from cancel_contract.provider.store.records import IMPORTED, Appointment, Payload

MONEY: Final = (
    "service_amount", "prepaid_amount", "settlement_amount", "payment_status", "payments", "expense",
)  # fmt: skip
"""What a member without the capability `view_finance` is not shown (observed)."""


def _first_of_two(call: Call, proceed: Stage[str | None]) -> str | None:
    return (proceed(call) or "").split(",")[0].strip() or None


def _last_of_two(call: Call, proceed: Stage[str | None]) -> str | None:
    return (proceed(call) or "").split(",")[-1].strip() or None


def _as_page(call: Call, answer: Answer) -> Answer:
    if "html" not in (call.request.header("accept") or ""):
        return answer
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Cancelled</title>")


def let_through(call: Call, proceed: Stage[None]) -> None:
    """Let an imported appointment be cancelled, and changed in no other way."""
    if call.route.operation not in CANCEL:
        proceed(call)


async def _handed_on(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    return call.found if call.found.source == IMPORTED else await proceed(call)


def _with_receipt(call: Call, payload: Payload) -> Payload:
    if call.found.source != IMPORTED:
        return payload
    return {**payload, "provider_command_receipt": {"id": 1, "state": "queued"}}


def _with_mode(_: Call, payload: Payload) -> Payload:
    if payload["source"] != IMPORTED:
        return payload
    return {**payload, "medelement_cancellation_mode": "local_only"}


def with_mode_at_last(call: Call, payload: Payload) -> Payload:
    """Show of an imported appointment that its cancel stayed here, once it was cancelled."""
    return _with_mode(call, payload) if payload["status"] == "cancelled" else payload


def _without_money(_: Call, payload: Payload) -> Payload:
    return {name: value for name, value in payload.items() if name not in MONEY}


def _without_expense(_: Call, payload: Payload) -> Payload:
    return {**payload, "expense": None}


async def _commented(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    if call.found.cancelled:
        return done
    comment = "\n".join(filter(None, (done.client_comment, "Cancelled through the API")))
    attributes = {**(done.custom_attributes or {}), "cancelled_through": "api"}
    return call.store.put(replace(done, client_comment=comment, custom_attributes=attributes))


OTHER_RULES: Final = (
    Variant(
        "first-token-counts",
        "Of two token headers the first one counts.",
        Hooks(EVERY, token=_first_of_two),
    ),
    Variant(
        "last-token-counts",
        "Of two token headers the last one counts.",
        Hooks(EVERY, token=_last_of_two),
    ),
    Variant(
        "page-for-browsers",
        "Whoever asks for a page and for nothing else gets one.",
        Hooks(answer=_as_page),
    ),
    Variant(
        "imported-handed-on",
        "The cancel of an imported appointment is handed on to the clinic's system, and answered with a receipt.",
        Hooks(writable=let_through, transition=_handed_on, render=_with_receipt),
    ),
    Variant(
        "imported-local-only",
        "An imported appointment would be cancelled here only, and shows so.",
        Hooks(EVERY, writable=let_through, render=_with_mode),
    ),
    Variant(
        "imported-cancelled-here",
        "An imported appointment is cancelled here only, and shows so when it is done.",
        Hooks(EVERY, writable=let_through, render=with_mode_at_last),
    ),
    Variant(
        "cancel-commented",
        "The first cancel of an appointment adds a line to its comment, and an attribute.",
        Hooks(transition=_commented),
        should=frozenset({"effect/undocumented-kept"}),
    ),
    Variant(
        "no-expenses",
        "Nothing is ever owed to whoever serves: no resource has a compensation.",
        Hooks(EVERY, render=_without_expense),
    ),
    Variant(
        "no-finance",
        "The member may not see finance, in no answer.",
        Hooks(EVERY, render=_without_money),
    ),
)
"""Other rules that are none of the contract's."""
