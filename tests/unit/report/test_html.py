"""The HTML report is complete, self-contained and safe to open."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from cancel_contract.clauses import BY_ID, CATALOGUE
from cancel_contract.clauses.families import HEADINGS
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.observed_schema import ObservedSchema
from cancel_contract.ledger.row import Row
from cancel_contract.report.html_report import render
from cancel_contract.report.model import RunReport
from cancel_contract.run.profiles import Profile

Made = Callable[..., RunReport]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
VOID = {"meta", "link"}


class Page(HTMLParser):
    """A page as it is read: its elements, in order, and whether each was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that has nothing inside."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def words(text: str) -> str:
    """Return what a person reads: a page without its elements, blanks made one."""
    body = re.sub(r"<(style|title)>.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_every_family_has_a_title() -> None:
    """Each family of the catalogue, and no other, is named in a few words."""
    assert list(HEADINGS) == list(dict.fromkeys(clause.family for clause in CATALOGUE))


@pytest.mark.parametrize(
    ("rows", "partial", "title"),
    [
        ((Row(BY_ID["answer/status-200"], held=1),), False, "Gate open Every MUST clause held."),
        ((Row(BY_ID["answer/status-200"], broken=1),), False, "Gate closed 1 MUST clause is broken"),
        ((Row(BY_ID["answer/status-200"], failures=("x",)),), False, "No verdict The suite itself failed."),
        ((Row(BY_ID["answer/status-200"]),), False, "No verdict The run was inconclusive. 1 MUST clause is untested"),
        ((Row(BY_ID["answer/status-200"], held=1),), True, "Partial: only what was selected was judged."),
    ],
)
def test_the_verdict_stands_on_top(make_outcome: Made, rows: Sequence[Row], title: str, *, partial: bool) -> None:
    """What the run says to the pipeline is the first thing that is read."""
    head = words(render(make_outcome(rows=tuple(rows), partial=partial)).partition("<main")[0])

    assert title in head.replace("• ", "")


def test_each_clause_is_in_the_matrix_and_has_its_place(make_outcome: Made) -> None:
    """A cell for each clause leads to its paragraph, and tells its verdict by form and word."""
    page = Page(render(make_outcome()))
    assert page.open == []
    cells = [cell for cell in page.all("a") if "chip" in (cell.get("class") or "")]
    places = [inside["id"] for inside in page.all("div") if inside.get("class") == "inside"]

    assert [(cell["href"], cell["class"]) for cell in cells] == [
        ("#answer/status-200", "chip is-held"),
        ("#answer/duration", "chip is-broken"),
        ("#effect/every-status", "chip is-aborted"),
        ("#repeat/answer", "chip is-broken"),
        ("#readonly/refused", "chip is-untested"),
    ]
    assert {f"#{place}" for place in places} == {cell["href"] for cell in cells}
    assert len(places) == len(cells)


def test_what_is_linked_to_is_there(make_outcome: Made) -> None:
    """Every link and every picture of the page leads to a place in it."""
    page = Page(render(make_outcome()))
    names = {attributes.get("id") for _, attributes in page.elements}

    for link in (*page.all("a"), *page.all("use")):
        assert (link["href"] or "").removeprefix("#") in names


def test_a_broken_clause_tells_all_that_is_known(make_outcome: Made) -> None:
    """Promise, source, level, times, evidence, and whether it may be sent again."""
    text = words(render(make_outcome()))

    for told in (
        "repeat/answer",
        BY_ID["repeat/answer"].statement,
        "status is 409, not 200, on the second cancel",
        "Exercised broken each of 4 times Level MUST Source observed Where it stands openapi/cancel-appointment.yaml:",
        'curl -sS -i -X POST https://staging.test/cancel -H "api_access_token: ${ONELINK_API_TOKEN}"',
        "It may change an appointment: send it again only to one of your own.",
        '409 application/json { "error": "Already cancelled" }',
        "cancel-contract gate --target https://staging.test --contract-profile gate --case 'repeat/plain#second'",
        "broken 1 of 3 times",
        "Safe to send again: it only reads, or it was refused as it should be.",
        "KeyError in its own code",
        "ONELINK_READONLY_APPOINTMENT_ID is not set",
        "Response headers cache-control: no-cache",
        "kept each of 9 times",
        "The cases of profile gate are the same in every run: no seed is needed.",
        "not exercised",
    ):
        assert told in text


def test_what_closes_the_gate_stands_before_all_clauses(make_outcome: Made) -> None:
    """Who opens the page of a closed gate reads at once what was seen, and what stayed untested for which reason."""
    text = words(render(make_outcome()))

    assert (
        "What closes the gate effect/every-status , ABORTED KeyError in its own code "
        "repeat/answer , BROKEN status is 409, not 200, on the second cancel The contract at a glance" in text
    )
    assert "Broken, but it does not close the gate answer/duration SHOULD , BROKEN id is 8, not 7 Untested" in text
    assert "and why ONELINK_READONLY_APPOINTMENT_ID is not set readonly/refused Clause by clause" in text


def test_a_cause_is_shown_once(make_outcome: Made) -> None:
    """The other clauses that it breaks are named beside it, and lead to its request and answer."""
    breach = Breach("status is 201, not 200", "effect/x#first", "curl THIS", "201", what="status", got="201")
    names = ("answer/status-200", "repeat/answer")

    page = render(make_outcome(rows=tuple(Row(BY_ID[name], broken=1, breach=breach) for name in names)))

    assert "status is 201, not 200 It also breaks repeat/answer" in words(page)
    assert "The same cause as answer/status-200 , which shows request and answer." in words(page)
    assert page.count("curl THIS") == 1
    assert words(page).count("--case 'effect/x#first'") == 2


def test_an_open_gate_has_no_list_of_findings(held: RunReport) -> None:
    """Where everything held there is nothing to find."""
    text = words(render(held))

    assert "closes" not in text
    assert "and why" not in text


def test_cases_that_were_drawn_tell_their_seed(make_outcome: Made) -> None:
    """A breach of a profile that draws its cases is seen again under the same seed."""
    text = words(render(make_outcome(profile=Profile.THOROUGH, seed=7)))

    assert "--hypothesis-seed=7" in text
    assert "The cases are drawn from seed 7." in text


def test_an_answer_that_is_cut_short_is_shown_as_it_is(make_outcome: Made) -> None:
    """What is no whole JSON any more cannot be laid out."""
    row = Row(BY_ID["answer/status-200"], broken=1, breach=Breach("x", "k", "curl", '200 text {"a": ...', 1))

    assert '200 text {"a": ...' in words(render(make_outcome(rows=(row,))))


def test_a_deviation_is_told(make_outcome: Made) -> None:
    """A broken clause that is known bears the entry, in its cell, its line and its paragraph."""
    entry = Deviation.model_validate(
        {"clause": "repeat/answer", "reason": "it is being mended", "owner": "back-end", "until": "2026-12-31"}
    )

    text = words(render(make_outcome(deviations={"repeat/answer": entry})))

    assert "answer known , BROKEN" in text
    assert "BROKEN, known" in text
    assert "Deviation: known until 2026-12-31 (it is being mended; back-end)" in text


def test_what_was_met_is_told(make_outcome: Made) -> None:
    """Counts, troubles, fields, nulls, values, forms of errors, timings, settings and versions stand on the page."""
    text = words(render(make_outcome(profile=Profile.THOROUGH, seed=7)))

    for told in (
        "41 requests sent 5 appointments created 2 answers 429 or 503, waited for 1 connection lost",
        "Still active: appointments 5002, 5004 could not be cancelled",
        "1 create may have made what was not found (cancel-contract-3f9c-1793600000-7)",
        "Answers of a gateway case status what was done effect/plain#first 502 began anew",
        "scheduled-paid-latin-30 422 VALIDATION_ERROR",
        "answers of the endpoint half within 95 % within longest 4 13 ms 400 ms 400 ms",
        "Fields that the fragment does not name created_at 9× source 9×",
        "Documented fields that were null contact_id 4×",
        "Values of payment_status cancelled 8× paid 1×",
        "404 code error 3×",
        "ONELINK_API_TOKEN ***",
        "ONELINK_ALLOW_PRODUCTION no",
        "ONELINK_APPOINTMENT_IDS 101, 102",
        "Profile thorough, seed 7",
    ):
        assert told in text


def test_a_run_that_met_nothing_says_so(make_outcome: Made) -> None:
    """Where nothing was answered there is no table and no list, but a word."""
    outcome = make_outcome(rows=())
    bare = outcome.model_copy(
        update={
            "observed_schema": ObservedSchema(),
            "timings": outcome.timings.model_copy(update={"count": 0}),
            "statistics": replace(outcome.statistics, still_active=[], refused_variations={}),
        }
    )
    text = words(render(bare))

    assert "Nothing was answered." in text
    assert "Statuses None." in text
    assert "Fields that the fragment does not name None was seen." in text
    assert "could not be cancelled" not in text


def test_whatever_comes_is_text(make_outcome: Made) -> None:
    """Elements in a server's words, in settings and in reasons are shown, and not made."""
    breach = Breach(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1)
    row = Row(BY_ID["answer/status-200"], broken=1, breach=breach, failures=(HOSTILE,))
    outcome = make_outcome(rows=(row,))
    observed_schema = replace(
        outcome.observed_schema, unnamed={HOSTILE: 1}, nulls={HOSTILE: 1}, values={HOSTILE: {HOSTILE: 1}}
    )
    conclusion = outcome.conclusion.model_copy(update={"reasons": (HOSTILE,), "suite_failures": (HOSTILE,)})
    statistics = replace(outcome.statistics, refused_variations={HOSTILE: HOSTILE})
    settings = {**outcome.settings, "ONELINK_TIME_ZONE": HOSTILE}

    text = render(
        outcome.model_copy(
            update={
                "observed_schema": observed_schema,
                "conclusion": conclusion,
                "statistics": statistics,
                "settings": settings,
            }
        )
    )

    page = Page(text)
    assert page.all("script") == page.all("img") == []
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert unescape(text).count(HOSTILE) >= 14


def test_the_page_needs_nothing_else(make_outcome: Made) -> None:
    """No script, no font, picture or style from elsewhere; and its own policy forbids them."""
    text = render(make_outcome())
    page = Page(text)

    assert page.all("script") == page.all("iframe") == page.all("img") == []
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in str(page.all("meta"))


def test_an_exit_of_pytests_own_is_no_verdict(make_outcome: Made) -> None:
    """A run that was interrupted is shown as one without a verdict."""
    text = words(render(make_outcome(rows=(), status=2)))

    assert "No verdict The run was cut short." in text


def test_the_embedded_provider_is_named_as_such(make_outcome: Made) -> None:
    """The embedded provider is named as such, since its port means nothing."""
    outcome = make_outcome(rows=())
    target = outcome.target.model_copy(update={"embedded": True})

    assert "Target the embedded reference provider" in words(render(outcome.model_copy(update={"target": target})))
