"""Recordings of HTTP traffic in the HTTP Archive format, read as a stream.

Lives here: getting at the entries of a file, however large it is, and what an entry has to be. May not know: which
exchanges are of interest.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import ijson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

_ENTRIES: Final = "log.entries.item"
_MARK: Final = b"\xef\xbb\xbf"
UNDATED: Final = datetime.min.replace(tzinfo=UTC)
"""When an entry began whose moment cannot be read."""


class HarError(Exception):
    """A file that is no recording."""


class BrokenOffError(Exception):
    """A recording that ends, or goes bad, after some entries."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pair(_Part):
    """A header, a cookie or a query's field."""

    name: str
    value: str = ""


class PostData(_Part):
    """What was sent as a body."""

    mime_type: str = Field("", alias="mimeType")
    text: str = ""


class Request(_Part):
    """What was asked."""

    method: str
    url: str
    headers: tuple[Pair, ...] = ()
    cookies: tuple[Pair, ...] = ()
    post_data: PostData | None = Field(None, alias="postData")


class Content(_Part):
    """What an answer held, if the recorder kept it."""

    size: int = -1
    mime_type: str = Field("", alias="mimeType")
    text: str | None = None
    encoding: str = ""


class Response(_Part):
    """What came; status 0 where nothing did."""

    status: int
    headers: tuple[Pair, ...] = ()
    content: Content = Content(mimeType="")


class Timings(_Part):
    """Milliseconds; -1 where one is not known."""

    send: float = -1
    wait: float = -1
    receive: float = -1


class Entry(_Part):
    """One exchange as it was recorded."""

    started: AwareDatetime = Field(UNDATED, alias="startedDateTime")
    time: float = -1
    """Milliseconds in all, the time in the recorder's own queue included."""
    request: Request
    response: Response
    timings: Timings = Timings()


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
    """Give each entry of a recording as it stands there; raises HarError, or BrokenOffError after the last good one."""
    count = 0
    try:
        with path.open("rb") as file:
            for found in ijson.items(_Unmarked(file), _ENTRIES, use_float=True):
                count += 1
                yield found
    except OSError as error:
        raise HarError(f"{path} cannot be read: {error.strerror}; name a HAR file") from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0].strip() if str(error) else "it ends too early"
        if not count:
            raise HarError(
                f"{path} is no recording: {_without_entries(path, reason)}; save the HAR file anew"
            ) from error
        raise BrokenOffError(f"{path} breaks off or goes bad after entry {count} ({reason})") from error
    if not count and not _has_entries(path):
        raise HarError(f"{path} is JSON but no recording: it has no log.entries; name a HAR file")


def entry(found: object) -> Entry | None:
    """Give an entry whose parts are what the format says; nothing where they are not."""
    try:
        return Entry.model_validate(found)
    except ValidationError as error:
        if isinstance(found, dict) and any(item["loc"] == ("startedDateTime",) for item in error.errors()):
            # A moment without a zone is no reason to pass an exchange over; it only belongs to no sequence.
            return entry({name: value for name, value in found.items() if name != "startedDateTime"})
        return None


def _without_entries(path: Path, reason: str) -> str:
    return f"its JSON goes wrong before the first entry ({reason})" if path.stat().st_size else "it is empty"


def _has_entries(path: Path) -> bool:
    with path.open("rb") as file:
        events = ijson.parse(_Unmarked(file))
        return any((prefix, event) == ("log.entries", "start_array") for prefix, event, _ in events)


def text_of(content: Content) -> bytes | None:
    """Give the bytes of an answer's body; nothing where the recorder did not keep them all."""
    if content.text is None:
        return b"" if content.size == 0 else None
    if content.encoding.lower() == "base64":
        return _decoded(content)
    body = content.text.encode("utf-8", "surrogatepass")
    return None if len(body) < content.size and not _is_json(content.text) else body


def _decoded(content: Content) -> bytes | None:
    try:
        body = base64.b64decode(content.text or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return None if len(body) < content.size else body


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
