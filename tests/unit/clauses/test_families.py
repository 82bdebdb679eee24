"""Each kind of episode is judged by the clauses of one family: a ledger asks no others."""

import re
from pathlib import Path

import pytest

from cancel_contract import clauses
from cancel_contract.clauses.families import FAMILY_OF
from cancel_contract.exchange.episode import Kind

MODULES = {
    one.stem: one.read_text(encoding="utf-8")
    for one in Path(str(clauses.__file__)).parent.glob("*.py")
    if one.stem != "families" and "Kind." in one.read_text(encoding="utf-8")
}
HELPERS = {
    "bodies": "input",
    "bookings": "effect",
    "calendars": "effect",
    "creates": "effect",
    "refusal_facts": "access",
    "seen_clients": "answer",
    "slots": "effect",
}
"""Modules that are named after something else than the family whose clauses they hold."""


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_family_judges_its_own_kinds(module: str) -> None:
    """A clause that looked at another family's kind would never see one."""
    family = HELPERS.get(module, module.partition("_")[0])
    kinds = {Kind[name] for name in re.findall(r"\bKind\.([A-Z_]+)", MODULES[module])}

    assert {FAMILY_OF[kind] for kind in kinds} == {family}


def test_every_kind_has_a_family() -> None:
    """None is judged by nobody."""
    assert FAMILY_OF.keys() == {*Kind}
