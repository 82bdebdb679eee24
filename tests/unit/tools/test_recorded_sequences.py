"""Which recorded exchanges belong together."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.row import Verdict
from cancel_contract.tools.judge.address import What, address
from cancel_contract.tools.judge.har_body import body_of
from cancel_contract.tools.judge.har_entry import (
    Content,
    Pair,
    Response,
    UnreadableError,
    entry,
)
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge

BASE = "https://staging.example/api/v1/accounts/123/scheduling/appointments"
BEGAN = datetime(2030, 5, 2, 9, tzinfo=UTC)
EXAMPLES = load().document["components"]["examples"]
CANCELLED = EXAMPLES["FullAppointment"]["value"]["payload"]
SCHEDULED = {**CANCELLED, "status": "scheduled", "payment_status": "paid"}

Step = tuple[float, str, str, int, Any]


def verdicts(*steps: Step, took: float = 0.1) -> dict[str, Verdict]:
    """Judge exchanges: second, method, path below the appointments, status, payload or error."""
    judging = RecordingJudge(load(), Expected())
    for number, (second, method, path, status, value) in enumerate(steps, start=1):
        body = json.dumps(value if status >= 400 else {"payload": value})
        judging.take(
            number,
            {
                "startedDateTime": (BEGAN + timedelta(seconds=second)).isoformat(),
                "time": took * 1000,
                "request": {
                    "method": method,
                    "url": f"{BASE}/{path}",
                    "headers": [{"name": "Host", "value": "x"}, {"name": "api_access_token", "value": "Token77Abc99"}],
                },
                "response": {
                    "status": status,
                    "headers": [{"name": "Content-Type", "value": "application/json"}],
                    "content": {"text": body, "mimeType": "application/json"} if status else {},
                },
            },
        )
    return {row.clause.id: row.verdict for row in judging.finish() if row.verdict is not Verdict.UNTESTED}


READ: Step = (0, "GET", "123", 200, SCHEDULED)
CANCEL: Step = (1, "POST", "123/cancel", 200, CANCELLED)
AFTER: Step = (2, "GET", "123", 200, CANCELLED)
OTHER: Step = (1.5, "POST", "124/cancel", 200, {**CANCELLED, "id": 124})


def test_a_first_cancel() -> None:
    """Read, cancel and read again are judged as one."""
    found = verdicts(READ, CANCEL, AFTER)

    assert found["effect/times-kept"] is Verdict.HELD
    assert found["effect/read-back"] is Verdict.HELD
    assert "repeat/answer" not in found
    assert Verdict.BROKEN not in found.values()


def test_a_change_in_between_ends_the_sequence() -> None:
    """An update that was recorded makes what was read before it say nothing any more."""
    moved = {**SCHEDULED, "service_amount": 9999}
    update: Step = (0.5, "PATCH", "123", 204, None)

    assert verdicts(READ, CANCEL, (*AFTER[:4], moved))["effect/read-back"] is Verdict.BROKEN
    assert "effect/amounts-kept" not in verdicts(READ, update, CANCEL)
    assert verdicts((0, "GET", "123", 200, moved), CANCEL)["effect/amounts-kept"] is Verdict.BROKEN


def test_cancels_at_once_are_a_burst() -> None:
    """Cancels that are under way together are parallel ones, not repeated ones."""
    again: Step = (1.05, "POST", "123/cancel", 200, {**CANCELLED, "client_name": "Other"})

    found = verdicts(READ, CANCEL, again, AFTER)

    assert found["repeat/parallel-agree"] is Verdict.BROKEN
    assert found["repeat/parallel-one-effect"] is Verdict.HELD
    assert "repeat/same-payload" not in found


def test_repeated_cancels() -> None:
    """A second cancel answers as the policy says; a refusal of it is a breach under the idempotent one."""
    again: Step = (3, "POST", "123/cancel", 409, {"error": "x", "code": "Y"})

    assert verdicts(READ, CANCEL, AFTER, again)["repeat/answer"] is Verdict.BROKEN
    assert verdicts(READ, CANCEL, AFTER, (3, *CANCEL[1:]))["repeat/answer"] is Verdict.HELD


def test_a_lost_answer() -> None:
    """A cancel without an answer, and the next try, are judged together; who broke the connection is not guessed."""
    lost: Step = (1, "POST", "123/cancel", 0, None)
    again: Step = (2, "POST", "123/cancel", 200, CANCELLED)

    found = verdicts(READ, lost, again, (3, *AFTER[1:]))

    assert found["repeat/after-lost-answer"] is Verdict.HELD
    assert verdicts(READ, lost) == {}


def test_a_refusal_of_the_member_may_be_legal() -> None:
    """What made a refusal legal a recording need not show; that it changed something it does."""
    refused: Step = (1, "POST", "123/cancel", 422, {"error": "x", "code": "VALIDATION_ERROR"})

    found = verdicts(READ, refused, (2, "GET", "123", 200, SCHEDULED))
    assert found["access/refused-untouched"] is Verdict.HELD
    assert "answer/status-200" not in found
    assert verdicts(READ, refused, AFTER)["access/refused-untouched"] is Verdict.BROKEN


def test_imported_appointments() -> None:
    """An appointment whose source is the clinic system is to be refused, and a cancel of it is a breach."""
    imported = {**SCHEDULED, "source": "medelement"}

    assert verdicts((0, "GET", "123", 200, imported), CANCEL)["readonly/refused"] is Verdict.BROKEN


def test_a_list_is_looked_at_only_for_what_it_holds() -> None:
    """A list that holds the appointment has to show it cancelled, not at once; one that does not may be filtered."""
    assert verdicts(READ, CANCEL, (5, "GET", "", 200, [SCHEDULED]))["effect/listed"] is Verdict.BROKEN
    assert "effect/listed" not in verdicts(READ, CANCEL, (3, "GET", "", 200, [SCHEDULED]))
    assert verdicts(READ, CANCEL, (1.5, "GET", "", 200, [CANCELLED]))["effect/listed"] is Verdict.HELD
    assert "effect/listed" not in verdicts(READ, CANCEL, (2, "GET", "", 200, [{"id": 9}]))


@pytest.mark.parametrize("seconds", [(1.02,), (1.02, 1.3)])
def test_a_read_beside_a_cancel_is_no_view(seconds: tuple[float, ...]) -> None:
    """It may show what was before, even where a clock says that it came later: no other cancel has done the rest."""
    beside: list[Step] = [(second, "GET", "123", 200, SCHEDULED) for second in seconds]

    assert "effect/neighbour-untouched" not in verdicts(READ, CANCEL, *beside, OTHER, (5, "GET", "123", 200, CANCELLED))


def test_a_cancel_of_its_own_may_be_recorded_after_what_shows_it() -> None:
    """A read that began a moment before it was answered after it; one that ended before is another cancel's doing."""
    own: list[Step] = [(second, "POST", "123/cancel", 200, CANCELLED) for second in (2.05, 2.5)]

    found = [verdicts(READ, OTHER, AFTER, cancel).get("effect/neighbour-untouched") for cancel in own]
    assert found == [None, Verdict.BROKEN]


@pytest.mark.parametrize("shown", [{**SCHEDULED, "origin_response": {"code": "0"}}, {**SCHEDULED, "id": 124}, {}])
def test_a_cancel_that_shows_nothing_cancelled_says_nothing_of_lists(shown: dict[str, Any]) -> None:
    """What was handed on to another system is not cancelled yet; a proxy's own answer has cancelled nothing."""
    told = verdicts(READ, (1, "POST", "123/cancel", 200, shown), (5, "GET", "", 200, [SCHEDULED]))
    assert "effect/listed" not in told


@pytest.mark.parametrize("status", [429, 301])
def test_trouble_on_the_way_is_no_breach(status: int) -> None:
    """A throttled cancel is passed over, and so is one that is sent to another host."""
    judging = RecordingJudge(load(), Expected())
    judging.take(
        1,
        {
            "request": {"method": "POST", "url": f"{BASE}/123/cancel"},
            "response": {
                "status": status,
                "headers": [{"name": "Location", "value": f"https://x.example{BASE[23:]}/123/cancel"}],
            },
        },
    )

    assert judging.met == {{429: "throttled", 301: "redirected"}[status]: 1}


def test_bodies() -> None:
    """A body is read as it was encoded; one that was cut off, or not kept, is none."""
    text = base64.b64encode(b"\xff{}").decode()

    def text_of(content: Content) -> bytes | None:
        return body_of(Response(200, content=content))

    assert text_of(Content(text=text, encoding="base64", size=3)) == b"\xff{}"
    assert text_of(Content(text="!", encoding="base64")) is None
    assert text_of(Content(text="{}", size=500)) == b"{}"
    assert text_of(Content(text='{"a": 1', size=500)) is None
    assert text_of(Content(size=500)) is None
    assert text_of(Content(text="{}", encoding="gzip")) is None
    assert text_of(Content(text="<9 bytes>", size=9)) is None


@pytest.mark.parametrize(
    ("headers", "sizes", "body"),
    [
        ({"Content-Length": "0"}, (0, 0), b""),
        ({"Content-Length": "0"}, (-1, -1), b""),
        ({}, (0, 0), b""),
        ({"Content-Length": "812"}, (0, 0), None),
        ({"Content-Length": "812"}, (0, -1), None),
        ({}, (652, -1), None),
        ({}, (0, 652), None),
        ({}, (0, -1), None),
        ({}, (-1, -1), None),
        ({"Transfer-Encoding": "chunked"}, (0, 0), None),
        ({"Content-Encoding": "gzip"}, (0, 0), None),
        ({"Content-Length": "0"}, (652, -1), None),
    ],
)
@pytest.mark.parametrize("text", ["", None])
def test_an_empty_body_has_to_be_certain(
    text: str | None, headers: dict[str, str], sizes: tuple[int, int], body: bytes | None
) -> None:
    """Nothing in a recording is an empty body only where the answer itself says so; else it was not kept."""
    pairs = tuple(Pair(name, value) for name, value in headers.items())
    size, on_the_wire = sizes

    response = Response(200, pairs, content=Content(size, text=text), body_size=on_the_wire)

    assert body_of(response) == body


def test_moments_that_cannot_be_read() -> None:
    """An entry whose moment has no zone is kept, and belongs to no sequence."""
    found = {
        "startedDateTime": "2030-05-02T09:00:00",
        "request": {"method": "GET", "url": "x"},
        "response": {"status": 200},
    }

    read = entry(found)

    assert read.started.year == 1
    with pytest.raises(UnreadableError, match=r"response\.status is missing or null"):
        entry({**found, "response": None})


@pytest.mark.parametrize(
    ("path", "what", "appointment", "plain"),
    [
        ("/api/v1/accounts/3/scheduling/appointments/12/cancel", What.CANCEL, 12, True),
        ("/proxy/api/v1/accounts/3/scheduling/appointments/12/cancel?x=1", What.CANCEL, 12, True),
        ("/api/v1/accounts/3/scheduling/appointments/12abc/cancel", What.CANCEL, 12, True),
        ("/api/v1/accounts/3/scheduling/appointments/12/cancel.json", What.CANCEL, 12, False),
        ("/api/v1/accounts/3/scheduling/appointments/99999999999999999999/cancel", What.CANCEL, None, True),
        ("/api/v1/accounts/3/scheduling/appointments/12", What.ONE, 12, True),
        ("/api/v1/accounts/3/scheduling/appointments?from=x", What.ALL, None, True),
    ],
)
def test_addresses(path: str, what: What, appointment: int | None, *, plain: bool) -> None:
    """What a URL leads to, behind whatever prefix."""
    found = address(f"https://staging.example{path}")

    assert found is not None
    assert (found.what, found.appointment, found.plain, found.account_id) == (what, appointment, plain, 3)


@pytest.mark.parametrize(
    "url", ["https://x.example/", "https://x.example/api/v1/accounts/3/scheduling/calendar", "http://[/scheduling/", ""]
)
def test_other_addresses(url: str) -> None:
    """Requests to other addresses are passed over."""
    assert address(url) is None


def test_masked_words_are_not_judged() -> None:
    """Where a recorder masks persons' data inside a body, its formats say nothing; all else is judged."""
    masked = {**CANCELLED, "client_birth_date": "<string 10>", "client_name": "***"}

    found = verdicts((1, "POST", "123/cancel", 200, masked))

    assert "answer/formats" not in found
    assert found["answer/id-echo"] is Verdict.HELD
    assert Verdict.BROKEN not in found.values()


def test_an_odd_request_is_no_repeated_cancel() -> None:
    """What a broken body is answered is no answer to a repeated cancel."""
    plain = verdicts(READ, CANCEL, (2, "POST", "123/cancel.json", 400, {"error": "x"}), (3, *CANCEL[1:]))

    assert plain["repeat/answer"] is Verdict.HELD


def test_a_refusal_of_a_query_is_no_answer_to_a_repeat() -> None:
    """A strict server refuses what it does not know, by a word that refuses plain cancels, too."""
    asked = [(second, "POST", f"123/cancel?{query}", 422, {"error": "x"}) for second, query in ((2, "a=1"), (3, "b=2"))]

    assert Verdict.BROKEN not in verdicts(READ, CANCEL, *asked, (4, *CANCEL[1:])).values()


@pytest.mark.parametrize(("field", "value"), [("custom_attributes", {"told": True}), ("client_name", "Another")])
def test_what_any_program_may_have_written_is_not_the_repeats_doing(field: str, value: object) -> None:
    """Attributes are kept by programs beside the API, and a recording cannot ask again; a client's name is not."""
    again = (3.0, "POST", "123/cancel", 200, CANCELLED)
    found = verdicts(READ, CANCEL, AFTER, again, (4, "GET", "123", 200, {**CANCELLED, field: value}))

    assert (found.get("repeat/no-side-effect") is Verdict.BROKEN) == (field == "client_name")
