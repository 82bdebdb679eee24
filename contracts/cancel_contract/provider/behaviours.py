"""The records of faults and variants: a fault breaks a promise, a variant keeps it in another way.

Both are hooks on the stages of a call. A hook around a stage takes the call and the stage as it was; a map takes the
call and what came out. Hooks know the call, never the provider.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeVar

from cancel_contract.provider.api import access, operations
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage, Stages
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.store.records import (
    Account,
    Appointment,
    Payload,
    RepeatPolicy,
    User,
)

T = TypeVar("T")
Around: TypeAlias = Callable[[Call, Stage[T]], T]
Map: TypeAlias = Callable[[Call, T], T]
Condition: TypeAlias = Callable[[Call], bool]

CANCEL: Final = frozenset({"cancel"})
"""The operation under test alone."""

EVERY: Final = frozenset({"create", "list", "calendar", "read", "update", "cancel", "delete", "unrouted"})
"""Every operation, and requests that are none."""

SHOWING: Final = frozenset({"cancel", "read", "list"})
"""The operations whose answers show a cancelled appointment."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where a behaviour differs; it applies to its operations, and there only when its condition holds.

    `arrive` comes before routing, so neither operations nor condition bind it.
    The condition of `answer` and `render` may look at the appointment, that of the earlier stages only at the request.
    """

    operations: frozenset[str] = CANCEL
    when: Condition | None = None
    arrive: Map[Request] | None = None
    token: Around[str | None] | None = None
    authenticate: Around[User] | None = None
    enter: Around[Account] | None = None
    permit: Around[None] | None = None
    identify: Around[int] | None = None
    locate: Around[Appointment] | None = None
    writable: Around[None] | None = None
    transition: Around[Awaitable[Appointment]] | None = None
    render: Map[Payload] | None = None
    handle: Around[Awaitable[Answer]] | None = None
    answer: Map[Answer] | None = None

    def apply_to(self, call: Call) -> bool:
        """Whether the behaviour applies to this call."""
        return call.route.operation in self.operations and (self.when is None or self.when(call))


def without(hidden: Callable[[Call], Iterable[Appointment]]) -> Around[Awaitable[Answer]]:
    """Answer as if some appointments were not there."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        unseen = tuple(hidden(call))
        for row in unseen:
            call.store.remove(row.id)
        try:
            return await proceed(call)
        finally:
            for row in unseen:
                call.store.put(row)

    return hook


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of breaking the contract: which clause it breaks, and why it happens in real life."""

    name: str
    clause: str
    why: str
    hooks: Hooks
    first_id: int | None = None

    @property
    def family(self) -> str:
        """The family of the clause that it breaks."""
        return self.clause.split("/")[0]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of being right that differs from the provider's own.

    `should` names the clauses of the level SHOULD that it does not keep, which is no alarm.
    """

    name: str
    why: str
    hooks: Hooks = field(default_factory=Hooks)
    first_id: int | None = None
    repeat_policy: RepeatPolicy | None = None
    latency: float = 0.0
    should: frozenset[str] = frozenset()


def staged(hooks: Iterable[Hooks]) -> Stages:
    """Compose the honest stages with the hooks around them; the last hook is the outermost."""
    owners = tuple(hooks)
    identify = _wrapped_in(access.identify, ((owner, owner.identify) for owner in owners))
    stages = Stages(
        token=_wrapped_in(access.token, ((owner, owner.token) for owner in owners)),
        authenticate=_wrapped_in(access.authenticate, ((owner, owner.authenticate) for owner in owners)),
        enter=_wrapped_in(access.enter, ((owner, owner.enter) for owner in owners)),
        permit=_wrapped_in(access.permit, ((owner, owner.permit) for owner in owners)),
        identify=identify,
        locate=_wrapped_in(
            lambda call: access.locate(call, identify(call)), ((owner, owner.locate) for owner in owners)
        ),
        writable=_wrapped_in(access.writable, ((owner, owner.writable) for owner in owners)),
        transition=_wrapped_in(operations.transition, ((owner, owner.transition) for owner in owners)),
        render=_mapped(operations.render, owners),
        handle=lambda call: operations.dispatch(call, stages),
    )
    return replace(stages, handle=_wrapped_in(stages.handle, ((owner, owner.handle) for owner in owners)))


def _wrapped_in(honest: Stage[T], hooks: Iterable[tuple[Hooks, Around[T] | None]]) -> Stage[T]:
    stage = honest
    for owner, hook in hooks:
        if hook is not None:
            stage = _wrapped(stage, owner, hook)
    return stage


def _wrapped(inner: Stage[T], owner: Hooks, hook: Around[T]) -> Stage[T]:
    def stage(call: Call) -> T:
        return hook(call, inner) if owner.apply_to(call) else inner(call)

    return stage


def _mapped(honest: Stage[Payload], owners: tuple[Hooks, ...]) -> Stage[Payload]:
    maps = tuple((owner, owner.render) for owner in owners if owner.render is not None)

    def stage(call: Call) -> Payload:
        payload = honest(call)
        for owner, hook in maps:
            if owner.apply_to(call):
                payload = hook(call, payload)
        return payload

    return stage
