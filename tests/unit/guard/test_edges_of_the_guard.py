"""Edge cases of the guard; each kills a mutant that once survived."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointment_path,
    appointments_path,
)
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.marker import Marker
from cancel_contract.guard.ownership import FIRST_PROBED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.conftest import Inner

HIGH = 2**40
JSON = (("content-type", b"application/json"),)


def test_what_no_read_has_shown_absent_is_not_cancelled(refused: Callable[..., str]) -> None:
    """An id that no counter reaches is not written to before a read has shown it absent; nor is such an account."""
    assert f"may be read as {HIGH}" in refused(path=ACTION.path(1, HIGH))
    assert f"may be read as {HIGH}, which is not ours" in refused(path=ACTION.path(HIGH, 5001))


@pytest.mark.parametrize("number", [FIRST_PROBED, HIGH])
def test_a_read_may_show_absence(passes: Callable[..., None], number: int) -> None:
    """From the first id on that no counter reaches, a read asks whether appointment or account is there."""
    passes(intent=Intent.READ, method="GET", path=appointment_path(1, number))
    passes(intent=Intent.READ, method="GET", path=appointment_path(number, 5001))


def test_a_read_below_shows_nothing(refused: Callable[..., str]) -> None:
    """An id that a counter may reach is not read."""
    assert refused(intent=Intent.READ, method="GET", path=appointment_path(1, FIRST_PROBED - 1))


def test_a_query_of_the_case_stands_beside_the_token(passes: Callable[..., None]) -> None:
    """A case with a query of its own may show its token in the query, too."""
    passes(intent=Intent.REFUSED, query="x=y", credential=Credential(showing="query"))


def test_a_create_needs_no_key_beside_its_mark(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """A create that bears a mark leaves with or without an idempotency key."""
    bench = make_bench(inner)
    body = json.dumps({"resource_id": 9, "external_ref": str(Marker("0000000a", 1_700_000_000, 1))}).encode()

    bench.sender.send(Case("test", Intent.CREATE, appointments_path(1), headers=JSON, body=body))

    assert len(inner.sent) == 1


def test_a_create_may_name_whom_it_is_for(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """A create that names resource, service and contact, and nothing else that is there already, leaves."""
    bench = make_bench(inner)
    made = {
        "resource_id": 9,
        "service_id": 4,
        "contact_id": 5,
        "external_ref": str(Marker("0000000a", 1_700_000_000, 1)),
    }

    bench.sender.send(Case("test", Intent.CREATE, appointments_path(1), headers=JSON, body=json.dumps(made).encode()))

    assert len(inner.sent) == 1


def test_a_token_that_is_not_set_is_shown_as_nothing(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """The request line of a case whose token the settings do not name has an empty one; another is not declared."""
    bench = make_bench(inner)
    case = Case("test", Intent.REFUSED, ACTION.path(1, 5001), credential=Credential(Holder.FOREIGN, "query"))
    empty, other = (
        httpx.Request("POST", "http://127.0.0.1:9", extensions={"case": case, "target": case.path.encode() + query})
        for query in (
            b"?api_access_token=&access_token=&token=&api_key=",
            b"?api_access_token=other&access_token=&token=&api_key=",
        )
    )

    assert bench.guard.objection(empty) is None
    assert bench.guard.objection(other) == "no case declared its request target"


def test_parts_of_a_body_are_looked_into(refused: Callable[..., str]) -> None:
    """A part of a form that is named as an appointment is one, although no word of the body is an id's."""
    kind = (("content-type", b"multipart/form-data; boundary=b"),)
    body = b'--b\r\nContent-Disposition: form-data; name="booking"\r\n\r\n12\r\n--b--\r\n'

    reason = refused(intent=Intent.BODY, headers=kind, body=body)

    assert reason == "its field booking may be read as 12, which is neither owned nor harmless"
