"""What is said where a recording leaves open what happened, or in which order."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.row import Verdict
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge
from tests.unit.tools.test_recorded_sequences import (
    AFTER,
    BASE,
    BEGAN,
    CANCEL,
    CANCELLED,
    READ,
    SCHEDULED,
    Step,
    verdicts,
)


def steps(*taken: Step) -> list[Any]:
    """Return steps as entries of a recording."""
    return [
        {
            "startedDateTime": (BEGAN + timedelta(seconds=second)).isoformat(),
            "time": 100,
            "request": {
                "method": method,
                "url": f"{BASE}/{path}",
                "headers": [{"name": "Host", "value": "x"}, {"name": "api_access_token", "value": "Token77Abc99"}],
            },
            "response": {
                "status": status,
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "content": {"text": json.dumps(value if status >= 400 else {"payload": value})},
            },
        }
        for second, method, path, status, value in taken
    ]


def found_in(entries: list[Any]) -> dict[str, Verdict]:
    """Judge entries; gives the verdict of each clause that was exercised."""
    judging = RecordingJudge(load(), Expected())
    for number, one in enumerate(entries, start=1):
        judging.take(number, one)
    return {row.clause.id: row.verdict for row in judging.finish() if row.verdict is not Verdict.UNTESTED}


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("moment", [None, "", "2030-05-02T09:00:00", 7, True, "yesterday"], ids=repr)
def test_what_has_no_moment_belongs_to_no_sequence(moment: object, place: int) -> None:
    """An exchange whose moment is unknown is judged alone: what came before and after it nobody knows."""
    late = (2, "GET", "123", 200, {**SCHEDULED, "service_amount": 1})
    entries = steps(READ, CANCEL, late)
    assert Verdict.BROKEN in found_in(entries).values()

    entries[place]["startedDateTime"] = moment

    found = found_in(entries)
    # What was read before and cannot be placed is missed; that the last read contradicts the answer is not.
    assert found["effect/status-cancelled"] is (Verdict.BROKEN if place == 0 else Verdict.HELD)
    assert found["answer/status-200"] is Verdict.HELD
    assert ("effect/times-kept" in found) is (place == 2)


def test_what_may_have_been_under_way_is_no_read_back() -> None:
    """Where nothing tells when a cancel was answered, a read that began after it may have overtaken it."""
    entries = steps(READ, CANCEL, (1.05, "GET", "123", 200, SCHEDULED))
    entries[1]["time"] = None

    found = found_in(entries)

    assert "effect/read-back" not in found
    assert found["effect/times-kept"] is Verdict.HELD
    assert Verdict.BROKEN not in found.values()


@pytest.mark.parametrize("status", [None, 502, 503])
def test_what_may_have_cancelled_ends_a_sequence(status: int | None) -> None:
    """A cancel whose answer is unreadable or a gateway's may have cancelled: what follows is no refusal."""
    refused: Step = (2, "POST", "123/cancel", 409, {"error": "it is cancelled", "code": "CANCELLED"})
    entries = steps(READ, CANCEL, refused, (3, *AFTER[1:]))
    entries[1]["response"]["status"] = status

    assert Verdict.BROKEN not in found_in(entries).values()


def test_a_text_and_its_mask_are_not_compared() -> None:
    """Where a recorder masks one answer and not the other, nothing is said about what became of a client."""
    masked = {**SCHEDULED, "client_name": "***", "client_phone": "***"}

    found = verdicts((0, "GET", "123", 200, masked), CANCEL, AFTER)

    assert "effect/client-kept" not in found
    assert Verdict.BROKEN not in found.values()


def test_masks_hold_nothing_and_may_break() -> None:
    """One mask may stand for two names, so that equal ones say nothing; different ones do."""
    before, after = ({**it, "client_name": "<string 13>"} for it in (SCHEDULED, CANCELLED))
    other = {**after, "client_name": "<string 9>"}

    assert "effect/client-kept" not in verdicts((0, "GET", "123", 200, before), (1, "POST", "123/cancel", 200, after))
    assert (
        verdicts((0, "GET", "123", 200, before), (1, "POST", "123/cancel", 200, other))["effect/client-kept"]
        is Verdict.BROKEN
    )


def test_a_mask_in_a_refusal_is_no_name() -> None:
    """What a recorder puts in the place of a text in a refusal is not the name that it puts it for elsewhere."""
    masked = {**SCHEDULED, "client_name": "[REDACTED]", "external_ref": "<string 12>"}
    read, wrong = steps(
        (0, "GET", "123", 200, masked), (1, "POST", "123/cancel", 401, {"error": "[REDACTED] <string 12>"})
    )
    wrong["request"]["headers"][1]["value"] = "Token77Abc9"

    found = found_in([read, wrong])

    assert found["access/token-prefix"] is Verdict.HELD
    assert "access/refusal-tells-nothing" not in found
    assert Verdict.BROKEN not in found.values()


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"Accept": "text/html"}},
        {"headers": {"Accept": "text/html, application/json;q=0"}},
        {"headers": {"X-HTTP-Method-Override": "GET"}},
        {"bodySize": 12},
        {"postData": {"mimeType": "application/json"}},
    ],
    ids=repr,
)
@pytest.mark.parametrize("status", [400, 405, 406, 415])
def test_an_odd_request_may_be_refused(status: int, change: dict[str, Any]) -> None:
    """Whatever stands before the application may refuse what is no plain cancel."""
    (refused,) = steps((1, "POST", "123/cancel", status, {"error": "x"}))
    for name, text in change.get("headers", {}).items():
        refused["request"]["headers"].append({"name": name, "value": text})
    refused["request"].update({name: value for name, value in change.items() if name != "headers"})

    assert Verdict.BROKEN not in found_in([refused]).values()
    assert found_in(steps((1, "POST", "123/cancel", status, {"error": "x"})))["answer/status-200"] is Verdict.BROKEN


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/*;q=0.5", "text/html,*/*;q=0.8", "application/vnd.api+json", ""]
)
def test_who_takes_json_is_answered(accept: str) -> None:
    """A request that takes JSON among others is a plain cancel."""
    (refused,) = steps((1, "POST", "123/cancel", 406, {"error": "x"}))
    refused["request"]["headers"].append({"name": "Accept", "value": accept})

    assert found_in([refused])["answer/status-200"] is Verdict.BROKEN


@pytest.mark.parametrize(
    ("made", "is_new"),
    [
        ((0.5, "POST", "", 201), True),
        ((0.5, "POST", "", 200), False),
        ((0.5, "PATCH", "123", 200), False),
        ((0.5, "PUT", "123", 200), False),
    ],
)
def test_only_what_was_made_then_is_new(made: tuple[float, str, str, int], *, is_new: bool) -> None:
    """An update that changed nothing, or a create that was replayed, may show a change of long ago."""
    old = {**SCHEDULED, "updated_at": "2030-04-01T09:00:00Z"}
    now = {**CANCELLED, "updated_at": "2030-05-02T09:00:01Z"}

    found = verdicts((*made, old), (1, "POST", "123/cancel", 200, now), (2, "GET", "123", 200, now))

    assert found.get("effect/clock") is (Verdict.BROKEN if is_new else None)
    assert found["effect/times-kept"] is Verdict.HELD
