"""Clauses repeat/...: evidence that keeps each promise, breaks it, or does not concern it."""

from typing import Any

import pytest

from cancel_contract.clauses import Finding, repeat, repeat_afterwards, repeat_parallel
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Trouble
from tests.unit.clauses import tables_of_afterwards as tables
from tests.unit.clauses.conftest import FamilyWithGaps, Judge, Make


def _again(
    m: Any,  # noqa: ANN401  the fixture's own class
    *again: Any,  # noqa: ANN401  its steps
    first: int = 200,
    answered: object = None,
    late: dict[str, Any] | None = None,
) -> Episode:
    """A cancel, read back, repeated, and read back again."""
    end = {"updated_at": "1", **(late or {})}
    return Episode(Kind.REPEAT, (m.done(first, body=answered), m.after(updated_at="1"), *again, m.after(**end)))


def _burst(m: Any, *again: Any, kind: Kind = Kind.BURST, was: Any = None, **read: Any) -> Episode:  # noqa: ANN401  likewise
    return Episode(kind, (m.before(**(was or {})), *again, m.after(**read)))


def _of(m: Any, number: int, code: int = 200, **parts: Any) -> Any:  # noqa: ANN401  likewise
    """A cancel of one of several appointments."""
    return m.again(code, case={"appointment": number}, **{"id": number, **parts})


def _same(m: Any, kind: Kind = Kind.SAME, **later: Any) -> Episode:  # noqa: ANN401  likewise
    """Two cancels of one appointment, the later one with a body of its own."""
    return Episode(kind, (m.done(), (Role.AGAIN, m.cancel(200, Intent.BODY, **later))))


UNPAID = {"id": 9, "amount": 2000, "status": "unpaid"}

HELD: list[tuple[str, Make]] = [
    ("repeat/answer", lambda m: _again(m, m.again())),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(), m.again())),
    ("repeat/many", lambda m: _again(m, m.again(409), m.again(409))),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(body=[]))),
    ("repeat/many", lambda m: _again(m, m.again(body=[]), m.again())),
    ("repeat/same-payload", lambda m: _again(m, m.again())),
    ("repeat/all-alike", _same),
    ("repeat/all-alike", lambda m: _same(m, starts_at="2023-11-07T10:31:56+05:00")),
    ("repeat/no-side-effect", lambda m: _again(m, m.again())),
    ("repeat/no-side-effect", lambda m: _again(m, m.again(), m.after(404))),
    ("repeat/no-touch", lambda m: _again(m, m.again())),
    ("repeat/parallel-answers", lambda m: _burst(m, m.again(), m.again())),
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(), m.again(409), m.again())),
    ("repeat/parallel-agree", lambda m: _burst(m, _of(m, 7), _of(m, 8), kind=Kind.SPREAD)),
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(), m.again(409, body={"payload": {"id": 8}}))),
    # What an answer leaves out, and money that it shows otherwise than a read, are for other clauses to tell.
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(prepaid_amount=2000))),
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(without=("client_phone",)))),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again())),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again(), was={"expense": UNPAID}, expense=None)),
    ("repeat/parallel-final-state", lambda m: _burst(m, m.again())),
    ("repeat/parallel-own-answer", lambda m: _burst(m, _of(m, 7), _of(m, 8), kind=Kind.SPREAD)),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(), kind=Kind.LOST)),
    *tables.REPEAT_HELD,
]

BROKEN: list[tuple[str, Make, str]] = [
    ("repeat/answer", lambda m: _again(m, m.again(409)), "status is 409, not 200, on the second cancel"),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(), m.again(500)),
     "status is 500 on cancel 4, not 200 as on the second"),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(409)),
     "status is 409 on cancel 3, not 200 as on the second"),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(status="scheduled")),
     "on cancel 3, status is 'scheduled', not 'cancelled' as on the second"),
    ("repeat/many", lambda m: _again(m, m.again(), m.again(payment_status="paid")),
     "on cancel 3, payment_status is 'paid', not 'cancelled' as on the second"),
    ("repeat/same-payload", lambda m: _again(m, m.again(service_amount=0)),
     "on a repeated cancel, service_amount is 0, not 5000 as on the first"),
    ("repeat/same-payload", lambda m: _again(m, m.again(expense=None)),
     "on a repeated cancel, expense is null, not an object of 3 fields as on the first"),
    ("repeat/no-side-effect", lambda m: _again(m, m.again(), late={"payments": []}),
     "after the repeated cancels, there are 0 payments, not 2 as before them"),
    ("repeat/no-side-effect", lambda m: _again(m, m.again(), m.after(), late={"payments": []}),
     "after the repeated cancels, there are 0 payments, not 2 as before them"),
    ("repeat/no-touch", lambda m: _again(m, m.again(), late={"updated_at": "2"}),
     "after the repeated cancels, updated_at is '2', not '1'"),
    ("repeat/parallel-answers", lambda m: _burst(m, m.again(), m.again(500)),
     "status is 500, not 200, for a cancel at the same moment as others"),
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(client_name="Another"), m.again(client_name="Another")),
     "in the answer to a parallel cancel, client_name is another text, 7 characters long, not 13 as before it"),
    ("repeat/parallel-agree", lambda m: _burst(m, m.again(), m.again(prepaid_amount=2000)),
     "of two parallel answers, in one prepaid_amount is 2000, not 1000 as in the other"),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again(), settlement_amount=8000, payments=[]),
     "after parallel cancels, settlement_amount is 8000, not 4000; there are 0 payments, not 2"),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again(), was={"expense": UNPAID}, expense=UNPAID),
     "after parallel cancels, the unpaid expense is still there"),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again(), expense=None),
     "after parallel cancels, expense is null, not an object of 3 fields"),
    ("repeat/parallel-agree", lambda m: _burst(m, _of(m, 7, contact_id=8), kind=Kind.SPREAD),
     "in the answer to a parallel cancel, contact_id is 8, not 123 as before it"),
    ("repeat/parallel-one-effect", lambda m: _burst(m, _of(m, 7), kind=Kind.SPREAD, appointment_type="other"),
     "after parallel cancels, appointment_type is 'other', not 'primary'"),
    ("repeat/parallel-final-state", lambda m: _burst(m, m.again(), status="completed"),
     "after parallel cancels, status is 'completed', not 'cancelled'"),
    ("repeat/parallel-final-state", lambda m: _burst(m, m.again(), payment_status="paid"),
     "after parallel cancels, payment_status is 'paid', not 'cancelled'"),
    ("repeat/parallel-own-answer", lambda m: _burst(m, _of(m, 7), _of(m, 8, id=7), kind=Kind.SPREAD),
     "a parallel cancel of 8 was answered with 7"),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(409), kind=Kind.LOST),
     "status is 409, not 200, when a cancel is sent again after its answer was lost"),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(), kind=Kind.LOST, status="completed"),
     "after a lost answer and a second try, status is 'completed', not 'cancelled'"),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(), kind=Kind.LOST, prepaid_amount=2000),
     "after a lost answer and a second try, prepaid_amount is 2000, not 1000"),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(), kind=Kind.LOST, client_phone=None),
     "after a lost answer and a second try, client_phone is null, not a text of 16 characters"),
    ("repeat/all-alike", lambda m: _same(m, payment_status="paid"),
     "on a cancel with a JSON body, payment_status is 'paid', not 'cancelled' as on the first cancel"),
    *tables.REPEAT_BROKEN,
]  # fmt: skip

ASIDE: list[tuple[str, Make]] = [
    ("repeat/all-alike", lambda m: Episode(Kind.SAME, (m.done(id=8), m.again(status="completed")))),
    ("repeat/all-alike", lambda m: Episode(Kind.SAME, (m.done(status="confirmed"), m.again()))),
    ("repeat/answer", lambda m: _again(m, m.again(409), first=500)),
    ("repeat/answer", lambda m: _again(m, m.again(trouble=Trouble.LOST))),
    ("repeat/many", lambda m: _again(m, m.again())),
    ("repeat/same-payload", lambda m: _again(m, m.again(409))),
    ("repeat/same-payload", lambda m: _again(m, m.again(409, body={"payload": {"id": 8}}))),
    ("repeat/same-payload", lambda m: _again(m, m.again(body=[]))),
    ("repeat/same-payload", lambda m: _again(m, m.again(), answered=[])),
    ("repeat/no-side-effect", _again),
    ("repeat/no-side-effect", lambda m: Episode(Kind.REPEAT, (m.done(), m.again(), m.after(payments=[])))),
    ("repeat/no-touch", lambda m: Episode(Kind.REPEAT, (m.done(), m.after(), m.again(), m.after(updated_at="2")))),
    ("repeat/parallel-answers", lambda m: _again(m, m.again(500))),
    ("repeat/parallel-agree", lambda m: _again(m, m.again(), m.again(id=8))),
    ("repeat/parallel-one-effect", lambda m: _burst(m, m.again(), kind=Kind.LOST, payments=[])),
    ("repeat/parallel-final-state", lambda m: _burst(m, m.again(500), status="completed")),
    ("repeat/parallel-own-answer", lambda m: _burst(m, _of(m, 8, id=7))),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(409))),
    ("repeat/after-lost-answer", lambda m: _burst(m, m.again(trouble=Trouble.LOST), kind=Kind.LOST)),
    ("repeat/all-alike", lambda m: _same(m, Kind.REPEAT, status="scheduled")),
    ("repeat/all-alike", lambda m: _same(m, body=[])),
    *tables.REPEAT_ASIDE,
]


class TestRepeat(FamilyWithGaps):
    """The tables above."""

    name = "repeat"
    clauses = (*repeat.CLAUSES, *repeat_parallel.CLAUSES, *repeat_afterwards.CLAUSES)


@pytest.mark.parametrize(
    ("policy", "code", "found"),
    [
        ("idempotent", 200, None),
        ("idempotent", 422, "status is 422, not 200, on the second cancel"),
        ("rejected", 409, None),
        ("rejected", 422, None),
        ("rejected", 200, "status is 200, not 409 or 422, on the second cancel"),
        ("either", 200, None),
        ("either", 409, None),
        ("either", 500, "status is 500, not 200 or 409 or 422, on the second cancel"),
    ],
)
def test_the_second_cancel_is_judged_by_the_policy(judge: Judge, policy: str, code: int, found: str | None) -> None:
    """What a second cancel may answer is what the settings say."""
    assert judge("repeat/answer", lambda m: _again(m, m.again(code)), repeat_policy=policy) == (found,)


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ((200, 409), {None}),
        ((200, 200), {None, "2 parallel cancels of one appointment answered 200, not 1"}),
        ((409, 422), {None, "none of the parallel cancels of appointment 7 answered 200"}),
    ],
)
def test_of_parallel_cancels_one_wins_where_repeats_are_rejected(
    judge: Judge, codes: tuple[int, ...], found: set[str | None]
) -> None:
    """Under the policy that rejects repeats exactly one of several cancels at once answers 200."""
    burst = judge(
        "repeat/parallel-answers", lambda m: _burst(m, *(m.again(code) for code in codes)), repeat_policy="rejected"
    )

    assert set(burst) == found


def test_a_legal_rejection_does_not_end_the_clause(judge: Judge) -> None:
    """After a lost answer a 409 is legal where repeats are rejected, and the state is looked at all the same."""
    found = judge(
        "repeat/after-lost-answer",
        lambda m: _burst(m, m.again(409), kind=Kind.LOST, status="completed"),
        repeat_policy="rejected",
    )

    assert found == ("after a lost answer and a second try, status is 'completed', not 'cancelled'",)


@pytest.mark.parametrize(
    ("policy", "code", "found"),
    [("idempotent", 200, (None,)), ("rejected", 409, (None,)), ("either", 200, (None,)), ("either", 422, (None,)),
     ("idempotent", 409, ()), ("rejected", 500, ())],
)  # fmt: skip
def test_each_repeat_counts_once(judge: Judge, policy: str, code: int, found: tuple[Finding, ...]) -> None:
    """A repeated cancel that answers as the policy says, with the payload or a refusal, is one look at the promise."""
    assert judge("repeat/same-payload", lambda m: _again(m, m.again(code)), repeat_policy=policy) == found


@pytest.mark.parametrize(
    ("policy", "code", "found"),
    [("idempotent", 200, (None,)), ("rejected", 409, (None,)), ("idempotent", 409, ()), ("rejected", 500, ())],
)
def test_each_later_cancel_counts_once(judge: Judge, policy: str, code: int, found: tuple[Finding, ...]) -> None:
    """A cancel much later that answers as the policy says is one look at the promise that all answer alike."""
    later = judge("repeat/all-alike", lambda m: Episode(Kind.SAME, (m.done(), m.again(code))), repeat_policy=policy)

    assert later == found


def test_the_third_cancel_is_no_second(judge: Judge) -> None:
    """What a later cancel answers is judged against the second one, not as a second one."""
    assert judge("repeat/answer", lambda m: _again(m, m.again(), m.again(409))) == (None,)
