"""A visitor of a site with the widget, as the widget asks for them over HTTP."""

import base64
import itertools
from collections.abc import Sequence
from typing import Any

import httpx

from core.channels import Who
from core.desk import Desk
from core.vocabulary import OPERATOR, Details

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


async def hire(desk: Desk, user: str = "grace", **details: Any) -> Who:
    """Put somebody on the roster."""
    who = Who("console", "local", user, user.capitalize())
    await desk.add_agent(OPERATOR, who, Details(**details))
    return who
