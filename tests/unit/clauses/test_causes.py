"""One cause has one difference, whichever clauses find it and whichever appointment shows it."""

from collections.abc import Sequence
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID, Broken, Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import NO_TOKEN, Make, Maker

Pairs = Sequence[tuple[str, Make]]


def _differences(maker: Maker, pairs: Pairs, **terms: Any) -> dict[str, list[Difference]]:  # noqa: ANN401  of Terms
    """What each clause finds wrong in its own evidence: the differences that it tells first."""
    judged = {name: BY_ID[name].judge(make(maker), Terms(load(), 3, **terms)) for name, make in pairs}
    return {name: [one.cause for one in found if isinstance(one, Broken)] for name, found in judged.items()}


def one_cause(maker: Maker, pairs: Pairs, **terms: Any) -> Difference:  # noqa: ANN401  fields of Terms
    """Return the one difference that all clauses find, each in its own evidence."""
    found = _differences(maker, pairs, **terms)
    assert all(found.values()), found
    causes = {cause for each in found.values() for cause in each}
    assert len(causes) == 1, causes
    return causes.pop()


def _repeat(m: Any, *again: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    return Episode(Kind.REPEAT, (m.done(), m.after(), *again, m.after()))


def burst(m: Any, *again: Any, kind: Kind = Kind.BURST, **read: Any) -> Episode:  # noqa: ANN401  likewise
    """Cancels that left together, between two reads."""
    return Episode(kind, (m.before(), *again, m.after(**read)))


@pytest.mark.parametrize("policy", ["idempotent", "either"])
def test_a_success_with_another_status_is_one_cause(maker: Maker, policy: str) -> None:
    """Every clause that sees a 201 says so, and what else would have been legal there makes no other cause of it."""
    cause = one_cause(
        maker,
        [
            ("answer/status-200", lambda m: m.cancel(201)),
            ("input/named-status", lambda m: m.cancel(201)),
            ("input/named-status", lambda m: m.cancel(201, Intent.REPEAT)),
            ("input/named-status", lambda m: m.cancel(201, Intent.LARGE_BODY)),
            ("repeat/answer", lambda m: _repeat(m, m.again(201))),
            ("repeat/many", lambda m: _repeat(m, m.again(), m.again(201))),
        ],
        repeat_policy=policy,
    )

    assert cause == Difference("status", "status", "201", "200")


def test_a_failure_of_the_server_is_one_cause_for_each_thing_asked(maker: Maker) -> None:
    """A 500 to a cancel is one cause, a 500 to an id that is not there another."""
    cancel = one_cause(
        maker,
        [
            ("answer/status-200", lambda m: m.cancel(500)),
            ("input/named-status", lambda m: m.cancel(500)),
            ("effect/every-status", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(500)))),
            ("repeat/answer", lambda m: _repeat(m, m.again(500))),
            ("input/body-ignored", lambda m: Episode(Kind.BODY, (m.before(), m.done(500, Intent.BODY)))),
        ],
    )
    absent = one_cause(
        maker,
        [
            (name, lambda m: m.cancel(500, Intent.UNKNOWN_ID))
            for name in ("input/unknown-id", "input/not-found", "input/named-status")
        ],
    )

    assert cancel == Difference("status", "status", "500", "200")
    assert absent == Difference("status", "status", "500", "a 4xx")


def test_an_amount_that_changed_is_one_cause(maker: Maker) -> None:
    """It is the same difference in the answer, read back, after parallel cancels and after steps in any order."""
    new: dict[str, Any] = {"service_amount": 1}

    cause = one_cause(
        maker,
        [
            ("effect/amounts-kept", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(**new), m.after(**new)))),
            ("effect/read-back", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(), m.after(**new)))),
            ("effect/any-order", lambda m: Episode(Kind.MODEL, (m.after(**new),), "a cancel", m.payload())),
            ("effect/settled", lambda m: Episode(Kind.LATE, ((Role.BEFORE, m.read()), m.after(**new)))),
            ("repeat/same-payload", lambda m: _repeat(m, m.again(**new))),
            ("repeat/parallel-agree", lambda m: burst(m, m.again(), m.again(**new))),
            ("repeat/parallel-one-effect", lambda m: burst(m, m.again(), **new)),
            ("repeat/after-lost-answer", lambda m: burst(m, m.again(), kind=Kind.LOST, **new)),
            (
                "input/body-ignored",
                lambda m: Episode(Kind.BODY, (m.before(), m.done(200, Intent.BODY, **new), m.after())),
            ),
            ("access/refused-untouched", lambda m: m.refusal(401, "wrong", m.untouched(**new))),
        ],
    )

    assert cause == Difference("field", "/service_amount", "another number", "the same number")


@pytest.mark.parametrize("field", ["service_amount", "payment_status", "expense", "payments"])
def test_a_field_that_is_gone_is_one_cause(maker: Maker, field: str) -> None:
    """Whether a clause asks that it is there, that it is shown as before, or what it holds."""
    names = {"service_amount": "effect/amounts-kept", "payment_status": "effect/payment-status-cancelled"}

    cause = one_cause(
        maker,
        [
            (name, lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(without=[field]))))
            for name in ("effect/money-shown", names.get(field, "effect/money-shown"))
        ]
        + [("answer/documented-fields", lambda m: m.cancel(without=[field]))],
    )

    assert cause == Difference("field", f"/{field}", "missing", "a value")


@pytest.mark.parametrize(
    ("field", "wrong", "cause"),
    [
        ("service_amount", None, Difference("field", "/service_amount", "null", "a value")),
        ("service_amount", "5000", Difference("field", "/service_amount", "a string", "integer")),
        ("client_name", None, Difference("field", "/client_name", "null", "a value")),
        ("client_name", 5, Difference("field", "/client_name", "an integer", "string")),
    ],
)
def test_a_field_of_another_type_is_one_cause(maker: Maker, field: str, wrong: object, cause: Difference) -> None:
    """The fragment and a comparison with what was before have the same against it."""
    kept = "effect/amounts-kept" if field == "service_amount" else "effect/client-kept"
    shown: dict[str, Any] = {field: wrong}
    typed = "answer/nulls" if wrong is None else "answer/whole-money" if "amount" in field else "answer/types"

    found = one_cause(
        maker,
        [
            (typed, lambda m: m.cancel(**shown)),
            (kept, lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(**shown)))),
        ],
    )

    assert found == cause


PAGE: dict[str, Any] = {"body": b")]}',\n{}", "kind": "application/json"}


def test_a_body_that_is_no_json_is_one_cause(maker: Maker) -> None:
    """A success and every refusal with the same kind of body are of one cause."""
    cause = one_cause(
        maker,
        [
            ("answer/valid-json", lambda m: m.cancel(**PAGE)),
            ("answer/valid-json", lambda m: m.cancel(body=b"  <p>", kind="application/json")),
            ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED, **PAGE, case={"credential": NO_TOKEN})),
            ("input/unknown-id", lambda m: m.cancel(404, Intent.UNKNOWN_ID, **PAGE)),
            ("input/unknown-account", lambda m: m.cancel(404, Intent.UNKNOWN_ACCOUNT, **PAGE, case={"path": _path(9)})),
        ],
    )

    assert (cause.what, cause.where, cause.wanted) == ("json", "body", "JSON that any parser takes")


def _path(account: int) -> str:
    return f"/api/v1/accounts/{account}/scheduling/appointments/7/cancel"


def test_a_refusal_that_does_not_say_why_is_one_cause(maker: Maker) -> None:
    """Whoever is refused, and with which status."""
    cause = one_cause(
        maker,
        [
            ("access/refusal-in-json", lambda m: m.cancel(401, Intent.REFUSED, body={"status": 401})),
            ("input/unknown-id", lambda m: m.cancel(404, Intent.UNKNOWN_ID, body={})),
            ("input/error-shape", lambda m: m.cancel(404, Intent.UNKNOWN_ID, body=[])),
        ],
    )

    assert (cause.what, cause.where) == ("error", "body")


def test_another_appointments_answer_is_one_cause_whatever_its_id(maker: Maker) -> None:
    """Which appointment it was differs from one cancel to the next."""

    def spread(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(Kind.SPREAD, (m.before(), m.again(id=12, case={"appointment": 9}), m.after()))

    cause = one_cause(
        maker,
        [
            ("answer/id-echo", lambda m: m.cancel(id=8)),
            ("answer/id-echo", lambda m: m.cancel(id=9)),
            ("input/malformed-id", lambda m: m.cancel(200, Intent.MALFORMED_ID, id=10)),
            ("repeat/parallel-own-answer", spread),
        ],
    )

    assert cause == Difference("field", "/id", "another id", "the id in the path")


@pytest.mark.parametrize("was", ["scheduled", "no_show"])
def test_a_status_that_was_not_cancelled_is_one_cause(maker: Maker, was: str) -> None:
    """Whatever the appointment was before, and whether it is read back or answered so."""
    cause = one_cause(
        maker,
        [
            ("effect/status-cancelled", lambda m: Episode(Kind.FIRST_CANCEL, (m.before(), m.done(status=was)))),
            ("effect/any-order", lambda m: Episode(Kind.MODEL, (m.after(status=was),), "a cancel", m.payload())),
            ("effect/lasting", lambda m: Episode(Kind.LATE, ((Role.BEFORE, m.read()), m.after(status=was)))),
            ("repeat/parallel-final-state", lambda m: burst(m, m.again(), status=was)),
        ],
    )

    assert cause == Difference("field", "/status", "another word", "'cancelled'")


def test_of_two_views_the_one_that_is_wrong_is_the_cause(maker: Maker) -> None:
    """An answer with a wrong amount breaks the comparison with the read as it breaks that with what was before."""
    wrong = {"service_amount": "5000"}

    def played(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(Kind.FIRST_CANCEL, (m.before(), m.done(**wrong), m.after()))

    cause = one_cause(
        maker,
        [
            ("effect/amounts-kept", played),
            ("effect/read-back", played),
            ("repeat/parallel-agree", lambda m: burst(m, m.again(), m.again(**wrong))),
            ("repeat/parallel-agree", lambda m: burst(m, m.again(**wrong), m.again())),
        ],
    )

    assert cause == Difference("field", "/service_amount", "a string", "integer")


def test_a_success_that_cannot_be_read_is_one_cause(maker: Maker) -> None:
    """That a cast id cannot be looked at is not a refusal that is missing."""

    def pairs(name: str, body: bytes) -> Pairs:
        return [
            (name, lambda m: m.cancel(body=body)),
            ("input/malformed-id", lambda m: m.cancel(200, Intent.MALFORMED_ID, body=body)),
        ]

    for body, name in ((b")]}'", "answer/valid-json"), (b"[]", "answer/envelope"), (b"{}", "answer/envelope")):
        one_cause(maker, pairs(name, body))
