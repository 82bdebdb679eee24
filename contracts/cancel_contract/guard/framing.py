"""Checks the length of an answer from its recorded bytes (RFC 9112, 6)."""

import re
from typing import Final

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_STATUS: Final = re.compile(rb"HTTP/1\.\d (\d{3})(?!\d)")
_CHUNK: Final = re.compile(rb"([0-9a-fA-F]{1,16})[^\r\n]*\r?\n")
_TRAILERS: Final = re.compile(rb"(?:[^\r\n]+\r?\n)*\r?\n")
_CODING: Final = re.compile(r"[A-Za-z-]{1,10}(, ?[A-Za-z-]{1,10})?")
_BODILESS: Final = frozenset({b"204", b"304"})


def framing_fault(tape: bytes, method: str) -> str | None:
    """Return why the length of a recorded message cannot be trusted, or nothing if it can."""
    status, head, rest = _final(tape)
    if status is None:
        return None
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in head)]
    lengths = [value for name, value in fields if name == b"content-length"]
    chunked = any(name == b"transfer-encoding" for name, _ in fields)
    if lengths and chunked:
        return "the answer has both a Content-Length and a Transfer-Encoding"
    if len(lengths) > 1:
        return f"the answer states its length {len(lengths)} times"
    if method == "HEAD" or status in _BODILESS:
        return f"{len(rest)} bytes follow after an answer that has no body" if rest else None
    return _chunked_fault(rest) if chunked else _length_fault(lengths, rest)


def unlike(stated: int, came: int) -> str:
    """Return the sentence for a body of another length than the one that is stated."""
    return f"Content-Length says {stated}, the body has {came} {'byte' if came == 1 else 'bytes'}"


def undecodable(coding: str, came: int) -> str:
    """Return the sentence for a body that is not in its content coding; a coding of another form is not repeated."""
    shown = coding.lower() if _CODING.fullmatch(coding) else "another coding"
    return f"the answer says Content-Encoding: {shown}, but its {came} bytes are not {shown}"


def _final(tape: bytes) -> tuple[bytes | None, list[bytes], bytes]:
    """Return status, header lines and rest of the final answer (1xx skipped); no status if its head is incomplete."""
    while (status := _STATUS.match(tape)) and (end := _HEAD_END.search(tape)):
        if not status[1].startswith(b"1"):
            return status[1], tape[: end.start()].splitlines()[1:], tape[end.end() :]
        tape = tape[end.end() :]
    return None, [], b""


def _length_fault(lengths: list[bytes], rest: bytes) -> str | None:
    if lengths and lengths[0].isdigit() and len(rest) > int(lengths[0]):
        return unlike(int(lengths[0]), len(rest))
    return None


def _chunked_fault(rest: bytes) -> str | None:
    at = 0
    while chunk := _CHUNK.match(rest, at):
        size = int(chunk[1], 16)
        if not size:
            end = _TRAILERS.match(rest, chunk.end())
            extra = len(rest) - end.end() if end else 0
            return f"{extra} bytes follow after the last chunk" if extra else None
        at = chunk.end() + size + len(b"\r\n")
    return None
