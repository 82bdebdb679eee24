"""What refusals without a token tell: what follows the appointment, and not what comes and goes by itself."""

from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import NO_TOKEN, Judge

_ONE: Final = {"service_amount": 9137, "prepaid_amount": 0, "status": "scheduled", "client_name": "Contract Test",
               "starts_at": "2026-11-05T05:00:00Z"}  # fmt: skip
_OTHER: Final = {"id": 8, "service_amount": 17_777_779, "prepaid_amount": 2519, "status": "cancelled",
                 "client_name": "Тест", "starts_at": "2026-11-06T06:30:00Z"}  # fmt: skip


def _refusals(m: Any, one: tuple[Any, ...], other: tuple[Any, ...], **parts: Any) -> Episode:  # noqa: ANN401  the fixture's own class
    def refused(number: int, told: object) -> Any:  # noqa: ANN401  likewise
        path = f"/api/v1/accounts/3/scheduling/appointments/{number}/cancel"
        case = {"credential": NO_TOKEN, "path": path, "appointment": number}
        return m.cancel(401, Intent.REFUSED, body=told, case=case, **parts)

    views = ((Role.BEFORE, m.read(**_ONE)), (Role.OTHER_BEFORE, m.read(**_OTHER)))
    mine = [(Role.CANCEL, refused(7, told)) for told in one]
    return Episode(Kind.REFUSALS, (*views, *mine, *((Role.AGAIN, refused(8, told)) for told in other)))


def _error(text: str) -> dict[str, str]:
    return {"error": text}


@pytest.mark.parametrize(
    ("one", "other", "field"),
    [
        ({"amount": 9137}, {"amount": 17_777_779}, "service_amount"),
        (_error("Due: 9,137 KZT"), _error("Due: 17 777 779 KZT"), "service_amount"),
        (_error("Back: 0 KZT"), _error("Back: 2519 KZT"), "prepaid_amount"),
        (_error("It is scheduled"), _error("It is cancelled"), "status"),
        (_error("Sign in as CT"), _error("Sign in as Т"), "initials of the client_name"),
        (_error("At 10:00, sign in"), _error("At 11:30, sign in"), "starts_at"),
        (_error("On 05.11, sign in"), _error("On 06.11, sign in"), "starts_at"),
        ({"at": "2026-11-05T05:00:00Z"}, {"at": "2026-11-06T06:30:00Z"}, "starts_at"),
    ],
)
def test_a_fact_that_follows_the_appointment_is_told(judge: Judge, one: object, other: object, field: str) -> None:
    """Each refusal has the value of the appointment that it is about."""
    found = judge("access/refusal-tells-nothing", lambda m: _refusals(m, (one, one, one), (other,)))

    told = f"refusals tell the {field} of the appointments that they are about"
    assert found == (told,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([_error("No")] * 3, [_error("No")]),
        # Its own id, and the path.
        ([{"id": 7, "path": "/appointments/7/cancel"}] * 3, [{"id": 8, "path": "/appointments/8/cancel"}]),
        # A time that goes on, whatever it is about.
        ([{"at": "2026-11-05"}] * 3, [{"at": "2026-11-05"}]),
        ([{"at": "10:00:01"}] * 3, [{"at": "11:30:00"}]),
        ([_error("10:00"), _error("10:00"), _error("10:01")], [_error("11:30")]),
        # A counter, and words that change after so many tries.
        ([{"left": 0}] * 3, [{"left": 2520}]),
        ([{"captcha": False}] * 3, [{"captcha": True}]),
        ([_error("Due: 9137 KZT")] * 3, [_error("Due: 9137 KZT")]),
        ([_error("To cancel")] * 3, [_error("To be cancelled")]),
    ],
)
def test_what_differs_by_itself_is_not_told(judge: Judge, one: list[object], other: list[object]) -> None:
    """Times, counters and echoes of the request are no facts of an appointment."""
    assert judge("access/refusal-tells-nothing", lambda m: _refusals(m, tuple(one), tuple(other))) == (None,)


@pytest.mark.parametrize(("role", "number"), [("one", 7), ("other", 8)])
def test_whoever_the_client_is_is_told_to_nobody(judge: Judge, role: str, number: int) -> None:
    """Of each of the two, as a read showed it before; one that nobody has looked at is not known."""
    told = {"error": "No", "of": "+7 000 000 00 08" if number == 8 else "+7 000 000 00 07"}
    one, other = (told if name == role else _error("No") for name in ("one", "other"))

    def refusals(m: Any, **parts: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        episode = _refusals(m, (one,) * 3, (other,))
        phones = {Role.BEFORE: "+7 000 000 00 07", Role.OTHER_BEFORE: "+7 000 000 00 08"}
        views = tuple((seen, m.read(**parts, client_phone=phones[seen])) for seen in phones)
        return replace(episode, steps=(*views, *episode.steps[2:]))

    assert judge("access/refusal-tells-nothing", refusals)[-1] == "the refusal tells the appointment's client_phone"


def test_a_header_is_read_too(judge: Judge) -> None:
    """What all refusals have is no difference, wherever it stands."""
    found = judge(
        "access/refusal-tells-nothing",
        lambda m: _refusals(m, (_error("0"),) * 3, (_error("2519"),), headers=(("X-Amount", "2519"),)),
    )

    assert found == (None,)


@pytest.mark.parametrize("times", [0, 2])
def test_a_few_refusals_may_agree_by_chance(judge: Judge, times: int) -> None:
    """Nothing is made of fewer than three."""
    one, other = (_error("0"),) * times, (_error("2519"),)

    assert judge("access/refusal-tells-nothing", lambda m: _refusals(m, one, other)) == ()
