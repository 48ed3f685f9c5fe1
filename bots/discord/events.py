"""What people say, change, delete and react to on Discord, and to which of the desk's ears it goes."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import discord

from bots.discord import faults, render
from bots.discord.channel import DiscordChannel
from bots.discord.lanes import Lanes
from bots.discord.places import Asked, Places
from bots.discord.rest import Rest
from bots.discord.roles import Roles
from bots.discord.translate import (
    NAME,
    WORKSPACE,
    direct,
    external,
    is_blank,
    is_said,
    place_of,
    snowflake,
    text_of,
    to_incoming,
    who,
    within,
)
from core import catalogue
from core.channels import (
    Address,
    IncomingDeletion,
    IncomingEdit,
    IncomingMessage,
    IncomingReaction,
    Who,
)
from core.desk import Desk
from core.vocabulary import Heard

log = logging.getLogger(__name__)

LATE = timedelta(seconds=2)  # how much older than the last known message one may be that came after


class Events:
    """Stores what was said. Everything waits in the lane of its conversation, and comes in order."""

    def __init__(  # noqa: PLR0913 - what it works with
        self,
        desk: Desk,
        rest: Rest,
        channel: DiscordChannel,
        places: Places,
        roles: Roles,
        lanes: Lanes,
        staff_channel: int | None,
    ) -> None:
        self._desk = desk
        self._rest = rest
        self._channel = channel
        self._places = places
        self._roles = roles
        self._lanes = lanes
        self._staff_channel = staff_channel
        self._people: dict[int, int] = {}  # whose direct messages a channel has
        self._told: set[int] = set()  # threads where we said that we cannot read
        self._bot = 0
        self._catching_up: set[asyncio.Task[None]] = set()
        self._to_read: set[Address] = set()  # conversations whose reading waits in their lane

    # What the client hears; in the order of arrival, and without waiting

    def connected(self, client: discord.Client) -> None:
        """A new session: what was said since the last one is read, before anything newer."""
        self._bot = client.user.id if client.user else 0
        self._lanes.hold()
        task = asyncio.create_task(self._catch_up(client))
        self._catching_up.add(task)
        task.add_done_callback(self._catching_up.discard)

    def said(self, message: discord.Message) -> None:
        if message.author.id == self._bot:
            if message.nonce is not None:
                self._channel.saw(str(message.nonce), message.channel.id, message.id)
            return
        if is_said(message):
            lane = self._lane(message.channel.id, message)
            self._lanes.put(lane, partial(self._take_in, message))

    def edited(self, edit: discord.RawMessageUpdateEvent) -> None:
        message = edit.message
        if message.author.id != self._bot and is_said(message) and message.edited_at is not None:
            lane = self._lane(edit.channel_id, message)
            self._lanes.put(lane, partial(self._take_edit, message))

    def deleted(self, channel: int, message: int, guild: int | None) -> None:
        self._lanes.put(self._lane(channel), partial(self._take_deletion, channel, message, guild))

    def reacted(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        by_program = reaction.member is not None and reaction.member.bot
        if reaction.user_id != self._bot and not by_program:
            lane = self._lane(reaction.channel_id)
            self._lanes.put(lane, partial(self._take_reaction, reaction, added))

    async def settle(self, within: timedelta) -> None:
        """Until all that was heard is stored."""
        await self._lanes.settle(within)
        for task in self._catching_up:
            task.cancel()

    def _lane(self, channel: int, message: discord.Message | None = None) -> str:
        """Direct messages have the lane of the person, all else that of its channel."""
        if message is not None and _is_direct(message):
            self._people[channel] = message.author.id
        person = self._people.get(channel)
        return direct(person).conversation if person else within(channel).conversation

    # Taking in

    async def _take_in(self, message: discord.Message) -> None:
        await self._roles.meet(message.author)
        if _is_direct(message):
            await self._desk.receive(self._incoming(message, direct(message.author.id)))
        elif await self._among_staff(message):
            return
        elif self._mentioned(message) and not await self._is_ours(message):
            await self._asked_in_channel(message)
        elif _in_thread(message):
            await self._take_from_thread(message)

    async def _take_from_thread(self, message: discord.Message) -> None:
        """In a thread, only what belongs to a matter of ours is heard."""
        if is_blank(message):
            await self._say_we_cannot_read(message)
            return
        incoming = self._incoming(message, within(message.channel.id))
        if self._mentioned(message):
            await self._desk.receive(incoming)
        else:
            await self._desk.overhear(incoming)

    async def _asked_in_channel(self, message: discord.Message) -> None:
        """A mention in a channel begins, or goes on, a conversation in a thread of its own."""
        channel = getattr(message.channel, "parent_id", None) or message.channel.id
        here = external(message.channel.id, message.id)
        text = text_of(message, self._bot)
        asked = Asked(by=message.author, channel=channel, source=here, text=text)
        address = await self._places.of(asked)
        await self._desk.receive(self._incoming(message, address))
        await self._places.show_question(asked, address)

    async def _among_staff(self, message: discord.Message) -> bool:
        """Whether it was said beneath a ticket's card, and so stays in the house."""
        parent = getattr(message.channel, "parent_id", None)
        if self._staff_channel is None or not _in_thread(message):
            return False
        if parent in {self._staff_channel, None} and not is_blank(message):
            incoming = self._incoming(message, within(message.channel.id))
            for root in self._roots(message.channel.id):
                if await self._desk.hear(incoming, root=root) is not None:
                    return True
        return parent == self._staff_channel

    def _roots(self, thread: int) -> tuple[str, ...]:
        """The card above a thread: in the channel it hangs from, or at its start in a forum."""
        return external(self._staff_channel or 0, thread), external(thread, thread)

    async def _take_edit(self, message: discord.Message) -> None:
        if is_blank(message):
            return
        await self._desk.message_edited(
            IncomingEdit(
                address=await self._address(message.channel.id, message),
                external_id=external(message.channel.id, message.id),
                by=who(message.author),
                text=text_of(message, self._bot),
                edited_at=message.edited_at or message.created_at,
                to_us=_is_direct(message) or self._mentioned(message),
            )
        )

    async def _take_deletion(self, channel: int, message: int, guild: int | None) -> None:
        await self._desk.message_deleted(
            IncomingDeletion(
                address=await self._address(channel, guild=guild),
                external_id=external(channel, message),
                to_us=guild is None,
            )
        )

    async def _take_reaction(self, reaction: discord.RawReactionActionEvent, added: bool) -> None:
        emoji = reaction.emoji
        by = (
            who(reaction.member) if reaction.member else Who(NAME, WORKSPACE, str(reaction.user_id))
        )
        await self._desk.reacted(
            IncomingReaction(
                address=await self._address(reaction.channel_id, guild=reaction.guild_id),
                external_id=external(reaction.channel_id, reaction.message_id),
                by=by,
                emoji=emoji.name if emoji.is_unicode_emoji() else f":{emoji.name}:",
                added=added,
            )
        )

    async def _address(
        self, channel: int, message: discord.Message | None = None, *, guild: int | None = None
    ) -> Address:
        """The conversation that a channel is, for what says no more than the channel."""
        if message is not None:
            return direct(message.author.id) if _is_direct(message) else within(channel)
        if guild is not None:
            return within(channel)
        if channel not in self._people:
            found = await self._rest.channel(channel)
            self._people[channel] = int(found["recipients"][0]["id"])
        return direct(self._people[channel])

    def _incoming(self, message: discord.Message, address: Address) -> IncomingMessage:
        return to_incoming(message, address, self._bot)

    def _mentioned(self, message: discord.Message) -> bool:
        return any(each.id == self._bot for each in message.mentions)

    async def _is_ours(self, message: discord.Message) -> bool:
        """Whether a thread is one that we began for a customer."""
        if not _in_thread(message):
            return False
        owner = getattr(message.channel, "owner_id", None)
        if owner is None:
            owner = (await self._rest.channel(message.channel.id)).get("owner_id")
        return int(owner or 0) == self._bot

    async def _say_we_cannot_read(self, message: discord.Message) -> None:
        """Without the Message Content intent a thread is blank to us: the customer is told, once."""
        thread = message.channel.id
        if thread in self._told or not await self._is_ours(message):
            return
        self._told.add(thread)
        await self._rest.post(thread, render.posts(catalogue.cannot_read())[0].body)

    # Catching up

    async def _catch_up(self, client: discord.Client) -> None:
        """Put the reading of every open conversation before what comes in now, then go on."""
        try:
            for each in await self._heard_last():
                _, _, last = each.external_id.partition(":")
                after = int(last) if last else snowflake(each.at - LATE)
                if each.address not in self._to_read:
                    self._to_read.add(each.address)
                    read = partial(self._read_since, client, each.address, after)
                    self._lanes.put(each.address.conversation, read, first=True)
        finally:
            self._lanes.let_go()

    async def _heard_last(self) -> Sequence[Heard]:
        """Ask the desk until it answers: nothing newer is stored before."""
        while True:
            try:
                return await self._desk.heard_last(NAME)
            except Exception:
                log.exception("cannot catch up yet; tried again in a second")
                await asyncio.sleep(1)

    async def _read_since(self, client: discord.Client, address: Address, after: int) -> None:
        self._to_read.discard(address)
        channel, person = place_of(address)
        try:
            if channel is None:
                channel = await self._rest.direct(person)
                self._people[channel] = person
            there = _place(client, channel, is_direct=channel != person)
            async for page in self._rest.since(channel, after):
                for raw in page:
                    message = _message(client, there, raw)
                    if message is not None and message.author.id != self._bot and is_said(message):
                        await self._take_in(message)
        except discord.HTTPException as error:
            if error.status not in {403, 404}:
                raise
            log.info("%s cannot be read any more: %s", address.conversation, faults.meaning(error))


def _place(client: discord.Client, channel: int, *, is_direct: bool) -> Any:
    """A channel as discord.py's messages want it; a thread with its parent, if it is known."""
    known = client.get_channel(channel)
    if isinstance(known, discord.Thread):
        return known
    kind = discord.ChannelType.private if is_direct else None
    return client.get_partial_messageable(channel, type=kind)


def _message(client: discord.Client, place: Any, raw: Any) -> discord.Message | None:
    """A message of a history; None where discord.py cannot read what Discord wrote."""
    try:
        return discord.Message(state=client._connection, channel=place, data=raw)
    except (KeyError, TypeError, ValueError):
        log.exception("message %s cannot be read and is left out", raw.get("id"))
        return None


def _is_direct(message: discord.Message) -> bool:
    """Whether it was said to the bot alone."""
    channel = message.channel
    unknown = isinstance(channel, discord.PartialMessageable)
    return isinstance(channel, discord.DMChannel) or (
        unknown and channel.type is discord.ChannelType.private
    )


def _in_thread(message: discord.Message) -> bool:
    """Whether it was said in a thread, or in what the client does not know and may be one."""
    return isinstance(message.channel, discord.Thread | discord.PartialMessageable) and (
        not _is_direct(message)
    )
