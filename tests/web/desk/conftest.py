"""The staff pages served for real, the public ones beside them, and people who have them open."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from app.page_commands import PageCommands
from bots.webchat.acts import Acts
from bots.webchat.channel import WebChannel
from core.channels import Channel
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import House
from tests.outbox import Outbox
from tests.running import at_work, browser, served
from tests.scene import CHANNEL
from tests.web.desk.seat import Room
from web.desk.mount import running, staff_pages
from web.live import Live
from web.public.routes import routes
from web.public.theme import Theme
from web.site import site

__all__ = ["browser"]


@pytest.fixture
def outbox() -> Outbox:
    """The channel on which customers write."""
    return Outbox()


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path, outbox: Outbox) -> AsyncIterator[Desk]:
    """A desk by the clock on the wall."""
    database = Database(sqlite_url)
    files = FolderStore(tmp_path / "files")
    channels: dict[str, Channel] = {CHANNEL: outbox, "web": WebChannel(files)}
    yield Desk(database, House(files=files), channels=channels)
    await database.close()


@pytest.fixture
async def room(desk: Desk, browser: Browser) -> AsyncIterator[Room]:
    """Where people sit down at the desk. What a browser complained of fails the test at its end."""
    live = Live(desk)
    public = routes(desk, Acts(desk), Theme())
    pages = [*public, staff_pages(desk, live, PageCommands())]
    app = site(desk, channels=dict, console=False, routes=pages)
    async with (
        running(),
        at_work(live.run(), desk.courier.run()),
        served(app, sockets=True) as url,
    ):
        room = Room(desk, browser, url)
        yield room
        complaints = await room.leave()
        live.close()
    assert complaints == []
