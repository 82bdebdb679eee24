"""The catalogue of faults as a whole: every clause, every home, every name."""

import importlib
import pkgutil
import re

from cancel_contract.clauses import BY_ID
from cancel_contract.provider import FAULTS, VARIANTS, faults
from tests.unit.provider.scripted import SCRIPTED


def test_every_clause() -> None:
    """Each clause of the catalogue has a fault that breaks it, and each fault breaks a clause of the catalogue."""
    assert {fault.clause for fault in FAULTS} == set(BY_ID)


def test_a_fault_lies_in_the_module_of_its_clauses_family() -> None:
    """A module of faults is named for a family, or for a family and its part; what comes afterwards is of two."""
    modules = [importlib.import_module(f"{faults.__name__}.{it.name}") for it in pkgutil.iter_modules(faults.__path__)]
    homes = [(module.__name__.rpartition(".")[2], module.FAULTS) for module in modules if hasattr(module, "FAULTS")]

    assert sum(len(home) for _, home in homes) == len(FAULTS)
    assert [
        it.name for name, home in homes for it in home if it not in SCRIPTED and name.partition("_")[0] != it.family
    ] == []


def test_names() -> None:
    """Names are slugs, unique among faults and variants, and each fault says in one sentence why it happens."""
    names = [*(fault.name for fault in FAULTS), *(variant.name for variant in VARIANTS)]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [fault.name for fault in FAULTS if not re.fullmatch(r"[A-Z].*\.", fault.why)] == []
