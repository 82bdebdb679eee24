"""A pytest plugin for mutated copies of the suite: it makes the clauses again for each mutant.

Clauses are made when their module is imported, before a mutant is chosen. Every test of clauses then counts as one that
calls what makes them.
"""

import importlib
import pkgutil
from dataclasses import fields
from functools import cache
from typing import Any, Final

import pytest
from mutmut.mutation.trampoline import get_mutant_under_test, set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

_COLLECTING: Final = "stats"


def _made_anew() -> None:
    catalogue: Any = importlib.import_module("cancel_contract.clauses")
    names = [found.name for found in pkgutil.iter_modules(catalogue.__path__)]
    # A family takes over the clauses of its further modules, which are named after it: those are made first.
    for name in sorted(names, key=lambda name: "_" not in name):
        module = importlib.import_module(f"cancel_contract.clauses.{name}")
        if not hasattr(module, "CLAUSES"):
            continue
        for new in importlib.reload(module).CLAUSES:
            # The records in the tests are kept, and get the contents of the new ones.
            for field in fields(new):
                object.__setattr__(catalogue.BY_ID[new.id], field.name, getattr(new, field.name))


@cache
def makers() -> frozenset[str]:
    """Return the functions that make clauses; called while no mutant is chosen."""
    set_mutant_under_test(_COLLECTING)
    hits = state()._stats  # noqa: SLF001  mutmut has no other place for it
    before = set(hits)
    hits.clear()
    _made_anew()
    made = frozenset(hits)
    hits.update(before)
    return made


def make_anew_for(mutant: str) -> None:
    """Make the clauses again with a mutant of what makes them, once it is chosen."""
    if mangled_name_from_mutant_name(mutant) in makers():
        _made_anew()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Count the making of clauses for each of their tests, while mutmut records which test calls what."""
    if get_mutant_under_test() == _COLLECTING and "/clauses/" in item.nodeid:
        state()._stats.update(makers())  # noqa: SLF001  as above
