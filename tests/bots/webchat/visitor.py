"""A visitor of a site with the widget, as the widget asks for them over HTTP."""

import base64
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from core.channels import IncomingMessage, Who
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Guest
from tests.clock import FakeClock

_numbers = itertools.count(1)


class Visitor:
    """Begins when first something is asked, and keeps the secret."""

    def __init__(self, client: httpx.AsyncClient, desk: Desk, secret: str = "") -> None:
        self.client = client
        self.desk = desk
        self.secret = secret

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"} if self.secret else {}

    async def begin(self, **said: Any) -> dict[str, Any]:
        answer = await self.client.post("/widget/begin", json=said)
        found: dict[str, Any] = answer.json()
        self.secret = found.get("secret", "")
        return found

    async def post(self, request: str, **fields: Any) -> dict[str, Any]:
        """An answer of the desk, refusals included; what it owes is delivered."""
        answer = await self.client.post(f"/widget/{request}", json=fields, headers=self.headers)
        await self.desk.fetcher.fetch_due()
        await self.desk.courier.deliver_due()
        found: dict[str, Any] = answer.json()
        return found | {"status": answer.status_code}

    async def say(
        self, text: str, *, post: str = "", files: Sequence[tuple[str, str, bytes]] = ()
    ) -> dict[str, Any]:
        if not self.secret:
            await self.begin()
        sent = [
            {"name": name, "type": kind, "content": base64.b64encode(content).decode()}
            for name, kind, content in files
        ]
        name = post or f"post-{next(_numbers):08}"
        return await self.post("say", id=name, text=text, files=sent)

    async def posts(self) -> list[dict[str, Any]]:
        answer = await self.client.get("/widget/state", headers=self.headers)
        return list(answer.json()["posts"])

    async def texts(self) -> list[str]:
        return [each["card"].get("text", "") for each in await self.posts()]


async def ended(desk: Desk, database: Database, *, days: int) -> str:
    """The secret of a visitor whose only request, that the printer smokes, was closed so long ago."""
    then = Desk(database, desk.house, clock=FakeClock(datetime.now(UTC) - timedelta(days=days)))
    guest, secret = await then.come(name="Ana")
    await then.introduce(guest, email="ana@example.org")
    await then.receive(wrote(guest, "the printer smokes"))
    await then.resolve(OPERATOR, 1)
    await then.confirm(guest.who, 1)
    return secret


def wrote(guest: Guest, text: str) -> IncomingMessage:
    """What a visitor writes, as the desk takes it."""
    return IncomingMessage(
        address=guest.address,
        sender=guest.who,
        external_id=f"said-{next(_numbers)}",
        text=text,
        sent_at=datetime.now(UTC),
    )


async def hire(desk: Desk, user: str = "grace", **details: Any) -> Who:
    """Put somebody on the roster."""
    who = Who("console", "local", user, user.capitalize())
    await desk.add_agent(OPERATOR, who, Details(**details))
    return who
