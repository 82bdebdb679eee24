"""`judge`: broken and kept promises in recorded traffic are told apart, and what was not recorded is not guessed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.row import Verdict
from cancel_contract.provider import FAULTS, SEED, VARIANTS, variant
from cancel_contract.provider.variants.booking_rules import BOOKING
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge

Entry = dict[str, Any]
Recorded = Callable[..., list[Entry]]
Write = Callable[[list[Entry]], Path]
Run = Callable[..., Any]
Policy = Literal["idempotent", "rejected"]

SILENT = {"creation-refused", "amount-required", "gzip-members", *(it.name for it in BOOKING)}
"""Variants with which the session cannot be held; the library that records it reads one member alone."""
SEEN = {
    "access/no-token", "access/refused-untouched", "access/token-prefix", "access/token-in-query",
    "access/token-as-bearer", "access/token-in-cookie", "answer/bounds", "answer/documented-fields",
    "answer/end-after-start", "answer/id-echo", "answer/no-token", "answer/status-200", "answer/envelope",
    "effect/amounts-kept", "effect/paid-expense-kept", "effect/payments-kept", "effect/status-cancelled",
    "effect/times-kept", "effect/unpaid-expense-gone", "readonly/refused", "readonly/untouched",
    "repeat/no-side-effect",
}  # fmt: skip
"""Clauses of every family that the session bears on."""


def broken(entries: list[Entry], repeat_policy: Policy = "idempotent") -> set[str]:
    """The clauses that a recording shows broken."""
    judging = RecordingJudge(load(), Expected(repeat_policy))
    for number, entry in enumerate(entries, start=1):
        judging.take(number, entry)
    rows = judging.finish()
    assert not [row for row in rows if row.verdict is Verdict.ABORTED]
    return {row.clause.id for row in rows if row.verdict is Verdict.BROKEN}


def test_an_honest_recording_holds(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A session with an honest provider ends with 0, and no token of it is printed."""
    done = contracts("judge", har(recorded()))

    assert done.exit_code == 0, done.output
    assert "15 companions, 34 cancels, 1 passed over" in done.output
    assert "exit 0: no MUST clause was seen broken" in done.output
    assert SEED.member_token not in done.output


@pytest.mark.parametrize("name", [it.name for it in VARIANTS if it.name not in SILENT])
def test_no_false_alarm(name: str, recorded: Recorded) -> None:
    """Another way of being right breaks no clause in a recording either."""
    policy: Policy = "rejected" if name == "repeat-rejected" else "idempotent"

    assert broken(recorded(variants=[name]), repeat_policy=policy) <= set(variant(name).should)


@pytest.mark.parametrize("clause", sorted(SEEN))
def test_a_fault_is_seen(clause: str, recorded: Recorded) -> None:
    """A recording of a provider that breaks a clause shows that clause broken."""
    fault = next(it.name for it in FAULTS if it.clause == clause)

    assert clause in broken(recorded([fault]))


def test_a_breach_is_told_without_secrets(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A breach is reported with its entry and a curl line, in which the token is a variable."""
    done = contracts(
        "judge",
        har(recorded([_of("access/token-in-query")])),
    )

    assert done.exit_code == 1
    assert (
        "access/token-in-query BROKEN: status is 200, not 401 or 403, with the token in the query, not the header"
        in done.output
    )
    assert re.search(r"again    entry \d+ of recorded.har", done.output)
    assert "api_access_token=${ONELINK_API_TOKEN}" in done.output
    assert SEED.member_token not in done.output
    assert "exit 1: a MUST clause was seen broken" in done.output


def _of(clause: str) -> str:
    return next(it.name for it in FAULTS if it.clause == clause)


@pytest.mark.parametrize("mask", ["***", "[REDACTED]", "", "<api-key>", "xxxxxxxx", None])
def test_masked_tokens_raise_no_alarm(mask: str | None, recorded: Recorded) -> None:
    """A recording whose tokens are masked, blanked or left out breaks no clause of access."""
    entries = recorded()
    for entry in entries:
        headers = entry["request"]["headers"]
        for pair in [pair for pair in headers if pair["name"] == "api_access_token"]:
            if mask is None:
                headers.remove(pair)
            else:
                pair["value"] = mask

    assert broken(entries) == set()


def test_bodies_that_were_not_kept_hold_nothing(recorded: Recorded) -> None:
    """Where the recorder kept no body, clauses about bodies are neither broken nor held."""
    entries = recorded()
    for entry in entries:
        entry["response"]["content"] = {"size": 900, "mimeType": "application/json"}
    judging = RecordingJudge(load(), Expected())
    for number, entry in enumerate(entries, start=1):
        judging.take(number, entry)

    verdicts = {row.clause.id: row.verdict for row in judging.finish()}

    assert {verdicts[name] for name in ("answer/valid-json", "answer/no-internals", "answer/types")} == {
        Verdict.UNTESTED
    }
    assert verdicts["answer/status-200"] is Verdict.HELD
    assert Verdict.BROKEN not in verdicts.values()


def test_what_others_do_in_between_is_not_judged(recorded: Recorded) -> None:
    """Exchanges that are hours apart make no sequence: somebody else may have been there unseen."""
    entries = recorded([_of("effect/undocumented-kept")])
    assert "effect/undocumented-kept" in broken(entries)

    for hour, entry in enumerate(entries):
        entry["startedDateTime"] = f"2030-{1 + hour // 24:02}-{1 + hour % 24:02}T00:00:00Z"

    assert "effect/undocumented-kept" not in broken(entries)


def test_an_order_that_is_lost_makes_no_sequence(recorded: Recorded) -> None:
    """A recording that is written backwards breaks nothing."""
    assert broken(recorded()[::-1]) == set()


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (b"", "is no recording: it is empty; save the HAR file anew"),
        (b"hello", "is no recording: its JSON goes wrong before the first entry"),
        (b'{"log": 3}', "is JSON but no recording: it has no log.entries; name a HAR file"),
        (b"[1, 2]", "is JSON but no recording: it has no log.entries; name a HAR file"),
        (b"\xff\xfe{}", "is no recording: its JSON goes wrong before the first entry"),
    ],
)
def test_no_recording(text: bytes, fact: str, tmp_path: Path, contracts: Run) -> None:
    """A file that is no recording ends with 4 and says what it is."""
    path = tmp_path / "x.har"
    path.write_bytes(text)

    done = contracts("judge", path)

    assert done.exit_code == 4
    assert fact in done.output


def test_a_missing_file(tmp_path: Path, contracts: Run) -> None:
    """A missing file ends with exit 4, and the message names it."""
    done = contracts("judge", tmp_path / "none.har")

    assert (done.exit_code, done.output) == (
        4, f"{tmp_path / 'none.har'} cannot be read: No such file or directory; name a HAR file\n",
    )  # fmt: skip


def test_a_truncated_recording_is_judged_as_far_as_it_goes(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A recording that breaks off ends with 6, and with 1 where what is there shows a breach."""
    path = har(recorded())
    path.write_bytes(path.read_bytes()[:-2000])
    assert contracts("judge", path).exit_code == 6
    assert "breaks off or goes bad after entry" in contracts("judge", path).output

    path = har(recorded(["created-201"]))
    path.write_bytes(path.read_bytes()[:-2000])
    assert contracts("judge", path).exit_code == 1


def test_a_recording_of_something_else(har: Write, contracts: Run) -> None:
    """A recording without a cancel is inconclusive; a byte order mark and odd entries do no harm."""
    path = har([{"request": {"method": "GET", "url": "https://example.org/"}, "response": {"status": 200}}, 3, {}])  # type: ignore[list-item]  # what files hold
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    done = contracts("judge", path)

    assert done.exit_code == 6
    assert "3 passed over" in done.output
    assert "exit 6: no verdict: no exchange with the endpoint that cancels an appointment is in it" in done.output


def test_unreadable_entries_are_counted(recorded: Recorded, har: Write, contracts: Run) -> None:
    """An exchange with the endpoint whose record is broken is counted, and the rest judged."""
    entries = recorded()
    entries[1]["response"] = {"status": "three"}

    done = contracts("judge", har(entries))

    assert done.exit_code == 0
    assert "1 unreadable" in done.output


def test_an_unreadable_cancel_gives_no_verdict(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A cancel whose record has no status ends with 6, and is named with its field."""
    entries = recorded()
    place = next(it for it, one in enumerate(entries, start=1) if one["request"]["url"].endswith("/cancel"))
    entries[place - 1]["response"]["status"] = None

    done = contracts("judge", har(entries))

    assert done.exit_code == 6
    fact = f"entry {place} cannot be read: response.status is missing or null, not a whole number"
    assert f"exit 6: no verdict: {fact}" in done.output


def test_only_silence_was_recorded(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A recording in which no cancel was answered ends with 6."""
    entries = recorded()
    for entry in entries:
        entry["response"] = {"status": -999, "statusText": "NO RESPONSE", "headers": [], "content": {"size": 0}}

    done = contracts("judge", har(entries))

    assert done.exit_code == 6
    assert "exit 6: no verdict: no answer to a cancel was recorded that could be judged (34 cancels)" in done.output


def test_times_that_are_missing_hide_nothing(recorded: Recorded, har: Write, contracts: Run) -> None:
    """A breach is seen in a recording without a single time."""
    entries = recorded([_of("effect/status-cancelled")])
    for entry in entries:
        entry |= {"time": None, "timings": None}

    done = contracts("judge", har(entries))

    assert done.exit_code == 1
    assert "effect/status-cancelled BROKEN" in done.output
    assert "answer/time-limit" not in done.output


def test_help_stands_alone(contracts: Run) -> None:
    """The help says what is judged and what the exit codes mean."""
    done = contracts("judge", "--help")

    assert done.exit_code == 0
    assert "Judge recorded traffic" in done.output
    assert "6: it has no cancel that could be judged" in " ".join(done.output.split())


def test_a_run_of_the_contract_is_judged_as_it_was(command: Run, contracts: Run, tmp_path: Path) -> None:
    """The recording that the suite writes of its own run against an honest provider breaks nothing."""
    root = Path(__file__).resolve().parents[3]
    path = tmp_path / "own.har"

    run = command(
        "-m", "pytest", "-q", "-c", f"{root}/pyproject.toml", f"{root}/tests/contract", f"--contract-har={path}"
    )
    done = contracts("judge", path)

    assert run.code == 0, run.out
    assert done.exit_code == 0, done.output
    assert "BROKEN 0 · ABORTED 0" in done.output
