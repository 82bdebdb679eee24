"""What of a difference is part of a cause, and what is left out because it differs by itself."""

from typing import Any

import pytest

from cancel_contract.clauses import BY_ID, Broken, Terms
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import Make, Maker
from tests.unit.clauses.test_causes import burst, one_cause


@pytest.mark.parametrize(
    ("field", "values", "cause"),
    [
        ("contact_id", [(1, 2), (3, 4)], ("another id", "the same id")),
        ("prepaid_amount", [(1, 2), (3, 4)], ("another number", "the same number")),
        ("starts_at", [(f"2026-11-0{day}T05:00:00Z", f"2026-11-0{day}T06:00:00Z") for day in (2, 3)],
         ("another moment", "the same moment")),
        ("client_name", [("Anna", "Vera"), ("Long name", "Other")], ("another string", "the same string")),
    ],
)  # fmt: skip
def test_what_differs_by_itself_is_not_part_of_a_cause(
    maker: Maker, field: str, values: list[tuple[object, object]], cause: tuple[str, str]
) -> None:
    """Ids, moments and texts differ from one appointment to the next; that they changed is the same."""
    kept = {"contact_id": "references", "prepaid_amount": "amounts", "starts_at": "times", "client_name": "client"}[
        field
    ]

    def changed(before: object, after: object) -> Make:
        return lambda m: Episode(Kind.FIRST_CANCEL, (m.before(**{field: before}), m.done(**{field: after})))

    found = [one_cause(maker, [(f"effect/{kept}-kept", changed(*pair))]) for pair in values]

    assert set(found) == {Difference("field", f"/{field}", *cause)}


def test_other_differences_are_not_lost_behind_the_first(maker: Maker) -> None:
    """Whoever knows the first as a deviation has to see that there is another."""
    wrong: dict[str, Any] = {"service_amount": 1, "prepaid_amount": 2, "settlement_amount": 3}

    (found,) = [
        one
        for one in BY_ID["repeat/parallel-one-effect"].judge(
            burst(maker, maker.again(), **wrong, payments=[], expense=None), Terms(load(), 3)
        )
        if isinstance(one, Broken)
    ]

    places = ["/service_amount", "/prepaid_amount", "/settlement_amount", "/payments", "/expense"]
    assert [one.where for one in found.differences] == places
    assert found.message.endswith("; and 2 more")


def test_one_difference_of_many_rows_is_there_once(maker: Maker) -> None:
    """Each payment with another id is the same difference."""
    rows = [{**row, "id": row["id"] + 100} for row in maker.payload()["payments"]]

    (found,) = BY_ID["effect/payments-kept"].judge(
        Episode(Kind.FIRST_CANCEL, (maker.before(), maker.done(payments=rows))), Terms(load(), 3)
    )

    assert isinstance(found, Broken)
    assert found.differences == (Difference("field", "/payments/*/id", "another id", "the same id"),)


def test_own_ids_of_two_refusals_are_not_part_of_a_cause(maker: Maker) -> None:
    """The id that a refusal names is that of its own request."""

    def asked(number: int, text: str) -> Exchange:
        path = f"/api/v1/accounts/3/scheduling/appointments/{number}/cancel"
        return maker.cancel(404, body={"error": text}, case={"path": path})

    found = [
        BY_ID["access/refusal-alike"].judge(
            Episode(
                Kind.ALIKE,
                ((Role.CANCEL, asked(number, f"{number} is not yours")), (Role.AGAIN, asked(990, "990 is not there"))),
            ),
            Terms(load(), 3),
        )
        for number in (4002, 4003)
    ]

    causes = {one.cause for each in found for one in each if isinstance(one, Broken)}
    assert causes == {Difference("body", "/error", "'<id> is not yours'", "'<id> is not there'")}
