"""Nothing is created in a resource that is mapped to the clinic's own system, unless the settings allow it by name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.provider import SEED
from cancel_contract.provider.api.answers import encode
from cancel_contract.provider.behaviours import Hooks, Variant
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.target.loading import load
from tests.unit.run.conftest import BASE_URL, TODAY, played

if TYPE_CHECKING:
    from cancel_contract.provider.api.answers import Answer
    from cancel_contract.provider.api.calls import Call
    from tests.unit.run.conftest import Examined, Memory, Named, Opened, Sessions

FACT = (
    "resource 11 is mapped to the clinic's own system (medelement_specialist_code), and appointments created "
    "there are copied to it"
)
REMEDY = "set ONELINK_RESOURCE_ID to one that is not mapped, or ONELINK_ALLOW_MAPPED_RESOURCE=11 to create them there"


def _mapped(code: object) -> Variant:
    def shown(_: Call, answer: Answer) -> Answer:
        value = json.loads(answer.body)
        for row in value["payload"]["resources"]:
            row["custom_attributes"] = {"medelement_specialist_code": code, "colour": "blue"}
        return replace(answer, body=encode(value))

    return Variant("mapped", "Its calendar belongs to the clinic.", Hooks(frozenset({"calendar"}), answer=shown))


@pytest.mark.parametrize("code", ["D-17", 17])
@pytest.mark.parametrize("given", [{}, {"appointment_ids": (4012,)}], ids=["made", "handed over"])
def test_it_is_refused(examined: Examined, memory: Memory, code: object, given: dict[str, Any]) -> None:
    """Doctor and gate refuse a mapped resource before anything is created, also with provided ids: slots are booked
    again.
    """
    memory.provider.switch(variants=[_mapped(code)])

    finding = examined(**given)[-1]

    assert (finding.fact, finding.remedy, finding.stops) == (FACT, REMEDY, True)


def test_a_gate_ends_without_a_verdict(session: Sessions, memory: Memory, named: Named) -> None:
    """Exit 6 with the remedy, and nothing was written."""
    memory.provider.switch(variants=[_mapped("D-17")])
    contract = played(session(), *named())
    contract.conclude(TODAY)

    assert contract.code is Exit.INCONCLUSIVE
    assert contract.ledger is not None
    assert contract.ledger.inconclusive == [f"can appointments be created? {FACT}: {REMEDY}"]
    assert {one.method for one in memory.asked} == {"GET"}


def test_it_is_allowed_by_name(examined: Examined, memory: Memory) -> None:
    """Naming the resource once more lets appointments be made there."""
    memory.provider.switch(variants=[_mapped("D-17")])

    findings = examined(allow_mapped_resource=11)

    assert all(finding.is_good for finding in findings)
    assert "is mapped, as ONELINK_ALLOW_MAPPED_RESOURCE allows," in findings[3].fact


@pytest.mark.parametrize("code", [None, "", " "])
def test_one_without_a_code_is_not_mapped(examined: Examined, memory: Memory, code: object) -> None:
    """A resource with an empty code is not mapped."""
    memory.provider.switch(variants=[_mapped(code)])

    assert all(finding.is_good for finding in examined())


@pytest.mark.parametrize(("allowed", "made"), [(None, 0), (11, 1)])
def test_what_only_a_later_look_shows_makes_nothing_either(
    make_run: Opened, memory: Memory, named: Named, allowed: int | None, made: int
) -> None:
    """A mapping that only the search for slots shows stops the creation; the scenario is excused with the remedy."""
    memory.provider.switch(variants=[_mapped("D-17")])
    with make_run(allow_mapped_resource=allowed) as run:
        run.play(named("generated/examples")[0])
        excuses = list(run.ledger.excuses.values())

    assert len(memory.provider.audit.marked(PREFIX)) == made
    assert excuses == ([] if allowed else [f"{FACT}: {REMEDY}"])


def test_another_resource_is_not_allowed_by_mistake() -> None:
    """The number that is allowed is the resource's own."""
    given = {"ONELINK_BASE_URL": BASE_URL, "ONELINK_API_TOKEN": SEED.member_token, "ONELINK_ACCOUNT_ID": "3"}
    with pytest.raises(Misconfigured) as caught:
        load({**given, "ONELINK_RESOURCE_ID": "11", "ONELINK_ALLOW_MAPPED_RESOURCE": "12"})

    fact = "ONELINK_ALLOW_MAPPED_RESOURCE is 12, and ONELINK_RESOURCE_ID is 11"
    assert caught.value.problems == (f"{fact}: name the same resource in both, or allow none",)
    assert seeded_settings(BASE_URL, allow_mapped_resource=11).allow_mapped_resource == 11
