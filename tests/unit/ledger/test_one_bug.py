"""Which causes are one bug although other requests have shown them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.spoken import HELD
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.cause import Cause
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.one_bug import are_one, explains

FOREIGN, VIEWER = HELD["foreign"], HELD["unprivileged"]


def _field(clause: str, *names: str, got: str = "x") -> Cause:
    first, *more = names
    others = tuple(Difference("field", f"/{name}", got, "y") for name in more)
    return Cause(Breach(f"{names}", "s#c", "", "", what="field", where=f"/{first}", got=got, more=others), (clause,))


def _status(clause: str, got: str, whose: str = "") -> Cause:
    return Cause(Breach(f"status is {got}, {whose}", "s#c", "", "", what="status", where="status", got=got), (clause,))


def _list(clause: str) -> Cause:
    return Cause(Breach("it is not there", "s#c", "", "", what="list", where="list", got="0 times"), (clause,))


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (_field("effect/status-cancelled", "status"), _list("effect/listed")),
        (_field("effect/times-kept", "starts_at"), _list("effect/calendar")),
        (_list("effect/lists-agree"), _list("effect/listed")),
        (_field("effect/status-cancelled", "status"), _status("effect/slot-free", "409")),
        (_status("effect/slot-free", "409"), _status("repeat/second-life", "409")),
        (_status("answer/status-200", "422"), _field("repeat/parallel-final-state", "status")),
        (_field("effect/amounts-kept", "settlement_amount"), _field("repeat/two-members", "payments")),
        (_field("effect/amounts-kept", "service_amount"), _list("answer/money-adds-up")),
        (_list("effect/new-booking"), _field("effect/lasting", "status")),
        (_field("answer/id-echo", "id"), _field("effect/amounts-kept", "service_amount")),
        (_field("answer/enumerations", "payment_status"), _field("effect/read-back", "payment_status")),
        (_status("access/foreign-appointment", "410"), _status("input/not-found", "410")),
        (_list("input/unknown-id"), _list("input/error-keys")),
        (_field("input/body-ignored", "contact_id", got="missing"), _field("effect/client-kept", "x", got="missing")),
        (_status("access/no-token", "200", "without a token"), _status("access/token-in-body", "200")),
        (_status("access/wrong-token", "200"), _status("access/token-half", "200")),
        (_status("access/wrong-token", "200"), _status("access/foreign-token", "200", FOREIGN)),
        (_status("access/foreign-token", "200", FOREIGN), _status("input/path-rights", "200", FOREIGN)),
        (_status("access/foreign-token", "200", FOREIGN), _field("answer/account-echo", "account_id")),
        (_status("access/unprivileged", "200", VIEWER), _status("access/internal-headers", "200", VIEWER)),
    ],
    ids=lambda cause: cause.clauses[0],
)
def test_what_follows_is_told_with_what_leads(first: Cause, other: Cause) -> None:
    """In either order."""
    assert are_one(first, other)
    assert are_one(other, first)


def test_what_explains_the_other_one_leads() -> None:
    """Of two that may each follow from the other, neither does."""
    cause, listed, calendar = (
        _field("effect/lasting", "status"), _list("effect/deleted-afterwards"), _list("effect/calendar")
    )  # fmt: skip

    assert explains(cause, listed)
    assert not explains(listed, cause)
    assert not explains(listed, calendar)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (_field("effect/listed-alike", "payment_status"), _field("effect/lists-agree", "payment_status")),
        (_field("answer/account-echo", "account_id"), _field("effect/read-back", "account_id")),
    ],
    ids=lambda cause: cause.clauses[0],
)
def test_what_says_which_side_is_wrong_leads(first: Cause, other: Cause) -> None:
    """Two views that differ say less than one that differs from what it must show."""
    assert explains(first, other)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (_field("effect/client-kept", "client_name"), _list("effect/listed")),
        (_field("effect/client-kept", "client_name"), _field("effect/amounts-kept", "service_amount")),
        (_status("answer/status-200", "422"), _field("repeat/parallel-final-state", "payments")),
        (_field("effect/client-kept", "client_name"), _field("repeat/two-members", "payments")),
        (_field("effect/status-cancelled", "status"), _field("effect/payment-status-cancelled", "payment_status")),
        (_status("access/foreign-appointment", "410"), _status("input/not-found", "400")),
        (_status("access/no-token", "200", "without a token"), _status("access/unprivileged", "200", VIEWER)),
        (_status("access/foreign-token", "200", FOREIGN), _status("access/unprivileged", "200", VIEWER)),
        (_status("access/no-token", "500", "without a token"), _status("access/token-in-body", "500")),
    ],
    ids=lambda cause: cause.clauses[0],
)
def test_what_nothing_joins_is_two_bugs(first: Cause, other: Cause) -> None:
    """Somebody would look for the second one behind the first."""
    assert not are_one(first, other)
    assert not are_one(other, first)


def test_one_conflict_is_one_bug() -> None:
    """Two cancels that are refused in the same words, beside different writers; other refusals say less of why."""
    booking, deletion = (
        _refused(clause, '409 {"error": "Booked"}') for clause in ("effect/slot-race", "effect/deleted")
    )

    assert are_one(booking, deletion)
    assert not are_one(booking, _refused("effect/deleted", '409 {"error": "Gone"}'))
    assert not are_one(*(_refused(clause, "422 {}") for clause in ("effect/slot-race", "effect/deleted")))


def test_who_is_let_in_without_any_token_is_let_in_for_nothing_else() -> None:
    """What such a request carries elsewhere, one part at a time, is not why."""
    whole = Breach("status is 200", "access/showings#none", "", "", what="status", where="status", got="200")
    part = replace(whole, case="access/showings#query, token in the query alone", curl="part")

    (cause,) = causes({"access/token-in-query": part, "access/no-token": whole})

    assert cause.clauses == ("access/no-token", "access/token-in-query")


def _refused(clause: str, answer: str) -> Cause:
    return Cause(Breach("refused", "s#c", "", answer, what="status", where="status", got=clause), (clause,))
