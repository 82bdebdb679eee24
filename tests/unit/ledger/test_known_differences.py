"""Deviations that name a difference: what they cover, and what they do not."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cancel_contract.clauses import BY_ID, Broken, Clause, Level, Terms
from cancel_contract.clauses.clause import STATUS
from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.difference import Difference, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import load
from cancel_contract.ledger import deviations
from cancel_contract.ledger.deviation import Deviation, Standing
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row

TODAY = date(2026, 11, 24)
AMOUNT = Difference("field", "/service_amount", "another number", "the same number")
EXPENSE = Difference("field", "/expense/amount", "another number", "the same number")
STATUS_500 = broken("status", "status", "500", "200")
Asked = Callable[[str], Exchange]


def _entry(field: str = "service_amount", until: date = TODAY) -> dict[str, Deviation]:
    return {field: Deviation(difference=field, reason="it is set to 0", owner="qa", until=until)}


def _by(*differences: Difference) -> Broken:
    return Broken(differences, "; ".join(map(str, differences)))


def _row(asked: Asked, entries: dict[str, Deviation], *breaches: Broken) -> Row:
    """The row of a clause that was broken in this way, by ever longer requests."""
    found = iter(breaches)
    one = Clause(
        "effect/amounts-kept", Level.MUST, "policy", "/info", "It is so", lambda *_: iter([next(found)]), Exchange,
        evidence=STATUS,
    )  # fmt: skip
    ledger = Ledger(Terms(load(), 3), (one,), known=deviations.lasting(entries, TODAY))
    for number, _ in enumerate(breaches):
        ledger.judge(asked("k" * number))
    return ledger.rows[one.id]


def _standing(row: Row, entries: dict[str, Deviation]) -> Standing | None:
    judged = dict(deviations.judged([row], entries, TODAY)).get(row.clause.id)
    return judged.standing if judged else None


@pytest.mark.parametrize(
    ("breaches", "covered"),
    [
        ((_by(AMOUNT),), True),
        ((_by(AMOUNT), _by(AMOUNT)), True),
        ((_by(AMOUNT, EXPENSE),), False),
        ((_by(EXPENSE),), False),
        ((_by(AMOUNT), _by(EXPENSE)), False),
        ((_by(AMOUNT), STATUS_500), False),
        ((broken("leak", "/service_amount", "told in a refusal", "told to nobody"),), False),
    ],
)
def test_a_difference_covers_what_is_broken_by_it_alone(
    asked: Asked, breaches: tuple[Broken, ...], *, covered: bool
) -> None:
    """Another cause of the same clause closes the gate, however often the known one came before it."""
    entries = _entry()
    row = _row(asked, entries, *breaches)

    assert _standing(row, entries) == (Standing.KNOWN if covered else None)


def test_two_entries_cover_what_is_broken_by_both(asked: Asked) -> None:
    """In one answer or in two; a part of the expense is the expense."""
    entries = _entry() | _entry("expense")

    assert _standing(_row(asked, entries, _by(AMOUNT, EXPENSE), _by(EXPENSE)), entries) is Standing.KNOWN


def test_the_cause_that_is_not_known_is_shown(asked: Asked) -> None:
    """Though the request of the known one is smaller: nobody would look for another one behind it."""
    row = _row(asked, _entry(), _by(AMOUNT), _by(EXPENSE))

    assert row.breach
    assert row.breach.message == "expense/amount is another number, not the same number"


def test_an_entry_that_has_expired_closes_the_gate(asked: Asked) -> None:
    """Also where another one covers the rest."""
    past = _entry("expense", TODAY - timedelta(days=1)) | _entry()

    assert _standing(_row(asked, past, _by(EXPENSE)), past) is Standing.EXPIRED
    assert _standing(_row(asked, past, _by(AMOUNT), _by(EXPENSE)), past) is Standing.EXPIRED
    assert _standing(_row(asked, past, _by(AMOUNT)), past) is Standing.KNOWN


def test_a_difference_that_was_not_seen_is_told_by_a_clause_that_looks_at_it() -> None:
    """A MUST that held; nothing is told where none has looked, or where the field differed somewhere."""
    held = [
        Row(BY_ID[name], held=3) for name in ("answer/documented-fields", "effect/amounts-kept", "effect/read-back")
    ]
    entries = _entry() | _entry("duration_min")

    told = dict(deviations.gone(held, entries, ()))

    assert {name: str(one) for name, one in told.items()} == {
        "effect/amounts-kept": "service_amount differs nowhere any more: take the entry out (it is set to 0; qa)",
        "effect/read-back": "duration_min differs nowhere any more: take the entry out (it is set to 0; qa)",
    }
    assert {one.standing for one in told.values()} == {Standing.GONE}
    assert dict(deviations.gone([Row(BY_ID["effect/read-back"])], entries, ())) == {}
    assert dict(deviations.gone(held, _entry(), ["service_amount"])) == {}


def test_a_ledger_travels_with_what_differed(asked: Asked) -> None:
    """A worker's known breach stays known, and is not taken for unseen."""
    one = Clause(
        "effect/x", Level.MUST, "policy", "/info", "It is so", lambda *_: iter([_by(AMOUNT)]), Exchange, evidence=STATUS
    )
    worker, home = (Ledger(Terms(load(), 3), (one,), known=frozenset({"service_amount"})) for _ in range(2))
    worker.judge(asked("key"))

    home.merge(worker.dump())

    assert home.differing == {"service_amount"}
    assert home.rows == worker.rows
    assert home.rows["effect/x"].breach
    assert home.rows["effect/x"].breach.is_known


def test_wrong_names_are_told_at_once(elsewhere: Path) -> None:
    """A field that no appointment has, both or none of the two, a waiver, and a name that comes twice."""
    rest = "reason: it is set to 0, owner: qa, until: 2027-01-01"
    (elsewhere / "known.yaml").write_text(
        "deviations:\n"
        f"  - {{difference: service_amont, {rest}}}\n"
        f"  - {{difference: service_amount, clause: effect/amounts-kept, {rest}}}\n"
        f"  - {{{rest}}}\n"
        f"  - {{difference: expense, untested: true, {rest}}}\n"
        f"  - {{difference: expense, {rest}}}\n"
        f"  - {{difference: expense, {rest}}}\n"
    )

    with pytest.raises(Misconfigured) as caught:
        deviations.read(Path("known.yaml"))

    assert caught.value.problems == (
        (
            "--deviations known.yaml, entry 1: service_amont is no field of an appointment: the nearest one is "
            "service_amount"
        ),
        "--deviations known.yaml, entry 2: name a clause or a difference, and not both",
        "--deviations known.yaml, entry 3: name a clause or a difference, and not both",
        "--deviations known.yaml, entry 4: a difference breaks clauses: untested goes with a clause",
        "--deviations known.yaml, entry 6: expense is named twice",
    )
