"""Faults of how an answer arrives: late, cut short, or not at all. Broken lengths need the socket."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, Refused, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Around, Fault, Hooks
from cancel_contract.provider.faults.parts.making import every, has_payments, header, repeated, succeeded
from cancel_contract.provider.server.wire import message
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.variants.gateways import page

WAKE: Final = 2
"""Requests after a cancel that find no worker."""


_RECYCLED: Final = 8
"""Cancels that a worker may do."""
_LIMIT: Final = 7
"""One cancel in so many is refused by a limiter."""


SLOW: Final = 11.0
"""Seconds past the time limit that is set by default."""


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


def _counted_afterwards(call: Call, answer: Answer) -> Answer:
    done = call.memory["done"] = call.memory.get("done", 0) + (answer.status == 200)
    is_over = answer.status == 200 and done % _LIMIT == 0
    return failure(429, {"error": "Too many requests"}).with_header("Retry-After", "0") if is_over else answer


async def _killing(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if call.memory.get("wake", 0):
        call.memory["wake"] -= 1
        return page(502)
    answer = await proceed(call)
    if call.route.operation == "cancel" and answer.status == 200 and has_payments(call):
        call.memory["wake"] = WAKE
        return page(502)
    return answer


def _unverified(where: Callable[[Appointment], bool]) -> Around[None]:
    def hook(call: Call, proceed: Stage[None]) -> None:
        if where(call.found) and not call.found.cancelled:
            told = {"error": "Availability could not be verified", "code": "MEDELEMENT_AVAILABILITY_UNVERIFIED"}
            raise Refused(failure(503, told))
        proceed(call)

    return hook


def _late(answer: Answer) -> Answer:
    return replace(answer, delay=SLOW)


def _recycled(call: Call, answer: Answer) -> Answer:
    done = call.memory["done"] = call.memory.get("done", 0) + (answer.status == 200)
    return _raw_nothing(answer) if answer.status == 200 and done % _RECYCLED == 0 else answer


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("closed-without-answer", "answer/given",
          "A worker crashes after each commit, and the proxy closes the connection.",
          Hooks(answer=succeeded(_raw_nothing))),
    Fault("worker-recycled", "answer/given",
          "A worker is replaced once it has cancelled so many, before its last answer has left.",
          Hooks(answer=_recycled)),
    Fault("worker-killed", "answer/given",
          "With payments a cancel takes its worker with it, and whoever asks next finds none.",
          Hooks(EVERY, handle=_killing)),
    Fault("counted-afterwards", "answer/given", "The limiter counts when the action is over: what it refuses is done.",
          Hooks(answer=_counted_afterwards)),
    Fault("upstream-gone", "answer/given", "Each cancel is done, and its worker runs out of memory before it answers.",
          Hooks(answer=succeeded(lambda _: page(502)))),
    Fault("upstream-timeout", "answer/given", "With payments a cancel takes longer than the gateway waits.",
          Hooks(answer=succeeded(lambda _: page(504)), when=has_payments)),
    Fault("availability-unverified", "answer/given",
          "A confirmed appointment is looked up in another system, which is never there.",
          Hooks(writable=_unverified(lambda it: it.status == "confirmed"))),
    Fault("length-short", "answer/length", "Characters are counted, not bytes.", Hooks(answer=succeeded(_raw_short))),
    Fault("length-long", "answer/length", "The length is computed before signs are escaped.",
          Hooks(answer=succeeded(_raw_long))),
    Fault("length-twice", "answer/length", "App and proxy each add a length.", Hooks(answer=succeeded(_raw_twice))),
    Fault("surplus-bytes", "answer/length", "A proxy appends a comment.", Hooks(answer=succeeded(_raw_surplus))),
    Fault("compression-claimed", "answer/length", "A proxy claims to compress and does not.",
          Hooks(answer=succeeded(header("Content-Encoding", "gzip")))),
    Fault("cut-now-and-then", "answer/length", "A worker is killed while it writes.",
          Hooks(answer=succeeded(_raw_cut), when=every(3))),
    Fault("chunks-unended", "answer/length", "A worker dies before the last chunk.",
          Hooks(answer=succeeded(_raw_open_chunks))),
    Fault("broken-off-in-head", "answer/length", "A worker crashes while it renders a cancelled appointment.",
          Hooks(answer=succeeded(_raw_head), when=repeated)),
    Fault("too-slow", "answer/time-limit", "An index is missing.", Hooks(answer=succeeded(_late))),
    Fault("slow-on-repeat", "answer/time-limit", "A repeated cancel waits for a lock that nobody holds.",
          Hooks(answer=succeeded(_late), when=repeated)),
)  # fmt: skip
"""In the order of the clauses that they break."""
