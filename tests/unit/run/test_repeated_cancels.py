"""The scenario of repeated cancels, against each answer that an endpoint may give to later cancels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.run.assembly import opened
from cancel_contract.run.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import respx

    from cancel_contract.target.target import Target

APPOINTMENT = "/api/v1/accounts/1/scheduling/appointments/5001"
EXAMPLE: dict[str, Any] = load().resolve("/components/examples/FullAppointment/value")["payload"]
ACTIVE = {**EXAMPLE, "id": 5001, "account_id": 1, "status": "scheduled", "payment_status": "paid", "expense": None}
CANCELLED = {**ACTIVE, "status": "cancelled", "payment_status": "cancelled"}
SAME = httpx.Response(200, json={"payload": CANCELLED})
DIFFERENT = httpx.Response(200, json={"payload": {**CANCELLED, "service_amount": 1}})
LOST = httpx.RemoteProtocolError("Server disconnected without sending a response.")


def _error(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": "It is cancelled already", "code": "NO"})


@pytest.fixture
def repeated(
    make_target: Callable[..., Target], server: respx.MockRouter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Row]]:
    """Play the scenario against an endpoint that answers a first cancel well, and later ones as a test says."""
    monkeypatch.chdir(tmp_path)
    (scenario,) = (one for one in SCENARIOS if one.name.startswith("effect/scheduled-free-latin"))

    def play(policy: str, *answers: httpx.Response | Exception) -> dict[str, Row]:
        state = {"payload": ACTIVE}

        def cancel(_: httpx.Request) -> httpx.Response:
            if state["payload"] is ACTIVE:
                state["payload"] = CANCELLED
                return SAME
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        waiting = [*answers]
        server.get(APPOINTMENT).mock(side_effect=lambda _: httpx.Response(200, json=state))
        server.post(f"{APPOINTMENT}/cancel").mock(side_effect=cancel)
        target = make_target(repeat_policy=policy, resource_id=None, appointment_ids=(5001,))
        with opened(target) as run:
            # What closes the gate is asked again on a second appointment, and there is one only.
            run.closes = lambda _: False
            run.play(scenario)
            return {row.clause.id: row for row in run.ledger.finished(lambda _: False)}

    return play


@pytest.mark.parametrize("policy", ["idempotent", "rejected", "either"])
@pytest.mark.parametrize("status", [200, 409, 422, 404, 500])
def test_the_policy_decides_what_a_second_cancel_may_answer(
    repeated: Callable[..., dict[str, Row]], policy: str, status: int
) -> None:
    """200 under `idempotent`, 409 or 422 under `rejected`, each of them under `either`; nothing else ever."""
    rows = repeated(policy, SAME if status == 200 else _error(status))

    legal = {"idempotent": (200,), "rejected": (409, 422), "either": (200, 409, 422)}[policy]
    row, wish = rows["repeat/answer"], " or ".join(map(str, legal))
    told = row.breach.message if row.breach else ""
    assert row.verdict is (Verdict.HELD if status in legal else Verdict.BROKEN)
    assert told == ("" if status in legal else f"status is {status}, not {wish}, on the second cancel")


@pytest.mark.parametrize("policy", ["idempotent", "either"])
def test_a_second_cancel_that_answers_another_payload_is_told(
    repeated: Callable[..., dict[str, Row]], policy: str
) -> None:
    """A second cancel with another payload breaks a clause, whose message names the field and both values."""
    row = repeated(policy, DIFFERENT)["repeat/same-payload"]

    assert row.breach is not None
    amount = CANCELLED["service_amount"]
    assert row.breach.message == f"on a repeated cancel, service_amount is 1, not {amount} as on the first"


def test_a_later_cancel_that_answers_otherwise_than_the_second_is_told(
    repeated: Callable[..., dict[str, Row]],
) -> None:
    """Under `either` both are legal, and one endpoint has one answer."""
    row = repeated("either", SAME, _error(409))["repeat/many"]

    assert row.breach is not None
    assert row.breach.message == "status is 409 on cancel 3, not 200 as on the second"


def test_repeated_cancels_whose_answers_are_lost_judge_nothing(repeated: Callable[..., dict[str, Row]]) -> None:
    """They are sent once more, as nothing changed; lost again, they hold and break no clause about their answers."""
    rows = repeated("idempotent", LOST)

    assert {rows[name].verdict for name in ("repeat/answer", "repeat/many", "repeat/same-payload")} == {
        Verdict.UNTESTED
    }
    assert rows["effect/status-cancelled"].verdict is Verdict.HELD
