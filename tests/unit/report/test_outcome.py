"""A run as plain data, and the JSON that is made of it."""

import json
import platform
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.difference import Difference
from cancel_contract.fragment.document import load
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.ledger.observed_schema import ErrorShape
from cancel_contract.report import json_report
from cancel_contract.report.build import gathered
from cancel_contract.report.model import (
    RunReport,
)
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Contract

Made = Callable[..., RunReport]
TARGET = "https://staging.test"


def test_what_ran_and_whom_it_asked(make_outcome: Made) -> None:
    """Versions, fragment, target and effort are those of the run."""
    run = make_outcome(profile=Profile.THOROUGH, seed=7, strict=True)

    assert run.versions.python == platform.python_version()
    assert run.versions.suite == version("cancel-contract")
    for name in ("schemathesis", "hypothesis", "pytest", "httpx"):
        assert getattr(run.versions, name) == version(name)
    assert (run.fragment.file, run.fragment.digest) == ("cancel-appointment.yaml", load().digest)
    assert (run.target.url, run.target.account, run.target.embedded) == ("https://staging.test", 3, False)
    assert (run.profile, run.seed, run.strict) == ("thorough", 7, True)
    assert run.started == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert run.ended > run.started


def test_settings_are_told_and_secrets_are_not(make_outcome: Made) -> None:
    """Each setting stands under its variable; a token is three stars, a list stays one, what is unset is null."""
    settings = make_outcome().settings

    assert settings["ONELINK_API_TOKEN"] == "***"
    assert settings["ONELINK_APPOINTMENT_IDS"] == (101, 102)
    assert settings["ONELINK_TIME_LIMIT"] == 10.0
    assert settings["ONELINK_ALLOW_PRODUCTION"] is False
    assert settings["ONELINK_TIME_ZONE"] == "Asia/Almaty"
    assert settings["ONELINK_SERVICE_ID"] is None


def test_the_conclusion_is_the_gates(make_outcome: Made) -> None:
    """Exit code, meaning, reasons and counts are what the terminal tells."""
    conclusion = make_outcome().conclusion

    assert (conclusion.exit, conclusion.meaning, conclusion.reasons) == (
        Exit.BROKEN,
        "gate closed",
        ("1 MUST clause is broken",),
    )
    assert conclusion.counts == {"HELD": 1, "NOT APPLICABLE": 0, "UNTESTED": 1, "BROKEN": 2, "ABORTED": 1}
    assert not conclusion.partial


@pytest.mark.parametrize(("status", "meaning"), [(1, "gate closed"), (2, "no verdict: the run was cut short")])
def test_another_end_than_the_contracts_is_told(make_outcome: Made, status: int, meaning: str) -> None:
    """Where another test failed, or the run was interrupted, the report says what the process says."""
    conclusion = make_outcome(rows=(), partial=True, status=status).conclusion

    assert (conclusion.exit, conclusion.meaning) == (status, meaning)
    assert conclusion.reasons == ("a test that plays no scenario failed, or the run was cut short",)


def test_a_reason_quotes_no_person(make_contract: Callable[..., Contract]) -> None:
    """What a reason repeats of a server is discreet."""
    contract = make_contract(rows=())
    assert contract.ledger is not None
    contract.ledger.inconclusive.append("the Date header is 'Anna Karenina'")
    contract.code = Exit.INCONCLUSIVE

    conclusion = gathered(contract, contract.ledger, Exit.INCONCLUSIVE).conclusion

    assert conclusion.reasons == ("the Date header is '<string 4> <string 8>'",)


def test_each_clause_is_told_with_what_was_found(make_outcome: Made) -> None:
    """A clause stands with its promise, its verdict, its counts and its evidence."""
    held, some, aborted, broken, untested = make_outcome().clauses

    assert (held.id, held.family, held.level, held.source) == ("answer/status-200", "answer", "MUST", "documented")
    assert held.pointer.endswith("~1cancel/post/responses/200")
    assert held.place == load().place(held.pointer)
    assert held.place.startswith("openapi/cancel-appointment.yaml:")
    assert (held.verdict, held.held, held.broken, held.breach) == ("HELD", 9, 0, None)
    assert (some.verdict, some.held, some.broken) == ("BROKEN", 2, 1)
    assert (aborted.verdict, aborted.failures) == ("ABORTED", ("KeyError in its own code",))
    assert (untested.verdict, untested.needs) == ("UNTESTED", ("ONELINK_READONLY_APPOINTMENT_ID",))
    assert untested.reason == "ONELINK_READONLY_APPOINTMENT_ID is not set"
    assert broken.statement == BY_ID["repeat/answer"].statement
    assert broken.breach == Breach(
        message="status is 409, not 200, on the second cancel",
        case="repeat/plain#second",
        curl='curl -sS -i -X POST https://staging.test/cancel -H "api_access_token: ${ONELINK_API_TOKEN}"',
        answer='409 application/json {"error": "Already cancelled"}',
        headers="cache-control: no-cache",
        what="status",
        where="status",
        got="409",
        wanted="200",
        rerun=f"cancel-contract gate --target {TARGET} --contract-profile gate --case 'repeat/plain#second'",
    )
    assert some.breach
    assert some.breach.repeatable
    assert some.breach.more == (Difference("field", "/service_amount", "1", "5000"),)


def test_a_deviation_is_told_beside_its_clause(make_outcome: Made) -> None:
    """A known deviation stands with its owner, its date and what has become of it."""
    entry = Deviation(clause="repeat/answer", reason="it is being mended", owner="back-end", until=date(2026, 12, 31))

    clauses = {clause.id: clause for clause in make_outcome(deviations={"repeat/answer": entry}).clauses}

    assert clauses["repeat/answer"].deviation == Judged(
        clause="repeat/answer",
        reason="it is being mended",
        owner="back-end",
        until=date(2026, 12, 31),
        untested=False,
        standing=Standing.KNOWN,
        message="known until 2026-12-31 (it is being mended; back-end)",
    )
    assert clauses["answer/status-200"].deviation is None


def test_what_was_met_is_counted(make_outcome: Made) -> None:
    """Requests, appointments, troubles and what was left stand as they were counted."""
    assert make_outcome().model_dump()["statistics"] == {
        "requests": 41,
        "appointments": 5,
        "throttled": 2,
        "lost": 1,
        "refused_variations": {"scheduled-paid-latin-30": "422 VALIDATION_ERROR"},
        "own_changes": {},
        "refused_headers": {},
        "still_active": [5002, 5004],
        "unanswered_creates": ["cancel-contract-3f9c-1793600000-7"],
        "copies": [],
        "changed": [
            {
                "id": 4011,
                "setting": "ONELINK_PAID_EXPENSE_APPOINTMENT_ID",
                "became": "status completed -> cancelled",
            },
        ],
        "retries": 2,
        "incidents": [
            {"case": "effect/plain#first", "status": 502, "handling": "began anew"},
            {"case": "effect/plain#read", "status": 503, "handling": "sent again after 1 s"},
        ],
    }


def test_the_observed_schema_lists_what_the_answers_held(make_outcome: Made) -> None:
    """Unnamed fields, nulls, values by field, forms of errors and statuses, each in order and with its count."""
    observed_schema = make_outcome().observed_schema

    assert list(observed_schema.unnamed.items()) == [("created_at", 9), ("source", 9)]
    assert observed_schema.nulls == {"contact_id": 4}
    assert observed_schema.values == {"payment_status": {"cancelled": 8, "paid": 1}, "status": {"cancelled": 9}}
    assert observed_schema.errors == [
        ErrorShape(status=401, keys=("error",), count=2),
        ErrorShape(status=404, keys=("code", "error"), count=3),
    ]
    assert observed_schema.statuses == {"200": 9, "401": 2, "404": 3}


def test_the_schema_is_the_one_of_the_form() -> None:
    """The schema that is checked in says what an outcome is; json_report.schema_text() gives it anew."""
    assert json_report.SCHEMA.read_text(encoding="utf-8") == json_report.schema_text()


def _schema() -> Any:  # noqa: ANN401  JSON's boundary
    return json.loads(json_report.SCHEMA.read_text(encoding="utf-8"))


def test_a_report_is_what_the_schema_says(make_outcome: Made, held: RunReport) -> None:
    """Reports of a closed and of an open gate keep to the schema, and read as what was written."""
    for outcome in (make_outcome(), held):
        text = json_report.render(outcome)

        assert [*jsonschema_rs.Draft202012Validator(_schema()).iter_errors(json.loads(text))] == []
        assert json_report.read(text) == outcome


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("conclusion", "exit"), "0"),
        (("conclusion", "exit"), 99),
        (("conclusion", "counts"), {"HELD": -1}),
        (("fragment", "digest"), "10DEFBBC5329"),
        (("statistics", "requests"), -1),
        (("observed_schema", "nulls"), {"contact_id": 0}),
        (("target", "account"), 0),
        (("timings", "count"), -1),
        (("clauses", 0, "verdict"), "PASSED"),
        (("clauses", 0, "held"), None),
        (("clauses", 0, "broken"), -1),
        (("observed_schema", "values"), {"status": 1}),
        (("schema_version",), 1),
        (("profile",), "fast"),
        (("tokens",), []),
    ],
)
def test_the_schema_refuses_what_is_no_report(held: RunReport, place: tuple[str | int, ...], value: object) -> None:
    """A report with one part of another kind is refused by the schema and by the reader."""
    report: Any = json.loads(json_report.render(held))
    part = report
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value

    assert not jsonschema_rs.Draft202012Validator(_schema()).is_valid(report)
    with pytest.raises(ValidationError):
        json_report.read(json.dumps(report))
