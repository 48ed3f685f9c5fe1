"""The staff pages served for real, the public ones beside them, and people who have them open."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser

from app.page_commands import PageCommands
from bots.webchat.acts import Acts
from bots.webchat.channel import WebChannel
from core.channels import Channel
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import House
from tests import browser as browsers
from tests.outbox import Outbox
from tests.scene import CHANNEL
from tests.web.desk.seat import Room
from web.desk.mount import running, staff_pages
from web.live import Live
from web.public.look import Theme
from web.public.routes import routes
from web.site import site

HERE = Path(__file__).parent

shared_loop = pytest_asyncio.fixture(loop_scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these tests in one event loop, so that they share one browser."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture
def outbox() -> Outbox:
    """The channel on which customers write."""
    return Outbox()


@shared_loop
async def desk(sqlite_url: str, tmp_path: Path, outbox: Outbox) -> AsyncIterator[Desk]:
    """A desk by the clock on the wall."""
    database = Database(sqlite_url)
    files = FolderStore(tmp_path / "files")
    channels: dict[str, Channel] = {CHANNEL: outbox, "web": WebChannel(files)}
    yield Desk(database, House(files=files), channels=channels)
    await database.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all."""
    async with browsers.launched() as launched:
        yield launched


@shared_loop
async def room(desk: Desk, browser: Browser) -> AsyncIterator[Room]:
    """Where people sit down at the desk. What a browser complained of fails the test at its end."""
    live = Live(desk)
    public = routes(desk, Acts(desk), Theme())
    pages = [*public, staff_pages(desk, live, PageCommands())]
    app = site(desk, channels=dict, console=False, routes=pages)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    async with running():
        jobs = [asyncio.create_task(job) for job in (live.run(), desk.courier.run())]
        serving = asyncio.create_task(server.serve([listening]))
        room = Room(desk, browser, f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield room
        complaints = await room.leave()
        live.close()
        server.should_exit = True
        await serving
        listening.close()
        for job in jobs:
            job.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job
    assert complaints == []
