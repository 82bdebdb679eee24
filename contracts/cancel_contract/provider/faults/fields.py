"""Faults of the answer's fields: missing, or of the wrong type."""

from typing import Final

from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.making import (
    drop,
    every,
    has_payments,
    in_expense,
    in_payments,
    put,
    recast,
    repeated,
    was,
)
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.variants.rules import MONEY


def _compact(_: Call, payload: Payload) -> Payload:
    return {name: value for name, value in payload.items() if value is not None}


def _camel(_: Call, payload: Payload) -> Payload:
    return {_camel_name(name): value for name, value in payload.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _one_payment_bare(_: Call, payload: Payload) -> Payload:
    rows = payload["payments"]
    return {**payload, "payments": rows[0] if len(rows) == 1 else rows}


def _numeric_reference(reference: str) -> object:
    return sum(map(ord, reference))


MISSING: Final = (
    Fault(
        "nulls-left-out",
        "answer/documented-fields",
        "A serializer is told to skip nulls so that answers get smaller.",
        Hooks(render=_compact),
    ),
    Fault(
        "phone-left-out",
        "answer/documented-fields",
        "A field counts as personal and is taken out of the serializer.",
        Hooks(render=drop("client_phone")),
    ),
    Fault(
        "money-left-out",
        "answer/documented-fields",
        "Finance moves into a service of its own and the payload loses its status.",
        Hooks(render=drop("payment_status")),
    ),
    Fault(
        "money-hidden-by-cancel",
        "effect/money-shown",
        "The cancel's serializer is the one for members who may not see finance.",
        Hooks(render=drop(*MONEY)),
    ),
    Fault(
        "payments-left-out-when-empty",
        "answer/documented-fields",
        "An empty association is not serialized.",
        Hooks(render=drop("payments"), when=lambda call: not has_payments(call)),
    ),
    Fault(
        "payment-kind-left-out",
        "answer/documented-fields",
        "The payments' serializer is written anew and forgets a column.",
        Hooks(render=in_payments(drop("payment_kind"))),
    ),
    Fault(
        "expense-status-left-out",
        "answer/documented-fields",
        "A partial of the expense is used that shows only amounts.",
        Hooks(render=in_expense(drop("status"))),
    ),
    Fault(
        "field-left-out-now-and-then",
        "answer/documented-fields",
        "One of several servers still runs the release before.",
        Hooks(render=drop("settlement_amount"), when=every(3)),
    ),
    Fault(
        "camel-case",
        "answer/documented-fields",
        "A front-end's key transform is switched on for the whole API.",
        Hooks(render=_camel),
    ),
)
"""Fields that are not there."""

TYPES: Final = (
    Fault(
        "id-as-text",
        "answer/types",
        "Ids become strings to be safe in JavaScript.",
        Hooks(render=recast("id", str)),
    ),
    Fault(
        "contact-as-object",
        "answer/types",
        "A reference is embedded instead of its id.",
        Hooks(render=recast("contact_id", lambda number: {"id": number})),
    ),
    Fault(
        "amount-as-text",
        "answer/whole-money",
        "A decimal column is serialized as a string, as Rails does.",
        Hooks(render=recast("service_amount", str)),
    ),
    Fault(
        "duration-as-text",
        "answer/types",
        "A duration is rendered for people.",
        Hooks(render=recast("duration_min", lambda minutes: f"{minutes} min")),
    ),
    Fault(
        "visit-as-number",
        "answer/types",
        "The enum's integer is serialized instead of its name.",
        Hooks(render=put("appointment_type", 0)),
    ),
    Fault(
        "name-as-object",
        "answer/types",
        "The client's name is split into parts.",
        Hooks(render=recast("client_name", lambda name: {"full": name})),
    ),
    Fault(
        "instant-as-number",
        "answer/types",
        "Instants are serialized as seconds since 1970.",
        Hooks(render=put("starts_at", 1_800_000_000)),
    ),
    Fault(
        "one-payment-bare",
        "answer/types",
        "An XML-minded serializer collapses lists of one.",
        Hooks(render=_one_payment_bare),
    ),
    Fault(
        "payment-amount-as-text",
        "answer/whole-money",
        "A decimal column is serialized as a string, but only rows of money have it.",
        Hooks(render=in_payments(recast("amount", str))),
    ),
    Fault(
        "expense-amount-as-text",
        "answer/whole-money",
        "A decimal column is serialized as a string, but only expenses have it.",
        Hooks(render=in_expense(recast("amount", str))),
    ),
    Fault(
        "payment-id-as-text",
        "answer/types",
        "Ids of the accounting system are texts, and only rows of money come from there.",
        Hooks(render=in_payments(recast("id", str))),
    ),
    Fault(
        "expense-id-as-text",
        "answer/types",
        "Ids of the accounting system are texts, and only expenses come from there.",
        Hooks(render=in_expense(recast("id", str))),
    ),
    Fault(
        "reference-as-number",
        "answer/types",
        "A column is typed by guess, and external references of digits turn into numbers.",
        Hooks(render=recast("external_ref", _numeric_reference)),
    ),
    Fault(
        "type-wrong-for-no-show",
        "answer/types",
        "One branch of the code renders with another serializer.",
        Hooks(render=recast("duration_min", str), when=was("no_show")),
    ),
    Fault(
        "type-wrong-on-repeat",
        "answer/types",
        "A repeated cancel is answered from a cache that keeps texts.",
        Hooks(render=recast("account_id", str), when=repeated),
    ),
    Fault(
        "type-wrong-now-and-then",
        "answer/types",
        "One of several servers runs another serializer.",
        Hooks(render=recast("resource_id", str), when=every(4)),
    ),
    Fault(
        "phone-as-boolean",
        "answer/types",
        "A predicate is serialized under the column's name.",
        Hooks(render=recast("client_phone", bool)),
    ),
)
"""Fields of the wrong type."""

FAULTS: Final[tuple[Fault, ...]] = MISSING + TYPES
"""Every fault of a field that is missing or has a wrong type."""
