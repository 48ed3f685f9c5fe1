"""The public pages on a real desk with a few articles and an order, asked over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bots.webchat.acts import Acts
from bots.webchat.channel import WebChannel
from core.channels import Channel
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import LineSaid, OrderSaid, OrderStatus
from knowledge_base.article import Audience
from knowledge_base.library import Library
from knowledge_base.written import Text, Written
from tests.bots.console.shop import OneArticle
from tests.outbox import Outbox
from tests.running import browser
from tests.scene import CHANNEL, HOUSE
from web.public.routes import routes
from web.public.theme import Theme
from web.site import site

__all__ = ["browser"]

EMAIL = "ana@example.org"
URL = "http://desk.example"
ORDER = OrderSaid(
    number="A-1001",
    status=OrderStatus.DELIVERED,
    placed_at=datetime.now(UTC) - timedelta(days=3),
    email=EMAIL,
    lines=(
        LineSaid(sku="LAMP-1", name="Lamp", quantity=2),
        LineSaid(sku="POT-1", name="Pot", quantity=1),
    ),
)
ARTICLES = [
    Written(
        slug="reset-password",
        title="Reset your password",
        body="Press **Forgot password**.",
        category="account",
        tags=("basics",),
        translations={"de": Text(title="Passwort zurücksetzen", body="Drücken Sie *Vergessen*.")},
    ),
    Written(
        slug="change-email", title="Change your address", body="In *Settings*.", category="account"
    ),
    Written(
        slug="send-back",
        title="Send a lamp back",
        body="30 days.\n\n# How\n\n1. Pack it",
        category="returns",
    ),
    Written(slug="secret", title="Secret lamp", body="canary-77", audience=Audience.STAFF),
]


@pytest.fixture
def mailbox() -> Outbox:
    return Outbox()


@pytest.fixture
async def desk(database: Database, outbox: Outbox, mailbox: Outbox, tmp_path: Path) -> Desk:
    files = FolderStore(tmp_path / "files")
    house = replace(HOUSE, deflector=OneArticle(), files=files, sends_mail=True, url=URL)
    channels: dict[str, Channel] = {CHANNEL: outbox, "web": WebChannel(files), "email": mailbox}
    desk = Desk(database, house, channels=channels)
    await Library.beside(desk).take_in(ARTICLES)
    await desk.take_in_orders([ORDER])
    return desk


@pytest.fixture
def app(desk: Desk) -> Starlette:
    pages = routes(desk, Acts(desk), Theme(name="Lumen & Leaf", accent="#ffd400"))
    return site(desk, channels=dict, console=False, home="/help", routes=pages)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url=URL, follow_redirects=True
    ) as client:
        yield client
