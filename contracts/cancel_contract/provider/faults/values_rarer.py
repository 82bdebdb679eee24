"""Faults that show in rarer money, lengths and texts: settled alone, below a note, ten minutes, a foreign number."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote_plus

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import Change, columns, crash, kept, once
from cancel_contract.provider.store.records import Appointment

_SLOT: Final = 30
_SHORTEST: Final = 15
_HOUR: Final = 60
_LONG: Final = 120
_NOTE: Final = 100
_FEE: Final = 1000
_MILLIONS: Final = 100_000_000
_KNOWN: Final = frozenset({"cash", "card"})
_TWO_BYTES: Final = 2**15 - 1
_HOME: Final = ("+7", "8")

Where = Callable[[Appointment], bool]


def _where(condition: Where, change: Change) -> Hooks:
    """Change what the first cancel leaves of some appointments."""
    return Hooks(transition=once(lambda found, done: change(found, done) if condition(found) else done))


def _failing(condition: Where) -> Hooks:
    def hook(call: Call, proceed: Stage[None]) -> None:
        proceed(call)
        if not call.found.cancelled and condition(call.found):
            raise crash()

    return Hooks(writable=hook)


def _without_likes(_: Appointment, done: Appointment) -> Appointment:
    """Keep of payments by the same method and of the same amount the last one."""
    return replace(done, payments=tuple({(row.amount, row.payment_method): row for row in done.payments}.values()))


def _lasting(minutes: Callable[[int], int]) -> Change:
    def change(found: Appointment, done: Appointment) -> Appointment:
        return replace(done, ends_at=found.starts_at + timedelta(minutes=minutes(found.minutes)), given_minutes=None)

    return change


def _text(name: str, change: Callable[[str], str | None]) -> Hooks:
    """Change a text where there is one."""

    def edit(found: Appointment, done: Appointment) -> Appointment:
        old = getattr(found, name)
        return done if old is None else columns(**{name: change(old)})(found, done)

    return Hooks(transition=once(edit))


def _attributes(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Hooks:
    return Hooks(transition=once(lambda _, done: replace(done, custom_attributes=change(dict(done.custom_attributes)))))


def _in_snake_case(key: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower()


def _is_settled_alone(it: Appointment) -> bool:
    return not it.prepaid_amount and it.settlement_amount > 0


def _is_settled_in_part(it: Appointment) -> bool:
    return 0 < it.settlement_amount < it.service_amount - it.prepaid_amount


def _is_confirmed_and_paid_ahead(it: Appointment) -> bool:
    return it.status == "confirmed" and it.prepaid_amount == it.service_amount > 0


def _unadjusted(_: Appointment, done: Appointment) -> Appointment:
    left = tuple(row for row in done.payments if row.payment_kind != "adjustment")
    return replace(done, settlement_amount=0, payments=left)


async def _slot_held_if_long(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    is_long = not call.found.cancelled and call.found.minutes > _HOUR
    return await (rows.slot_held(call, proceed) if is_long else proceed(call))


MONEY: Final = (
    Fault("long-visit-stays-paid", "effect/payment-status-cancelled", "Long visits are hospital days, of other books.",
          _where(lambda it: it.minutes > _LONG and bool(it.payments), kept("payment_status"))),
    Fault("long-visit-free", "effect/amounts-kept", "Visits over an hour are priced by the hour, and no hour was had.",
          _where(lambda it: it.minutes > _LONG, columns(service_amount=0, prepaid_amount=0))),
    Fault("small-amount-gone", "effect/amounts-kept", "Less than a note is rounded away.",
          _where(lambda it: 0 < it.service_amount < _NOTE, columns(service_amount=0))),
    Fault("settled-alone-still-owed", "effect/unpaid-expense-gone", "Expenses are removed with the deposit.",
          _where(_is_settled_alone, rows.unexpensed)),
    Fault("settled-in-part-gone", "effect/payments-kept", "An adjustment beside an open rest is the desk's mistake.",
          _where(_is_settled_in_part, _unadjusted)),
    Fault("confirmed-stays-paid", "effect/payment-status-cancelled", "Paid ahead and confirmed is not touched.",
          _where(_is_confirmed_and_paid_ahead, kept("payment_status"))),
    Fault("like-payments-merged", "effect/payments-kept", "Two payments of one amount are one that was entered twice.",
          _where(lambda it: bool(it.payments), _without_likes)),
    Fault("large-deposit-cut", "effect/amounts-kept", "Deposits lie in a column of two bytes, for they are small.",
          _where(lambda it: it.prepaid_amount > _TWO_BYTES, columns(prepaid_amount=_TWO_BYTES))),
    Fault("transfer-ahead-gone", "effect/payments-kept", "A transfer ahead is on its way, and is not waited for.",
          _where(lambda it: it.prepaid_payment_method == "transfer", columns(payments=()))),
    Fault("cash-alone-gone", "effect/payments-kept", "Cash that was taken without a deposit is on no receipt.",
          _where(lambda it: _is_settled_alone(it) and it.settlement_payment_method == "cash", columns(payments=()))),
    Fault("cash-ahead-gone", "effect/amounts-kept", "All that was paid ahead in cash is handed back at the desk.",
          _where(lambda it: it.prepaid_payment_method == "cash" and it.prepaid_amount == it.service_amount,
                 columns(prepaid_amount=0))),
    Fault("small-deposit-gone", "effect/amounts-kept", "A deposit of less than a thousand is a fee for the booking.",
          _where(lambda it: 0 < it.prepaid_amount < _FEE, columns(prepaid_amount=0))),
    Fault("part-beside-deposit-gone", "effect/amounts-kept", "Beside a deposit all is settled, or nothing is.",
          _where(lambda it: bool(it.prepaid_amount) and _is_settled_in_part(it), _unadjusted)),
    Fault("millions-wrapped", "effect/amounts-kept", "Amounts have seven digits before the point.",
          _where(lambda it: _MILLIONS < it.service_amount < 2**31 - 1,
                 lambda found, done: replace(done, service_amount=found.service_amount % _MILLIONS))),
    Fault("other-method-is-cash", "effect/payments-kept", "Transfers and wallets are cash in the old table.",
          Hooks(transition=once(rows.with_payments(
              lambda row: row if row.payment_method in _KNOWN else replace(row, payment_method="cash"))))),
)  # fmt: skip
"""Money that few appointments have."""

LENGTHS: Final = (
    Fault("short-visit-fails", "answer/status-200", "A visit of less than half an hour has no slots to free.",
          _failing(lambda it: it.minutes < _SLOT)),
    Fault("short-visit-padded", "effect/times-kept", "No visit is shorter than a quarter of an hour.",
          _where(lambda it: it.minutes < _SHORTEST, _lasting(lambda _: _SHORTEST))),
    Fault("odd-minutes-rounded", "effect/times-kept", "Durations are rounded up to whole slots.",
          _where(lambda it: it.minutes % _SLOT != 0, _lasting(lambda it: -(-it // _SLOT) * _SLOT))),
    Fault("ninety-minutes-cut", "effect/times-kept", "The form offers an hour and two hours, and nothing between.",
          _where(lambda it: _HOUR < it.minutes < _LONG, _lasting(lambda _: _HOUR))),
    Fault("hours-of-an-operation-refused", "answer/status-200", "Visits of two to four hours are operations.",
          _failing(lambda it: _LONG < it.minutes <= 2 * _LONG)),
    Fault("long-slot-held", "effect/slot-free", "As many slots are given back as the usual visit takes.",
          Hooks(transition=_slot_held_if_long)),
)  # fmt: skip
"""Lengths that are no half hour and no hour."""

CLIENTS: Final = (
    Fault("male-lost", "effect/client-kept", "The first word of a list has the number 0, and 0 is blank.",
          _where(lambda it: it.client_gender == "male", columns(client_gender=None))),
    Fault("backslash-doubled", "effect/client-kept", "Texts are escaped for the driver, which escapes them as well.",
          _text("client_name", lambda it: it.replace("\\", "\\\\"))),
    Fault("quotes-escaped", "effect/client-kept", "What is written again is escaped as for the page of the desk.",
          _text("client_name", lambda it: it.replace('"', "&quot;"))),
    Fault("persons-number-masked", "effect/client-kept",
          "Numbers of persons are masked where they are shown, and saved so.",
          _text("client_identifier", lambda it: f"{'*' * 8}{it[8:]}" if re.fullmatch(r"\d{12}", it) else it)),
    Fault("identifier-in-small-letters", "effect/client-kept", "Identifiers are folded when a record is saved.",
          _text("client_identifier", str.lower)),
    Fault("identifier-ends-at-twenty", "effect/client-kept", "Identifiers lie in a column of twenty characters.",
          _text("client_identifier", lambda it: it[:20])),
    Fault("foreign-number-lost", "effect/client-kept", "Only a number of the country is one to the new validation.",
          _text("client_phone", lambda it: it if it.startswith(_HOME) else None)),
    Fault("comment-ends-at-emoji", "effect/undocumented-kept", "Three bytes a character: a comment ends at its emoji.",
          _text("client_comment", lambda it: re.split(r"[\U00010000-\U0010ffff]", it)[0])),
    Fault("joiners-gone", "effect/undocumented-kept", "Letters that nobody sees are taken out, for they may deceive.",
          _text("client_comment", lambda it: re.sub("[\u200c\u200d]", "", it))),
    Fault("large-attribute-rounded", "effect/undocumented-kept", "A language of floating-point numbers reads them.",
          _attributes(lambda it: {key: int(float(it[key])) if type(it[key]) is int else it[key] for key in it})),
    Fault("nested-attributes-lost", "effect/undocumented-kept", "The new column keeps no objects and no lists.",
          _attributes(lambda it: {key: value for key, value in it.items() if not isinstance(value, dict | list)})),
    Fault("empty-attributes-lost", "effect/undocumented-kept", "Attributes that are null or false are swept out.",
          _attributes(lambda it: {key: value for key, value in it.items() if value})),
    Fault("attributes-in-snake-case", "effect/undocumented-kept", "Keys of attributes are rewritten when saved.",
          _attributes(lambda it: {_in_snake_case(key): value for key, value in it.items()})),
    Fault("reference-in-small-letters", "effect/references-kept",
          "External references are written in small letters, and the other system's are not.",
          Hooks(transition=once(lambda found, done: replace(done, external_ref=(found.external_ref or "").lower())))),
    Fault("reference-ends-at-slash", "effect/references-kept", "What follows a slash is a version, and is not kept.",
          _text("external_ref", lambda it: it.partition("/")[0])),
    Fault("reference-decoded", "effect/references-kept", "References are decoded as if they came from a link.",
          _text("external_ref", unquote_plus)),
    Fault("reference-cut", "effect/references-kept",
          "External references are copied into a column of fifty characters.",
          Hooks(transition=once(lambda found, done: replace(done, external_ref=(found.external_ref or "")[:50])))),
)  # fmt: skip
"""What is written of clients."""

FAULTS: Final[tuple[Fault, ...]] = MONEY + LENGTHS + CLIENTS
"""By what they concern."""
