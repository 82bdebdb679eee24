"""A fault of the provider is one cause, however many clauses it breaks."""

import pytest

from tests.unit.run.conftest import PLAIN, Memory, Named, Opened

STATUS = {"answer/status-200", "input/named-status"}
EVERY_CANCEL = STATUS | {"effect/every-status", "input/body-large"}
AMOUNT = {"answer/whole-money", "effect/amounts-kept", "effect/read-back", "input/body-ignored"}
JSON = {"answer/valid-json", "input/malformed-id"}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("created-201", (("status", "status", "201", "200"), STATUS)),
        ("redirect-303", (("status", "status", "303", "200"), EVERY_CANCEL)),
        ("amount-as-text", (("field", "/service_amount", "a string", "integer"), AMOUNT)),
        ("json-prefix", (("json", "body", "not JSON: Expecting value", "JSON that any parser takes"), JSON)),
    ],
)
def test_a_fault_is_one_cause(
    make_run: Opened, memory: Memory, named: Named, fault: str, expected: tuple[tuple[str, ...], set[str]]
) -> None:
    """Every clause that it breaks in a run has the same difference: the same four."""
    cause, clauses = expected
    memory.provider.switch([fault])

    with make_run() as run:
        for scenario in named(PLAIN, "input/odd-bodies", "input/assigned-fields", "input/malformed-ids"):
            run.play(scenario)
        breaches = {name: row.breach for name, row in run.ledger.rows.items() if row.breach}

    assert breaches.keys() >= clauses
    assert {(one.what, one.where, one.got, one.wanted) for one in breaches.values()} == {cause}
