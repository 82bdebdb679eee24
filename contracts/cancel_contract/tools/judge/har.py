"""Reads the entries of an HTTP Archive as a stream, however large the file is."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import ijson

_ENTRIES: Final = "log.entries.item"
_MARK: Final = b"\xef\xbb\xbf"


class HarError(Exception):
    """A file that is no recording."""


class BrokenOffError(Exception):
    """A recording that ends, or becomes unreadable, after some entries."""


class _Unmarked:
    """A file without the byte order mark that some recorders write first."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._head: bytes | None = file.read(len(_MARK)).removeprefix(_MARK)

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        if size and self._head:
            head, self._head = self._head, None
            return head
        return self._file.read(size)


def entries(path: Path) -> Iterator[Any]:
    """Yield each entry of a recording unchanged; raises HarError, or BrokenOffError after the last good one."""
    count = 0
    try:
        with path.open("rb") as file:
            for found in ijson.items(_Unmarked(file), _ENTRIES, use_float=True):
                count += 1
                yield found
    except OSError as error:
        raise HarError(f"{path} cannot be read: {error.strerror}; name a HAR file") from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = _reason(error)
        if not count:
            raise HarError(
                f"{path} is no recording: {_without_entries(path, reason)}; save the HAR file anew"
            ) from error
        raise BrokenOffError(f"{path} breaks off or goes bad after entry {count} ({reason})") from error
    if not count and not _has_entries(path):
        raise HarError(f"{path} is JSON but no recording: it has no log.entries; name a HAR file")


def _reason(error: Exception) -> str:
    """Return a parser's complaint in one line; of yajl's it is the first, and comes as bytes that are no UTF-8."""
    told = error.args[0] if error.args else ""
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(error)
    return text.splitlines()[0].strip() if text.strip() else "it ends too early"


def _without_entries(path: Path, reason: str) -> str:
    return f"its JSON goes wrong before the first entry ({reason})" if path.stat().st_size else "it is empty"


def _has_entries(path: Path) -> bool:
    with path.open("rb") as file:
        events = ijson.parse(_Unmarked(file))
        return any((prefix, event) == ("log.entries", "start_array") for prefix, event, _ in events)
