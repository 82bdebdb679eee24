"""Faults that show only for some appointments, or only to some callers."""

import struct
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import (
    HTML_TYPE,
    Answer,
    framework_error,
    refusal,
)
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.making import (
    body,
    broken,
    columns,
    crash,
    error,
    once,
    put,
    recast,
    shown,
    succeeded,
)
from cancel_contract.provider.store.records import Appointment, Payload

EPOCH: Final = 1970
"""The year before which counts of seconds are negative."""
ZONE_CHANGED: Final = date(2024, 3, 1)
"""The day on which Almaty went from +06:00 to +05:00."""
OF_AGE: Final = timedelta(days=18 * 365)
"""How old a client is who is no child, about."""


def _secondary(call: Call) -> bool:
    return shown(call).appointment_type == "secondary"


def _in_four_bytes(amount: int) -> int:
    """Give the nearest number that a float of four bytes holds."""
    held: tuple[float] = struct.unpack("f", struct.pack("f", amount))
    return int(held[0])


def _century_later(_: Appointment, done: Appointment) -> Appointment:
    born = done.client_birth_date
    old = born is not None and born.year < EPOCH
    return replace(done, client_birth_date=born.replace(year=born.year + 100)) if born and old else done


def _by_old_tables(_: Appointment, done: Appointment) -> Appointment:
    born = done.client_birth_date
    wrong = born is not None and born >= ZONE_CHANGED
    return replace(done, client_birth_date=born - timedelta(days=1)) if born and wrong else done


def _crashing(where: Callable[[Appointment], bool]) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        if where(call.found):
            raise crash()
        return await proceed(call)

    return hook


def _refusing_children(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    born = call.found.client_birth_date
    if born and call.store.now().date() - born < OF_AGE:
        raise refusal(422, "Only a guardian can cancel for a child", "VALIDATION_ERROR")


def _attributes_as_texts(_: Appointment, done: Appointment) -> Appointment:
    return replace(done, custom_attributes={name: str(value) for name, value in done.custom_attributes.items()})


def _refusing_past(call: Call, proceed: Stage[None]) -> None:
    proceed(call)
    if call.found.ends_at < call.store.now():
        raise refusal(422, "Past appointments cannot be cancelled", "VALIDATION_ERROR")


def _page_for_anything(call: Call, answer: Answer) -> Answer:
    if not (call.request.header("accept") or "*/*").startswith("*/*"):
        return answer
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Cancelled</title>")


def _cut_when_plain(call: Call, answer: Answer) -> Answer:
    plain = "gzip" not in (call.request.header("accept-encoding") or "")
    return replace(answer, body=answer.body[:-2]) if plain else answer


def _in_callers_words(call: Call, payload: Payload) -> Payload:
    russian = (call.request.header("accept-language") or "").startswith("ru")
    return {**payload, "status": "Отменена"} if russian and shown(call).cancelled else payload


def _whoever_sends(name: str, word: str, answer: Callable[[Answer], Answer]) -> Around[Awaitable[Answer]]:
    """Answer otherwise to whoever shows a token and has a word in a header."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        theirs = call.request.header(TOKEN_HEADER) and word in (call.request.header(name) or "").lower()
        return answer(Answer(0)) if theirs else await proceed(call)

    return hook


async def _refusing_nothing(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if call.request.media_type == "application/json" and not call.request.body:
        return framework_error(400, "Bad Request", accepts_json=call.request.accepts_json).answer
    return await proceed(call)


SHAPES: Final = (
    Fault(
        "second-visit-unknown",
        "answer/enumerations",
        "A second visit has a word of its own in the new list, and only the first one was tried.",
        Hooks(render=put("appointment_type", "follow_up"), when=_secondary),
    ),
    Fault(
        "visit-reset",
        "effect/references-kept",
        "The record is saved through a form whose field for the type of visit begins with the first one.",
        Hooks(transition=once(columns(appointment_type="primary"))),
    ),
    Fault(
        "past-refused",
        "effect/every-status",
        "What lies in the past cannot be changed any more, says a new guard, and it keeps its money as booked.",
        Hooks(writable=_refusing_past),
    ),
    Fault(
        "price-rounded",
        "effect/amounts-kept",
        "Prices are rounded to what can be paid in notes, the stored ones too.",
        Hooks(transition=once(lambda _, done: replace(done, service_amount=round(done.service_amount, -2)))),
    ),
    Fault(
        "large-amount-imprecise",
        "effect/amounts-kept",
        "A library of charts makes amounts floats of four bytes, and large ones lose their last digits.",
        Hooks(render=recast("service_amount", _in_four_bytes)),
    ),
    Fault(
        "birth-date-next-century",
        "effect/client-kept",
        "Years go through two digits, and whoever was born before 1970 is born in the next century.",
        Hooks(transition=once(_century_later)),
    ),
    Fault(
        "attributes-as-texts",
        "effect/undocumented-kept",
        "Free attributes are saved through a store that holds texts alone.",
        Hooks(transition=once(_attributes_as_texts)),
    ),
    Fault(
        "one-word-name-fails",
        "answer/status-200",
        "The letter to the client begins with the last name, and whoever has one name alone has none.",
        Hooks(transition=_crashing(lambda it: " " not in it.client_name)),
    ),
    Fault(
        "comment-as-format",
        "answer/status-200",
        "The comment is glued into a format, and one with a per cent sign asks for a value that is not there.",
        Hooks(transition=_crashing(lambda it: "%" in (it.client_comment or ""))),
    ),
    Fault(
        "comment-unescaped",
        "answer/valid-json",
        "The answer is written by a template, and the line break of a comment goes into it as it is.",
        Hooks(answer=succeeded(body(lambda text: text.replace(rb"\n", b"\n")))),
    ),
    Fault(
        "card-refund-fails",
        "answer/status-200",
        "What was prepaid by card is paid back through a gateway whose key is set on one server alone.",
        Hooks(transition=_crashing(lambda it: it.prepaid_payment_method == "card" and it.prepaid_amount > 0)),
    ),
    Fault(
        "child-refused",
        "effect/every-status",
        "For a child a guardian cancels, says a new rule, and no field says who that is.",
        Hooks(writable=_refusing_children),
    ),
    Fault(
        "birth-date-by-old-tables",
        "effect/client-kept",
        "BookingDays go through midnights, and the tables of time zones are older than the last change of Almaty's.",
        Hooks(transition=once(_by_old_tables)),
    ),
)
"""What is wrong only where a visit, an amount or a person is not as in the first example."""

CALLERS: Final = (
    Fault(
        "page-for-anything",
        "answer/content-type",
        "Who takes anything gets the format that is named first, a page: every caller that uses curl.",
        Hooks(answer=_page_for_anything),
    ),
    Fault(
        "plain-answer-cut",
        "answer/valid-json",
        "A filter compresses, and where it may not, it forgets its last buffer.",
        Hooks(answer=_cut_when_plain),
    ),
    Fault(
        "typed-without-body-refused",
        "answer/status-200",
        "A parser refuses an empty body of the type JSON, which many libraries send with each POST.",
        Hooks(handle=_refusing_nothing),
    ),
    Fault(
        "words-in-callers-language",
        "answer/enumerations",
        "Labels are translated where the answer is made, by the language that a browser asks for.",
        Hooks(render=_in_callers_words),
    ),
    Fault(
        "curl-refused",
        "answer/status-200",
        "A filter against robots knows curl by its name, and the documentation's own example is one.",
        Hooks(handle=_whoever_sends("user-agent", "curl", error(403, {"error": "Forbidden", "code": "FORBIDDEN"}))),
    ),
    Fault(
        "cookie-fails",
        "answer/status-200",
        "A session is looked for behind every cookie, whatever token comes with it, and there is none.",
        Hooks(handle=_whoever_sends("cookie", "=", broken())),
    ),
)
"""What only some callers get."""

FAULTS: Final[tuple[Fault, ...]] = SHAPES + CALLERS
"""Every fault that shows only sometimes."""
