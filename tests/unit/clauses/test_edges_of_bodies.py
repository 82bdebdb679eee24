"""What a body assigns is known from what was changed anyhow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.clauses import bodies
from cancel_contract.clauses.clause import Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind
from cancel_contract.fragment.document import load

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Make, Maker

_BODY = "input/body-ignored"


def _sent(sent: dict[str, Any], was: dict[str, Any], now: dict[str, Any]) -> Make:
    """Send fields in a body, and read an appointment that was one thing and is another."""
    case = {"body": json.dumps(sent).encode()}
    return lambda m: Episode(
        Kind.BODY, (m.before(**was), m.done(200, Intent.BODY, case=case, **was), m.after(**now)), "completed"
    )


@pytest.mark.parametrize(
    ("sent", "was", "now"),
    [
        # The comment held the text before, and is another one now for a reason of its own.
        ({"note": "Call me late"}, {"client_comment": "Call me later"}, {"client_comment": "1. Call me late"}),
        ({"note": "Call me late"}, {"client_comment": "One"}, {"client_comment": "Another"}),
        ({"note": "Call me late"}, {"client_comment": 1}, {"client_comment": 2}),
        ({"note": "Caller"}, {"client_comment": "One"}, {"client_comment": "Caller"}),
        ({"number": 123456789}, {"client_comment": "One"}, {"client_comment": "123456789"}),
        ({"custom_attributes": {"a": 1}}, {"custom_attributes": {"a": 1}}, {"without": ["custom_attributes"]}),
        ({"custom_attributes": {"a": 1}}, {"custom_attributes": {"a": 1, "b": 2}}, {"custom_attributes": {"a": 1}}),
        ({"updated_at": "2020-01-01T00:00:00Z"}, {"updated_at": "2026-01-01T00:00:00Z"},
         {"updated_at": "2026-01-02T00:00:00Z"}),
    ],
)  # fmt: skip
def test_a_change_of_another_kind_is_no_assignment(
    judge: Judge, sent: dict[str, Any], was: dict[str, Any], now: dict[str, Any]
) -> None:
    """A field that has not become what was sent, or was that before, was not assigned."""
    assert judge(_BODY, _sent(sent, was, now)) == (None,)


@pytest.mark.parametrize(
    ("sent", "was", "now", "told"),
    [
        ({"note": "Call me"}, {"client_comment": "One"}, {"client_comment": "One. Call me"},
         "client_comment is 12 characters long, not 3: 9 were added behind it"),
        ({"updated_at": "2020-01-01T05:00:00+05:00"}, {"updated_at": "2026-01-01T00:00:00Z"},
         {"updated_at": "2020-01-01T00:00:00Z"}, "updated_at is what the body says"),
        ({"contact_id": 5}, {"contact_id": None}, {"contact_id": 5}, "contact_id is 5, not null"),
    ],
)  # fmt: skip
def test_what_a_field_has_become_by_a_body_is_told(
    judge: Judge, sent: dict[str, Any], was: dict[str, Any], now: dict[str, Any], told: str
) -> None:
    """A text of seven characters, the same moment in another zone, and an id where none was are known again."""
    (found,) = judge(_BODY, _sent(sent, was, now))

    assert told in str(found)


@pytest.mark.parametrize(
    ("topic", "code", "answer", "found"),
    [
        ("cancelled", 409, {}, (None,)),
        ("cancelled", 200, {"body": []}, ()),
        ("completed", 200, {"body": []}, ()),
        ("completed", 200, {}, (None,)),
    ],
)
def test_a_cancel_without_a_read_is_judged_by_its_answer(
    judge: Judge, topic: str, code: int, answer: dict[str, Any], found: tuple[None, ...]
) -> None:
    """A repeat that was rejected keeps the promise, and a success that shows nothing says nothing."""

    def asked(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        return Episode(Kind.BODY, (m.before(), m.done(code, Intent.BODY, **answer)), topic)

    assert judge(_BODY, asked, repeat_policy="either") == found


def test_an_answer_is_enough_to_show_an_assignment(judge: Judge) -> None:
    """What the answer shows to be assigned is told without a read."""
    found = judge(
        _BODY, lambda m: Episode(Kind.BODY, (m.before(), m.done(200, Intent.BODY, service_amount=1)), "completed")
    )

    assert [str(one) for one in found] == ["in the answer to a cancel with a JSON body, service_amount is 1, not 5000"]


@pytest.mark.parametrize(("policy", "wanted"), [("idempotent", "200"), ("rejected", "409 or 422")])
def test_a_repeat_with_a_body_is_wanted_as_the_policy_says(maker: Maker, policy: Any, wanted: str) -> None:  # noqa: ANN401  a literal
    """A failure is told beside the statuses of a repeat."""
    asked = Episode(Kind.BODY, (maker.before(), maker.done(500, Intent.REPEAT)), "completed")

    (found,) = bodies.ignored(Intent.REPEAT)(asked, Terms(load(), 3, policy))

    assert str(found).startswith(f"status is 500, not {wanted}, for ")
