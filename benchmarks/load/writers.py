"""Customers who write: programs by the public API, and visitors of the web chat by its requests."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PAUSES = (1, 2, 4, 8, 16)  # seconds before a message is handed in again
TEXTS = (
    "the parcel has not arrived although it was sent on Monday",
    "my lamp flickers when it is dimmed, what can be done",
    "please send the invoice of the last order once more",
    "how do I change the address of an order that is under way",
    "I was charged twice for the same pair of shoes",
)


@dataclass(frozen=True)
class Place:
    """A conversation: of a program, whose ``key`` it is, or of a visitor of the web chat."""

    conversation: str
    key: str
    visitor: bool = False


@dataclass
class Sent:
    """What was sent and answered: for each number when, where, and how long the desk took."""

    at: dict[int, float] = field(default_factory=dict)
    took: dict[int, float] = field(default_factory=dict)
    ticket: dict[int, int] = field(default_factory=dict)
    order: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    again: int = 0
    faults: list[str] = field(default_factory=list)


class Writers:
    """Everybody who writes. In one conversation people wait for an answer before they go on."""

    def __init__(self, url: str) -> None:
        self.sent = Sent()
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        self._client = httpx.AsyncClient(base_url=url, timeout=60, limits=limits)
        self._turn: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._numbers = 0

    async def visitor(self) -> Place:
        """Somebody new on a site with the widget."""
        answer = await self._client.post("/widget/begin", json={"name": "Ana"})
        answer.raise_for_status()
        return Place(uuid4().hex, answer.json()["secret"], visitor=True)

    async def write(self, place: Place) -> int:
        """A message; its number, which is in its text. Times count from when it is due."""
        self._numbers += 1
        number = self._numbers
        self.sent.at[number] = time.perf_counter()
        async with self._turn[place.conversation]:
            self.sent.order[place.conversation].append(number)
            answer = await self._until_taken(place, number)
        self.sent.took[number] = time.perf_counter() - self.sent.at[number]
        if not answer.is_success or (place.visitor and not answer.json().get("ok")):
            self.sent.faults.append(f"{number}: {answer.status_code} {answer.text[:200]}")
        elif answer.json().get("ticket"):
            self.sent.ticket[number] = answer.json()["ticket"]
        return number

    async def _until_taken(self, place: Place, number: int) -> httpx.Response:
        """Ask again, by the same id, where the desk could not: what every program has to do."""
        for pause in (*PAUSES, None):
            try:
                answer = await self._post(place, number)
            except httpx.TransportError as error:
                answer = httpx.Response(599, text=repr(error))
            if answer.status_code < 500 or pause is None:
                return answer
            self.sent.again += 1
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _post(self, place: Place, number: int) -> httpx.Response:
        text = f"load {number:06}: {TEXTS[number % len(TEXTS)]}"
        headers = {"authorization": f"Bearer {place.key}"}
        path, body = "/api/v1/messages", _by_program(place, number, text)
        if place.visitor:
            path, body = "/widget/say", {"id": f"post-{number:08}", "text": text, "files": []}
        return await self._client.post(path, json=body, headers=headers)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


def _by_program(place: Place, number: int, text: str) -> dict[str, Any]:
    return {
        "channel": "shop-chat",
        "conversation": place.conversation,
        "id": f"m-{number}",
        "sender": {"id": place.conversation, "name": f"Customer {place.conversation}"},
        "text": text,
    }
