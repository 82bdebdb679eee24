"""The provider on a socket: uvicorn in a thread for tests, in the foreground for people."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

import uvicorn

from cancel_contract.provider.app import Provider
from cancel_contract.provider.server.wire import (
    RawProtocol,
    Receive,
    Scope,
    Send,
)
from cancel_contract.provider.store.seed import SEED


@dataclass(frozen=True, slots=True)
class Running:
    """A provider that answers on a socket."""

    base_url: str
    provider: Provider


class _Stopped(logging.Filter):
    """Passes over requests that were cut off because the server stops: that is no error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and record.exc_info[0] is asyncio.CancelledError)


_STOPPED: Final = _Stopped()


class _Server(uvicorn.Server):
    """uvicorn without its tick of a tenth of a second at start and end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        logging.getLogger("uvicorn.error").addFilter(_STOPPED)
        self.listening = threading.Event()
        self._end = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run_quietly(self) -> None:
        """Run until the end; where the port is taken uvicorn exits, which `running` tells in its own words."""
        with suppress(SystemExit):
            self.run()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.listening.set()
        await self._end.wait()

    async def shutdown(self, sockets: object = None) -> None:
        del sockets
        for server in self.servers:
            server.close()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # Two turns of the loop: one for the transports' connection_lost, one for their sockets' close.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def end(self) -> None:
        """Stop from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end.set)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self.servers[0].sockets[0].getsockname()[1])


class Answering(Protocol):
    """Whatever has an ASGI app: a provider, or more around one."""

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""


def _config(answering: Answering, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        answering.app,
        host=host,
        port=port,
        http=RawProtocol,
        interface="asgi3",
        proxy_headers=False,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="error",
        date_header=False,
        server_header=False,
        timeout_keep_alive=60,
        backlog=512,
    )


@contextmanager
def running(provider: Provider | None = None, *, port: int = 0, around: Answering | None = None) -> Iterator[Running]:
    """Run a provider on loopback while the context lasts; without one, an honest and fresh one.

    `around` is what answers in its place, and passes on to it what is the provider's.
    """
    served = Provider() if provider is None else provider
    server = _Server(_config(around or served, "127.0.0.1", port))
    thread = threading.Thread(target=server.run_quietly, name="provider", daemon=True)
    thread.start()
    try:
        while not server.listening.wait(0.01):
            if not thread.is_alive():
                raise OSError(f"the provider cannot listen on port {port}")
        yield Running(f"http://127.0.0.1:{server.port}", served)
    finally:
        server.end()
        thread.join()


def serve(provider: Answering, port: int, host: str = "127.0.0.1") -> None:
    """Serve a provider in the foreground until it is interrupted."""
    try:
        uvicorn.Server(_config(provider, host, port)).run()
    except KeyboardInterrupt:
        # uvicorn has shut down by then, and raises the signal anew for whoever started it.
        return
    except SystemExit:
        raise OSError(f"the provider cannot listen on port {port}") from None


def curl_line(base_url: str, appointment: int = SEED.paid_expense_appointment_ids[0]) -> str:
    """Give a line for the shell that cancels a seeded appointment."""
    path = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments/{appointment}/cancel"
    token = f"api_access_token: {SEED.member_token}"
    return f"curl --request POST --url '{base_url}{path}' --header '{token}' --header 'Accept: application/json'"


def banner(base_url: str, provider: Provider) -> str:
    """Tell people what is served: the seeded ids and tokens, the behaviours, and a line to try."""
    paid = ", ".join(map(str, SEED.paid_expense_appointment_ids))
    lines = (
        ("provider", base_url),
        ("behaviours", ", ".join(provider.behaviours) or "none, it is honest"),
        ("account", SEED.account_id),
        ("token", SEED.member_token),
        ("resource", SEED.resource_id),
        ("service", SEED.service_id),
        ("contact", SEED.contact_id),
        ("read-only appointment", SEED.readonly_appointment_id),
        ("appointments with a paid expense", paid),
        ("foreign account", SEED.foreign_account_id),
        ("foreign token", SEED.foreign_token),
        ("foreign appointment", SEED.foreign_appointment_id),
        ("token without the permission", SEED.unprivileged_token),
    )
    return "\n".join([*(f"{name:34}{value}" for name, value in lines), "", curl_line(base_url)])
