"""Ctrl-C in a run: what was made is found and cancelled, or told where that is interrupted too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.ledger import Exit
from contracts.mark import PREFIX
from tests.unit.running.conftest import code

if TYPE_CHECKING:
    import httpx

    from contracts.provider.requests import Request
    from tests.unit.running.conftest import Memory, Opened


def test_a_create_that_was_interrupted_is_cleaned_up(make_run: Opened, memory: Memory) -> None:
    """An appointment whose making Ctrl-C cut off is found by its mark, and cancelled."""

    def interrupted(_: Request, __: httpx.Response) -> httpx.Response:
        raise KeyboardInterrupt

    with make_run() as run:
        run.stage.victim()
        memory.after = interrupted
        with pytest.raises(KeyboardInterrupt):
            run.stage.fresh()
        memory.after = lambda _, response: response
        assert len(memory.provider.audit.standing(PREFIX)) == 2
        run.finish()

    assert memory.provider.audit.standing(PREFIX) == ()
    assert run.tally.left == []


def test_who_interrupts_the_cleaning_is_told_what_stands(make_run: Opened, memory: Memory) -> None:
    """A second Ctrl-C ends the run at once, and the appointments that stay are listed with their ids."""

    def interrupted(_: Request) -> Request:
        raise KeyboardInterrupt

    with make_run() as run:
        made = [run.stage.fresh().id, run.stage.fresh().id]
        memory.before = interrupted
        run.finish()

    assert run.tally.left == made
    assert run.tally.appointments == 2
    assert run.ledger.inconclusive == ["the run was interrupted while it cleaned up"]
    assert code(run) is Exit.INCONCLUSIVE


def test_an_interrupted_create_that_made_nothing_is_no_trouble(make_run: Opened, memory: Memory) -> None:
    """Where the request had not arrived yet, nothing is found and nothing is told."""

    def interrupted(_: Request) -> Request:
        raise KeyboardInterrupt

    with make_run() as run:
        run.stage.victim()
        memory.before = interrupted
        with pytest.raises(KeyboardInterrupt):
            run.stage.fresh()
        memory.before = lambda request: request
        run.finish()

    assert (run.tally.left, run.tally.unsure, run.ledger.inconclusive) == ([], [], [])
