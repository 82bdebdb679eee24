"""Faults of the answer's length on the wire; they need the socket."""

from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.making import every, repeated, succeeded
from cancel_contract.provider.server.wire import message


def _raw_short(answer: Answer) -> Answer:
    return replace(answer, raw=message(answer, length=str(len(answer.body) - 10)))


def _raw_long(answer: Answer) -> Answer:
    return replace(answer, raw=message(answer, length=str(len(answer.body) + 10)))


def _raw_twice(answer: Answer) -> Answer:
    twice = f"{len(answer.body)}\r\nContent-Length: {len(answer.body) + 1}"
    return replace(answer, raw=message(answer, length=twice))


def _raw_surplus(answer: Answer) -> Answer:
    return replace(answer, raw=message(answer, body=answer.body + b"\n<!-- served in 3 ms -->"))


def _raw_cut(answer: Answer) -> Answer:
    return replace(answer, raw=message(answer, body=answer.body[: len(answer.body) // 2]))


def _raw_head(answer: Answer) -> Answer:
    return replace(answer, raw=message(answer, body=b"").partition(b"Content-Length")[0])


def _raw_nothing(answer: Answer) -> Answer:
    return replace(answer, raw=b"")


def _raw_open_chunks(answer: Answer) -> Answer:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json; charset=utf-8", "Transfer-Encoding: chunked", "", ""]
    chunk = f"{len(answer.body):x}\r\n".encode() + answer.body + b"\r\n"
    return replace(answer, raw="\r\n".join(lines).encode() + chunk)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("length-short", "answer/length", "Characters are counted, not bytes.", Hooks(answer=succeeded(_raw_short))),
    Fault(
        "length-long",
        "answer/length",
        "The length is computed before signs are escaped.",
        Hooks(answer=succeeded(_raw_long)),
    ),
    Fault("length-twice", "answer/length", "App and proxy each add a length.", Hooks(answer=succeeded(_raw_twice))),
    Fault("surplus-bytes", "answer/length", "A proxy appends a comment.", Hooks(answer=succeeded(_raw_surplus))),
    Fault(
        "cut-now-and-then",
        "answer/length",
        "A worker is killed while it writes.",
        Hooks(answer=succeeded(_raw_cut), when=every(3)),
    ),
    Fault(
        "chunks-unended",
        "answer/length",
        "A worker dies before the last chunk.",
        Hooks(answer=succeeded(_raw_open_chunks)),
    ),
    Fault(
        "closed-without-answer",
        "answer/given",
        "A worker crashes after each commit, and the proxy closes the connection.",
        Hooks(answer=succeeded(_raw_nothing)),
    ),
    Fault(
        "broken-off-in-head",
        "answer/length",
        "A worker crashes while it renders a cancelled appointment.",
        Hooks(answer=succeeded(_raw_head), when=repeated),
    ),
)
"""Messages whose length is not what they say; they need the socket."""
