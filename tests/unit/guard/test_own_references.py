"""What a request may name beside its appointment: the settings' own service, contact and accounts, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.guard.request import request_of
from tests.unit.bench import Bench
from tests.unit.conftest import Inner

JSON = (("content-type", b"application/json"),)
OWN = {"service_id": 41, "contact_id": 31}

Objection = Callable[..., str | None]


@pytest.fixture
def objection(make_bench: Callable[..., Bench], inner: Inner) -> Objection:
    """Return why a cancel with some parts may not leave."""
    bench = make_bench(inner, **OWN)

    def ask(**parts: Any) -> str | None:  # noqa: ANN401  parts of a case
        case = Case("test", Intent.BODY, ACTION.path(1, 5001), **parts)
        return bench.guard.objection(request_of(case, bench.target))

    return ask


@pytest.mark.parametrize(
    "body",
    [
        b'{"service_id": 41, "contact_id": 31}',
        b'{"data": {"attributes": {"service_id": 41, "contact_id": 31}}}',
    ],
)
def test_a_body_may_name_the_settings_own(objection: Objection, body: bytes) -> None:
    """The service and the contact for which the run books anyway may be named in a body."""
    assert objection(headers=JSON, body=body) is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"service_id": 42}', "its field service_id may be read as 42"),
        (b'{"service_id": 31}', "its field service_id may be read as 31"),
        (b'{"contact_id": "31abc"}', "its field contact_id may be read as 31"),
        (b'{"contact_ids": [31]}', "its field contact_ids may be read as 31"),
        (b'{"id": 31}', "its field id may be read as 31"),
        (b'{"appointment[service_id]": 41}', "its field appointment[service_id] may be read as 41"),
    ],
)
def test_a_body_names_no_others(objection: Objection, body: bytes, told: str) -> None:
    """Another number, another name and another spelling are what they always were: a stranger's."""
    assert objection(headers=JSON, body=body) == f"{told}, which is neither owned nor harmless"


def test_a_query_names_neither(objection: Objection) -> None:
    """In a query the settings' own are strangers, too: no scenario needs them there."""
    assert (
        objection(query="contact_id=31")
        == "its field contact_id may be read as 31, which is neither owned nor harmless"
    )


@pytest.mark.parametrize("name", ["x-account-id", "x-tenant-id", "x-organization-id", "x-workspace-id"])
def test_a_header_may_name_an_account_of_ours(objection: Objection, name: str) -> None:
    """Whatever gateways call an account, it is one of the run's own, and no appointment."""
    assert objection(headers=((name, b"1"),)) is None
    assert (
        objection(headers=((name, b"7"),)) == f"its field {name} may be read as 7, which is neither owned nor harmless"
    )
    assert objection(headers=((f"{name}s", b"1"),)) == (
        None if name == "x-account-id" else f"its field {name}s may be read as 1, which is neither owned nor harmless"
    )


def test_a_bare_cancel_states_no_length(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """Without a body there may be no length either, as curl sends it; with a body there always is one."""
    bench, without = make_bench(inner), frozenset({"content-length"})

    bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001), without=without))
    bench.sender.send(Case("test", Intent.FIRST, ACTION.path(1, 5001), without=without, body=b"{}", headers=JSON))

    bare, full = (request.headers for request in inner.sent)
    assert ("content-length" in bare, "transfer-encoding" in bare) == (False, False)
    assert full["content-length"] == "2"
