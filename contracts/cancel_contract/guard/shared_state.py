"""The state that a run's workers on one machine share, in locked files."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Final, Literal

from filelock import FileLock

FIT: Final = "fit"
"""The name of whether the target is fit to be tested."""
REFUSED_HEADERS: Final = "headers"
"""The name of how the target refuses the run's own headers."""
Counted = Literal["appointments", "requests"]
"""What the workers of a run count together."""


@dataclass(frozen=True, slots=True)
class SharedState:
    """Counters, answers and claims, in files under the run's name; safe for processes."""

    run: str
    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    def add(self, what: Counted, number: int, most: int | None = None) -> bool:
        """Add to a count unless the sum would exceed `most`; returns whether it was added."""
        path = self._path(what)
        with FileLock(f"{path}.lock"):
            counted = int(path.read_text(encoding="ascii")) if path.exists() else 0
            if most is not None and counted + number > most:
                return False
            path.write_text(str(counted + number), encoding="ascii")
            return True

    def once(self, ask: Callable[[], str], name: str) -> str:
        """The answer of this name that the first asker finds; others wait for it."""
        path = self._path(name)
        with FileLock(f"{path}.lock"):
            if not path.exists():
                path.write_text(ask(), encoding="utf-8")
            return path.read_text(encoding="utf-8")

    def claim(self, what: str) -> bool:
        """Claim what only one worker of a run may do; returns whether nobody has claimed it before."""
        path = self._path("claims")
        with FileLock(f"{path}.lock"):
            claimed = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            if what in claimed:
                return False
            path.write_text("".join(f"{one}\n" for one in (*claimed, what)), encoding="utf-8")
            return True

    def forget(self) -> None:
        """Delete the files with their locks."""
        for path in self.folder.glob(self._path("*").name):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"cancel-contract-{self.run}.{name}"


@dataclass(slots=True)
class Claims:
    """What is done or asked once in a run, safe for threads; without other workers it is kept in memory."""

    shared: SharedState | None = None
    _own: set[str] = field(default_factory=set)
    _answers: dict[str, str] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def claim(self, what: str) -> bool:
        """Claim something; returns whether nobody has claimed it before."""
        if self.shared:
            return self.shared.claim(what)
        with self._lock:
            is_free = what not in self._own
            self._own.add(what)
            return is_free

    def once(self, ask: Callable[[], str], name: str) -> str:
        """The answer of this name that the first asker of a run finds; others wait for it."""
        if self.shared:
            return self.shared.once(ask, name)
        with self._lock:
            if name not in self._answers:
                self._answers[name] = ask()
            return self._answers[name]
