"""Runs the provider on a socket: in a thread for tests, in the foreground for people."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import uvicorn

from cancel_contract.exchange.action import ACTION
from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.app import Provider
from cancel_contract.provider.server.uvicorn_internals import QuickServer, RawProtocol
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.provider.store.seed import SEED


@dataclass(frozen=True, slots=True)
class Running:
    """A provider that answers on a socket."""

    base_url: str
    provider: Provider


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
    server = QuickServer(_config(around or served, "127.0.0.1", port))
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


def listening(host: str, port: int) -> socket.socket:
    """Listen on a port, or with port 0 on one that is free. Raises OSError where that cannot be done."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.create_server(address[:2], family=family, backlog=512)
    # asyncio does so for sockets of its own alone; else each answer on a kept connection waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(provider: Answering, listener: socket.socket) -> None:
    """Serve a provider in the foreground, on a socket that listens, until it is interrupted."""
    host, port, *_ = listener.getsockname()
    try:
        uvicorn.Server(_config(provider, host, port)).run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn has shut down by then, and raises the signal anew for whoever started it.
        return


def curl_line(base_url: str, appointment: int = SEED.paid_expense_appointment_ids[0]) -> str:
    """Return a line for the shell that cancels a seeded appointment."""
    path = ACTION.path(SEED.account_id, appointment)
    token = f"{TOKEN_HEADER}: {SEED.member_token}"
    return f"curl --request POST --url '{base_url}{path}' --header '{token}' --header 'Accept: application/json'"


def banner(base_url: str, provider: Provider) -> str:
    """Return what is served: the seeded ids and tokens, the behaviours, and a line to try."""
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
        ("token of a second member", SEED.second_token),
    )
    return "\n".join([*(f"{name:34}{value}" for name, value in lines), "", curl_line(base_url)])
