"""The endpoint as the fragment describes it: its addresses, made and read, and the header of its token."""

import re
from pathlib import Path
from typing import Any

import pytest

import cancel_contract
from cancel_contract.fragment.endpoint import endpoint_of, filled, pattern
from cancel_contract.fragment.pointers import at, pointer_to
from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.fragment.yaml_loader import parsed

PACKAGE = Path(cancel_contract.__file__).parent
ONE: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/shops/{shop}/desk/orders/{order}/pay": {
            "post": {"operationId": "payOrder", "security": [{"key": []}], "responses": {"200": {}}}
        }
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-shop-key"}}},
}


def test_addresses_follow_the_fragment() -> None:
    """Every address is a part of the path that a fragment holds, and the header is its security scheme's."""
    endpoint = endpoint_of(ONE)

    assert (endpoint.method, endpoint.operation_id, endpoint.token_header) == ("POST", "payOrder", "x-shop-key")
    assert (endpoint.verb, endpoint.nouns, endpoint.accounts) == ("pay", ("shops", "orders"), "/shops")
    assert filled(endpoint.path, 3, "7%20") == "/shops/3/desk/orders/7%20/pay"
    assert filled(endpoint.member, 3, 7) == "/shops/3/desk/orders/7"
    assert filled(endpoint.collection, 3) == "/shops/3/desk/orders"
    assert filled(endpoint.calendar, 3) == "/shops/3/desk/calendar"
    assert at(ONE, endpoint.pointer)["operationId"] == "payOrder"


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/api/v1/accounts/3/scheduling/appointments/7/cancel", ("3", "7")),
        ("/behind/a/proxy/api/v1/accounts/3/scheduling/appointments/007/cancel", ("3", "007")),
        ("/api/v1/accounts/3/scheduling/appointments/7/cancel/", None),
        ("/api/v1/accounts/3/scheduling/appointments/7", None),
    ],
)
def test_ids_are_read_from_a_path(path: str, ids: tuple[str, str] | None) -> None:
    """The ids of a path of the endpoint are read as they are spelled; another path names none."""
    assert ENDPOINT.ids(path) == ids


def test_pattern_takes_the_path_to_the_letter() -> None:
    """What is no id in a path is no expression in its pattern."""
    assert pattern("/v1.2/{id}/x", "[0-9]+") == r"/v1\.2/[0-9]+/x"
    with pytest.raises(ValueError, match="zip"):
        pattern("/v1/{id}/x", "a", "b")


@pytest.mark.parametrize(
    ("path", "change", "expected"),
    [
        ("/paths/~1shops~1{shop}~1desk~1orders~1{order}~1pay/post", {"security": []}, "names 0 headers for the token"),
        ("/components/securitySchemes/key", {"in": "query"}, "names 0 headers for the token, not 1"),
        ("/paths", {"/shops/{shop}/pay": {"get": {}}}, "has 2 operations, not 1"),
    ],
)
def test_other_endpoints_are_refused(path: str, change: dict[str, Any], expected: str) -> None:
    """A text from which no address or header can be read is refused with what it has."""
    document = parsed(str(ONE).replace("'", '"'))
    at(document, path).update(change)

    with pytest.raises(ValueError, match=expected):
        endpoint_of(document)


def test_other_paths_are_refused() -> None:
    """A path that does not lead to an action on an appointment of an account is no endpoint's."""
    document = {**ONE, "paths": {"/orders/{order}/pay": next(iter(ONE["paths"].values()))}}

    with pytest.raises(ValueError, match=r"has the path /orders/\{order\}/pay, not one that ends in an account"):
        endpoint_of(document)


def test_pointer_escapes_its_steps() -> None:
    """A slash and a tilde of a step are escaped, and found again."""
    assert pointer_to("a/b", "c~1") == "/a~1b/c~01"
    assert at({"a/b": {"c~1": 5}}, "/a~1b/c~01") == 5


def test_addresses_stand_in_the_fragment_alone() -> None:
    """No module of the package spells the endpoint's path or its token's header."""
    header = "[^a-z0-9]{1,6}".join(ENDPOINT.token_header.split("_"))
    spelled = re.compile(rf"{header}|{ENDPOINT.accounts}/|scheduling/(appointments/|calendar)", re.IGNORECASE)
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"}]
    found = {
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in files
        for line in path.read_text("utf-8").splitlines()
        # A stack trace that a fault leaks names a file of the vendor's.
        if spelled.search(line) and "_controller.rb" not in line
    }

    assert found == set()
