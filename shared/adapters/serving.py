"""Runs one service: its HTTP server and its loops live and die together."""

import asyncio
import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from fastapi import FastAPI

from shared.adapters.logging import get_logger

log = get_logger(__name__)


class Loop(Protocol):
    """Background work that ends soon after `stop` is set. An exception in it ends the service."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        ...


class EmbeddedServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the program around it.

    uvicorn raises a captured SIGTERM again after its own shutdown, which would end the process before the loops
    have finished what they hold.
    """

    def __init__(self, app: FastAPI, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def calm_garbage_collector() -> None:
    """Let the collector look less often: a batch makes a hundred thousand objects that all die by reference count."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


async def serve(app: FastAPI, loops: Sequence[Loop], *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then let the loops finish what they hold. Any loop's exception is raised."""
    calm_garbage_collector()
    stop = asyncio.Event()
    server = EmbeddedServer(app, host=host, port=port)

    def end() -> None:
        stop.set()
        server.should_exit = True

    async def run(work: Loop | None) -> None:
        try:
            await (server.serve() if work is None else work.run(stop))
        finally:
            end()

    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, end)
    async with asyncio.TaskGroup() as group:
        for work in (None, *loops):
            group.create_task(run(work))
    log.info("service_stopped")
