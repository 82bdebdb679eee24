"""What the workers of a run on one machine hold in common.

Lives here: the files that hold it, and their lock. May not know: what is counted, or found out.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock


@dataclass(frozen=True, slots=True)
class Commons:
    """A number and an answer, in files under the run's name; safe for processes."""

    run: str
    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    def add(self, number: int, most: int | None = None) -> bool:
        """Count so many more, unless that would be more than `most`; tells whether it was counted."""
        path = self._path("count")
        with FileLock(f"{path}.lock"):
            counted = int(path.read_text(encoding="ascii")) if path.exists() else 0
            if most is not None and counted + number > most:
                return False
            path.write_text(str(counted + number), encoding="ascii")
            return True

    def once(self, ask: Callable[[], str]) -> str:
        """The answer that the first asker found out; who asks meanwhile waits for it."""
        path = self._path("answer")
        with FileLock(f"{path}.lock"):
            if not path.exists():
                path.write_text(ask(), encoding="utf-8")
            return path.read_text(encoding="utf-8")

    def forget(self) -> None:
        """Take the files away, with their locks."""
        for name in ("count", "answer"):
            for path in (self._path(name), Path(f"{self._path(name)}.lock")):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"cancel-contract-{self.run}.{name}"
