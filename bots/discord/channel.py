"""Sending on Discord: cards go out as messages, and a repetition is known by its nonce.

https://discord.com/developers/docs/resources/message#create-message: of two messages with the same
nonce within a few minutes only the first is made, where ``enforce_nonce`` is set.
"""

import base64
import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.discord import faults, render
from bots.discord.render import Post
from bots.discord.rest import Rest
from bots.discord.staff import Staff
from bots.discord.translate import external, ids_of, place_of
from core.cards import Card
from core.channels import (
    OutgoingDeletion,
    OutgoingFile,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Undeliverable,
)

NONCE = 25
KEPT = 10_000
PAGES = 3
FILES = 10  # in one message
STORES = frozenset({"cdn.discordapp.com", "media.discordapp.net"})

Json = dict[str, Any]


class DiscordChannel:
    """`core.channels.Channel` for one bot. A post's external id is ``channel:message``."""

    def __init__(
        self, rest: Rest, staff_channel: int | None = None, *, stores: frozenset[str] = STORES
    ) -> None:
        self._rest = rest
        self._staff = Staff(rest, staff_channel)
        self._stores = stores
        self._posted: dict[str, tuple[int, int]] = {}  # by nonce: channel and message

    async def send(self, message: OutgoingMessage) -> Posted:
        """Post or edit a card. Raises `Undeliverable`, `TryLater` or `Uncertain`."""
        try:
            return await self._send(message)
        except faults.FAILURES as error:
            raise faults.meaning(error) from error

    async def find_sent(self, message: OutgoingMessage) -> Posted | None:
        """The posts that an uncertain attempt left, if all of them are there."""
        if message.replaces is not None:
            return None  # an edit repeated does no harm
        try:
            return await self._find(message)
        except faults.FAILURES as error:
            means = faults.meaning(error)
            if isinstance(means, Undeliverable):
                return None
            raise means from error

    async def delete(self, deletion: OutgoingDeletion) -> None:
        """Delete posts of ours; what is gone already stays gone."""
        for external_id in deletion.external_ids:
            try:
                await self._opened(
                    ids_of(external_id)[0], self._rest.delete, ids_of(external_id)[1]
                )
            except faults.FAILURES as error:
                if faults.code_of(error) not in faults.GONE:
                    raise faults.meaning(error) from error

    async def react(self, reaction: OutgoingReaction) -> None:
        """Put an emoji on a post, or take ours away."""
        channel, message = ids_of(reaction.external_id)
        try:
            await self._rest.react(channel, message, reaction.emoji, added=reaction.added)
        except faults.FAILURES as error:
            raise faults.meaning(error) from error

    async def fetch(self, source: str) -> AsyncGenerator[bytes, None]:
        """A file that came with a message: its link is asked for anew, since links expire."""
        try:
            channel, message, attachment = map(int, source.split("/"))
            found = await self._rest.message(channel, message)
            links = {int(each["id"]): each["url"] for each in found.get("attachments", ())}
            url = links.get(attachment, "")
            if urlsplit(url).hostname not in self._stores:
                raise Undeliverable("the file is gone")
            async with aclosing(self._rest.fetch(url)) as pieces:
                async for piece in pieces:
                    yield piece
        except aiohttp.ClientResponseError as error:
            gone = Undeliverable if error.status in {401, 403, 404, 410} else TryLater
            raise gone(f"the file could not be fetched (HTTP {error.status})") from error
        except faults.FAILURES as error:
            raise faults.meaning(error) from error

    def saw(self, nonce: str, channel: int, message: int) -> None:
        """The gateway told of a post of ours: an attempt with this nonce did arrive."""
        self._posted[nonce] = (channel, message)
        if len(self._posted) > KEPT:
            del self._posted[next(iter(self._posted))]

    # Posting

    async def _send(self, message: OutgoingMessage) -> Posted:
        posts = render.posts(message.card)
        if message.replaces is not None:
            edited = await self._edit(message, message.replaces, posts)
            if edited is not None:
                return edited
        if message.under is None and await self._staff.is_forum(message.address):
            return await self._open_post(message, posts)
        to = await self._channel(message)
        try:
            return await self._say(message, to, posts)
        except faults.FAILURES as error:
            gone = message.under is not None and faults.code_of(error) in faults.GONE
            if not (gone and self._staff.forget(to)):
                raise
        return await self._say(message, await self._channel(message), posts)

    async def _say(self, message: OutgoingMessage, to: int, posts: Sequence[Post]) -> Posted:
        said = [await self._post(message, to, n, each) for n, each in enumerate(posts)]
        return _as_posted([*said, *await self._upload(message, to, len(posts))])

    async def _channel(self, message: OutgoingMessage) -> int:
        """The channel or thread where the message goes; a person's id becomes their DM.

        Beneath a card that somebody deleted there is nothing: then it goes where the card was.
        """
        channel, person = place_of(message.address)
        if message.under is not None and self._staff.meets_at(message.address):
            try:
                return await self._staff.beneath(message.under)
            except faults.FAILURES as error:
                is_there = channel is not None and not await self._staff.is_forum(message.address)
                if faults.code_of(error) not in faults.GONE or not is_there:
                    raise
        return channel if channel is not None else await self._rest.direct(person)

    async def _post(
        self,
        message: OutgoingMessage,
        to: int,
        part: int,
        post: Post,
        files: Sequence[tuple[str, str, bytes]] = (),
    ) -> str:
        nonce = nonce_of(message.key, part)
        if nonce not in self._posted:
            body = {**post.body, "nonce": nonce, "enforce_nonce": True, **self._answers(message)}
            sent = await self._opened(to, self._rest.post, body, files)
            self.saw(nonce, int(sent.get("channel_id") or to), int(sent["id"]))
        return external(*self._posted[nonce])

    def _answers(self, message: OutgoingMessage) -> Json:
        """Direct messages have no threads: what stands beneath a post there is a reply to it."""
        if message.under is None or self._staff.meets_at(message.address):
            return {}
        _, answered = ids_of(message.under)
        return {"message_reference": {"message_id": str(answered), "fail_if_not_exists": False}}

    async def _upload(self, message: OutgoingMessage, to: int, part: int) -> list[str]:
        """The files of a message, after its words."""
        sent = []
        for first in range(0, len(message.files), FILES):
            some = message.files[first : first + FILES]
            sent.append(await self._upload_some(message, to, part + first, some))
        return sent

    async def _upload_some(
        self, message: OutgoingMessage, to: int, part: int, files: Sequence[OutgoingFile]
    ) -> str:
        contents = [(each.name, each.content_type, await each.read()) for each in files]
        try:
            return await self._post(message, to, part, Post("\u200b"), contents)
        except faults.FAILURES as error:
            if faults.code_of(error) not in faults.TOO_LARGE:
                raise
        named = ", ".join(each.name for each in files)
        told = render.posts(Card(text=f"📎 {named} (too large for Discord)"))
        return await self._post(message, to, part, told[0])

    async def _edit(
        self, message: OutgoingMessage, first: str, posts: Sequence[Post]
    ) -> Posted | None:
        """Edit posts in place: what is too much goes, what is missing comes. None where the first
        one is gone."""
        there = [first, *message.rest]
        kept: list[str] = []
        for part, post in enumerate(posts):
            channel = ids_of(first)[0]
            if part < len(there):
                try:
                    await self._opened(channel, self._rest.edit, ids_of(there[part])[1], post.body)
                    kept.append(there[part])
                    continue
                except faults.FAILURES as error:
                    if faults.code_of(error) not in faults.GONE:
                        raise
                    if part == 0:
                        return None
            kept.append(await self._post(message, channel, part, post))
        too_much = tuple(there[len(posts) :])
        await self.delete(
            OutgoingDeletion(key=message.key, address=message.address, external_ids=too_much)
        )
        return _as_posted(kept)

    async def _open_post(self, message: OutgoingMessage, posts: Sequence[Post]) -> Posted:
        """A post of its own in the staff forum; what is left of the card goes beneath its start."""
        nonce = nonce_of(message.key, 0)
        if nonce not in self._posted:
            forum, _ = place_of(message.address)
            name = render.thread_name(message.card)
            opened = await self._staff.open_post(forum or 0, name, posts[0].body)
            self.saw(nonce, opened, opened)
        to = self._posted[nonce][0]
        rest = [await self._post(message, to, n, each) for n, each in enumerate(posts) if n]
        return _as_posted([external(to, to), *rest, *await self._upload(message, to, len(posts))])

    async def _opened(self, channel: int, call: Any, *args: Any) -> Any:
        """Call it; where the thread was archived or locked, open it and call it again."""
        try:
            return await call(channel, *args)
        except faults.FAILURES as error:
            if faults.code_of(error) not in faults.ARCHIVED:
                raise
        await self._rest.change_channel(channel, archived=False, locked=False)
        return await call(channel, *args)

    # Looking for what an uncertain attempt left

    async def _find(self, message: OutgoingMessage) -> Posted | None:
        posts = len(render.posts(message.card))
        parts = [*range(posts), *(posts + n for n in range(0, len(message.files), FILES))]
        nonces = [nonce_of(message.key, part) for part in parts]
        if message.under is None and await self._staff.is_forum(message.address):
            await self._find_post(message, nonces[0])
        if not all(nonce in self._posted for nonce in nonces):
            await self._look(message, set(nonces))
        if not all(nonce in self._posted for nonce in nonces):
            return None
        return _as_posted([external(*self._posted[nonce]) for nonce in nonces])

    async def _find_post(self, message: OutgoingMessage, nonce: str) -> None:
        forum, _ = place_of(message.address)
        found = await self._staff.find_post(forum or 0, render.thread_name(message.card))
        if found is not None:
            self.saw(nonce, found, found)

    async def _look(self, message: OutgoingMessage, nonces: set[str]) -> None:
        """Remember which of these the last pages of the conversation have."""
        to = await self._channel(message)
        before: Mapping[str, int] = {}
        for _ in range(PAGES):
            page = await self._rest.messages(to, **before)
            for each in page:
                if each.get("nonce") in nonces:
                    self.saw(str(each["nonce"]), to, int(each["id"]))
            if not page:
                break
            before = {"before": int(page[-1]["id"])}


def nonce_of(key: str, part: int) -> str:
    """The same for every attempt of a delivery's part, and for no other."""
    digest = hashlib.sha256(f"{key}\n{part}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:NONCE]


def _as_posted(ids: Sequence[str]) -> Posted:
    return Posted(ids[0], tuple(ids[1:]))
