"""Changes of what a cancel leaves, by what its request brings."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Hooks
from cancel_contract.provider.store.records import Appointment


def bringing(columns: Callable[[Call], dict[str, Any]]) -> Hooks:
    """Write what a request brings into what the cancel leaves."""

    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        done, sent = await proceed(call), columns(call)
        return call.store.put(replace(done, **sent)) if sent else done

    return Hooks(transition=hook)
