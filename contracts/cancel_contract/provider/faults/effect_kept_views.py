"""Faults of views that were read before a cancel, and are shown again after it."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.parts.credentials import HEADER

_OPERATIONS: Final = frozenset({"read", "cancel", "update", "delete"})


async def _by_member(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep reads by member; whoever changes an appointment forgets those of their own."""
    known: dict[tuple[str, str], Answer] = call.memory.setdefault("reads", {})
    mine = call.request.header(HEADER) or "", call.route.appointment
    if call.route.operation == "read" and mine in known:
        return known[mine]
    answer = await proceed(call)
    if call.route.operation == "read" and answer.status == 200:
        known[mine] = answer
    else:
        known.pop(mine, None)
    return answer


async def _lists(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep lists until somebody books."""
    known: dict[str, Answer] = call.memory.setdefault("lists", {})
    if call.route.operation == "create":
        known.clear()
        return await proceed(call)
    if call.request.query not in known:
        answer = await proceed(call)
        if answer.status != 200:
            return answer
        known[call.request.query] = answer
    return known[call.request.query]


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("reads-kept-by-member", "effect/read-back", "What a colleague has read before stays scheduled for them.",
          Hooks(_OPERATIONS, handle=_by_member)),
    Fault("lists-kept", "effect/listed", "Lists are kept until somebody books.",
          Hooks(frozenset({"list", "create"}), handle=_lists)),
)  # fmt: skip
"""In the order of the clauses that they break."""
