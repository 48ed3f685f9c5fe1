"""What Discord sends becomes what the desk takes in: values in, values out, no network.

Ids on Discord (snowflakes) are unique over all servers, so the desk knows one workspace there. A
person's direct messages are the conversation of their id; a channel's or a thread's is ``#`` and
its id. A post's external id is ``channel:message``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import discord

from bots.commands.parse import People
from bots.discord.reading import kept
from core.channels import Address, IncomingFile, IncomingMessage, Who
from core.markdown import escaped

NAME = "discord"
WORKSPACE = "global"
SAID_BY_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)

_USER = re.compile(r"<@!?(\d{1,20})>")
_MARKED = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+"
    r"|/(?P<command>[^:<>]+):\d+|t:(?P<time>-?\d{1,12})(?::\w)?|id:(?P<place>\w+))>"
)


def who(user: discord.abc.User) -> Who:
    """Somebody, with the name and picture that Discord shows of them."""
    return Who(NAME, WORKSPACE, str(user.id), user.display_name, str(user.display_avatar.url))


def direct(user: int | str) -> Address:
    """The direct messages with a person."""
    return Address(NAME, WORKSPACE, str(user))


def within(channel: int | str) -> Address:
    """A channel or a thread."""
    return Address(NAME, WORKSPACE, f"#{channel}")


def place_of(address: Address) -> tuple[int | None, int]:
    """The channel that an address names, or else None; and the person or channel it is about."""
    bare = address.conversation.removeprefix("#")
    return (int(bare) if bare != address.conversation else None), int(bare)


def external(channel: int, message: int) -> str:
    """The id of a post for the desk."""
    return f"{channel}:{message}"


def ids_of(external_id: str) -> tuple[int, int]:
    """The channel and the message that an external id names."""
    channel, _, message = external_id.partition(":")
    return int(channel), int(message)


def snowflake(at: datetime) -> int:
    """The smallest id of that moment."""
    return max(0, int((at - EPOCH).total_seconds() * 1_000)) << 22


def is_said(message: discord.Message) -> bool:
    """Whether a person said it, and not Discord or a program."""
    by_program = message.author.bot or message.webhook_id is not None
    return message.type in SAID_BY_PEOPLE and not by_program


def is_blank(message: discord.Message) -> bool:
    """Whether nothing of the message reached us: so it is without the Message Content intent."""
    parts = (message.content, message.attachments, message.stickers, message.message_snapshots)
    return not any(parts) and message.poll is None


def to_incoming(message: discord.Message, address: Address, bot: int) -> IncomingMessage:
    """A message in the words of the desk. Whoever calls has asked `is_said`."""
    return IncomingMessage(
        address=address,
        sender=who(message.author),
        external_id=external(message.channel.id, message.id),
        text=text_of(message, bot),
        sent_at=message.created_at,
        files=tuple(files_of(message)),
        under=_answered(message),
    )


def _answered(message: discord.Message) -> str | None:
    """The post that this one is a reply to."""
    answered = message.reference
    if message.type is not discord.MessageType.reply or answered is None:
        return None
    return external(answered.channel_id, answered.message_id) if answered.message_id else None


def text_of(message: discord.Message, bot: int) -> str:
    """All the words of a message as Markdown: what was written, forwarded, asked or stuck on it."""
    forwarded = [
        "\n".join(f"> {line}" for line in kept(readable(each.content, {})).split("\n"))
        for each in message.message_snapshots
        if each.content
    ]
    stickers = [f":{escaped(each.name)}:" for each in message.stickers]
    poll = [escaped(message.poll.question)] if message.poll is not None else []
    said = re.sub(rf"^\s*<@!?{bot}>[\s:,]*", "", message.content)
    return "\n".join(
        filter(None, [kept(readable(said, names_in(message))), *forwarded, *poll, *stickers])
    )


def files_of(message: discord.Message) -> Iterable[IncomingFile]:
    """The attachments. Their links expire within a day, so they are asked for anew by their ids."""
    for each in message.attachments:
        yield IncomingFile(
            name=each.filename,
            source=f"{message.channel.id}/{message.id}/{each.id}",
            content_type=each.content_type or "",
            size=each.size,
        )


def names_in(message: discord.Message) -> Mapping[str, str]:
    """What everything that a message mentions is called, by id."""
    named: list[Any] = [*message.mentions, *message.role_mentions, *message.channel_mentions]
    return {str(each.id): getattr(each, "display_name", None) or each.name for each in named}


def readable(text: str, names: Mapping[str, str], spelled: Callable[[str], str] = escaped) -> str:
    """Discord's spelling of a text as a person would read it: names for ids."""
    return _MARKED.sub(lambda found: spelled(_as_read(found, names)), text)


def people(names: Mapping[str, Who]) -> People:
    """A reader of mentions (``<@1>``) for the command table."""

    def read(text: str) -> Who | None:
        found = _USER.fullmatch(text.strip())
        return names.get(found[1]) or Who(NAME, WORKSPACE, found[1]) if found else None

    return read


def _as_read(found: re.Match[str], names: Mapping[str, str]) -> str:
    if found["user"] or found["role"]:
        number = found["user"] or found["role"]
        return f"@{names.get(number) or number}"
    if found["channel"]:
        return f"#{names.get(found['channel']) or found['channel']}"
    if found["emoji"]:
        return f":{found['emoji']}:"
    if found["command"]:
        return f"/{found['command']}"
    if found["time"]:
        return _clock(int(found["time"]))
    return f"#{found['place']}"


def _clock(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return str(seconds)
