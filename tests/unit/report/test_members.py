"""The members of an answer that a breach is about are shown beside its beginning."""

from collections.abc import Callable

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.difference import Broken, Difference, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.row import Row
from cancel_contract.report.breach_text import cause_lines
from cancel_contract.report.members import members

ROWS = [{"id": 1, "amount": 5}, {"id": 2, "amount": 5}]
ABOUT = broken("field", "/payments/*/amount", "a number", "the same")


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({"payments": ROWS}, "payload.payments.amount: [5, 5]"),
        ({"payments": [*ROWS, {"id": 3}]}, 'payload.payments: 3 entries, the last {"id": 3}'),
        ({"payments": []}, "payload.payments: []"),
        ({"payments": None}, "payload.payments: null"),
        ({"id": 7}, "payload.payments: not there"),
    ],
)
def test_a_field_at_fault_is_shown(exchange: Callable[..., Exchange], payload: object, told: str) -> None:
    """Its value, its absence, of rows the column that differs, and else how many there are."""
    assert [*members(breach_of(exchange(200, {"payload": payload}), ABOUT))] == [told]


@pytest.mark.parametrize("body", [{"error": "no"}, [], {"payload": []}, {"payload": {"long": ["x"] * 2000}}])
def test_of_another_answer_nothing_is_shown(exchange: Callable[..., Exchange], body: object) -> None:
    """Nothing is known of an answer without an appointment, or of one that is too long to be kept."""
    assert [*members(breach_of(exchange(200, body), ABOUT))] == []


def test_what_is_no_field_is_not_looked_for(exchange: Callable[..., Exchange]) -> None:
    """A status is no member."""
    assert [
        *members(breach_of(exchange(409, {"payload": {"status": "x"}}), broken("status", "status", "409", "2")))
    ] == []


def test_personal_data_is_masked_as_in_the_answer(exchange: Callable[..., Exchange]) -> None:
    """What the answer hides, its members hide, too; each field is shown once, the first three alone."""
    names = ("client_name", "client_name", "status", "expense", "prepaid_amount")
    about = Broken(tuple(Difference("field", f"/{name}", "a", "b", name) for name in names), "differ")
    payload = {"client_name": "Анна Иванова", "status": "cancelled", "expense": None, "prepaid_amount": 0}

    assert [*members(breach_of(exchange(200, {"payload": payload}), about))] == [
        'payload.client_name: "<string 12>"',
        'payload.status: "cancelled"',
        "payload.expense: null",
    ]


def test_a_leak_is_shown_where_it_stands(exchange: Callable[..., Exchange]) -> None:
    """However far behind the beginning, and in a list, too; nothing where no member is meant."""
    payload = {"notes": [{}, {"by": {"access_token": "abc"}}]}
    places = ("/payload/notes/by/access_token", "token")
    leak, elsewhere = (broken("leak", where, "a secret", "none") for where in places)

    assert [*members(breach_of(exchange(200, {"payload": payload}), leak))] == [
        'payload.notes.by.access_token: "<string 3>"'
    ]
    assert [*members(breach_of(exchange(200, {"payload": {"notes": []}}), leak))] == []
    assert [*members(breach_of(exchange(200, {"payload": payload}), elsewhere))] == []


def test_the_paragraph_has_them_before_the_answer(exchange: Callable[..., Exchange]) -> None:
    """Whoever reads from above meets the field before the rest."""
    breach = breach_of(exchange(200, {"payload": {"x": "y" * 30, "payments": []}}), ABOUT)
    rows = {"answer/types": Row(BY_ID["answer/types"], broken=1, breach=breach)}

    lines = [*cause_lines({"answer/types": breach}, rows, load(), lambda _: "again")]

    place = lines.index("  field    payload.payments: []")
    assert lines[place + 1].startswith("  answer   200 ")


def test_what_stands_beside_a_payload_is_shown(exchange: Callable[..., Exchange]) -> None:
    """It comes last in an answer, of which the beginning alone is shown."""
    body = {"payload": {"id": 7}, "error": "late"}
    about = broken("body", "/error", "an error", "none", "beside the payload, error is 'late'")

    assert [*members(breach_of(exchange(200, body), about))] == ['error: "late"']


def test_where_a_token_stands_is_shown(exchange: Callable[..., Exchange]) -> None:
    """The sentence alone names the place, for a token may stand in several."""
    told = "the answer holds the value of $ONELINK_API_TOKEN in the body at /payload/debug/token"
    leak = broken("leak", "token", "$ONELINK_API_TOKEN", "none in an answer", told)

    assert [*members(breach_of(exchange(200, {"payload": {"debug": {"token": "x"}}}), leak))] == [
        'payload.debug.token: "<string 1>"'
    ]
