"""Faults of what stands between the store and the caller: caches, copies that lag, connections that are shared."""

from collections.abc import Awaitable
from typing import Final

from cancel_contract.provider.api.answers import Answer, success
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.making import every, recast
from cancel_contract.provider.store.records import Appointment, Payload

_READ: Final = frozenset({"read"})
_BOTH: Final = frozenset({"read", "cancel"})
SHARED: Final = 7
"""One request in so many gets what an earlier one on its connection had left unread."""
LAGGING: Final = 3
"""After one cancel in so many the next read goes to the copy that lags."""


def _left_unread(call: Call, answer: Answer) -> Answer:
    earlier: Answer | None = call.memory.get("unread")
    call.memory["unread"] = answer
    late = earlier is not None and earlier.status == 200 and (call.number + call.seed) % SHARED == 0
    return earlier if late and earlier is not None else answer


def _cached(call: Call, answer: Answer) -> Answer:
    kept: dict[tuple[str, str], Answer] = call.memory.setdefault("kept", {})
    place = (call.route.account, call.route.appointment)
    return kept.setdefault(place, answer) if answer.status == 200 else answer


def _tagged_by_number(call: Call, answer: Answer) -> Answer:
    return answer.with_header("ETag", f'W/"{call.found.id}"') if answer.status == 200 else answer


def _still_owed(call: Call, payload: Payload) -> Payload:
    """Show the expense that an older copy has of whatever money was received for."""
    row = call.found
    owed = {"id": row.id, "amount": row.settlement_amount, "status": "unpaid"}
    return {**payload, "expense": owed} if row.cancelled and row.payments and not row.expense else payload


def _as_it_was(row: Appointment) -> Answer:
    return success(200, {"payload": appointment_payload(row)})


async def _lagging(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Show in the first read after every third cancel what was before it."""
    answer = await proceed(call)
    behind: dict[str, Appointment] = call.memory.setdefault("behind", {})
    place = call.route.appointment
    if answer.status != 200 or call.before is None:
        return answer
    if call.route.operation == "read":
        return _as_it_was(behind.pop(place)) if place in behind else answer
    if not call.before.cancelled and every(LAGGING)(call):
        behind[place] = call.before
    return answer


FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "answer-of-another-request",
        "answer/id-echo",
        "A proxy gives a connection on before its answer is read to the end, and the next caller gets the rest.",
        Hooks(answer=_left_unread),
    ),
    Fault(
        "read-from-cache",
        "effect/read-back",
        "Reads are cached by path, and the new action does not clear the cache.",
        Hooks(operations=_READ, answer=_cached),
    ),
    Fault(
        "tag-of-the-number",
        "effect/entity-tag",
        "The tag is made of the id alone, and whoever asks for what is new keeps an appointment that is none.",
        Hooks(operations=_READ, answer=_tagged_by_number),
    ),
    Fault(
        "list-owes-expense",
        "effect/listed-alike",
        "Lists show a copy in which expenses come and never go, and the accountant pays for what was cancelled.",
        Hooks(operations=frozenset({"list"}), render=_still_owed),
    ),
    Fault(
        "replica-lags",
        "effect/read-back",
        "Some reads go to a copy of the database that has not heard of the cancel yet.",
        Hooks(operations=_BOTH, handle=_lagging),
    ),
    Fault(
        "capital-when-read",
        "effect/status-cancelled",
        "The view for reading shows the word for people.",
        Hooks(operations=_READ, render=recast("status", lambda word: word.upper() if word == "cancelled" else word)),
    ),
)
"""Every fault of what is shown late, or to somebody else."""
