"""How a list is asked for that may lag behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.run.scenarios import lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.case import Case
    from cancel_contract.exchange.exchange import Exchange
    from tests.unit.run.conftest import Memory, Named, Opened

ROW = {"id": 7, "status": "cancelled"}
OF = {"starts_at": "2030-05-05T05:00:00Z", "ends_at": "2030-05-05T06:00:00Z", "resource_id": 11}


class _Lister:
    """A context that always gets the same list, and waits in no time."""

    class target:  # noqa: N801  a part of a context
        account = 1

    def __init__(self, shown: Exchange) -> None:
        self._shown, self.done = shown, list[str | float]()

    def send(self, case: Case) -> Exchange:
        self.done.append(case.key)
        return self._shown

    def wait(self, seconds: float) -> None:
        self.done.append(seconds)


@pytest.mark.parametrize(
    ("hoped", "shown", "again"),
    [
        (lists.holds(7), [ROW], False),
        (lists.holds(7), [{"id": 8}, 7], True),
        (lists.holds(7), {}, True),
        (lists.lacks(7), [{"id": 8}], False),
        (lists.lacks(7), [ROW], True),
        (lists.holds_cancelled(7), [ROW], False),
        (lists.holds_cancelled(7), [{"id": 7, "status": "scheduled"}], True),
        (lists.holds_cancelled(7), [{"id": 8}, {"id": 7}], False),
        (lists.holds_cancelled(7), [{"id": 8, "status": "cancelled"}, {"id": 7}], True),
        (lists.holds_cancelled(7), [{"id": 8}], True),
    ],
)
def test_a_list_that_is_not_as_hoped_is_asked_for_again(
    exchanged: Callable[..., Exchange], hoped: Callable[[Exchange], bool], shown: object, *, again: bool
) -> None:
    """A change may be a moment late in a list; what is wrong three seconds later is wrong."""
    lister: Any = _Lister(exchanged(200, {"payload": shown}))

    lists.ask(lister, "list", OF, hoped)

    assert lister.done == ["list", 1.0, "list, later", 2.0, "list, later"][: 5 if again else 1]


def test_a_list_that_is_refused_is_not_asked_for_again(exchanged: Callable[..., Exchange]) -> None:
    """A refusal says nothing about what is listed."""
    lister: Any = _Lister(exchanged(404, {"error": "No"}))

    lists.ask(lister, "list", OF, lists.holds(7))

    assert lister.done == ["list"]


def test_a_list_that_shows_no_statuses_is_asked_for_once(make_run: Opened, memory: Memory, named: Named) -> None:
    """It tells by what it holds, and no wait changes that."""
    memory.provider.switch(variants=["list-short"])
    with make_run() as run:
        assert run.play(named("effect/slot")[0]).broken == ()
        run.finish()

        asked = [one.case.key for one in run.context.exchanges if one.case.intent is Intent.LIST]
    assert any(key.endswith("list, last") for key in asked)
    assert [key for key in asked if key.endswith(", later")] == []
