"""Desk sessions as a browser keeps them, without the browser: 200 of those fit on no small machine.

A window signs in by its link, opens a page, and speaks NiceGUI's own protocol over its WebSocket:
socket.io's handshake with the client's id, pings, acknowledgements every three seconds, and
compression, as ``nicegui.js`` does it. What it leaves out is the drawing: of each update it keeps
the words, by the element that shows them.
"""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

TOKEN = re.compile(r"load (\d{6})")
CLIENT = re.compile(r"[\"']client_id[\"']: ?[\"']([\w-]+)")
NEXT = re.compile(r"[\"']next_message_id[\"']: ?(\d+)")
ACKNOWLEDGE_EVERY = 3.0  # seconds
OPEN, PING, PONG, CONNECT, CONNECTED, EVENT = "0", "2", "3", "40", "40{", "42"


class Window:
    """One signed-in session with one page open. ``seen`` has when each message was first shown, in
    the order in which they were; ``twice`` what was shown at two places at once."""

    def __init__(self, url: str, path: str, name: str) -> None:
        self.name = name
        self.seen: dict[int, float] = {}
        self.twice: set[int] = set()
        self.frames = 0
        self.octets = 0
        self.last = 0.0
        self.fault = ""
        self._url, self._path = url, path
        self._places: dict[int, str] = {}
        self._next = 0

    @property
    def alive(self) -> bool:
        """Whether its live channel is open."""
        return self._task is not None and not self._task.done()

    _task: asyncio.Task[None] | None = None

    async def open(self, code: str) -> None:
        """Sign in, open the page, and keep its channel open."""
        headers = {"origin": self._url, "accept": "text/html"}
        async with httpx.AsyncClient(base_url=self._url, headers=headers, timeout=60) as client:
            entered = await client.post(f"/sign-in/{code}")
            assert entered.status_code == 303, entered.text
            page = await client.get(self._path)
            assert page.status_code == 200, page.text[-3000:-2000]
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._note(TOKEN.findall(page.text))
        client_id, following = CLIENT.search(page.text), NEXT.search(page.text)
        assert client_id is not None, page.text[:500]
        assert following is not None, page.text[:500]
        self._client, self._next = client_id[1], int(following[1])
        asked = {
            "client_id": self._client,
            "next_message_id": self._next,
            "implicit_handshake": "true",
            "document_id": uuid4(),
            "tab_id": uuid4(),
            "EIO": 4,
            "transport": "websocket",
        }
        host = urlsplit(self._url).netloc
        socket = await connect(
            f"ws://{host}/desk/_nicegui_ws/socket.io/?{urlencode(asked)}",
            additional_headers={"cookie": cookie},
            origin=self._url,  # type: ignore[arg-type]
            max_size=None,
            ping_interval=None,
        )
        self._task = asyncio.create_task(self._listen(socket))

    async def close(self) -> None:
        """Close the window."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self, socket: ClientConnection) -> None:
        acknowledging = asyncio.create_task(self._acknowledge(socket))
        try:
            async for frame in socket:
                await self._take(socket, str(frame))
        except ConnectionClosed as error:
            self.fault = str(error)
        finally:
            acknowledging.cancel()
            await socket.close()

    async def _take(self, socket: ClientConnection, frame: str) -> None:
        if frame.startswith(OPEN):
            await socket.send(CONNECT)
        elif frame.startswith(PING):
            await socket.send(PONG)
        elif frame.startswith(EVENT):
            self.frames += 1
            self.octets += len(frame)
            self.last = time.perf_counter()
            self._read(*json.loads(frame[len(EVENT) :]))
        elif not frame.startswith(CONNECTED):
            self.fault = frame[:200]

    def _read(self, event: str, said: dict[str, Any]) -> None:
        self._next = max(self._next, int(said.pop("_id", -1)) + 1)
        if event != "update":
            return
        for place, element in said.items():
            if element:
                drawn = element.get("props", {}).get("nodes", "")
                self._note(TOKEN.findall(f"{element.get('text')} {drawn}"), place)

    def _note(self, numbers: list[str], place: str = "") -> None:
        for number in map(int, numbers):
            if self._places.setdefault(number, place) != place and place and self._places[number]:
                self.twice.add(number)
            self.seen.setdefault(number, time.perf_counter())

    async def _acknowledge(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(ACKNOWLEDGE_EVERY)
            told = ["ack", {"client_id": self._client, "next_message_id": self._next}]
            await socket.send(EVENT + json.dumps(told))


def of_kind(windows: list[Window], kind: str) -> Iterator[Window]:
    """The windows that have a page of this kind open."""
    return (each for each in windows if each.name.startswith(kind))
