"""The console on a real desk: asked over HTTP in the process, or opened in a browser."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext
from starlette.applications import Starlette

from bots.console.channel import ConsoleChannel
from bots.console.routes import routes
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import House
from tests import browser as browsers
from tests.bots.console.shop import STAFF, OneArticle, Page
from tests.bots.console.window import Window

HERE = Path(__file__).parent

shared_loop = pytest_asyncio.fixture(loop_scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these tests in one event loop, so that they share one browser."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture
def channel() -> ConsoleChannel:
    return ConsoleChannel()


@shared_loop
async def desk(sqlite_url: str, channel: ConsoleChannel, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with an article and the console's staff channel, by the clock on the wall."""
    database = Database(sqlite_url)
    files = FolderStore(tmp_path / "files")
    house = House(staff_rooms=(STAFF,), deflector=OneArticle(), files=files)
    yield Desk(database, house, channels={"console": channel})
    await database.close()


@pytest.fixture
def app(desk: Desk, channel: ConsoleChannel) -> Starlette:
    return Starlette(routes=routes(desk, channel, hosts=["desk.example"]))


@shared_loop
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Another program on this machine."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
def page(client: httpx.AsyncClient, desk: Desk) -> Page:
    return Page(client, desk)


@shared_loop
async def url(app: Starlette, desk: Desk, channel: ConsoleChannel) -> AsyncIterator[str]:
    """Where the console is served for real, with its courier at work."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    jobs = [asyncio.create_task(job) for job in (desk.courier.run(), desk.fetcher.run())]
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    channel.close()
    server.should_exit = True
    await serving
    listening.close()
    for job in jobs:
        job.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await job


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all. A missing one is a failure that says how to get it."""
    async with browsers.launched() as launched:
        yield launched


@shared_loop
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """The browser as if nobody had used it."""
    fresh = await browser.new_context(locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
    yield fresh
    await fresh.close()


@shared_loop
async def window(context: BrowserContext, url: str) -> AsyncIterator[Window]:
    """The console in a window. Whatever the browser complained of fails the test at its end."""
    window = Window(await context.new_page(), url)
    await window.watch()
    yield window
    assert await window.complaints() == []
