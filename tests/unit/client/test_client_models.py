"""The models and the fragment agree: what one takes, the other takes."""

from __future__ import annotations

import copy
import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts import fragment
from contracts.client import models
from contracts.client.models import Appointment, Envelope

SUBJECT = fragment.load()
EXAMPLE = SUBJECT.resolve("/components/examples/FullAppointment/value/payload")
EXTRA = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda below: st.lists(below, max_size=2))
ZONES_OF_ANY_MINUTE = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TEXTS_OF = {
    None: st.text(),
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=ZONES_OF_ANY_MINUTE).map(lambda moment: moment.isoformat()),
}
NUMBERS = (0, 1, -1, 4, 5, 720, 721, 2**31, 2**63 - 1, 2**63, 10**30, 1.0, 1.5)
TEXTS = ("", "1", "null", "漢字", "paid", "prepaid", "cancelled", "Cancelled", "other", "unpaid", "adjustment")
DAYS = ("2027-03-01", "0000-01-01", "2027-02-29", "2027-3-1", "+2027-03-01", "20270301", "٢٠٢٧-03-01", "2027-03-01\n")
HOURS = ("24:00:00", "23:59:60", "01:00", "01:00:00.123456789", "01:00:00.1234567890", "01:00:00.", "01:00:00,5")
ZONES = ("", "Z", "z", "+05:00", "+0500", "+23:59", "+24:00", "-00:00", "+05:60", "+5", " Z", "Z\n")
MOMENTS = (
    *(f"2027-03-01T{hour}Z" for hour in HOURS),
    *(f"2027-03-01T01:00:00{zone}" for zone in ZONES),
    "2027-03-01t01:00:00Z",
    "2027-03-01 01:00:00Z",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "0000-01-01T00:00:00Z",
)
STRANGE: list[Any] = [None, True, [], {}, [None], [{}], *NUMBERS, *TEXTS, *DAYS, *MOMENTS]
NESTED = (
    "payments/0",
    "payments/0/id",
    "payments/0/amount",
    "payments/0/payment_method",
    "payments/0/payment_kind",
    "expense/id",
    "expense/amount",
    "expense/status",
)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Generate what a schema of the fragment allows, from its own keywords."""
    schema = (SUBJECT.resolve(schema["$ref"]) if "$ref" in schema else {}) | schema
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of([values_of(kind, schema) for kind in types])


def values_of(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Generate what a schema allows, of one JSON type."""
    if kind == "object":
        documented = st.fixed_dictionaries({name: values(below) for name, below in schema["properties"].items()})
        return st.builds(lambda own, extra: extra | own, documented, st.dictionaries(st.text(), EXTRA, max_size=2))
    if kind == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if kind == "string":
        return st.sampled_from(schema["enum"]) if "enum" in schema else TEXTS_OF[schema.get("format")]
    return {"null": st.none(), "integer": st.integers(schema.get("minimum"), schema.get("maximum"))}[kind]


def model_takes(payload: object) -> bool:
    """Tell whether the model takes a payload as it would come over the wire."""
    try:
        Appointment.model_validate_json(json.dumps(payload))
    except ValidationError:
        return False
    return True


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(values(SUBJECT.resolve("/components/schemas/Appointment")))
def test_model_takes_what_the_fragment_allows(payload: dict[str, Any]) -> None:
    """Whatever the fragment allows, the model takes; what the model gives back, the fragment allows."""
    found = Envelope.model_validate_json(json.dumps({"payload": payload}))
    given_back = json.loads(found.model_dump_json())

    assert SUBJECT.payload_errors(payload) == SUBJECT.answer_errors(200, given_back) == ()
    same = {key: value for key, value in payload.items() if not key.endswith("_at")}
    assert {key: value for key, value in given_back["payload"].items() if not key.endswith("_at")} == same


@pytest.mark.parametrize("field", SUBJECT.documented_fields + NESTED)
def test_model_and_fragment_judge_alike(field: str) -> None:
    """Of each strange value, in each documented place, and of its absence, model and fragment think the same."""
    *way, last = field.split("/")
    verdicts = set()
    for value in [*STRANGE, ...]:
        payload = copy.deepcopy(EXAMPLE)
        place: Any = payload
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        key: Any = int(last) if isinstance(place, list) else last
        if value is ...:
            del place[key]
        else:
            place[key] = value
        allowed = not SUBJECT.payload_errors(payload)
        verdicts.add(allowed)

        assert model_takes(payload) is allowed, value
    assert verdicts == {True, False}


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.tuples(st.sampled_from(SUBJECT.documented_fields), st.sampled_from(STRANGE)), min_size=1, max_size=3)
)
def test_mutants_are_judged_alike(mutations: list[tuple[str, Any]]) -> None:
    """A payload with several strange values is taken by both or by neither."""
    payload = copy.deepcopy(EXAMPLE) | dict(mutations)

    assert model_takes(payload) is (not SUBJECT.payload_errors(payload))


@pytest.mark.parametrize(
    ("name", "schema"),
    [("Appointment", "Appointment"), ("Payment", "Payment"), ("Expense", "Expense"), ("Envelope", "Envelope")],
)
def test_fields_stand_in_the_documented_order(name: str, schema: str) -> None:
    """Each model has the fragment's fields, in its order."""
    assert list(getattr(models, name).model_fields) == list(SUBJECT.resolve(f"/components/schemas/{schema}/properties"))


def test_python_objects_are_taken_too() -> None:
    """A caller may build an appointment from what another one gave."""
    found = Appointment.model_validate_json(json.dumps(EXAMPLE))

    assert Appointment(**dict(found)) == found


def test_records_show_no_value() -> None:
    """An appointment shows as its number alone, for the rest is personal data."""
    found = Appointment.model_validate_json(json.dumps(EXAMPLE))

    assert repr(found) == str(found) == "<Appointment 123>"
    assert repr(Envelope(payload=found)) == "<Envelope>"


def test_records_are_frozen() -> None:
    """A record that was read cannot be changed."""
    found = Appointment.model_validate_json(json.dumps(EXAMPLE))

    with pytest.raises(ValidationError, match="frozen"):
        found.status = "scheduled"
