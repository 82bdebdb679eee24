"""Faults of the answer's fields: missing, of the wrong type, or with a wrong value."""

from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.parts.making import (
    drop,
    every,
    has_payments,
    in_expense,
    in_payments,
    put,
    recast,
    repeated,
    shown,
    was,
)
from cancel_contract.provider.store.records import Payload

BIG_FIRST_ID: Final = 2**53 + 1
"""Where ids begin that a double cannot hold."""


SHARED: Final = 7
"""One request in so many gets what an earlier one on its connection had left unread."""


def _compact(_: Call, payload: Payload) -> Payload:
    return {name: value for name, value in payload.items() if value is not None}


def _with_attributes(_: Call, payload: Payload) -> Payload:
    """Let a free attribute stand in the place of a field of the same name."""
    known = payload.get("custom_attributes") or {}
    return {name: known.get(name, value) for name, value in payload.items()}


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


def _left_unread(call: Call, answer: Answer) -> Answer:
    earlier: Answer | None = call.memory.get("unread")
    call.memory["unread"] = answer
    late = earlier is not None and earlier.status == 200 and (call.number + call.seed) % SHARED == 0
    return earlier if late and earlier is not None else answer


def _secondary(call: Call) -> bool:
    return shown(call).appointment_type == "secondary"


def _in_callers_words(call: Call, payload: Payload) -> Payload:
    russian = (call.request.header("accept-language") or "").startswith("ru")
    return {**payload, "status": "Отменена"} if russian and shown(call).cancelled else payload


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("nulls-left-out", "answer/documented-fields",
          "A serializer is told to skip nulls so that answers get smaller.",
          Hooks(render=_compact)),
    Fault("phone-left-out", "answer/documented-fields",
          "A field counts as personal and is taken out of the serializer.",
          Hooks(render=drop("client_phone"))),
    Fault("money-left-out", "answer/documented-fields",
          "Finance moves into a service of its own and the payload loses its status.",
          Hooks(render=drop("payment_status"))),
    Fault("payments-left-out-when-empty", "answer/documented-fields", "An empty association is not serialized.",
          Hooks(render=drop("payments"), when=lambda call: not has_payments(call))),
    Fault("payment-kind-left-out", "answer/documented-fields",
          "The payments' serializer is written anew and forgets a column.",
          Hooks(render=in_payments(drop("payment_kind")))),
    Fault("expense-status-left-out", "answer/documented-fields",
          "A partial of the expense is used that shows only amounts.",
          Hooks(render=in_expense(drop("status")))),
    Fault("field-left-out-now-and-then", "answer/documented-fields",
          "One of several servers still runs the release before.",
          Hooks(render=drop("settlement_amount"), when=every(3))),
    Fault("camel-case", "answer/documented-fields", "A front-end's key transform is switched on for the whole API.",
          Hooks(render=_camel)),
    Fault("id-as-text", "answer/types", "Ids become strings to be safe in JavaScript.",
          Hooks(render=recast("id", str))),
    Fault("contact-as-object", "answer/types", "A reference is embedded instead of its id.",
          Hooks(render=recast("contact_id", lambda number: {"id": number}))),
    Fault("duration-as-text", "answer/types", "A duration is rendered for people.",
          Hooks(render=recast("duration_min", lambda minutes: f"{minutes} min"))),
    Fault("visit-as-number", "answer/types", "The enum's integer is serialized instead of its name.",
          Hooks(render=put("appointment_type", 0))),
    Fault("name-as-object", "answer/types", "The client's name is split into parts.",
          Hooks(render=recast("client_name", lambda name: {"full": name}))),
    Fault("instant-as-number", "answer/types", "Instants are serialized as seconds since 1970.",
          Hooks(render=put("starts_at", 1_800_000_000))),
    Fault("one-payment-bare", "answer/types", "An XML-minded serializer collapses lists of one.",
          Hooks(render=_one_payment_bare)),
    Fault("payment-id-as-text", "answer/types",
          "Ids of the accounting system are texts, and only rows of money come from there.",
          Hooks(render=in_payments(recast("id", str)))),
    Fault("expense-id-as-text", "answer/types",
          "Ids of the accounting system are texts, and only expenses come from there.",
          Hooks(render=in_expense(recast("id", str)))),
    Fault("reference-as-number", "answer/types",
          "A column is typed by guess, and external references of digits turn into numbers.",
          Hooks(render=recast("external_ref", _numeric_reference))),
    Fault("type-wrong-for-no-show", "answer/types", "One branch of the code renders with another serializer.",
          Hooks(render=recast("duration_min", str), when=was("no_show"))),
    Fault("type-wrong-on-repeat", "answer/types", "A repeated cancel is answered from a cache that keeps texts.",
          Hooks(render=recast("account_id", str), when=repeated)),
    Fault("type-wrong-now-and-then", "answer/types", "One of several servers runs another serializer.",
          Hooks(render=recast("resource_id", str), when=every(4))),
    Fault("phone-as-boolean", "answer/types", "A predicate is serialized under the column's name.",
          Hooks(render=recast("client_phone", bool))),
    Fault("name-null", "answer/nulls", "The name is taken from the contact, and there is none.",
          Hooks(render=put("client_name", None), when=lambda call: shown(call).contact_id is None)),
    Fault("no-payments-null", "answer/nulls", "An empty association is serialized as null.",
          Hooks(render=_empty_as_null)),
    Fault("zero-null", "answer/nulls", "A zero is taken for nothing.", Hooks(render=_zero_as_null)),
    Fault("payment-method-null", "answer/nulls", "Imported rows of money have no method.",
          Hooks(render=in_payments(put("payment_method", None)))),
    Fault("type-capitalized", "answer/enumerations", "A label for people is sent instead of the word.",
          Hooks(render=recast("appointment_type", str.title))),
    Fault("payment-kind-unknown", "answer/enumerations",
          "A new kind of payment is introduced without a word to consumers.",
          Hooks(render=in_payments(put("payment_kind", "refundable")))),
    Fault("expense-status-unknown", "answer/enumerations", "The accounting system's own word leaks through.",
          Hooks(render=in_expense(put("status", "PAID_OUT")))),
    Fault("attribute-shadows-status", "answer/enumerations", "Free attributes are merged with the fields beside them.",
          Hooks(render=_with_attributes)),
    Fault("second-visit-unknown", "answer/enumerations",
          "A second visit has a word of its own in the new list, and only the first one was tried.",
          Hooks(render=put("appointment_type", "follow_up"), when=_secondary)),
    Fault("words-in-callers-language", "answer/enumerations",
          "Labels are translated where the answer is made, by the language that a browser asks for.",
          Hooks(render=_in_callers_words)),
    Fault("instant-without-zone", "answer/formats", "A naive date-time is serialized.",
          Hooks(render=recast("starts_at", lambda text: text.removesuffix("Z")))),
    Fault("instant-for-people", "answer/formats", "The framework's default text of a time is sent.",
          Hooks(render=recast("ends_at", lambda text: text.replace("T", " ").replace("Z", " UTC")))),
    Fault("birth-date-as-instant", "answer/formats", "The column becomes a timestamp.",
          Hooks(render=recast("client_birth_date", lambda text: f"{text}T00:00:00Z"))),
    Fault("birth-date-local", "answer/formats", "The date is spelled as people in the country do.",
          Hooks(render=recast("client_birth_date", lambda text: ".".join(reversed(text.split("-")))))),
    Fault("duration-nought", "answer/bounds", "What is cancelled takes no time any more.",
          Hooks(render=put("duration_min", 0))),
    Fault("nought-for-null", "answer/bounds",
          "A language without nulls stands in between, and no reference becomes the reference nought.",
          Hooks(render=_noughts)),
    Fault("amount-as-text", "answer/whole-money", "A decimal column is serialized as a string, as Rails does.",
          Hooks(render=recast("service_amount", str))),
    Fault("payment-amount-as-text", "answer/whole-money",
          "A decimal column is serialized as a string, but only rows of money have it.",
          Hooks(render=in_payments(recast("amount", str)))),
    Fault("expense-amount-as-text", "answer/whole-money",
          "A decimal column is serialized as a string, but only expenses have it.",
          Hooks(render=in_expense(recast("amount", str)))),
    Fault("amount-with-fraction", "answer/whole-money", "Amounts are divided by a hundred on their way out.",
          Hooks(operations=EVERY, render=recast("service_amount", lambda amount: amount + 0.5))),
    Fault("amount-negative", "answer/whole-money", "A refund is shown as a negative amount received.",
          Hooks(operations=EVERY, render=recast("prepaid_amount", lambda amount: -1 - amount))),
    Fault("received-exceeds-price", "answer/money-adds-up", "The settlement is counted with the price again.",
          Hooks(operations=EVERY, render=_overfull)),
    Fault("id-of-another", "answer/id-echo", "The id of a joined row shadows the appointment's.",
          Hooks(render=recast("id", lambda number: number + 1))),
    Fault("big-id-rounded", "answer/id-echo", "A gateway written in JavaScript reads ids as doubles.",
          Hooks(render=recast("id", lambda number: int(float(number)))), first_id=BIG_FIRST_ID),
    Fault("payment-of-another", "answer/id-echo", "Rows of money are rendered with the number of the booking before.",
          Hooks(render=in_payments(recast("appointment_id", lambda number: number - 1)))),
    Fault("answer-of-another-request", "answer/id-echo",
          "A proxy gives a connection on before its answer is read to the end, and the next caller gets the rest.",
          Hooks(answer=_left_unread)),
    Fault("account-of-another", "answer/account-echo", "The account of a joined row shadows the appointment's.",
          Hooks(render=recast("account_id", lambda number: number + 1))),
    Fault("payment-of-another-account", "answer/account-echo", "Rows of money are rendered with the first account.",
          Hooks(render=in_payments(put("account_id", 1)))),
    Fault("times-swapped", "answer/end-after-start", "Two columns are mixed up in the serializer.",
          Hooks(operations=EVERY, render=_swapped)),
    Fault("duration-shortest", "answer/duration", "A cancelled appointment takes as little time as may be.",
          Hooks(render=put("duration_min", 5), when=lambda call: shown(call).duration_min != 5)),
)  # fmt: skip
"""In the order of the clauses that they break."""
