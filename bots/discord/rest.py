"""Calls to Discord's API, through discord.py's own client: it keeps the rate limits of each route."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

from bots.discord.breaker import Breaker

Json = dict[str, Any]
LONGEST_PAUSE = 2.0  # seconds; a longer one is the courier's to wait for
PAGE = 100
CHUNK = 1 << 16
DOWNLOAD = aiohttp.ClientTimeout(total=None, connect=10, sock_read=20)


class Rest:
    """Discord's API for one bot. ``http`` gives the client that is logged in.

    Every call raises one of `bots.discord.faults.FAILURES`, or what `Breaker.check` raises.
    """

    def __init__(self, http: Callable[[], HTTPClient], breaker: Breaker | None = None) -> None:
        self._http = http
        self._breaker = breaker or Breaker()
        self._direct: dict[int, int] = {}  # a person's DM channel

    async def call(self, method: str, path: str, /, **more: Any) -> Any:
        """One call. ``path`` has its ids in braces; they and ``json`` or ``params`` are in ``more``."""
        self._breaker.check()
        content = {name: more.pop(name) for name in ("json", "params", "form") if name in more}
        http = self._http()
        if http.max_ratelimit_timeout is None:
            http.max_ratelimit_timeout = LONGEST_PAUSE
        return await http.request(Route(method, path, **more), **content)

    async def post(
        self, channel: int, body: Mapping[str, Any], files: Sequence[tuple[str, str, bytes]] = ()
    ) -> Json:
        """Post a message; ``files`` are name, content type and content."""
        path = "/channels/{channel_id}/messages"
        sent: Json = await self.call("POST", path, channel_id=channel, **_content(body, files))
        return sent

    async def edit(self, channel: int, message: int, body: Mapping[str, Any]) -> Json:
        """Edit a message of ours."""
        path = "/channels/{channel_id}/messages/{message_id}"
        edited: Json = await self.call(
            "PATCH", path, channel_id=channel, message_id=message, json=dict(body)
        )
        return edited

    async def delete(self, channel: int, message: int) -> None:
        """Delete a message of ours."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self.call("DELETE", path, channel_id=channel, message_id=message)

    async def message(self, channel: int, message: int) -> Json:
        """A message as it is."""
        path = "/channels/{channel_id}/messages/{message_id}"
        found: Json = await self.call("GET", path, channel_id=channel, message_id=message)
        return found

    async def messages(self, channel: int, **where: int) -> list[Json]:
        """A page of messages, the newest first: ``before`` or ``after`` one, at most `PAGE`."""
        path = "/channels/{channel_id}/messages"
        params = {"limit": PAGE, **where}
        found: list[Json] = await self.call("GET", path, channel_id=channel, params=params)
        return found

    async def since(self, channel: int, message: int) -> AsyncIterator[list[Json]]:
        """Everything that was posted after a message, the oldest first, page by page."""
        while page := await self.messages(channel, after=message):
            page.sort(key=lambda each: int(each["id"]))
            yield page
            message = int(page[-1]["id"])

    async def channel(self, channel: int) -> Json:
        """A channel or a thread as it is."""
        found: Json = await self.call("GET", "/channels/{channel_id}", channel_id=channel)
        return found

    async def change_channel(self, channel: int, **changes: Any) -> None:
        """Change a channel or a thread."""
        await self.call("PATCH", "/channels/{channel_id}", channel_id=channel, json=changes)

    async def direct(self, user: int) -> int:
        """The channel of the direct messages with a person."""
        if user not in self._direct:
            opened = await self.call(
                "POST", "/users/@me/channels", json={"recipient_id": str(user)}
            )
            self._direct[user] = int(opened["id"])
        return self._direct[user]

    async def react(self, channel: int, message: int, emoji: str, *, added: bool) -> None:
        """Put an emoji on a message, or take ours away."""
        path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
        method = "PUT" if added else "DELETE"
        await self.call(method, path, channel_id=channel, message_id=message, emoji=emoji)

    async def fetch(self, url: str) -> AsyncGenerator[bytes, None]:
        """What is at an address of Discord's store of files, in pieces."""
        async with (
            aiohttp.ClientSession(timeout=DOWNLOAD, raise_for_status=True) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            async for piece in answer.content.iter_chunked(CHUNK):
                yield piece


def _content(body: Mapping[str, Any], files: Sequence[tuple[str, str, bytes]]) -> Json:
    if not files:
        return {"json": dict(body)}
    described = [{"id": number, "filename": name} for number, (name, _, _) in enumerate(files)]
    form: list[Json] = [
        {"name": "payload_json", "value": json.dumps({**body, "attachments": described})}
    ]
    for number, (name, content_type, content) in enumerate(files):
        form.append(
            {
                "name": f"files[{number}]",
                "value": content,
                "filename": name,
                "content_type": content_type or "application/octet-stream",
            }
        )
    return {"form": form}
