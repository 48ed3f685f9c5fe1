"""What there is on the stand-in for Discord: people, one server with its channels, and messages."""

import asyncio
import itertools
import re
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

TOKEN = "stand.in.token"
BOT, APPLICATION, GUILD = 900, 900, 1 << 23
GENERAL, STAFF, FORUM = 2_001, 2_002, 2_003
MESSAGE_CONTENT = 1 << 18
ALL = str((1 << 50) - 1 & ~8)

Json = dict[str, Any]


class World:
    """Everything that Discord keeps."""

    def __init__(self) -> None:
        self.url = ""
        self.names: dict[int, str] = {}
        self.flags = MESSAGE_CONTENT
        self.permissions = ALL
        self.member_roles: dict[int, list[str]] = {}
        self.channels: dict[int, Json] = {
            GENERAL: channel_of(GENERAL, 0, "general"),
            STAFF: channel_of(STAFF, 0, "staff"),
            FORUM: channel_of(FORUM, 15, "desk"),
        }
        self.messages: dict[int, list[Json]] = defaultdict(list)
        self.closed_to: set[int] = set()  # people who take no direct messages
        self._dms: dict[int, int] = {}
        self._numbers = itertools.count(1)
        self._something = asyncio.Event()

    def texts(self, channel: int) -> list[str]:
        """Everything readable of each message of the bot in a channel, in order."""
        return [readable(each) for each in self.messages[channel] if _is_ours(each)]

    async def until(self, happened: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait for something to have happened here."""
        async with asyncio.timeout(within):
            while not (found := happened()):
                self._something.clear()
                await self._something.wait()
        return found

    def id(self) -> int:
        """A new snowflake: later ones are larger."""
        milliseconds = int(time.time() * 1_000) - 1_420_070_400_000
        return (milliseconds << 22) + next(self._numbers)

    def dm(self, user: int) -> int:
        """The channel of the direct messages with a person."""
        if user not in self._dms:
            self._dms[user] = 5_000 + user
            self.channels[self._dms[user]] = {
                "id": str(self._dms[user]),
                "type": 1,
                "recipients": [self.user(user)],
            }
        return self._dms[user]

    def user(self, user: int) -> Json:
        name = self.names.get(user, f"user-{user}")
        return {
            "id": str(user),
            "username": name.lower(),
            "global_name": name,
            "discriminator": "0",
            "avatar": None,
            "bot": user == BOT,
        }

    def member(self, user: int) -> Json:
        return {
            "user": self.user(user),
            "roles": self.member_roles.get(user, []),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def message(self, user: int, channel: int, content: str, **more: Any) -> Json:
        """A new message, kept as if somebody had written it."""
        made = {
            "id": str(more.pop("id", None) or self.id()),
            "channel_id": str(channel),
            "author": self.user(user),
            "content": content,
            "timestamp": "2026-01-05T09:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.user(int(each)) for each in re.findall(r"<@!?(\d+)>", content)],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            **more,
        }
        self.messages[channel].append(made)
        return made

    def find(self, channel: int, message: int) -> Json | None:
        return next((each for each in self.messages[channel] if int(each["id"]) == message), None)

    def as_event(self, message: Json) -> Json:
        """Direct messages have no guild_id; without the intent, others have no content."""
        channel = self.channels[int(message["channel_id"])]
        if channel["type"] == 1:
            return message
        author = int(message["author"]["id"])
        told = {**message, "guild_id": str(GUILD)}
        if author != BOT:
            told["member"] = self.member(author)
        mentioned = any(each["id"] == str(BOT) for each in message["mentions"])
        if not self.flags & MESSAGE_CONTENT and author != BOT and not mentioned:
            told |= {"content": "", "attachments": [], "embeds": [], "components": []}
        return told

    def thread(self, number: int, kind: int, parent: int, name: str) -> Json:
        """A thread, begun by the bot."""
        self.channels[number] = {
            **channel_of(number, kind, name),
            "parent_id": str(parent),
            "owner_id": str(BOT),
            "thread_metadata": {
                "archived": False,
                "locked": False,
                "auto_archive_duration": 10_080,
                "archive_timestamp": "2026-01-05T09:00:00+00:00",
            },
            "members": [],
            "message_count": 0,
            "member_count": 1,
        }
        return self.channels[number]

    def server(self) -> Json:
        """The one server, as its members see it."""
        threads = [each for each in self.channels.values() if each["type"] in {11, 12}]
        others = [each for each in self.channels.values() if each["type"] in {0, 5, 15}]
        return {
            "id": str(GUILD),
            "name": "Home",
            "owner_id": "1",
            "roles": [
                {
                    "id": str(GUILD),
                    "name": "@everyone",
                    "permissions": self.permissions,
                    "position": 0,
                    "color": 0,
                    "hoist": False,
                    "managed": False,
                    "mentionable": False,
                }
            ],
            "emojis": [],
            "features": [],
            "channels": others,
            "threads": threads,
            "members": [self.member(BOT)],
            "member_count": 10,
            "unavailable": False,
        }


def readable(message: Json) -> str:
    """All the words of a message."""
    parts = [message.get("content") or ""]
    for embed in message.get("embeds") or ():
        parts += [
            (embed.get("author") or {}).get("name", ""),
            embed.get("title", ""),
            embed.get("description", ""),
            *(f"{each['name']}: {each['value']}" for each in embed.get("fields") or ()),
            (embed.get("footer") or {}).get("text", ""),
        ]
    return "\n".join(part for part in parts if part)


def _is_ours(message: Json) -> bool:
    return bool(message["author"]["id"] == str(BOT))


def channel_of(number: int, kind: int, name: str) -> Json:
    """A channel of the server."""
    return {
        "id": str(number),
        "type": kind,
        "name": name,
        "guild_id": str(GUILD),
        "position": 0,
        "permission_overwrites": [],
        "nsfw": False,
        "topic": None,
        "parent_id": None,
    }
