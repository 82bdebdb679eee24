"""What a repeated cancel with a body or a query may be answered."""

from typing import Any

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge
from tests.unit.clauses.test_input import _sent


@pytest.mark.parametrize(
    ("topic", "policy", "codes"),
    [
        ("cancelled", "either", {200, 409, 422}),
        ("cancelled", "rejected", {200, 409, 422}),
        ("cancelled", "idempotent", {200}),
        ("completed", "either", {200}),
    ],
)
def test_a_repeat_may_be_rejected_where_the_policy_says_so(
    judge: Judge, topic: str, policy: str, codes: set[int]
) -> None:
    """A body on a repeated cancel may be answered with 409 or 422 under a policy that lets repeats be rejected."""
    found = {
        code: judge("input/body-ignored", _sent(Intent.BODY, code, topic), repeat_policy=policy)
        for code in (200, 201, 409, 422, 500)
    }

    assert {code for code, findings in found.items() if findings == (None,)} == codes


def test_what_a_rejection_shows_is_no_assignment(judge: Judge) -> None:
    """An appointment in a 409 is what the server has to say about it; whether anything was assigned a read tells."""
    body = {"error": "cancelled already", "payload": {"id": 123, "status": "scheduled"}}

    def rejected(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(Kind.BODY, (m.before(), m.done(409, Intent.BODY, body=body), m.after()), "cancelled")

    assert judge("input/body-ignored", rejected, repeat_policy="rejected") == (None,)


def test_what_an_answer_before_it_lacked_is_not_held_against_it(judge: Judge) -> None:
    """Only an answer of which a field is missing breaks something; the next one that shows it does not."""

    def shown_again(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        first = m.cancel(200, Intent.QUERY)
        payload = {name: value for name, value in first.answer.json["payload"].items() if name != "settlement_amount"}
        short = m.cancel(200, Intent.QUERY, body={"payload": payload})
        return Episode(Kind.BODY, ((Role.BEFORE, short), m.done(200, Intent.ACCOUNT_BESIDE)), "cancelled")

    assert judge("input/account-wins", shown_again) == (None,)
