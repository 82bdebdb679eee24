"""Routes a request on a provider's port to the API, its documentation or the control path."""

from typing import Any, Final

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse

from cancel_contract.provider import docs
from cancel_contract.provider.app import Provider
from cancel_contract.provider.docs.openapi import openapi
from cancel_contract.provider.server import control
from cancel_contract.provider.server.wire import Receive, Scope, Send

DOCS: Final = "/docs"
"""The path of the documentation."""
OPENAPI: Final = "/openapi.json"
"""The path of the same as an OpenAPI document."""

_ALONE: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class DevServer:
    """A provider with its documentation and its control path; `app` is the ASGI app of all three."""

    def __init__(self, provider: Provider, behaviour: control.Behaviour | None = None) -> None:
        self._provider = provider
        self._control = control.Control(provider, behaviour)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        path = scope["path"].rstrip("/")
        if path == control.PREFIX:
            request = HttpRequest(scope, receive)
            await _sent(await self._control.answer(request), scope, receive, send)
        elif path == DOCS and scope["method"] in {"GET", "HEAD"}:
            await _sent(HTMLResponse(docs.page(_here(scope)), headers=_ALONE), scope, receive, send)
        elif path == OPENAPI and scope["method"] in {"GET", "HEAD"}:
            await _sent(JSONResponse(openapi(_here(scope))), scope, receive, send)
        else:
            await self._provider.app(scope, receive, send)


def _here(scope: Scope) -> str:
    return f"{scope['scheme']}://{HttpRequest(scope).url.netloc}"


async def _sent(response: Any, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ANN401  an ASGI app
    await response(scope, receive, send)
