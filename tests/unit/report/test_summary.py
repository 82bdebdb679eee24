"""The job summary in Markdown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cancel_contract.clauses import BY_ID, CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.ledger.row import Row
from cancel_contract.report import html_report
from cancel_contract.report.model import RunReport
from cancel_contract.report.summary import MOST_SHOWN, render
from tests.unit.report.conftest import BREACH, GIVEN

Made = Callable[..., RunReport]


def _timed(outcome: RunReport) -> RunReport:
    return outcome.model_copy(update={"ended": outcome.started + timedelta(seconds=12.3)})


def _evidence(clause: str, case: str) -> str:
    return f"""<details><summary>Evidence of <code>{clause}</code></summary>

```sh
{BREACH.curl}
```

```text
{BREACH.answer}
```

Run the case again, on a new appointment:

```sh
cancel-contract gate --target https://staging.test --contract-profile gate --case '{case}'
```

</details>"""


def test_a_closed_gate_lists_what_did_not_hold(make_outcome: Made) -> None:
    """The worst comes first; what held is counted by family only."""
    assert (
        render(_timed(make_outcome()))
        == f"""## Cancel contract: gate closed

https://staging.test, account 3, profile gate, fragment `{load().digest}`, 12.3 s, exit 1

- 1 MUST clause is broken

| family | ✅ HELD | ⚪ NOT APPLICABLE | ➖ UNTESTED | ❌ BROKEN | ⚠️ ABORTED |
|---|--:|--:|--:|--:|--:|
| answer: answers to a cancel | 1 |  |  | 1 |  |
| effect: effects of a cancel |  |  |  |  | 1 |
| repeat: repeated and parallel cancels |  |  |  | 1 |  |
| readonly: imported appointments |  |  | 1 |  |  |

| verdict | clause | level | finding | times |
|---|---|---|---|--:|
| ⚠️ ABORTED | `effect/every-status` | MUST | KeyError in its own code |  |
| ❌ BROKEN | `repeat/answer` | MUST | status is 409, not 200, on the second cancel | 4 of 4 |
| ❌ BROKEN | `answer/duration` | SHOULD | id is 8, not 7 | 1 of 3 |

{_evidence("repeat/answer", "repeat/plain#second")}
{_evidence("answer/duration", "effect/plain#after")}

- ➖ UNTESTED, ONELINK\\_READONLY\\_APPOINTMENT\\_ID is not set: `readonly/refused`

41 requests, 5 appointments created, 2 answers 429 or 503 waited for, connections lost: 1.

Answered by a gateway: 2 requests, with 502, 503; the reports list each.

Changed: appointment 4011 (`ONELINK_PAID_EXPENSE_APPOINTMENT_ID`): status completed -\\> cancelled (expected)

Still active: appointments 5002, 5004; `cancel-contract sweep` finds them.

Perhaps made by creates: cancel-contract-3f9c-1793600000-7; `cancel-contract sweep` finds what bears its mark.
"""
    )


def test_an_open_gate_is_told_in_a_few_lines(held: RunReport) -> None:
    """Where everything held, no clause is listed and no reason is given."""
    bare = held.model_copy(
        update={"statistics": replace(held.statistics, still_active=[], unanswered_creates=[], changed=[])}
    )

    assert (
        render(_timed(bare))
        == f"""## Cancel contract: gate open: every MUST clause held

https://staging.test, account 3, profile gate, fragment `{load().digest}`, 12.3 s, exit 0

| family | ✅ HELD | ⚪ NOT APPLICABLE | ➖ UNTESTED | ❌ BROKEN | ⚠️ ABORTED |
|---|--:|--:|--:|--:|--:|
| answer: answers to a cancel | 1 |  |  |  |  |

41 requests, 5 appointments created, 2 answers 429 or 503 waited for, connections lost: 1.

Answered by a gateway: 2 requests, with 502, 503; the reports list each.
"""
    )


def test_a_block_of_code_holds_whatever_it_shows(make_outcome: Made) -> None:
    """A fence in a server's words does not end the block."""
    breach = replace(BREACH, answer="200 text/plain ```` <b>", curl="curl ``")

    text = render(make_outcome(rows=(Row(BY_ID["answer/status-200"], broken=1, breach=breach),)))

    assert "`````text\n200 text/plain ```` <b>\n`````\n" in text
    assert "```sh\ncurl ``\n```\n" in text


def test_the_evidence_of_a_cause_is_shown_once(make_outcome: Made) -> None:
    """Clauses that share a difference share its request and answer."""
    breach = Breach("status is 201, not 200", "effect/x#first", "curl THIS", "201", what="status", got="201")
    rows = tuple(Row(BY_ID[name], broken=1, breach=breach) for name in ("answer/status-200", "repeat/answer"))

    text = render(make_outcome(rows=rows))

    assert "<summary>Evidence of <code>answer/status-200</code>, <code>repeat/answer</code></summary>" in text
    assert text.count("curl THIS") == 1


def test_a_summary_is_no_book(make_outcome: Made) -> None:
    """Of many causes the first have their evidence shown, the rest is counted."""
    rows = tuple(Row(one, broken=1, breach=replace(BREACH, got=one.id)) for one in CATALOGUE[: MOST_SHOWN + 3])

    text = render(make_outcome(rows=rows))

    assert text.count("<details>") == text.count("</details>") == MOST_SHOWN
    assert "\nThe evidence of 3 more is in the other reports.\n" in text


def test_a_waived_clause_is_told_as_such(make_outcome: Made) -> None:
    """Clauses that one setting would let run share a line."""
    rows = (Row(BY_ID["readonly/refused"]), Row(BY_ID["readonly/untouched"]))
    entry = Deviation.model_validate(
        {"clause": "readonly/refused", "reason": "none", "owner": "back-end", "until": "2026-12-31", "untested": True}
    )

    text = render(make_outcome(rows=rows, deviations={entry.clause: entry}))

    assert "_ID is not set: `readonly/refused` (waived), `readonly/untouched`\n" in text


def test_a_partial_run_leaves_out_what_was_not_selected(make_outcome: Made) -> None:
    """What a selection left untested is no finding; that it was a selection is."""
    text = render(make_outcome(partial=True))

    assert "exit 1; partial: only what was selected was judged" in text
    assert "\n- ➖ UNTESTED" not in text


def test_a_deviation_is_told(make_outcome: Made) -> None:
    """The entry stands behind what was seen; one whose clause holds again is listed, too."""
    held = Row(BY_ID["answer/status-200"], held=1)
    entry = Deviation.model_validate(
        {"clause": "answer/status-200", "reason": "it was 201", "owner": "back-end", "until": "2026-12-31"}
    )

    text = render(make_outcome(rows=(held,), deviations={"answer/status-200": entry}))

    assert (
        "| ✅ HELD | `answer/status-200` | MUST | Deviation: holds: take the entry out (it was 201; back-end) |" in text
    )


def test_markdown_makes_nothing_of_a_servers_words(make_outcome: Made) -> None:
    """Links, pictures, elements, columns and lines in what a server said are shown as they are."""
    row = Row(BY_ID["answer/status-200"], broken=1)
    outcome = make_outcome(rows=(replace(row, failures=("![x](y) | <b>*a*</b>\n# `c` ~d~ $e$ &lt;",)),))

    assert r"!\[x\](y) \| \<b\>\*a\*\</b\> \# \`c\` \~d\~ \$e\$ \&lt; |" in render(outcome)


def test_the_build_that_was_judged_is_named(make_outcome: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the pipeline names it, data, page and summary say which build was judged."""
    assert make_outcome().target.version is None

    monkeypatch.setitem(GIVEN, "target_version", "v2.3_beta")
    outcome = make_outcome()

    assert outcome.target.version == "v2.3_beta"
    assert "https://staging.test, version v2.3\\_beta, account 3, profile gate" in render(outcome)
    assert "v2.3_beta" in html_report.render(outcome).partition("<main")[0]
