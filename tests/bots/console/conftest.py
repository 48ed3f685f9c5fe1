"""The console on a real desk: asked over HTTP in the process, or opened in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext
from starlette.applications import Starlette

from bots.console.channel import ConsoleChannel
from bots.console.routes import routes
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import House
from tests.bots.console.shop import STAFF, OneArticle, Page
from tests.bots.console.window import Window
from tests.running import at_work, browser, served

__all__ = ["browser"]


@pytest.fixture
def channel() -> ConsoleChannel:
    return ConsoleChannel()


@pytest.fixture
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


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Another program on this machine."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
def page(client: httpx.AsyncClient, desk: Desk) -> Page:
    return Page(client, desk)


@pytest.fixture
async def url(app: Starlette, desk: Desk, channel: ConsoleChannel) -> AsyncIterator[str]:
    """Where the console is served for real, with its courier at work."""
    async with at_work(desk.courier.run(), desk.fetcher.run()), served(app) as url:
        yield url
        channel.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """The browser as if nobody had used it."""
    fresh = await browser.new_context(locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
    yield fresh
    await fresh.close()


@pytest.fixture
async def window(context: BrowserContext, url: str) -> AsyncIterator[Window]:
    """The console in a window. Whatever the browser complained of fails the test at its end."""
    window = Window(await context.new_page(), url)
    await window.watch()
    yield window
    assert await window.complaints() == []
