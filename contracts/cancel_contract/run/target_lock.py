"""Locks a target, so that one gate at a time runs against it from this machine."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cancel_contract.errors import Unreachable
from cancel_contract.target.target import Target


@contextmanager
def hold(target: Target) -> Iterator[None]:
    """Hold the target's lock; raises Unreachable if another gate of this machine holds it.

    Gates of other machines are kept apart by the pipeline (see the templates); their appointments and days differ.
    """
    name = hashlib.sha256(f"{target.url}/{target.account}".encode()).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"cancel-contract-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Unreachable(
            f"another gate runs against {target.url}, account {target.account}: wait until it has ended"
        ) from None
    except OSError as error:
        raise Unreachable(
            f"the lock {lock.lock_file} cannot be taken ({error.strerror}): take it away, or name another TMPDIR"
        ) from None
    try:
        yield
    finally:
        lock.release()
