"""Switches the provider's faults and variants over HTTP while it runs."""

import ipaddress
import json
from collections.abc import Awaitable, Iterator, Sequence
from random import Random
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse

from cancel_contract.provider.api.answers import Answer, failure
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.app import Provider
from cancel_contract.provider.behaviours import (
    EVERY,
    Fault,
    Hooks,
    Variant,
)
from cancel_contract.provider.faults import FAULTS, fault
from cancel_contract.provider.names import UnknownNameError
from cancel_contract.provider.variants.catalogue import VARIANTS, variant

PREFIX: Final = "/_control"
"""The path beside the API on which a running provider is switched."""

_LARGEST_BODY: Final = 100_000
_LONGEST_LATENCY: Final = 600
_FORWARDED: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


class Behaviour(BaseModel):
    """How a provider behaves: by names, and by two numbers; without any it is honest."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    faults: Annotated[tuple[str, ...], Field(strict=False)] = ()
    variants: Annotated[tuple[str, ...], Field(strict=False)] = ()
    latency: Annotated[float, Field(ge=0, le=_LONGEST_LATENCY)] = 0.0
    """Seconds that each answer takes more."""
    error_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of requests that are answered 503 and have no effect."""

    def problems(self) -> Iterator[str]:
        """Yield a problem for each unknown name, with the nearest known one."""
        for look_up, names in ((fault, self.faults), (variant, self.variants)):
            for name in names:
                try:
                    look_up(name)
                except UnknownNameError as error:
                    yield f"{error}: see `cancel-contract serve --list`"

    def behaviours(self) -> tuple[Sequence[Fault], Sequence[Variant]]:
        """Return the records of all that is asked for."""
        faults = [*map(fault, self.faults), *([erring(self.error_rate)] if self.error_rate else [])]
        return faults, [*map(variant, self.variants), *([lagging(self.latency)] if self.latency else [])]


def erring(rate: float) -> Fault:
    """Make the fault that answers a share of all requests 503; which ones, the provider's seed decides."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        drawn = Random(call.seed * 100_003 + call.number).random()  # noqa: S311 - a trouble of a test is no secret
        return failure(503, {"error": "Service Unavailable"}) if drawn < rate else await proceed(call)

    why = f"A backend is restarted now and then; {rate:g} of all requests are answered 503, without effect."
    return Fault(f"error-rate={rate:g}", "answer/status-200", why, Hooks(EVERY, handle=hook))


def lagging(seconds: float) -> Variant:
    """Make the variant that takes longer."""
    return Variant(f"latency={seconds:g}", f"Each answer takes {seconds:g} s more.", latency=seconds)


class Control:
    """The control path of one running provider."""

    def __init__(self, provider: Provider, behaviour: Behaviour | None = None) -> None:
        self._provider = provider
        self._conduct = behaviour or Behaviour()

    async def answer(self, request: HttpRequest) -> JSONResponse:
        """List (GET), set (PUT) or clear (DELETE) the behaviours."""
        if reason := refusal(request):
            return JSONResponse({"error": reason}, 403)
        if request.method == "PUT":
            return await self._set(request)
        if request.method == "DELETE":
            return self._switched(Behaviour())
        if request.method == "GET":
            return JSONResponse(self._shown() | {"known": known()})
        return JSONResponse({"error": f"the method is {request.method}: use GET, PUT or DELETE"}, 405)

    async def _set(self, request: HttpRequest) -> JSONResponse:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                return JSONResponse({"error": f"the body has more than {_LARGEST_BODY} bytes: name fewer"}, 413)
        try:
            return self._switched(Behaviour.model_validate(json.loads(body)))
        except ValidationError as error:
            return JSONResponse({"error": "; ".join(map(_error_text, error.errors()))}, 422)
        except (ValueError, RecursionError):
            example = '{"faults": ["created-201"]}'
            return JSONResponse({"error": f"the body of {len(body)} bytes is not JSON: send such as {example}"}, 400)

    def _switched(self, behaviour: Behaviour) -> JSONResponse:
        problems = [*behaviour.problems()]
        if not problems:
            faults, variants = behaviour.behaviours()
            problems = [*_at_start_only([*faults, *variants])]
        if problems:
            return JSONResponse({"error": "; ".join(problems)}, 422)
        self._provider.switch(faults, variants)
        self._conduct = behaviour
        return JSONResponse(self._shown())

    def _shown(self) -> dict[str, Any]:
        return {"on": self._conduct.model_dump(mode="json")}


def known() -> dict[str, dict[str, str]]:
    """Return every fault and variant with its line."""
    faults = {it.name: f"breaks {it.clause}: {it.why}" for it in FAULTS}
    return {"faults": faults, "variants": {it.name: it.why for it in VARIANTS}}


def _at_start_only(behaviours: Sequence[Fault | Variant]) -> Iterator[str]:
    for it in behaviours:
        if it.first_id is not None:
            yield f"{it.name!r} counts ids from another number, which it can from the start only: give it to `serve`"


def _error_text(error: Any) -> str:  # noqa: ANN401  pydantic's own error record
    place = ".".join(map(str, error["loc"])) or "the body"
    return f"{place}: {error['msg']}"


def refusal(request: HttpRequest) -> str | None:
    """Return the reason for which a caller may not switch anything: whoever is not on this machine, pages in a browser,
    and whatever came through a proxy.
    """
    host = request.client.host if request.client else ""
    if not _is_loopback(host):
        return f"the caller is {host or 'unknown'}: the control path is for this machine alone"
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if not (named == "localhost" or _is_loopback(named)):
        # A page of a name that leads here would be a caller on this machine (DNS rebinding).
        return f"the Host is {named!r}: name the provider by 127.0.0.1 or localhost"
    if "origin" in request.headers:
        return f"the Origin is {request.headers['origin']!r}: pages in a browser may not switch anything"
    if passed := sorted(_FORWARDED & set(request.headers)):
        return f"{passed[0]} is set: the control path is not reached through a proxy"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
