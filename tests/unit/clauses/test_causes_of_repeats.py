"""What sets breaches of clauses repeat/... apart: each is of the cause that its difference tells."""

import pytest

from tests.unit.clauses import test_repeat as repeats
from tests.unit.clauses.conftest import Maker
from tests.unit.clauses.tables_of_causes import causes

CAUSES = [
    ("repeat/answer", "status status: 409, not 200"),
    ("repeat/many", "status status: 500, not 200"),
    ("repeat/many", "status status: 409, not 200"),
    ("repeat/many", "field /status: another word, not 'cancelled'"),
    ("repeat/many", "field /payment_status: another word, not 'cancelled'"),
    ("repeat/same-payload", "field /service_amount: another number, not the same number"),
    ("repeat/same-payload", "field /expense: null, not a value"),
    ("repeat/no-side-effect", "field /payments: fewer rows, not the same rows"),
    ("repeat/no-touch", "field /updated_at: another moment, not the same moment"),
    ("repeat/parallel-answers", "status status: 500, not 200"),
    ("repeat/parallel-agree", "field /prepaid_amount: another number, not the same number"),
    ("repeat/parallel-one-effect", "field /settlement_amount: another number, not the same number"),
    ("repeat/parallel-one-effect", "field /payments: fewer rows, not the same rows"),
    ("repeat/parallel-one-effect", "field /expense: an object, not null"),
    ("repeat/parallel-one-effect", "field /expense: null, not a value"),
    ("repeat/parallel-final-state", "field /status: another word, not 'cancelled'"),
    ("repeat/parallel-final-state", "field /payment_status: another word, not 'cancelled'"),
    ("repeat/parallel-own-answer", "field /id: another id, not the id in the path"),
    ("repeat/after-lost-answer", "status status: 409, not 200"),
    ("repeat/after-lost-answer", "field /status: another word, not 'cancelled'"),
    ("repeat/after-lost-answer", "field /prepaid_amount: another number, not the same number"),
    ("repeat/after-lost-answer", "field /client_phone: null, not a value"),
    ("repeat/all-alike", "field /payment_status: another word, not 'cancelled'"),
    ("repeat/key-again", "list appointments of one key: another one, not the cancelled one"),
    ("repeat/key-again", "field /status: another word, not 'cancelled'"),
    ("repeat/key-again", "status status: 500, not 200 or 409"),
    ("repeat/slot-kept", "slot booking of a taken slot: 201, not 409"),
    ("repeat/second-life", "status status: 409, not 200"),
    ("repeat/second-life", "field /payment_status: another word, not 'cancelled'"),
    ("repeat/second-life", "slot booking after a second life: 409, not 201"),
    ("repeat/history", "field /history: grown with each repeat, not as before"),
    ("repeat/history", "field /notices/sent: grown with each repeat, not as before"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "cause"), CAUSES)
def test_a_breach_is_of_its_cause(maker: Maker, clause: str, cause: str) -> None:
    """Breaches of one clause are told apart by what differs, where, and what came in the place of what."""
    assert cause in causes(maker, repeats.BROKEN, clause)
