"""What the fragment says, and where its pointers lead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from cancel_contract.fragment import document as fragment
from cancel_contract.fragment.yaml_loader import parsed

DOCUMENTATION = Path(__file__).parent / "data" / "cancel-endpoint-documentation.txt"
OPERATION = "/paths/~1api~1v1~1accounts~1{account_id}~1scheduling~1appointments~1{id}~1cancel/post"
SOURCES = {"documented", "sibling", "observed", "policy"}
SUBJECT = fragment.load()
COMPANIONS = SUBJECT.path.with_name("companions.yaml")


def documented_sample() -> dict[str, Any]:
    """Return the payload of the documentation page's sample answer."""
    text = DOCUMENTATION.read_text()
    answer, _ = json.JSONDecoder().raw_decode(text, text.index('{\n"payload"'))
    return dict(answer["payload"])


def promises(node: object, where: str = "") -> dict[str, Any]:
    """Find each node that promises something: operations, parameters, headers, answers, schemas and properties."""
    found: dict[str, Any] = {}
    if isinstance(node, dict):
        for key, below in node.items():
            here = f"{where}/{key.replace('~', '~0').replace('/', '~1')}" if isinstance(key, str) else f"{where}/{key}"
            if key in {"properties", "responses", "schemas", "parameters", "headers", "securitySchemes"} and isinstance(
                below, dict
            ):
                found |= {f"{here}/{name}": promise for name, promise in below.items() if name != "Retry-After"}
            if isinstance(below, dict) and "operationId" in below:
                found[here] = below
            if key not in {"examples", "example"}:
                found |= promises(below, here)
    return found


def test_fields_are_the_documented_ones_in_order() -> None:
    """The payload names exactly the documented fields, in the documented order, all required."""
    required = SUBJECT.resolve("/components/schemas/Appointment/required")

    assert tuple(documented_sample()) == SUBJECT.documented_fields == tuple(required)


@pytest.mark.parametrize(("field", "schema"), [("payments", "Payment"), ("expense", "Expense")])
def test_nested_fields_are_the_documented_ones_in_order(field: str, schema: str) -> None:
    """A payment and an expense name exactly their documented fields, in the documented order, all required."""
    sample = documented_sample()[field]
    documented = list(sample[0] if isinstance(sample, list) else sample)

    assert documented == list(SUBJECT.resolve(f"/components/schemas/{schema}/properties"))
    assert documented == SUBJECT.resolve(f"/components/schemas/{schema}/required")


def test_documented_types_are_kept() -> None:
    """Each field of the documented sample has the JSON type that the fragment gives it."""
    names = {int: "integer", str: "string", list: "array", dict: "object"}
    promised = {
        name: set(SUBJECT.resolve(f"/components/schemas/Appointment/properties/{name}/type")) - {"null"}
        if isinstance(SUBJECT.resolve(f"/components/schemas/Appointment/properties/{name}/type"), list)
        else {SUBJECT.resolve(f"/components/schemas/Appointment/properties/{name}/type")}
        for name in SUBJECT.documented_fields
    }

    assert {name: {names[type(value)]} for name, value in documented_sample().items()} == promised


def test_nullable_fields() -> None:
    """Exactly the fields that the provider was seen to leave null may be null."""
    assert (
        frozenset(
            {
                "contact_id",
                "service_id",
                "company_id",
                "conversation_id",
                "created_by_id",
                "client_phone",
                "client_identifier",
                "client_birth_date",
                "client_gender",
                "external_ref",
                "idempotency_key",
                "expense",
            }
        )
        == SUBJECT.nullable_fields
    )


def test_named_answers() -> None:
    """The success and seven refusals are named, and no other answer."""
    assert frozenset({200, 400, 401, 403, 404, 409, 422, 429}) == SUBJECT.statuses


def test_operation_is_the_documented_one() -> None:
    """The operation takes two integers in the path, a token in a header, and no body."""
    operation = SUBJECT.resolve(OPERATION)
    parameters = [SUBJECT.resolve(parameter["$ref"]) for parameter in operation["parameters"]]

    assert operation["operationId"] == "cancelAppointment"
    assert "requestBody" not in operation
    assert [(it["name"], it["in"], it["required"]) for it in parameters] == [
        ("account_id", "path", True),
        ("id", "path", True),
    ]
    assert SUBJECT.resolve("/components/parameters/AppointmentId/schema/format") == "int64"
    assert SUBJECT.resolve("/components/parameters/AppointmentId/schema/minimum") == 1
    assert operation["security"] == [{"apiAccessToken": []}]
    assert SUBJECT.resolve("/components/securitySchemes/apiAccessToken/name") == "api_access_token"


@pytest.mark.parametrize("path", [SUBJECT.path, COMPANIONS], ids=lambda path: path.stem)
def test_every_promise_has_a_source(path: Path) -> None:
    """Operations, parameters, headers, answers, schemas and properties say where they come from."""
    found = promises(parsed(path.read_text()))
    silent = [
        where
        for where, promise in found.items()
        # A bare reference takes the source of what it leads to.
        if promise.keys() != {"$ref"} and promise.get("x-source") not in SOURCES
    ]

    assert len(found) > 60
    assert silent == []


@pytest.mark.parametrize("path", [SUBJECT.path, COMPANIONS], ids=lambda path: path.stem)
def test_text_is_openapi(path: Path) -> None:
    """The text passes the OpenAPI specification's own schema."""
    validate(parsed(path.read_text()), base_uri=path.as_uri())


def test_answer_examples_are_answers() -> None:
    """Each example of each JSON answer has nothing against it in the fragment."""
    seen = 0
    for status, reference in SUBJECT.resolve(f"{OPERATION}/responses").items():
        examples = SUBJECT.resolve(f"{reference['$ref']}/content/application~1json/examples")
        for named in examples.values():
            value = SUBJECT.resolve(named["$ref"])["value"] if "$ref" in named else named["value"]
            seen += 1

            assert SUBJECT.answer_errors(int(status), value) == ()
    assert seen == 14


@pytest.mark.parametrize("place", ["parameters/AccountId", "parameters/AppointmentId", "headers/RetryAfter"])
def test_request_and_header_examples_fit(place: str) -> None:
    """Each example of a parameter or a header fits its schema."""
    thing = SUBJECT.resolve(f"/components/{place}")
    schema = SUBJECT.resolve(thing["schema"]["$ref"]) if "$ref" in thing["schema"] else thing["schema"]

    assert thing["examples"]
    for named in thing["examples"].values():
        assert Draft202012Validator(schema).is_valid(named["value"])


def test_representation_is_short() -> None:
    """The fragment's representation leaves the document out."""
    assert len(repr(SUBJECT)) < 300


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", SUBJECT.document),
        ("/openapi", "3.1.0"),
        ("#/components/schemas/Status/enum/3", "cancelled"),
        ("/components/schemas/Appointment/properties/status/enum/0", "scheduled"),
        (
            f"{OPERATION}/responses/404/description",
            "The account does not exist, or the appointment is not one of its own",
        ),
    ],
)
def test_pointers_resolve(pointer: str, expected: object) -> None:
    """A JSON pointer leads through references to what stands there."""
    assert SUBJECT.resolve(pointer) == expected


def test_pointer_to_a_bare_reference_leads_on() -> None:
    """A pointer that ends at a bare reference gives what the reference leads to."""
    assert SUBJECT.resolve(f"{OPERATION}/responses/403") is SUBJECT.resolve("/components/responses/Forbidden")


@pytest.mark.parametrize(
    ("pointer", "missing"),
    [
        ("/components/schemas/Nothing", "Nothing"),
        ("/components/schemas/Status/enum/9", "9"),
        ("/components/schemas/Status/enum/x", "x"),
        ("/openapi/deeper", "deeper"),
    ],
)
def test_dangling_pointer_is_named(pointer: str, missing: str) -> None:
    """A pointer to nothing is an error that names it and its first missing part."""
    with pytest.raises(LookupError) as caught:
        SUBJECT.resolve(pointer)

    assert (
        str(caught.value) == f"the fragment has nothing at {pointer!r}: {missing!r} is not there; correct the pointer"
    )


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/components/schemas/Appointment/properties/id", "documented"),
        ("/components/schemas/Appointment/properties/id/minimum", "observed"),
        ("/components/schemas/Status/enum/3", "observed"),
        (f"{OPERATION}/responses/404", "sibling"),
        (f"{OPERATION}/security/0", "documented"),
        ("/components/headers/RetryAfter/schema", "policy"),
    ],
)
def test_source_is_the_nearest_above(pointer: str, expected: str) -> None:
    """The source of a place is its own, or else the nearest one above it."""
    assert SUBJECT.source(pointer) == expected


def test_place_without_a_source_is_named() -> None:
    """A place that nothing above gives a source is an error that names it."""
    with pytest.raises(LookupError) as caught:
        SUBJECT.source("/info/title")

    assert str(caught.value) == "the fragment names no source at or above '/info/title'; write an x-source there"
