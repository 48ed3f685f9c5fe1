"""Where a customer's matter lives: in a private thread of the channel they asked in, or their DM."""

import logging
from dataclasses import dataclass

import discord

from bots.discord import faults, render
from bots.discord.channel import nonce_of
from bots.discord.rest import Rest
from bots.discord.translate import NAME, direct, place_of, who, within
from core import catalogue
from core.cards import Author, Card
from core.channels import Address, TryLater, Who
from core.desk import Desk
from core.vocabulary import Role

log = logging.getLogger(__name__)

PRIVATE = 12
A_WEEK = 10_080  # minutes until a silent thread is archived
KEPT = 10_000


@dataclass(frozen=True)
class Asked:
    """A question in a server: who asks, in which channel, and the post or press it came from."""

    by: discord.abc.User
    channel: int
    source: str
    text: str


class Places:
    """Makes private threads, one for each customer and channel while their matter is open."""

    def __init__(self, rest: Rest, desk: Desk) -> None:
        self._rest = rest
        self._desk = desk
        self._made: dict[tuple[int, int], int] = {}  # by channel and customer

    async def of(self, asked: Asked) -> Address:
        """Where this is talked about: the thread of an open matter there, or a new one.

        Where Discord does not let us make a thread, it is the customer's direct messages.
        """
        if (await self._desk.whoever(who(asked.by))).role is not Role.CUSTOMER:
            return direct(asked.by.id)
        known = await self._open_thread(who(asked.by), asked.channel, asked.by.id)
        if known is not None:
            return within(known)
        try:
            made = await self._make(asked)
        except discord.HTTPException as error:
            if error.status not in {400, 403, 404}:
                raise
            log.info("no private thread in %s: %s", asked.channel, faults.meaning(error))
            return direct(asked.by.id)
        self._made[asked.channel, asked.by.id] = made
        if len(self._made) > KEPT:
            del self._made[next(iter(self._made))]
        return within(made)

    async def show_question(self, asked: Asked, address: Address) -> None:
        """Repeat in the new thread what was asked elsewhere, so that it can be followed there."""
        thread, _ = place_of(address)
        if thread is None or not asked.text.strip():
            return
        by = who(asked.by)
        card = Card(text=asked.text, title=by.name, author=Author(by.name, by.picture))
        try:
            for part, post in enumerate(render.posts(card)):
                nonce = nonce_of(f"asked:{asked.source}", part)
                await self._rest.post(thread, {**post.body, "nonce": nonce, "enforce_nonce": True})
        except (*faults.FAILURES, TryLater) as error:  # the desk has it; this was a courtesy
            log.info("the question was not repeated in %s: %s", thread, error)

    async def _open_thread(self, customer: Who, channel: int, user: int) -> int | None:
        """The thread of a matter that this customer has open in this channel."""
        made = self._made.get((channel, user))
        page = await self._desk.tickets(customer)
        threads = [
            int(ticket.conversation.removeprefix("#"))
            for ticket in page.tickets
            if ticket.channel == NAME and ticket.conversation.startswith("#")
        ]
        if made is not None:
            threads.insert(0, made)
        for thread in threads:
            if await self._is_open(thread, channel):
                return thread
        self._made.pop((channel, user), None)
        return None

    async def _is_open(self, thread: int, channel: int) -> bool:
        try:
            found = await self._rest.channel(thread)
        except discord.HTTPException as error:
            if error.status not in {403, 404}:
                raise
            return False
        return int(found.get("parent_id") or 0) == channel

    async def _make(self, asked: Asked) -> int:
        path = "/channels/{channel_id}/threads"
        wanted = {
            "name": catalogue.place_for(asked.by.display_name)[:100],
            "type": PRIVATE,
            "invitable": False,
            "auto_archive_duration": A_WEEK,
        }
        made = await self._rest.call("POST", path, channel_id=asked.channel, json=wanted)
        thread = int(made["id"])
        path = "/channels/{channel_id}/thread-members/{user_id}"
        await self._rest.call("PUT", path, channel_id=thread, user_id=asked.by.id)
        return thread
