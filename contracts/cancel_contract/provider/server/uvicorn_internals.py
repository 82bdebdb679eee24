"""The one module that relies on uvicorn's internals, with which it is tried version by version (see pyproject.toml).

uvicorn's public interface cannot send a broken message, tell whether a caller has hung up, or start and stop without
a tenth of a second's wait each. The provider needs all three: faults break messages, and tests start it many times.
"""

import asyncio
import logging
import threading
from contextlib import suppress
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cancel_contract.provider.server.wire import GONE, RAW, Scope


class RawProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which also lets an app write any bytes and close."""

    def on_message_begin(self) -> None:
        """Put the raw way into the scope of the request that begins."""
        super().on_message_begin()
        scope: Scope = self.scope  # type: ignore[assignment]  # uvicorn's TypedDict names no extensions of ours
        scope["extensions"] = {RAW: self._write_raw, GONE: self.transport.is_closing}

    def _write_raw(self, message: bytes) -> None:
        self.cycle.response_started = self.cycle.response_complete = True
        self.cycle.message_event.set()
        self.transport.write(message)
        self.transport.close()


class _Stopped(logging.Filter):
    """Passes over requests that were cut off because the server stops: that is no error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and record.exc_info[0] is asyncio.CancelledError)


_STOPPED: Final = _Stopped()


class QuickServer(uvicorn.Server):
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
        """Wait for the end instead of looking for it ten times a second."""
        self._loop = asyncio.get_running_loop()
        self.listening.set()
        await self._end.wait()

    async def shutdown(self, sockets: object = None) -> None:
        """Cut off what is under way, and wait for nobody."""
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
