"""Faults of imported appointments, which only the vendor's clinic system may change."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from cancel_contract.provider.api.answers import Answer, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.operations import cancelled
from cancel_contract.provider.behaviours import EVERY, Around, Fault, Hooks
from cancel_contract.provider.store.records import IMPORTED, Appointment
from cancel_contract.provider.variants.rules import let_through, with_mode_at_last


def _let_through(_: Call, __: Stage[None]) -> None:
    return None


async def _quietly_nothing(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    if call.found.source == IMPORTED:
        return call.found
    return await proceed(call)


async def _emptied(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    done = await proceed(call)
    return call.store.put(replace(done, service_amount=0)) if done.source == IMPORTED else done


def _uncoded(call: Call, proceed: Stage[None]) -> None:
    if call.found.source == IMPORTED:
        raise refusal(422, "Imported Medelement appointments are read-only")
    proceed(call)


def _refused_and(change: Callable[[Appointment, datetime], Appointment]) -> Around[Awaitable[Answer]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        answer = await proceed(call)
        if call.before is not None and call.before.source == IMPORTED:
            call.store.put(change(call.before, call.store.now()))
        return answer

    return hook


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("imported-cancelled", "readonly/refused",
          "The check of the source is lost when the action moves to a service.",
          Hooks(writable=_let_through)),
    Fault("imported-ignored", "readonly/refused", "The cancel is skipped, and the answer is 200 all the same.",
          Hooks(writable=_let_through, transition=_quietly_nothing)),
    Fault("imported-refused-and-done", "readonly/untouched", "The check runs after the transaction.",
          Hooks(handle=_refused_and(cancelled))),
    Fault("imported-refused-and-emptied", "readonly/untouched", "Money is reset before the check.",
          Hooks(handle=_refused_and(lambda row, _: replace(row, service_amount=0)))),
    Fault("imported-local-emptied", "readonly/untouched",
          "What is cancelled here only is reset to what came with the import, without money.",
          Hooks(EVERY, writable=let_through, transition=_emptied, render=with_mode_at_last)),
    Fault("imported-uncoded", "readonly/code", "The refusal goes through the handler that knows no codes.",
          Hooks(writable=_uncoded)),
)  # fmt: skip
"""In the order of the clauses that they break."""
