"""A number that several workers on one machine count together.

Lives here: the file that holds it, and its lock. May not know: what is counted.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock


def place(run: str) -> Path:
    """The file in which the workers of a run on this machine count."""
    return Path(tempfile.gettempdir()) / f"cancel-contract-{run}.count"


@dataclass(frozen=True, slots=True)
class Counter:
    """A count in a file; safe for processes. A file that is not there yet counts nothing."""

    path: Path

    def add(self, number: int, most: int | None = None) -> bool:
        """Count so many more, unless that would be more than `most`; tells whether it was counted."""
        with FileLock(f"{self.path}.lock"):
            counted = int(self.path.read_text(encoding="ascii")) if self.path.exists() else 0
            if most is not None and counted + number > most:
                return False
            self.path.write_text(str(counted + number), encoding="ascii")
            return True

    def forget(self) -> None:
        """Take the file away, with its lock."""
        for path in (self.path, Path(f"{self.path}.lock")):
            path.unlink(missing_ok=True)
