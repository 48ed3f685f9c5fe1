"""Web chat on a real desk, asked over HTTP in the process."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bots.webchat.channel import WebChannel
from bots.webchat.routes import routes
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from tests.bots.console.shop import OneArticle
from tests.bots.webchat.visitor import Visitor
from tests.outbox import Outbox
from tests.running import browser
from tests.scene import CHANNEL, HOUSE
from web.site import site

__all__ = ["browser"]

SECRET = "shared with the shop"


@pytest.fixture
def files(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture
def channel(files: FolderStore) -> WebChannel:
    return WebChannel(files)


@pytest.fixture
def desk(database: Database, outbox: Outbox, channel: WebChannel, files: FolderStore) -> Desk:
    """A desk with an article, a staff room elsewhere, and the widget, by the clock on the wall."""
    house = replace(HOUSE, deflector=OneArticle(), files=files, voucher_secret=SECRET)
    return Desk(database, house, channels={CHANNEL: outbox, "web": channel})


@pytest.fixture
def app(desk: Desk, channel: WebChannel) -> Starlette:
    return site(desk, channels=dict, console=False, routes=routes(desk, channel))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


@pytest.fixture
def ana(client: httpx.AsyncClient, desk: Desk) -> Visitor:
    return Visitor(client, desk)


@pytest.fixture
def ben(client: httpx.AsyncClient, desk: Desk) -> Visitor:
    return Visitor(client, desk)
