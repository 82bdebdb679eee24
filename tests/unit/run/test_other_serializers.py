"""Where each operation has a serializer of its own, appointments are compared as reads show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.run.conftest import Memory, Named, Opened


@pytest.mark.parametrize(
    ("variant", "reads"), [(None, 1), ("create-short", 3), ("create-full", 3), ("update-short", 1)]
)
def test_where_creates_show_something_else_each_appointment_is_read(
    make_run: Opened, memory: Memory, variant: str | None, reads: int
) -> None:
    """The first one is, in any case."""
    memory.provider.switch(variants=[variant] if variant else [])
    with make_run() as run:
        made = [run.context.fresh() for _ in range(3)]
        asked = [request.path for request in memory.asked if request.method == "GET"]
        run.finish()

    assert sum(path.endswith(f"/{one.id}") for one in made for path in asked) == reads
    assert all("external_ref" in one.payload for one in made)


@pytest.mark.parametrize(
    "variants",
    [
        ["create-short"],
        ["create-unshown"],
        ["create-enveloped"],
        ["create-full"],
        ["create-of-memory"],
        ["update-short"],
        ["update-without-rows"],
        ["update-behind", "update-short"],
        ["update-behind", "update-without-body"],
        ["update-behind", "revived-anew"],
        ["update-behind", "create-of-memory"],
    ],
    ids="+".join,
)
def test_an_aftermath_and_a_race_are_judged_by_reads(
    make_run: Opened, memory: Memory, named: Named, variants: list[str]
) -> None:
    """What is booked and revived in them is compared with reads, whatever the answers of those show."""
    memory.provider.switch(variants=variants)
    with make_run() as run:
        for scenario in named("effect/no_show-paid", "effect/slot", "repeat/beside-writers"):
            assert run.play(scenario).broken == ()
        run.finish()

    assert run.ledger.suite_failures == run.ledger.inconclusive == []
