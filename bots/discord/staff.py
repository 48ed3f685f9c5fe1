"""Where staff meet: a channel with a thread beneath each card, or a forum with a post a ticket.

The thread beneath a message has the message's own id, and so has the post of a forum and the
message it begins with (https://discord.com/developers/docs/topics/threads): beneath a card is
always the channel of that id.
"""

from typing import Any

import discord

from bots.discord import faults, markup
from bots.discord.rest import Rest
from bots.discord.translate import ids_of, place_of
from core.channels import Address

FORUMS = {15, 16}
A_WEEK = 10_080  # minutes until a silent thread is archived
THERE_ALREADY = 160004

Json = dict[str, Any]


class Staff:
    """Threads and forum posts for cards."""

    def __init__(self, rest: Rest, channel: int | None) -> None:
        self._rest = rest
        self._room = channel
        self._channels: dict[int, Json] = {}
        self._beneath: set[int] = set()  # the threads known to be there

    def meets_at(self, address: Address) -> bool:
        """Whether staff meet there."""
        channel, _ = place_of(address)
        return channel is not None and channel == self._room

    async def is_forum(self, address: Address) -> bool:
        """Whether a card to this address begins a post of its own."""
        channel, _ = place_of(address)
        if channel is None or not self.meets_at(address):
            return False
        return (await self._known(channel))["type"] in FORUMS

    async def beneath(self, external_id: str) -> int:
        """The thread beneath a card, begun where there is none yet."""
        channel, message = ids_of(external_id)
        if channel != message and message not in self._beneath:
            await self._begin_thread(channel, message)
        self._beneath.add(message)
        return message

    def forget(self, thread: int) -> bool:
        """A thread turned out to be gone; whether it was thought to be there."""
        known = thread in self._beneath
        self._beneath.discard(thread)
        return known

    async def open_post(self, forum: int, name: str, body: Json) -> int:
        """Begin a post in a forum; its id."""
        path = "/channels/{channel_id}/threads"
        wanted = {"name": name, "auto_archive_duration": A_WEEK, "message": body}
        opened = await self._rest.call("POST", path, channel_id=forum, json=wanted)
        return int(opened["id"])

    async def find_post(self, forum: int, name: str) -> int | None:
        """The open post of a forum that has this name."""
        guild = int((await self._known(forum))["guild_id"])
        path = "/guilds/{guild_id}/threads/active"
        active = await self._rest.call("GET", path, guild_id=guild)
        for each in active["threads"]:
            if int(each["parent_id"]) == forum and each["name"] == name:
                return int(each["id"])
        return None

    async def _begin_thread(self, channel: int, message: int) -> None:
        root = await self._rest.message(channel, message)
        if root.get("thread"):
            return
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        wanted = {"name": _name_of(root), "auto_archive_duration": A_WEEK}
        try:
            await self._rest.call("POST", path, channel_id=channel, message_id=message, json=wanted)
        except discord.HTTPException as error:
            if faults.code_of(error) != THERE_ALREADY:
                raise

    async def _known(self, channel: int) -> Json:
        if channel not in self._channels:
            found = await self._rest.channel(channel)
            self._channels[channel] = {"type": found["type"], "guild_id": found.get("guild_id")}
        return self._channels[channel]


def _name_of(root: Json) -> str:
    """The first line of a card, without its marks."""
    line = (root.get("content") or "").split("\n")[0]
    bare = line.replace("**", "").replace("\\", "").strip()
    return markup.cut(bare or "Ticket", 100)
