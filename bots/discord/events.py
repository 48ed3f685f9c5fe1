"""What people say, change, delete and react to on Discord, and to which of the desk's ears it goes."""

from datetime import timedelta
from functools import partial

import discord

from bots.discord import render
from bots.discord.backfill import Backfill
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

KEPT = 10_000


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
        backfill: Backfill,
        staff_channel: int | None,
    ) -> None:
        self._desk = desk
        self._rest = rest
        self._channel = channel
        self._places = places
        self._roles = roles
        self._lanes = lanes
        self._backfill = backfill
        self._staff_channel = staff_channel
        self._people: dict[int, int] = {}  # whose direct messages a channel has
        self._told: set[int] = set()  # threads where we said that we cannot read
        self._mentions: dict[int, None] = {}  # posts in channels that we took in
        self._client: discord.Client | None = None
        self._bot = 0

    # What the client hears; in the order of arrival, and without waiting

    def connected(self, client: discord.Client, shard: int) -> None:
        """A new session: what was said since the last one is read, before anything newer."""
        self._client, self._bot = client, client.user.id if client.user else 0
        self._backfill.of_conversations(client, shard, self._take_missed)

    def available(self, client: discord.Client, guild: discord.Guild) -> None:
        """A server of ours is there: its channels are looked through for mentions."""
        self._backfill.of_channels(client, guild, self._take_missed_mention)

    def said(self, message: discord.Message) -> None:
        self._backfill.listened(message.guild.shard_id if message.guild else 0, message.id)
        if message.author.id == self._bot:
            if message.nonce is not None:
                self._channel.saw(str(message.nonce), message.channel.id, message.id)
            return
        if is_said(message):
            lane = self._lane(message.channel.id, message)
            self._lanes.put(lane, partial(self._take_in, message))

    def edited(self, edit: discord.RawMessageUpdateEvent) -> None:
        message = edit.message
        if message.author.id == self._bot or not is_said(message) or message.edited_at is None:
            return
        if self._mentioned(message) or self._may_be_ours(edit.channel_id, edit.guild_id):
            lane = self._lane(edit.channel_id, message)
            self._lanes.put(lane, partial(self._take_edit, message))

    def deleted(self, channel: int, message: int, guild: int | None) -> None:
        if message in self._mentions or self._may_be_ours(channel, guild):
            errand = partial(self._take_deletion, channel, message, guild)
            self._lanes.put(self._lane(channel), errand)

    def reacted(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        by_program = reaction.member is not None and reaction.member.bot
        ours = self._may_be_ours(reaction.channel_id, reaction.guild_id)
        if ours and reaction.user_id != self._bot and not by_program:
            lane = self._lane(reaction.channel_id)
            self._lanes.put(lane, partial(self._take_reaction, reaction, added))

    async def settle(self, within: timedelta) -> None:
        """Until all that was heard is stored."""
        await self._lanes.settle(within)
        self._backfill.stop()

    def _may_be_ours(self, channel: int, guild: int | None) -> bool:
        """Whether something of the desk's may stand in a channel: it is a direct message's, where
        staff meet, a thread that we began, or unknown."""
        known = self._client.get_channel(channel) if self._client and guild else None
        if known is None or channel == self._staff_channel:
            return True
        parent = getattr(known, "parent_id", None)
        return parent is not None and (
            parent == self._staff_channel or getattr(known, "owner_id", None) == self._bot
        )

    def _lane(self, channel: int, message: discord.Message | None = None) -> str:
        """Direct messages have the lane of the person, all else that of its channel."""
        if message is not None and _is_direct(message):
            self._people[channel] = message.author.id
        person = self._people.get(channel)
        return direct(person).conversation if person else within(channel).conversation

    # Taking in

    async def _take_missed(self, message: discord.Message) -> None:
        if message.author.id != self._bot and is_said(message):
            await self._take_in(message)

    async def _take_missed_mention(self, message: discord.Message) -> None:
        if self._mentioned(message):
            await self._take_missed(message)

    async def _take_in(self, message: discord.Message) -> None:
        await self._roles.meet(message.author)
        if _is_direct(message):
            await self._desk.receive(self._incoming(message, direct(message.author.id)))
        elif await self._among_staff(message):
            return
        elif self._mentioned(message) and not await self._is_ours(message):
            await self._asked_in_channel(message)
        elif self._may_be_ours(message.channel.id, 1) and _in_thread(message):
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
        self._remember(message.id)
        await self._desk.receive(self._incoming(message, address))
        await self._places.show_question(asked, address)

    def _remember(self, mention: int) -> None:
        self._mentions[mention] = None
        if len(self._mentions) > KEPT:
            del self._mentions[next(iter(self._mentions))]

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
