"""The console, as the contract of channels sees it: over its HTTP requests, without the page."""

import base64
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bots.console.channel import ConsoleChannel
from bots.console.routes import routes
from core import cards
from core.channels import Address, OutgoingMessage, TryLater, Undeliverable, Who
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House
from tests.bots.harness.base import Ability, Shown
from tests.clock import FakeClock

STAFF = Address("console", "local", "staff")
_numbers = itertools.count(1)


class Failing(ConsoleChannel):
    """The console's channel on a bad day; by itself it never fails."""

    def __init__(self) -> None:
        super().__init__()
        self.down = self.refuses = False

    async def send(self, message: OutgoingMessage) -> str:
        if self.down:
            raise TryLater("down")
        if self.refuses and message.address.conversation == "ana":
            raise Undeliverable("refused")
        return await super().send(message)

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        if self.down:
            raise TryLater("down")
        return None if self.refuses else await super().find_sent(message)


class ConsoleHarness:
    """Ana on the left, grace on the right."""

    name = "console"
    lacks = frozenset({Ability.LENGTH})  # nothing is too long for it

    def __init__(self, desk: Desk, channel: Failing, client: httpx.AsyncClient) -> None:
        self.desk = desk
        self.channel = channel
        self._client = client
        self._rooms: dict[str, list[dict[str, Any]]] = {}

    async def write(
        self, text: str, *, post: str | None = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> str:
        post = post or f"post-{next(_numbers):06}"
        attached = [
            {"name": name, "type": "image/png", "content": base64.b64encode(content).decode()}
            for name, content in files
        ]
        await self._post("say", "ana", text=text, id=post, files=attached)
        return post

    async def answer(self, post: str, text: str) -> None:
        await self._post("say", "ana", text=text, id=f"post-{next(_numbers):06}", under=post)

    async def edit(self, post: str, text: str) -> None:
        await self._post("edit", "ana", room="ana", post=f"said:ana:{post}", text=text)

    async def delete(self, post: str) -> None:
        await self._post("delete", "ana", room="ana", post=f"said:ana:{post}")

    async def react(self, post: str, emoji: str, *, added: bool = True) -> None:
        await self._post("react", "ana", room="ana", post=post, emoji=emoji, added=added)

    async def discuss(self, number: int, text: str) -> str:
        post = f"post-{next(_numbers):06}"
        root = f"card:{number}:console:staff"
        await self._post("thread", "grace", root=root, text=text, id=post)
        return post

    async def claim(self, number: int) -> None:
        await self._post("press", "grace", action="ticket claim", value=str(number))

    def seen(self) -> Sequence[Shown]:
        return [_shown(each) for each in self._rooms["ana"] if each["author"] == "desk"]

    def staff_room(self) -> Sequence[Shown]:
        return [_shown(each) for each in self._rooms["staff"]]

    def on_hers(self, post: str) -> Sequence[str]:
        hers = (each for each in self._rooms["ana"] if each["id"] == f"said:ana:{post}")
        return [emoji for each in hers for emoji in each["reactions"]]

    def fail(self, *, down: bool = False, refuses: bool = False) -> None:
        self.channel.down, self.channel.refuses = down, refuses

    async def look(self) -> None:
        for room in ("ana", "staff"):
            answer = await self._client.get("/console/api/state", params={"room": room})
            posts = answer.json()["posts"]
            self._rooms[room] = [each for each in posts if each["sent"]]

    async def _post(self, request: str, who: str, **fields: Any) -> None:
        answer = await self._client.post(f"/console/api/{request}", json={"as": who, **fields})
        assert answer.json()["ok"], answer.text


def _shown(post: dict[str, Any]) -> Shown:
    return Shown(
        id=post["id"],
        text=cards.plain(cards.from_json(post["card"])),
        files=[each["name"] for each in post["files"] if each["state"] == "kept"],
        reactions=post["reactions"],
        under=post["under"],
    )


@asynccontextmanager
async def opened(
    database: Database, clock: FakeClock, folder: Path
) -> AsyncIterator[ConsoleHarness]:
    channel = Failing()
    house = House(staff_rooms=(STAFF,), files=FolderStore(folder))
    desk = Desk(database, house, channels={"console": channel}, clock=clock)
    grace = Who("console", "local", "grace", "Grace")
    await desk.add_agent(OPERATOR, grace, Details(capacity=5))
    transport = httpx.ASGITransport(app=Starlette(routes=routes(desk, channel)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield ConsoleHarness(desk, channel, client)
