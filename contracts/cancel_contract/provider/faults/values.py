"""Faults of the answer's values: null, or of the right type and wrong all the same."""

from typing import Final

from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.making import (
    in_expense,
    in_payments,
    put,
    recast,
    shown,
)
from cancel_contract.provider.store.records import Payload

BIG_FIRST_ID: Final = 2**53 + 1
"""Where ids begin that a double cannot hold."""


def _swapped(_: Call, payload: Payload) -> Payload:
    return {**payload, "starts_at": payload["ends_at"], "ends_at": payload["starts_at"]}


def _overfull(_: Call, payload: Payload) -> Payload:
    return {**payload, "settlement_amount": payload["settlement_amount"] + payload["service_amount"] + 1}


def _noughts(_: Call, payload: Payload) -> Payload:
    references = ("contact_id", "service_id", "company_id", "conversation_id")
    return {**payload, **{name: payload[name] or 0 for name in references}}


def _empty_as_null(_: Call, payload: Payload) -> Payload:
    return {**payload, "payments": payload["payments"] or None}


def _zero_as_null(_: Call, payload: Payload) -> Payload:
    return {**payload, "prepaid_amount": payload["prepaid_amount"] or None}


FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "name-null",
        "answer/nulls",
        "The name is taken from the contact, and there is none.",
        Hooks(render=put("client_name", None), when=lambda call: shown(call).contact_id is None),
    ),
    Fault(
        "no-payments-null",
        "answer/nulls",
        "An empty association is serialized as null.",
        Hooks(render=_empty_as_null),
    ),
    Fault(
        "zero-null",
        "answer/nulls",
        "A zero is taken for nothing.",
        Hooks(render=_zero_as_null),
    ),
    Fault(
        "payment-method-null",
        "answer/nulls",
        "Imported rows of money have no method.",
        Hooks(render=in_payments(put("payment_method", None))),
    ),
    Fault(
        "type-capitalized",
        "answer/enumerations",
        "A label for people is sent instead of the word.",
        Hooks(render=recast("appointment_type", str.title)),
    ),
    Fault(
        "payment-kind-unknown",
        "answer/enumerations",
        "A new kind of payment is introduced without a word to consumers.",
        Hooks(render=in_payments(put("payment_kind", "refundable"))),
    ),
    Fault(
        "expense-status-unknown",
        "answer/enumerations",
        "The accounting system's own word leaks through.",
        Hooks(render=in_expense(put("status", "PAID_OUT"))),
    ),
    Fault(
        "instant-without-zone",
        "answer/formats",
        "A naive date-time is serialized.",
        Hooks(render=recast("starts_at", lambda text: text.removesuffix("Z"))),
    ),
    Fault(
        "instant-for-people",
        "answer/formats",
        "The framework's default text of a time is sent.",
        Hooks(render=recast("ends_at", lambda text: text.replace("T", " ").replace("Z", " UTC"))),
    ),
    Fault(
        "birth-date-as-instant",
        "answer/formats",
        "The column becomes a timestamp.",
        Hooks(render=recast("client_birth_date", lambda text: f"{text}T00:00:00Z")),
    ),
    Fault(
        "birth-date-local",
        "answer/formats",
        "The date is spelled as people in the country do.",
        Hooks(render=recast("client_birth_date", lambda text: ".".join(reversed(text.split("-"))))),
    ),
    Fault(
        "id-of-another",
        "answer/id-echo",
        "The id of a joined row shadows the appointment's.",
        Hooks(render=recast("id", lambda number: number + 1)),
    ),
    Fault(
        "big-id-rounded",
        "answer/id-echo",
        "A gateway written in JavaScript reads ids as doubles.",
        Hooks(render=recast("id", lambda number: int(float(number)))),
        first_id=BIG_FIRST_ID,
    ),
    Fault(
        "account-of-another",
        "answer/account-echo",
        "The account of a joined row shadows the appointment's.",
        Hooks(render=recast("account_id", lambda number: number + 1)),
    ),
    Fault(
        "times-swapped",
        "answer/end-after-start",
        "Two columns are mixed up in the serializer.",
        Hooks(operations=EVERY, render=_swapped),
    ),
    Fault(
        "duration-shortest",
        "answer/duration",
        "A cancelled appointment takes as little time as may be.",
        Hooks(render=put("duration_min", 5), when=lambda call: shown(call).duration_min != 5),
    ),
    Fault(
        "duration-nought",
        "answer/bounds",
        "What is cancelled takes no time any more.",
        Hooks(render=put("duration_min", 0)),
    ),
    Fault(
        "nought-for-null",
        "answer/bounds",
        "A language without nulls stands in between, and no reference becomes the reference nought.",
        Hooks(render=_noughts),
    ),
    Fault(
        "amount-with-fraction",
        "answer/whole-money",
        "Amounts are divided by a hundred on their way out.",
        Hooks(operations=EVERY, render=recast("service_amount", lambda amount: amount + 0.5)),
    ),
    Fault(
        "amount-negative",
        "answer/whole-money",
        "A refund is shown as a negative amount received.",
        Hooks(operations=EVERY, render=recast("prepaid_amount", lambda amount: -1 - amount)),
    ),
    Fault(
        "received-exceeds-price",
        "answer/money-adds-up",
        "The settlement is counted with the price again.",
        Hooks(operations=EVERY, render=_overfull),
    ),
)
"""Fields of the right type with a wrong value."""
