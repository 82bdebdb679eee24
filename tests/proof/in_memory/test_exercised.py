"""The stored relation of clauses and scenarios is what runs exercise."""

from cancel_contract.fragment.document import load
from cancel_contract.run.exercised import RACING, measurable, measured, relation, settled
from tests.proof.in_memory.conftest import Whole
from tests.unit.run.conftest import Opened

REMEDY = "run `cancel-contract draw --exercised` and commit what it writes"


def test_the_stored_relation_is_what_runs_exercise(make_run: Opened) -> None:
    """Each scenario exercises what is stored for it, in a whole run or alone, and nothing else."""
    found = settled(measured(measurable(load()), make_run))

    missing = {name: sorted(some) for name, names in found.items() if (some := names - relation().get(name, set()))}
    extra = {name: sorted(some) for name, names in relation().items() if (some := names - found.get(name, set()))}
    assert (missing, extra) == ({}, {}), REMEDY


def test_a_whole_run_exercises_nothing_else(whole: Whole) -> None:
    """A selection leaves out no scenario by which a whole run judges the clause."""
    shown = {(clause, one) for one, clauses in whole.exercised.items() for clause in clauses if one not in RACING}
    others = shown - {(clause, one) for clause, names in relation().items() for one in names}

    assert others == set(), REMEDY
