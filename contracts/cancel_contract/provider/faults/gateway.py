"""Faults of cancels to which only a gateway answers, while other requests are answered by the application."""

from collections.abc import Awaitable, Callable
from typing import Final

from cancel_contract.provider.api.answers import Answer, Refused, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import (
    EVERY,
    Around,
    Fault,
    Hooks,
)
from cancel_contract.provider.faults.making import has_payments, succeeded
from cancel_contract.provider.store.records import Appointment
from cancel_contract.provider.variants.gateways import page

WAKE: Final = 2
"""Requests after a cancel that find no worker."""


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


FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "worker-killed",
        "answer/given",
        "With payments a cancel takes its worker with it, and whoever asks next finds none.",
        Hooks(EVERY, handle=_killing),
    ),
    Fault(
        "upstream-gone",
        "answer/given",
        "Each cancel is done, and its worker runs out of memory before it answers.",
        Hooks(answer=succeeded(lambda _: page(502))),
    ),
    Fault(
        "upstream-timeout",
        "answer/given",
        "With payments a cancel takes longer than the gateway waits.",
        Hooks(answer=succeeded(lambda _: page(504)), when=has_payments),
    ),
    Fault(
        "availability-unverified",
        "answer/given",
        "A confirmed appointment is looked up in another system, which is never there.",
        Hooks(writable=_unverified(lambda it: it.status == "confirmed")),
    ),
)
"""Every fault that only a gateway answers for."""
