"""A failure says by which ids it is found in the target's log, in every report."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import causes
from cancel_contract.ledger.evidence import answered, breach_of
from cancel_contract.ledger.row import Row
from cancel_contract.report import html_report, json_report, summary
from cancel_contract.report.breach_text import paragraph
from cancel_contract.report.model import RunReport
from cancel_contract.report.request_ids import log_line
from cancel_contract.report.terminal import ledger_lines
from cancel_contract.run.session import Contract

OWN, UUID = "cancel-contract-3f9a01bc-12", "5f0d0c1e-9c3a-4b8e-8f5d-1f2e3d4c5b6a"
REFUSED = "status is 403 with it and 200 without it"
Sent = Callable[..., Exchange]


def _breach(exchange: Sent, sent: str | None, *came: tuple[str, str]) -> Breach:
    made = exchange(409, {"error": "No"}, headers=(("X-Request-Id", sent),) if sent else ())
    answer = made.answer or Answer(0, (), b"")
    whole = replace(made, answer=replace(answer, headers=(*answer.headers, *came)))
    return breach_of(whole, broken("status", "status", "409", "200"))


@pytest.mark.parametrize(
    ("sent", "came", "told"),
    [
        (OWN, (), f"look in your log for {OWN}"),
        (OWN, (("X-Request-Id", OWN),), f"look in your log for {OWN}"),
        (OWN, (("X-Request-Id", UUID),),
         f"look in your log for {OWN}; the answer's own request id is {UUID} (X-Request-Id)"),
        (OWN, (("X-Request-Id", OWN), ("CF-Ray", "8f1b2c3d4e5f6a7b-ALA")),
         f"look in your log for {OWN}; the answer's own request id is 8f1b2c3d4e5f6a7b-ALA (CF-Ray)"),
        (OWN, (("X-Request-Id", "Token7f3cA91e7Bb2D4860"), ("Authorization", UUID)), f"look in your log for {OWN}"),
        (None, (("X-Request-Id", UUID),),
         f"look in your log for what was answered: the answer's own request id is {UUID} (X-Request-Id)"),
        ("$EXTRA_HEADER_X-Request-Id", (), ""),
        (None, (), ""),
    ],
    ids=["none", "echo", "own", "echo-and-gateway", "token", "left-out", "of-the-settings", "neither"],
)  # fmt: skip
def test_a_breach_says_what_to_look_for(
    exchange: Sent, sent: str | None, came: tuple[tuple[str, str], ...], told: str
) -> None:
    """The request's id, and what the answer says of itself beside it; an echo is told once, a token never."""
    assert log_line(_breach(exchange, sent, *came)) == told


def test_ids_are_no_part_of_a_cause(exchange: Sent) -> None:
    """Two breaches that only differ in the ids of their requests have one cause."""
    one = _breach(exchange, OWN, ("X-Request-Id", UUID))
    other = _breach(exchange, f"{OWN}3", ("X-Request-Id", f"{OWN}3"))

    assert (one.cause, one.message, one.curl) == (other.cause, other.message, other.curl)
    assert len([*causes({"repeat/answer": one, "answer/status-200": other})]) == 1


def test_an_own_id_in_a_body_is_shown(exchange: Sent) -> None:
    """A body that repeats the id shows it, as other own ids."""
    shown = answered(exchange(409, {"error": f"Request {OWN} failed", "request_id": OWN, "trace": "anna"}))

    assert shown == (
        f'409 application/json {{"error": "Request {OWN} failed", "request_id": "{OWN}", "trace": "<string 4>"}}'
    )


def test_a_paragraph_has_the_line_once(exchange: Sent) -> None:
    """It stands before the command that plays the case again."""
    breach = _breach(exchange, OWN, ("X-Request-Id", UUID))
    (cause,) = causes({"repeat/answer": breach})
    rows = {"repeat/answer": Row(BY_ID["repeat/answer"], broken=1, breach=breach)}

    lines = [*paragraph(cause, rows, load(), "again")]
    assert lines[-2:] == [f"  log      {log_line(breach)}", "  again    again"]
    assert not any(OWN in line for line in lines[:-2])


@pytest.fixture
def report(make_outcome: Callable[..., RunReport], exchange: Sent) -> RunReport:
    """Return a report with a breach whose request and answer bear ids, of a target that refuses the header."""
    made, breach = make_outcome(), replace(_breach(exchange, OWN, ("X-Request-Id", UUID)), rerun="again")
    clauses = tuple(
        one.model_copy(update={"breach": breach, "deviation": None}) if one.breach else one for one in made.clauses
    )
    statistics = replace(made.statistics, refused_headers={"X-Request-Id": REFUSED})
    return made.model_copy(update={"clauses": clauses, "statistics": statistics})


def test_every_report_has_the_ids(report: RunReport) -> None:
    """JSON has them as data, the page and the job's summary as the sentence."""
    told = f"look in your log for {OWN}; the answer's own request id is {UUID} (X-Request-Id)"
    data = json.loads(json_report.render(report))
    breach = next(one["breach"] for one in data["clauses"] if one["breach"])

    assert (breach["request_id"], breach["answer_id"]) == (OWN, f"{UUID} (X-Request-Id)")
    page = html_report.render(report).replace("&#39;", "'")
    assert f"In the log: {told}." in page
    plain = summary.render(report).replace("\\", "")
    assert f"L{told[1:]}." in plain


def test_every_report_says_that_the_header_was_left_out(
    report: RunReport, make_contract: Callable[..., Contract]
) -> None:
    """The fact, the answers with it and without it, and what it means."""
    contract = make_contract()
    contract.statistics.found_refused(REFUSED)

    assert json.loads(json_report.render(report))["statistics"]["refused_headers"] == {"X-Request-Id": REFUSED}
    assert (
        f"Left out: the target refuses the header <code>X-Request-Id</code> ({REFUSED}): "
        "its log has no id of the run's."
    ) in html_report.render(report).replace("&#39;", "'")
    assert (
        f"Left out: the target refuses the header `X-Request-Id` ({REFUSED}): its log has no id of the run's."
    ) in summary.render(report).replace("\\", "")
    assert (f"left out: the target refuses the header X-Request-Id: {REFUSED}; look in your log by time and path") in [
        *ledger_lines(contract)
    ]


def test_a_target_that_takes_the_header_has_no_such_line(make_contract: Callable[..., Contract]) -> None:
    """Nothing was left out, and nothing says so."""
    contract = make_contract()
    contract.statistics.found_refused("")

    assert not any(line.startswith("left out") for line in ledger_lines(contract))
