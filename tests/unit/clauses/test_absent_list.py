"""A server without a list: no page documents one."""

from typing import Any

import pytest

from cancel_contract.clauses.clause import NotApplicable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge


@pytest.mark.parametrize("body", [{"error": "No"}, {"error": "No", "payload": []}])
@pytest.mark.parametrize("status", [404, 405, 501])
def test_where_nothing_is_listed_the_list_of_the_cancelled_does_not_apply(
    judge: Judge, status: int, body: dict[str, Any]
) -> None:
    """What is known to be absent is not untested; another refusal says nothing of the kind."""
    found = judge(
        "effect/listed",
        lambda m: Episode(Kind.LATE, (m.done(), (Role.LISTED, m.cancel(status, Intent.LIST, body=body)))),
    )

    assert found == (NotApplicable(f"status is {status} for the list of appointments"),)
