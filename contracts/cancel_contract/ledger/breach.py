"""One breach of a clause, as reports show it."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as it can be shown and repeated: texts without secrets and personal data."""

    message: str
    key: str
    """The case that showed it: what `--case` takes."""
    curl: str
    answer: str
    size: int
    """The size of the request; of several breaches the smallest is shown."""
    is_safe: bool = False
    """Whether the request may be sent again on any appointment: it only reads, or was refused and changed nothing."""
    headers: str = ""
    """The answer's headers, a line each."""
    what: str = ""
    """The kind of difference; with the next three it names the cause, which several clauses may share."""
    where: str = ""
    got: str = ""
    wanted: str = ""
    more: tuple[tuple[str, str, str, str], ...] = ()
    """The other differences that it showed, as what, where, got and wanted."""

    def cleaned(self, clean: Callable[[str], str]) -> "Breach":
        """Return the breach with `clean` applied to every text that an answer may have reached."""
        return replace(
            self,
            message=clean(self.message),
            curl=clean(self.curl),
            answer=clean(self.answer),
            headers=clean(self.headers),
            where=clean(self.where),
            got=clean(self.got),
            wanted=clean(self.wanted),
            more=tuple((what, clean(where), clean(got), clean(wanted)) for what, where, got, wanted in self.more),
        )
