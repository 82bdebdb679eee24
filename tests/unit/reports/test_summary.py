"""The job's summary, in Markdown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from contracts.clauses import BY_ID
from contracts.deviation import Deviation
from contracts.fragment import load
from contracts.ledger import Row
from contracts.report.outcome import Outcome
from contracts.report.summary import written

Made = Callable[..., Outcome]


def _timed(outcome: Outcome) -> Outcome:
    return outcome.model_copy(update={"ended": outcome.started + timedelta(seconds=12.3)})


def test_a_closed_gate_lists_what_did_not_hold(make_outcome: Made) -> None:
    """The worst comes first; what held is counted by family only."""
    assert (
        written(_timed(make_outcome()))
        == f"""## Cancel contract: gate closed

https://staging.test, account 3, profile gate, fragment `{load().digest}`, 12.3 s, exit 1

- 1 MUST clause is broken

| family | ✅ HELD | ➖ UNTESTED | ❌ BROKEN | ⚠️ ABORTED |
|---|--:|--:|--:|--:|
| answer: what an answer is like | 1 |  | 1 |  |
| effect: what a cancel does |  |  |  | 1 |
| repeat: what another cancel does |  |  | 1 |  |
| readonly: what is imported |  | 1 |  |  |

| verdict | clause | level | what was seen |
|---|---|---|---|
| ⚠️ ABORTED | `effect/every-status` | MUST | KeyError in its own code |
| ❌ BROKEN | `answer/duration` | SHOULD | id is 8, not 7 |
| ❌ BROKEN | `repeat/answer` | MUST | status is 409, not 200, on the second cancel |
| ➖ UNTESTED | `readonly/refused` | MUST | ONELINK\\_READONLY\\_APPOINTMENT\\_ID is not set |

41 requests, 5 appointments made, 2 answers 429 waited for, connections lost: 1.

Left standing: appointments 5002, 5004; `python -m contracts sweep` finds them.
"""
    )


def test_an_open_gate_is_told_in_a_few_lines(held: Outcome) -> None:
    """Where everything held, no clause is listed and no reason is given."""
    bare = held.model_copy(update={"met": held.met.model_copy(update={"left": ()})})

    assert (
        written(_timed(bare))
        == f"""## Cancel contract: gate open: every MUST clause held

https://staging.test, account 3, profile gate, fragment `{load().digest}`, 12.3 s, exit 0

| family | ✅ HELD | ➖ UNTESTED | ❌ BROKEN | ⚠️ ABORTED |
|---|--:|--:|--:|--:|
| answer: what an answer is like | 1 |  |  |  |

41 requests, 5 appointments made, 2 answers 429 waited for, connections lost: 1.
"""
    )


def test_a_partial_run_leaves_out_what_was_not_selected(make_outcome: Made) -> None:
    """What a selection left untested is no finding; that it was a selection is."""
    text = written(make_outcome(partial=True))

    assert "exit 1; partial: only what was selected was judged" in text
    assert "\n| ➖ UNTESTED |" not in text


def test_a_deviation_is_told(make_outcome: Made) -> None:
    """The entry stands behind what was seen; one whose clause holds again is listed, too."""
    held = Row(BY_ID["answer/status-200"], held=1)
    entry = Deviation.model_validate(
        {"clause": "answer/status-200", "reason": "it was 201", "owner": "back-end", "until": "2026-12-31"}
    )

    text = written(make_outcome(rows=(held,), deviations={"answer/status-200": entry}))

    assert "| ✅ HELD | `answer/status-200` | MUST | holds: take the entry out (it was 201; back-end) |" in text


def test_markdown_makes_nothing_of_a_servers_words(make_outcome: Made) -> None:
    """Links, pictures, elements, columns and lines in what a server said are shown as they are."""
    row = Row(BY_ID["answer/status-200"], broken=1)
    outcome = make_outcome(rows=(replace(row, failures=("![x](y) | <b>*a*</b>\n# `c` ~d~",)),))

    assert r"!\[x\](y) \| \<b\>\*a\*\</b\> \# \`c\` \~d\~ |" in written(outcome)
