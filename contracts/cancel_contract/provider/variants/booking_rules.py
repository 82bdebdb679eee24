"""Variants with other rules for creating an appointment, which do not concern a cancel."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cancel_contract.provider.api.answers import (
    Answer,
    encode,
    framework_error,
    invalid,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Condition, Hooks, Variant
from cancel_contract.provider.store.records import Payload

_ATTACK: Final = re.compile(r"<\w|\w'\w|%\s*\{")
"""What rules against scripts, SQL and templates in a text look for."""
_CREATE: Final = frozenset({"create"})
_OK: Final = 200
_SESSION: Final = 50
"""Minutes of a therapist's slot."""


def without_prepayment(body: Payload) -> bool:
    """Whether nothing is paid in advance."""
    return not body.get("prepaid_amount")


def without_money(body: Payload) -> bool:
    """Whether a create says of no money that it was received."""
    return not any(body.get(name) for name in ("prepaid_amount", "settlement_amount"))


def with_deposit(body: Payload) -> bool:
    """Whether something is paid in advance."""
    return bool(body.get("prepaid_amount"))


def in_tens(body: Payload) -> bool:
    """Whether all amounts are round."""
    return not any((body.get(f"{name}_amount") or 0) % 10 for name in ("service", "prepaid", "settlement"))


def with_contact(body: Payload) -> bool:
    """Whether a contact is named."""
    return bool(body.get("contact_id"))


def scheduled(body: Payload) -> bool:
    """Whether it begins as all do that were not talked over yet."""
    return body.get("status") in {None, "scheduled"}


def unpriced(body: Payload) -> bool:
    """Whether no price is named, not even none."""
    return not any(name.endswith("_amount") for name in body)


def without_status(body: Payload) -> bool:
    """Whether no status is named."""
    return "status" not in body


def only(rule: Callable[[Payload], bool], field: str) -> Hooks:
    """Answer 422 to a create that does not keep a rule."""
    return Hooks(
        _CREATE,
        handle=kept(lambda call: rule(call.body), lambda: invalid(f"{field} is not allowed", details={"field": field})),
    )


def near(days: int) -> Hooks:
    """Answer 409 to a create that lies more days ahead, though the calendar shows its slot as free."""

    def is_near(call: Call) -> bool:
        return datetime.fromisoformat(call.body["starts_at"]) < call.store.now() + timedelta(days=days)

    return Hooks(_CREATE, handle=kept(is_near, lambda: refusal(409, "Too far ahead", "OUTSIDE_WORKING_HOURS")))


def nearest(days: int) -> Hooks:
    """Answer 409 to a create that lies more days ahead, and show no slot there."""

    def is_near(call: Call, start: str) -> bool:
        return datetime.fromisoformat(start) < call.store.now() + timedelta(days=days)

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        if call.route.operation == "create" and not is_near(call, call.body["starts_at"]):
            return refusal(409, "Too far ahead", "OUTSIDE_WORKING_HOURS").answer
        answer = await proceed(call)
        if call.route.operation == "create" or answer.status != _OK:
            return answer
        shown = json.loads(answer.body)
        shown["payload"]["slots"] = [one for one in shown["payload"]["slots"] if is_near(call, one["starts_at"])]
        return replace(answer, body=encode(shown))

    return Hooks(frozenset({"create", "calendar"}), handle=hook)


async def _whole_slots(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Offer slots of 50 minutes, and let a visit take one as it is offered alone."""
    shown = call.store.directory
    slots = tuple(replace(one, slot_minutes=_SESSION) for one in shown.resources)
    call.store.directory = replace(shown, resources=slots)
    times = [datetime.fromisoformat(call.body[name]) for name in ("starts_at", "ends_at") if name in call.body]
    if len(times) == 2 and times[1] - times[0] != timedelta(minutes=_SESSION):
        return refusal(409, "There is no such slot", "OUTSIDE_WORKING_HOURS").answer
    return await proceed(call)


def walled(status: int = 403, reason: str = "Forbidden") -> Hooks:
    """Answer with a page to a create with a text that looks like an attack: a firewall stands before the target."""
    return Hooks(_CREATE, handle=kept(_is_plain, lambda: framework_error(status, reason, accepts_json=False)))


def _is_plain(call: Call) -> bool:
    return not _ATTACK.search(json.dumps(call.body, ensure_ascii=False))


def kept(rule: Condition, refused: Callable[[], Any]) -> Around[Awaitable[Answer]]:
    """Answer with a refusal where a rule does not hold."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        if rule(call):
            return await proceed(call)
        answer: Answer = refused().answer
        return answer

    return hook


BOOKING: Final = (
    Variant("prepayment-refused", "Nothing is paid in advance.", only(without_prepayment, "prepaid_amount")),
    Variant(
        "payments-elsewhere",
        "What is received is recorded by other requests, and refused in a create.",
        only(without_money, "settlement_amount"),
    ),
    Variant("deposit-required", "A create has to name a deposit.", only(with_deposit, "prepaid_amount")),
    Variant("amounts-in-tens", "Amounts are whole tens.", only(in_tens, "service_amount")),
    Variant("contact-required", "A create has to name a contact.", only(with_contact, "contact_id")),
    Variant(
        "priced-by-service",
        "The price comes from the service, and a create names none.",
        only(unpriced, "service_amount"),
    ),
    Variant(
        "status-by-update",
        "A status is set by updates alone, and a create names none.",
        only(without_status, "status"),
    ),
    Variant("scheduled-only", "Every appointment begins as scheduled.", only(scheduled, "status")),
    Variant(
        "completed-in-past-only",
        "What is to come cannot be completed or missed, and the refusal says so in words of time.",
        only(scheduled, "a future visit cannot be completed or missed: its status"),
    ),
    Variant("near-only", "Only the next 40 days can be booked.", near(40)),
    Variant(
        "until-the-day-after",
        "Only the next two days can be booked, and the calendar shows these alone.",
        nearest(2),
    ),
    Variant("this-week-only", "Only the next five days can be booked.", near(5)),
    Variant(
        "whole-slots",
        "A visit takes a slot of the calendar as it is offered: 50 minutes.",
        Hooks(frozenset({"create", "update", "calendar"}), handle=_whole_slots),
    ),
    Variant("firewall", "A firewall stands before the target and blocks texts like attacks.", walled()),
    Variant("firewall-of-teapots", "Such a firewall of another vendor.", walled(418, "I'm a teapot")),
)
"""Other rules for making appointments."""
