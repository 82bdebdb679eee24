"""The record of one request inside the provider, and the stages that it passes.

A stage takes the call; behaviours wrap stages (see `behaviours`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.routes import Route
from cancel_contract.provider.store.records import (
    Account,
    Appointment,
    Payload,
    RepeatPolicy,
    User,
)
from cancel_contract.provider.store.store import Store

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """What is known of a request so far; each stage of the provider adds its part.

    `number` counts requests, `turn` counts cancels that found their appointment, `times` those of this appointment
    since it was last active.
    `original` is the request before any behaviour rewrote it.
    `gone` tells whether the caller has hung up; only the socket knows.
    `memory` outlives the call: behaviours keep there what they need from one request to the next.
    """

    store: Store
    policy: RepeatPolicy
    memory: dict[str, Any]
    request: Request
    number: int
    seed: int = 0
    gone: Callable[[], bool] = lambda: False
    original: Request = field(init=False)
    route: Route = field(default_factory=lambda: Route("unrouted", ""))
    token: str | None = None
    user: User | None = None
    account: Account | None = None
    before: Appointment | None = None
    after: Appointment | None = None
    turn: int = 0
    times: int = 0

    def __post_init__(self) -> None:
        self.original = self.request

    @property
    def caller(self) -> User:
        """The user; known once the token was looked at."""
        if self.user is None:
            raise AssertionError("the token was not looked at")
        return self.user

    @property
    def tenant(self) -> Account:
        """The account; known once it was entered."""
        if self.account is None:
            raise AssertionError("the account was not entered")
        return self.account

    @property
    def found(self) -> Appointment:
        """The appointment as it was found."""
        if self.before is None:
            raise AssertionError("the appointment was not located")
        return self.before

    @property
    def body(self) -> Payload:
        """The body as an object; empty where it is none."""
        value = self.request.json
        return value if isinstance(value, dict) else {}


Stage: TypeAlias = Callable[[Call], T]


@dataclass(frozen=True, slots=True)
class Stages:
    """The way of a request, in the observed order of the checks."""

    token: Stage[str | None]
    authenticate: Stage[User]
    enter: Stage[Account]
    permit: Stage[None]
    identify: Stage[int]
    locate: Stage[Appointment]
    writable: Stage[None]
    transition: Stage[Awaitable[Appointment]]
    render: Stage[Payload]
    handle: Stage[Awaitable[Answer]]
