"""What the run says of provided appointments after it has used them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.ledger.provided import Change
from cancel_contract.provider import SEED
from cancel_contract.provider.behaviours import Hooks, Variant
from cancel_contract.provider.faults.parts.making import each_time
from cancel_contract.report.terminal import ledger_lines
from tests.unit.run.conftest import TODAY, played

if TYPE_CHECKING:
    from cancel_contract.run.run import Run
    from tests.unit.run.conftest import Memory, Named, Opened, Sessions

PAID = (4011, "ONELINK_PAID_EXPENSE_APPOINTMENT_ID", "status completed -> cancelled; changed too: payment_status")
OWN = SEED.paid_expense_appointment_ids[1:3]


def _changed(run: Run, named: Named, *names: str) -> list[tuple[int, str, str]]:
    for scenario in named(*names):
        run.play(scenario)
    run.finish()
    return [(one.id, one.setting, one.became) for one in run.statistics.changed]


def test_one_that_was_scheduled_again_is_told_with_each_step(make_run: Opened, named: Named) -> None:
    """A provided appointment that was found cancelled and revived is reported with each step."""
    for _ in range(2):
        with make_run() as run:
            found = _changed(run, named, "effect/paid-expense")

    assert found[0][2].startswith("status cancelled -> scheduled -> cancelled")


def test_each_appointment_that_may_be_cancelled_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """Each provided appointment that the run cancelled is reported, whichever scenario used it."""
    memory.provider.switch(variants=["creation-refused"])
    with make_run(resource_id=None, appointment_ids=OWN) as run:
        found = _changed(run, named, "effect/confirmed-ahead", "repeat/lost")

    assert {(number, setting) for number, setting, _ in found} == {(one, "ONELINK_APPOINTMENT_IDS") for one in OWN}
    assert all(became.startswith("status completed -> cancelled") for *_, became in found)


def test_strangers_that_a_faulty_server_cancels_are_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """The other account's, and an imported one, by whoever may see them."""
    memory.provider.switch(["unscoped", "imported-refused-and-done"])
    with make_run() as run:
        found = _changed(run, named, "access/foreign-a", "readonly/")

    assert [(number, became.partition(";")[0]) for number, _, became in found] == [
        (SEED.readonly_appointment_id, "status scheduled -> cancelled"),
        (SEED.foreign_appointment_id, "status scheduled -> cancelled"),
    ]


def test_without_the_other_member_it_is_told_that_nobody_looked(make_run: Opened, memory: Memory, named: Named) -> None:
    """A cancel that was let through is reported though no read can show what came of it."""
    memory.provider.switch(["unscoped"])
    with make_run(foreign_api_token=None) as run:
        found = _changed(run, named, "access/foreign-appointment")

    assert [became for *_, became in found] == ["its last cancel, after that, was answered 200; it was not read again"]


def test_texts_of_persons_are_not_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """Of a changed personal field only the name is reported."""
    renamed = each_time(lambda _, done: replace(done, client_name="Мария"))
    memory.provider.switch(variants=[Variant("renamed", "", Hooks(transition=renamed))])
    with make_run() as run:
        found = _changed(run, named, "effect/paid-expense")

    assert [became for *_, became in found] == [f"{PAID[2].replace('payment', 'client_name, payment')}"]


def test_the_terminal_tells_it(session: Sessions, named: Named) -> None:
    """A line for each, with its number and its setting."""
    contract = played(session(), *named("effect/paid-expense"))
    contract.conclude(TODAY)

    assert f"changed: appointment {PAID[0]} ({PAID[1]}): {PAID[2]} (expected)" in [*ledger_lines(contract)]


@pytest.mark.parametrize(
    ("setting", "became", "expected"),
    [
        ("ONELINK_APPOINTMENT_IDS", "status completed -> cancelled", True),
        ("ONELINK_APPOINTMENT_IDS", "status cancelled -> scheduled -> cancelled; changed too: payment_status", True),
        ("ONELINK_PAID_EXPENSE_APPOINTMENT_ID", "status no_show -> cancelled", True),
        ("ONELINK_FOREIGN_APPOINTMENT_ID", "status completed -> cancelled", False),
        ("ONELINK_READONLY_APPOINTMENT_ID", "status completed -> cancelled", False),
        ("ONELINK_APPOINTMENT_IDS", "status completed -> no_show", False),
        ("ONELINK_APPOINTMENT_IDS", "status completed -> cancelled; changed too: payment_status, client_name", False),
        ("ONELINK_APPOINTMENT_IDS", "its last cancel, after that, was answered 200; it was not read again", False),
    ],
)
def test_only_what_a_cancel_does_is_expected(setting: str, became: str, expected: object) -> None:
    """To an appointment that was handed over to be cancelled; whatever else changed is told as unexpected."""
    change = Change(7, setting, became)

    assert change.is_expected is expected
    assert str(change).endswith(" (expected)" if expected else " (unexpected)")
