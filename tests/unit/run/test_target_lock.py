"""Two gates on one target and account exclude one another."""

from pathlib import Path

import pytest

from cancel_contract.errors import Unreachable
from cancel_contract.ledger.exit_code import Exit
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.run.target_lock import hold
from cancel_contract.target.target import Target
from tests.unit.run.conftest import BASE_URL, TODAY, WAIT, Memory, Sessions


def test_two_gates_keep_out_of_each_others_way(session: Sessions, memory: Memory) -> None:
    """While one runs, another asks nothing and has no verdict; after its end the next one may begin."""
    first, second = session(), session()
    first.begun()
    asked = len(memory.asked)
    second.begun()
    second.finish()
    second.conclude(TODAY)

    assert second.ledger is not None
    assert (second.ledger.inconclusive, second.code) == ([WAIT], Exit.INCONCLUSIVE)
    assert len(memory.asked) == asked

    first.finish()
    third = session()
    assert not third.begun().lost
    third.finish()


def test_a_lock_that_cannot_be_taken_is_told(session: Sessions, tmp_path: Path) -> None:
    """Where something else stands in the lock's place, the message names it."""
    target = Target(seeded_settings(BASE_URL))
    with hold(target):
        (lock,) = tmp_path.glob("cancel-contract-*.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()

    contract = session()
    contract.hold()

    assert contract.problem == (
        f"the lock {lock} cannot be taken (Is a directory): take it away, or name another TMPDIR"
    )


def test_other_accounts_have_locks_of_their_own(session: Sessions) -> None:
    """Gates on two accounts of one server do not wait for each other."""
    del session
    with hold(Target(seeded_settings(BASE_URL))), hold(Target(seeded_settings(BASE_URL, account_id=9))):
        with pytest.raises(Unreachable) as caught, hold(Target(seeded_settings(BASE_URL))):
            raise AssertionError
        assert str(caught.value) == WAIT
