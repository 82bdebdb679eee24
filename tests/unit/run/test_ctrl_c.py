"""After Ctrl-C, what was created is found and cancelled, or listed where that is interrupted too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from cancel_contract.exchange.marker import PREFIX
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.supply.verification import Verification
from tests.unit.run.conftest import code

if TYPE_CHECKING:
    from tests.unit.run.conftest import Memory, Opened


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def test_a_create_that_was_interrupted_is_cleaned_up(make_run: Opened, memory: Memory) -> None:
    """An appointment whose making Ctrl-C cut off is found by its mark, and cancelled."""
    with make_run() as run:
        run.context.victim()
        memory.after = _interrupted
        with pytest.raises(KeyboardInterrupt):
            run.context.fresh()
        memory.after = lambda _, response: response
        assert len(memory.provider.audit.active(PREFIX)) == 3
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()
    assert run.statistics.still_active == []


def test_what_was_made_before_the_interruption_is_cleaned_up(
    make_run: Opened, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An appointment whose create was answered, and that Ctrl-C kept from being owned, is found and cancelled."""
    with make_run() as run:
        run.context.victim()
        with monkeypatch.context() as patched:
            patched.setattr(Verification, "of_answer", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                run.context.fresh()
        assert len(memory.provider.audit.active(PREFIX)) == 3
        run.finish()

    assert memory.provider.audit.active(PREFIX) == ()
    assert run.statistics.still_active == []


def test_who_interrupts_the_cleaning_is_told_what_stands(make_run: Opened, memory: Memory) -> None:
    """A second Ctrl-C ends the run at once, and the appointments that stay are listed with their ids."""
    with make_run() as run:
        made = [run.context.fresh().id, run.context.fresh().id]
        memory.before = _interrupted
        run.finish()

    assert run.statistics.still_active == made
    assert run.statistics.appointments == 2
    assert run.ledger.inconclusive == ["the run was interrupted while it cleaned up"]
    assert code(run) is Exit.INCONCLUSIVE


def test_an_interrupted_create_that_made_nothing_is_no_trouble(make_run: Opened, memory: Memory) -> None:
    """Where the request had not arrived yet, nothing is found and nothing is reported."""
    with make_run() as run:
        run.context.victim()
        memory.before = _interrupted
        with pytest.raises(KeyboardInterrupt):
            run.context.fresh()
        memory.before = lambda request: request
        run.finish()

    assert (run.statistics.still_active, run.statistics.unanswered_creates, run.ledger.inconclusive) == ([], [], [])
