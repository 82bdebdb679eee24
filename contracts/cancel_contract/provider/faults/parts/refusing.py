"""Requests that are turned away, by what they hold, before anything is done."""

from collections.abc import Awaitable, Callable

from cancel_contract.provider.api.answers import Answer, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Hooks


def answered(status: int, error: str, condition: Callable[[Request], bool]) -> Hooks:
    """Turn a request away before anything is done."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        return failure(status, {"error": error}) if condition(call.request) else await proceed(call)

    return Hooks(handle=hook)


def failing(condition: Callable[[Request], bool]) -> Hooks:
    """Fail before anything is done."""
    return answered(500, "Internal Server Error", condition)


def has(name: str) -> Callable[[Request], bool]:
    """Hold for a request with a header."""
    return lambda request: request.header(name) is not None
