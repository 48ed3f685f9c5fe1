"""The shop of the console's tests: one article, and people by their handles."""

from typing import Any

import httpx

from core.channels import Address, Who
from core.deflection import QUIET, NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.vocabulary import OPERATOR, Details, Role

STAFF = Address("console", "local", "staff")
HEADERS = {"content-type": "application/json"}
ANSWER = """Press **Forgot password** on the [sign-in page](https://shop.example/login).

1. Open the *newest* e-mail from us
2. Use `the link` within an hour

> Still stuck? [Do not press](javascript:window.ran=1) <img src=x onerror="window.ran=1">
"""


class OneArticle(NoDeflector):
    """A knowledge base that knows how to reset a password."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        if "password" not in question:
            return QUIET
        article = Suggestion(
            article="reset-password",
            title="Reset your password",
            answer=ANSWER,
            confidence=0.93,
        )
        return Suggestions(verdict=Verdict.SURE, suggestions=(article,))


class Page:
    """The page's requests, without the page."""

    def __init__(self, client: httpx.AsyncClient, desk: Desk) -> None:
        self.client = client
        self.desk = desk
        self._said = 0

    async def post(self, request: str, **fields: Any) -> dict[str, Any]:
        """An answer of the desk, refusals included; what it owes is delivered."""
        response = await self.client.post(f"/console/api/{request}", json=fields)
        assert response.status_code == 200, response.text
        await self.desk.courier.deliver_due()
        answer: dict[str, Any] = response.json()
        return answer

    async def say(self, who: str, text: str, *, post: str | None = None) -> dict[str, Any]:
        self._said += 1
        return await self.post("say", **{"as": who}, text=text, id=post or f"post-{self._said:04}")

    async def press(self, who: str, action: str, value: str) -> dict[str, Any]:
        return await self.post("press", **{"as": who}, action=action, value=value)

    async def posts(self, room: str) -> list[dict[str, Any]]:
        response = await self.client.get("/console/api/state", params={"room": room})
        assert response.status_code == 200, response.text
        return list(response.json()["posts"])

    async def texts(self, room: str) -> list[str]:
        """What stands in a room, without titles."""
        return [each["card"].get("text", "") for each in await self.posts(room)]


def somebody(handle: str, name: str = "") -> Who:
    return Who("console", "local", handle, name)


async def hire(desk: Desk, handle: str, name: str = "", **details: Any) -> None:
    """Put somebody on the roster."""
    await desk.add_agent(OPERATOR, somebody(handle, name), Details(**details))


async def hire_admin(desk: Desk, handle: str) -> None:
    """Somebody who may do everything, and takes no tickets."""
    await hire(desk, handle, role=Role.ADMIN, capacity=0)
