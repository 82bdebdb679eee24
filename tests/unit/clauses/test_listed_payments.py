"""Clause effect/listed-alike: the payments that a list shows of a cancelled appointment."""

from typing import Any

import pytest

from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge

ROW = {"id": 21, "amount": 2000, "payment_method": "cash", "payment_kind": "prepaid"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"amount": 1}, "a payment's amount is 1, not 2000"),
        ({"payment_method": "card"}, "a payment's payment_method is 'card', not 'cash'"),
        ({"payment_kind": "adjustment"}, "a payment's payment_kind is 'adjustment', not 'prepaid'"),
        # What a list spells otherwise, or knows by another id, or by none, is not compared.
        ({"amount": "2000.00"}, ""),
        ({"id": "21", "amount": 1}, ""),
        ({"id": 22, "amount": 1}, ""),
        ({"id": None, "amount": 1}, ""),
    ],
)
def test_a_payment_is_shown_as_it_is(judge: Judge, change: dict[str, Any], told: str) -> None:
    """Where a list shows the same one, with the same things of it."""

    def listed(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        rows = {"payload": [m.payload(payments=[{**ROW, **change}])]}
        return Episode(Kind.LATE, (m.done(payments=[ROW]), (Role.LISTED, m.read(body=rows))))

    assert judge("effect/listed-alike", listed) == ((f"in the list, {told} as in the answer",) if told else (None,))


def test_payments_without_ids_are_not_told_apart(judge: Judge) -> None:
    """Any of them may be any of the others."""
    rows = [{**ROW, "amount": amount} for amount in (2000, 3000)]
    bare = [{name: value for name, value in row.items() if name != "id"} for row in rows]

    def listed(m: Any) -> Episode:  # noqa: ANN401  as above
        shown = {"payload": [m.payload(payments=bare[::-1])]}
        return Episode(Kind.LATE, (m.done(payments=bare), (Role.LISTED, m.read(body=shown))))

    assert judge("effect/listed-alike", listed) == (None,)
