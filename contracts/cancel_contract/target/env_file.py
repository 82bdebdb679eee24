"""Reads the settings file `.env`, from a named pipe too."""

import os
import select
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream

from cancel_contract.errors import Misconfigured

PATIENCE: Final = 10.0
"""Seconds to wait for a named pipe (policy)."""
_MOST_AT_ONCE: Final = 65_536


def lines(path: Path, patience: float = PATIENCE) -> tuple[Binding, ...]:
    """Return the lines of the file; none if there is no file. A named pipe is read once, to its end.

    Raises Misconfigured if the file is not text, or a pipe gives no text within `patience` seconds.
    """
    try:
        # Line ends of every system; a byte order mark is not part of the first name.
        return tuple(parse_stream(StringIO(_read(path, patience).decode("utf-8-sig"), newline=None)))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured((f"{path} cannot be read ({error}): save it as UTF-8 text, or take it away",)) from error


def _read(path: Path, patience: float) -> bytes:
    if not os.path.lexists(path):
        return b""
    if path.is_file():
        return path.read_bytes()
    if path.is_fifo():
        return _piped(path, patience)
    raise Misconfigured((f"{path} is {_kind(path)}, not a file: take it away, or make it a file of settings",))


def _kind(path: Path) -> str:
    if not path.exists():
        return "a link to nothing"
    if path.is_dir():
        return "a folder"
    return "a socket" if path.is_socket() else "a device"


def _piped(path: Path, patience: float) -> bytes:
    # Opening it otherwise waits for a writer, possibly for ever.
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        waiting, parts = select.poll(), list[bytes]()
        waiting.register(pipe, select.POLLIN)
        while waiting.poll(patience * 1000):
            if not (part := os.read(pipe, _MOST_AT_ONCE)):
                return b"".join(parts)
            parts.append(part)
    finally:
        os.close(pipe)
    what_to_do = "start what writes it before the run and have it close the pipe, or save the settings as a file"
    raise Misconfigured(
        (f"{path} is a named pipe that nobody has written to its end within {patience:g} s: {what_to_do}",)
    )
