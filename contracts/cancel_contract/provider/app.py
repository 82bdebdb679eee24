"""The provider as an ASGI application over a store."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from cancel_contract.provider.api.answers import Answer, Refused
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.api.requests import Request, refuse_bad_syntax
from cancel_contract.provider.api.routes import route
from cancel_contract.provider.audit import Audit
from cancel_contract.provider.behaviours import Fault, Variant, staged
from cancel_contract.provider.faults import fault
from cancel_contract.provider.server.wire import (
    Receive,
    Scope,
    Send,
    emit,
    hung_up,
    received,
)
from cancel_contract.provider.store.records import RepeatPolicy
from cancel_contract.provider.store.seed import seeded
from cancel_contract.provider.store.store import REAL_TIME, Clock
from cancel_contract.provider.variants.catalogue import variant
from cancel_contract.provider.variants.request_ids import HEADER


class Provider:
    """A reference provider of the scheduling API; `app` is its ASGI app, `audit` what it can swear to.

    Faults and variants are given as records or by name. A provider starts from a fresh seed and keeps all in memory.
    `clock` gives the time, with its zone: by it rows are dated, and whatever depends on the time decides.
    """

    def __init__(  # noqa: PLR0913 - every part has a default, and all are named by the caller
        self,
        faults: Iterable[Fault | str] = (),
        variants: Iterable[Variant | str] = (),
        *,
        repeat_policy: RepeatPolicy = "idempotent",
        strangers: int = 50,
        first_id: int = 5000,
        seed: int = 0,
        latency: float = 0.0,
        clock: Clock = REAL_TIME,
    ) -> None:
        self.seed = seed
        self._given: tuple[RepeatPolicy, float] = (repeat_policy, latency)
        self._memory: dict[str, Any] = {}
        self.switch(faults, variants)
        begins = (*(it.first_id for it in self.faults), *(it.first_id for it in self.variants))
        numbers = [number for number in begins if number is not None]
        self.store = seeded(strangers, numbers[-1] if numbers else first_id, seed, clock)
        rows = self.store.appointments
        self.audit = Audit(self.store, {number: rows[number] for number in range(1, strangers + 1)})

    @property
    def behaviours(self) -> tuple[str, ...]:
        """The names of the faults and variants that are on."""
        return (*(it.name for it in self.faults), *(it.name for it in self.variants))

    def switch(self, faults: Iterable[Fault | str] = (), variants: Iterable[Variant | str] = ()) -> None:
        """Behave from now on with these faults and variants and no others; the store stays as it is."""
        self.faults = tuple(fault(it) if isinstance(it, str) else it for it in faults)
        self.variants = tuple(variant(it) if isinstance(it, str) else it for it in variants)
        hooks = [*(it.hooks for it in self.faults), *(it.hooks for it in self.variants)]
        policies = [it.repeat_policy for it in self.variants if it.repeat_policy is not None]
        self.repeat_policy: RepeatPolicy = policies[-1] if policies else self._given[0]
        self.latency = self._given[1] + sum(it.latency for it in self.variants)
        self._arrive = tuple(it.arrive for it in hooks if it.arrive is not None)
        self._answer = tuple((it, it.answer) for it in hooks if it.answer is not None)
        self._stages = staged(hooks)

    def of_the_same_rows(self) -> "Provider":
        """Make an honest provider of this one's rows, without its faults, variants, delays and count of requests."""
        other = Provider(repeat_policy=self._given[0], strangers=0, seed=self.seed)
        other.store = self.store
        other.audit = Audit(self.store, {})
        return other

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        begun = time.perf_counter()
        request = await received(scope, receive)
        if request is None:
            return
        answer = await self.answer(request, hung_up(scope))
        if self.latency + answer.delay > 0:
            await asyncio.sleep(self.latency + answer.delay)
        if answer.header(HEADER) is None:
            answer = answer.with_header(HEADER, str(uuid4()))
        await emit(answer.with_header("X-Runtime", f"{time.perf_counter() - begun:.6f}"), scope, send)

    async def answer(self, request: Request, gone: Callable[[], bool] = lambda: False) -> Answer:
        """Answer a request as a value, without the wire."""
        self.audit.count(request)
        call = Call(self.store, self.repeat_policy, self._memory, request, self.audit.requests, self.seed, gone)
        try:
            answer = await self._handled(call)
        except Refused as refused:
            answer = refused.answer
        for owner, hook in self._answer:
            if owner.apply_to(call):
                answer = hook(call, answer)
        return answer

    async def _handled(self, call: Call) -> Answer:
        for hook in self._arrive:
            call.request = hook(call, call.request)
        call.route = route(call.request)
        refuse_bad_syntax(call.request)
        return await self._stages.handle(call)
