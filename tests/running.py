"""What runs beside a test: an app served for real, the jobs of a desk, one browser for a folder."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser
from starlette.types import ASGIApp

from tests import browser as browsers


@asynccontextmanager
async def served(app: ASGIApp, *, sockets: bool = False) -> AsyncIterator[str]:
    """Where an app is served for real; ``sockets`` says that it speaks WebSockets, too."""
    listening = socket.create_server(("127.0.0.1", 0))
    ws = "auto" if sockets else "none"
    config = uvicorn.Config(app, lifespan="off", ws=ws, log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listening.close()


@asynccontextmanager
async def at_work(*jobs: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Jobs that go on for so long, such as a desk's courier."""
    going = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        for job in going:
            job.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all. A missing one is a failure that says how to get it."""
    async with browsers.launched() as launched:
        yield launched
