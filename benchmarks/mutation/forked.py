"""A pytest plugin that tries each mutant in a fork of the session that has collected the tests.

mutmut makes the mutants and records which test calls what; it collects the tests anew for each mutant, which takes
longer than they do.
"""

import gc
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
import reborn
from mutmut.__main__ import collect_source_file_mutation_data
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.stats import load_stats
from mutmut.utils.file_utils import change_cwd
from mutmut.utils.format_utils import mangled_name_from_mutant_name

JOBS: Final = "MUTANTS_AT_ONCE"
"""The environment's name for how many mutants are tried at once."""
AGAIN: Final = "MUTANTS_AGAIN"
"""The environment's name for trying only what is not known to be dead."""
_SURVIVED: Final = 0
_KILLED: Final = 1
_NO_TESTS: Final = 33
_TIMEOUT: Final = 36


@dataclass(frozen=True)
class _Trial:
    """A mutant, the record of its file, and the tests that call it, the fastest first."""

    mutant: str
    record: Any
    tests: tuple[pytest.Item, ...]
    seconds: int
    """After which it counts as dead."""


def _play(trial: _Trial, session: pytest.Session) -> int:
    set_mutant_under_test(trial.mutant)
    reborn.make_anew_for(trial.mutant)
    for item, following in zip(trial.tests, (*trial.tests[1:], None), strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return _KILLED
    return _SURVIVED


def _begin(trial: _Trial, session: pytest.Session) -> int:
    """Try a mutant in a child of this process; return the child's number."""
    child = os.fork()
    if child:
        return child
    code = _KILLED
    try:
        signal.alarm(trial.seconds)
        code = _play(trial, session)
    finally:
        # What a mutant raises outside a test kills it, too; nothing of the parent's is run in the child.
        os._exit(code)


def _end(begun: dict[int, _Trial]) -> None:
    """Wait for a child, and keep what became of its mutant."""
    child, status = os.wait()
    trial = begun.pop(child)
    code = os.waitstatus_to_exitcode(status)
    trial.record.exit_code_by_key[trial.mutant] = _TIMEOUT if code < 0 else code


def _trials(items: Sequence[pytest.Item]) -> tuple[list[_Trial], list[Any]]:
    """Return what is to be tried, and the records of all files."""
    mutants, records = collect_source_file_mutation_data(mutant_names=())
    by_id = {item.nodeid: item for item in items}
    lasted = state().duration_by_test
    trials = []
    for record, mutant, known in mutants:
        if AGAIN in os.environ and known not in {None, _SURVIVED, _NO_TESTS}:
            continue
        called = state().tests_by_mangled_function_name.get(mangled_name_from_mutant_name(mutant), set())
        tests = sorted(called & by_id.keys(), key=lambda test: lasted[test])
        seconds = 20 + int(5 * sum(lasted[test] for test in tests))
        trials.append(_Trial(mutant, record, tuple(by_id[test] for test in tests), seconds))
    return trials, list(records.values())


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the mutants instead of running the tests; mutmut's records hold what became of each."""
    with change_cwd(".."):
        load_stats()
        trials, records = _trials(session.items)
    reborn.makers()
    # The children share what is here; a collection in each would copy it.
    gc.collect()
    gc.freeze()
    begun: dict[int, _Trial] = {}
    for trial in trials:
        if not trial.tests:
            trial.record.exit_code_by_key[trial.mutant] = _NO_TESTS
            continue
        if len(begun) == int(os.environ[JOBS]):
            _end(begun)
        begun[_begin(trial, session)] = trial
    while begun:
        _end(begun)
    with change_cwd(".."):
        for record in records:
            record.save()
    return True
