"""Sending on Slack: cards go out as posts, and an uncertain one is looked for before it is repeated."""

import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import emojis, faults, render, uploads
from bots.slack.calls import Calls
from bots.slack.pace import Pacer
from bots.slack.render import Post
from bots.slack.translate import Thread, thread_of
from bots.slack.uploads import FILE, Files, TooLarge
from core.cards import Author, Card
from core.channels import (
    OutgoingDeletion,
    OutgoingFile,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Uncertain,
    Undeliverable,
)

log = logging.getLogger(__name__)

OURS = "switchboard_delivery"  # the type of the metadata that carries a delivery's key
POST, EDIT = "chat.postMessage", "chat.update"
CUSTOMIZE = "chat:write.customize"
GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
GONE_ALREADY = {"message_not_found", "thread_not_found", "channel_not_found"}
SO_ALREADY = {"already_reacted", "no_reaction", "message_not_found"}
NAME = 80
PAGE = 200
PAGES = 5


@dataclass
class Found:
    """What of a delivery is on Slack already: its posts by their place in it, and our later ones."""

    parts: dict[int, str] = field(default_factory=dict)
    ours: list[Mapping[str, Any]] = field(default_factory=list)

    def files(self, names: Sequence[str]) -> dict[str, str]:
        """The files of these names that were shared after the first post."""
        first = self.parts.get(0)
        later = [post for post in self.ours if first and str(post["ts"]) > first]
        return uploads.shared_among(later, names)


class SlackChannel:
    """`core.channels.Channel` for one workspace. A post's external id is ``channel:ts``, a file's
    is ``file:`` and its own id.

    With the scope `CUSTOMIZE` somebody's words are posted under their name and picture.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        pacer: Pacer | None = None,
        *,
        http: aiohttp.ClientSession | None = None,
        scopes: Collection[str] = (),
    ) -> None:
        self._calls = Calls(client, pacer or Pacer())
        self._files = Files(self._calls, http) if http is not None else None
        self._customizes = CUSTOMIZE in scopes
        self._direct: dict[str, str] = {}  # a person's DM channel

    # `core.channels.Channel`

    async def send(self, message: OutgoingMessage) -> Posted:
        """Post or edit a card. Raises `Undeliverable`, `TryLater` or `Uncertain`."""
        posts = self._posts(message.card)
        if message.replaces is not None:
            edited = await self._replace(message, posts)
            if edited is not None:
                return edited
        to = await self._thread(message)
        looks = len(posts) > 1 or message.files
        found = await self._look_for(message.key, to) if looks else Found()
        sent = [
            found.parts.get(part) or await self._post(to, message, part, post)
            for part, post in enumerate(posts)
        ]
        files = await self._share(message, to, found, after=len(posts))
        return _posted(to.channel, sent, files)

    async def find_sent(self, message: OutgoingMessage) -> Posted | None:
        """What an uncertain attempt left, if the whole of it is there."""
        to = await self._thread(message)
        found = await self._look_for(message.key, to)
        posts = len(self._posts(message.card))
        told = len(found.parts) - posts  # files that Slack did not take, each with a line
        shared = found.files([file.name for file in message.files])
        if not all(part in found.parts for part in range(posts)):
            return None
        if len(shared) + told < len({file.name for file in message.files}):
            return None
        return _posted(
            to.channel, [found.parts[part] for part in sorted(found.parts)], [*shared.values()]
        )

    # What Slack can do beyond that

    async def delete(self, deletion: OutgoingDeletion) -> None:
        """Delete posts and files of ours; what is gone already is fine."""
        for external_id in deletion.external_ids:
            channel, _, ts = external_id.partition(":")
            if external_id.startswith(FILE):
                if self._files is not None:
                    await self._files.remove(external_id, deletion.address.conversation)
                continue
            await self._quietly(
                "chat.delete", channel, {"channel": channel, "ts": ts}, fine=GONE_ALREADY
            )

    async def react(self, reaction: OutgoingReaction) -> None:
        """Put an emoji on a post or take it away. `Undeliverable` where Slack has no such emoji."""
        name = emojis.name(reaction.emoji)
        if name is None:
            raise Undeliverable(f"Slack has no {reaction.emoji}")
        channel, _, ts = reaction.external_id.partition(":")
        method = "reactions.add" if reaction.added else "reactions.remove"
        asked = {"channel": channel, "timestamp": ts, "name": name}
        try:
            await self._quietly(method, channel, asked, fine=SO_ALREADY)
        except TryLater as error:
            if faults.behind(error) in {"invalid_name", "too_many_emoji", "too_many_reactions"}:
                raise Undeliverable(str(error)) from error
            raise

    async def fetch(self, source: str) -> AsyncIterator[bytes]:
        """The content of a file that came with a post; ``source`` ends with Slack's id of it."""
        if self._files is None:
            raise Undeliverable("files are not fetched here")
        async for chunk in self._files.fetch(source.rpartition(":")[2]):
            yield chunk

    def _posts(self, card: Card) -> list[Post]:
        return render.posts(card, named=self._customizes)

    async def _replace(self, message: OutgoingMessage, posts: Sequence[Post]) -> Posted | None:
        """Edit the posts of an earlier message into these; None where it cannot be edited any more."""
        old = [str(message.replaces), *(each for each in message.rest if not each.startswith(FILE))]
        channel, _, _ = old[0].partition(":")
        if not await self._edit(old[0], message.key, 0, posts[0]):
            return None
        sent = [old[0].partition(":")[2]]
        for part, post in enumerate(posts[1:], 1):
            if part < len(old) and await self._edit(old[part], message.key, part, post):
                sent.append(old[part].partition(":")[2])
            else:
                to = await self._thread(message)
                sent.append(await self._post(Thread(channel, to.ts), message, part, post))
        for surplus in old[len(posts) :]:
            gone = {"channel": channel, "ts": surplus.partition(":")[2]}
            await self._quietly("chat.delete", channel, gone, fine=GONE_ALREADY)
        files = [each for each in message.rest if each.startswith(FILE)]
        return _posted(channel, sent, files)

    async def _share(
        self, message: OutgoingMessage, to: Thread, found: Found, *, after: int
    ) -> list[str]:
        """Share the files that are not there yet, in order; a line for each that Slack refuses."""
        shared = found.files([file.name for file in message.files])
        ids = []
        for number, file in enumerate(message.files):
            if file.name not in shared and after + number not in found.parts:
                try:
                    shared[file.name] = await self._upload(file, to)
                except TooLarge as error:
                    line = Card(text=f"📎 {file.name} could not be passed on: {error}.")
                    await self._post(to, message, after + number, render.posts(line)[0])
            ids += [shared[file.name]] if file.name in shared else []
        return ids

    async def _upload(self, file: OutgoingFile, to: Thread) -> str:
        if self._files is None:
            raise TooLarge("files are not sent here")
        return await self._files.share(file, to)

    async def _thread(self, message: OutgoingMessage) -> Thread:
        """Where the message goes: a person's id becomes their DM."""
        to = thread_of(message.address)
        if message.under is not None:
            to = Thread(*message.under.split(":", 1))
        elif message.begins:
            to = Thread(to.channel)  # threads have no threads: it begins one beside this one
        if to.channel[:1] in {"U", "W"}:
            return Thread(await self._direct_channel(to.channel), to.ts)
        return to

    async def _direct_channel(self, user: str) -> str:
        if user not in self._direct:
            try:
                opened = await self._calls.call("conversations.open", user, {"users": user})
            except Uncertain as error:  # opening twice does no harm
                raise TryLater(str(error)) from error
            self._direct[user] = str(opened["channel"]["id"])
        return self._direct[user]

    async def _post(self, to: Thread, message: OutgoingMessage, part: int, post: Post) -> str:
        said = {
            "channel": to.channel,
            **_content(message.key, part, post),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": to.ts} if to.ts else {}),
            **(_under_name(message.card.author) if self._customizes else {}),
        }
        try:
            posted = await self._calls.in_turn(POST, to.channel, said)
        except Undeliverable as error:
            # Beneath a card that somebody deleted there is nothing: it goes where the card was.
            if message.under is None or faults.behind(error) != "thread_not_found":
                raise
            said.pop("thread_ts", None)
            posted = await self._calls.in_turn(POST, to.channel, said)
        return str(posted["ts"])

    async def _edit(self, external_id: str, key: str, part: int, post: Post) -> bool:
        """Edit a post in place; False where it cannot be edited any more."""
        channel, _, ts = external_id.partition(":")
        asked = {"channel": channel, "ts": ts, **_content(key, part, post)}
        try:
            await self._calls.in_turn(EDIT, channel, asked)
        except TryLater as error:
            if faults.behind(error) not in GONE:
                raise
            return False
        return True

    async def _quietly(
        self, method: str, channel: str, asked: Mapping[str, Any], *, fine: Collection[str]
    ) -> None:
        """A call that may find its work done. It may be repeated, so nothing of it is uncertain."""
        try:
            await self._calls.in_turn(method, channel, asked)
        except Uncertain as error:
            raise TryLater(str(error)) from error
        except (TryLater, Undeliverable) as error:
            if faults.behind(error) not in fine:
                raise

    async def _look_for(self, key: str, to: Thread) -> Found:
        """The posts that carry this key already, and all of ours beside them."""
        method = "conversations.replies" if to.ts else "conversations.history"
        asked = {"channel": to.channel, "limit": PAGE, "include_all_metadata": True}
        if to.ts:
            asked["ts"] = to.ts
        found = Found()
        for _ in range(PAGES):
            page = await self._look(method, to.channel, asked)
            for post in page.get("messages", ()):
                metadata = post.get("metadata") or {}
                carried = metadata.get("event_payload") or {}
                if metadata.get("event_type") == OURS and carried.get("key") == key:
                    found.parts[int(carried.get("part", 0))] = str(post["ts"])
                if post.get("bot_id") and post.get("files"):
                    found.ours.append(post)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            asked["cursor"] = cursor
        return found

    async def _look(self, method: str, channel: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page of posts; an empty one where Slack does not let us look."""
        try:
            return await self._calls.call(method, channel, asked)
        except (Undeliverable, TryLater) as error:
            if isinstance(error, TryLater) and faults.behind(error) not in faults.OUR_SETUP:
                raise
            log.warning("cannot look for what was sent: %s", error)
            return {}


def _posted(channel: str, sent: Sequence[str], files: Sequence[str]) -> Posted:
    posts = [f"{channel}:{ts}" for ts in sent]
    return Posted(posts[0], (*posts[1:], *files))


def _under_name(author: Author | None) -> dict[str, str]:
    if author is None or not author.name.strip():
        return {}
    picture = {"icon_url": author.picture} if author.picture.startswith("https://") else {}
    return {"username": author.name[:NAME], **picture}


def _content(key: str, part: int, post: Post) -> dict[str, Any]:
    return {
        "text": post.text,
        "blocks": list(post.blocks),
        "metadata": {"event_type": OURS, "event_payload": {"key": key, "part": part}},
    }
