"""Runs one service: its HTTP server and its loops live and die together."""

import asyncio
from collections.abc import Sequence
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


async def serve(app: FastAPI, loops: Sequence[Loop], *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then let the loops finish what they hold. Any loop's exception is raised."""
    stop = asyncio.Event()
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    )

    async def serve_http() -> None:
        try:
            await server.serve()
        finally:
            stop.set()

    async def run_loop(loop: Loop) -> None:
        try:
            await loop.run(stop)
        finally:
            server.should_exit = True
            stop.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(serve_http())
        for loop in loops:
            group.create_task(run_loop(loop))
    log.info("service_stopped")
