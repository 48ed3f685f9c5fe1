"""Sending on Slack: cards go out as posts, and an uncertain one is looked for before it is repeated."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults, render
from bots.slack.pace import Pacer
from bots.slack.render import Post
from bots.slack.translate import Thread, thread_of
from core.channels import OutgoingMessage, TryLater, Uncertain, Undeliverable

log = logging.getLogger(__name__)

OURS = "switchboard_delivery"  # the type of the metadata that carries a delivery's key
POST, EDIT = "chat.postMessage", "chat.update"
GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
PAGE = 200
PAGES = 5


class SlackChannel:
    """`core.channels.Channel` for one workspace. A post's external id is ``channel:ts``."""

    def __init__(self, client: AsyncWebClient, pacer: Pacer | None = None) -> None:
        self._client = client
        self._pacer = pacer or Pacer()
        self._direct: dict[str, str] = {}  # a person's DM channel

    async def send(self, message: OutgoingMessage) -> str:
        """Post or edit a card. Raises `Undeliverable`, `TryLater` or `Uncertain`."""
        posts = render.posts(message.card)
        if message.replaces is not None:
            edited = await self._edit(message.replaces, message.key, posts[0])
            if edited:
                return message.replaces
        to = await self._thread(message)
        sent = await self._parts(message.key, to) if len(posts) > 1 else {}
        for part, post in enumerate(posts):
            if part not in sent:
                sent[part] = await self._post(to, message.key, part, post)
        return f"{to.channel}:{sent[0]}"

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        """The post that an uncertain attempt left, if the whole of it is there."""
        to = await self._thread(message)
        sent = await self._parts(message.key, to)
        whole = len(sent) >= len(render.posts(message.card))
        return f"{to.channel}:{sent[0]}" if whole and 0 in sent else None

    async def _thread(self, message: OutgoingMessage) -> Thread:
        """Where the message goes: a person's id becomes their DM."""
        to = thread_of(message.address)
        if message.under is not None:
            to = Thread(*message.under.split(":", 1))
        if to.channel[:1] in {"U", "W"}:
            return Thread(await self._direct_channel(to.channel), to.ts)
        return to

    async def _direct_channel(self, user: str) -> str:
        if user not in self._direct:
            try:
                opened = await self._call("conversations.open", user, {"users": user})
            except Uncertain as error:  # opening twice does no harm
                raise TryLater(str(error)) from error
            self._direct[user] = str(opened["channel"]["id"])
        return self._direct[user]

    async def _post(self, to: Thread, key: str, part: int, post: Post) -> str:
        said = {
            "channel": to.channel,
            **_content(key, part, post),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": to.ts} if to.ts else {}),
        }
        await self._pacer.turn(POST, to.channel)
        posted = await self._call(POST, to.channel, said)
        return str(posted["ts"])

    async def _edit(self, external_id: str, key: str, post: Post) -> bool:
        """Edit a post in place; False where it cannot be edited any more."""
        channel, _, ts = external_id.partition(":")
        await self._pacer.turn(EDIT, channel)
        try:
            await self._call(
                EDIT, channel, {"channel": channel, "ts": ts, **_content(key, 0, post)}
            )
        except TryLater as error:
            if faults.behind(error) not in GONE:
                raise
            return False
        return True

    async def _parts(self, key: str, to: Thread) -> dict[int, str]:
        """The posts that carry this key already, by their place in the card."""
        method = "conversations.replies" if to.ts else "conversations.history"
        asked = {"channel": to.channel, "limit": PAGE, "include_all_metadata": True}
        if to.ts:
            asked["ts"] = to.ts
        sent: dict[int, str] = {}
        for _ in range(PAGES):
            page = await self._look(method, to.channel, asked)
            for found in page.get("messages", ()):
                metadata = found.get("metadata") or {}
                carried = metadata.get("event_payload") or {}
                if metadata.get("event_type") == OURS and carried.get("key") == key:
                    sent[int(carried.get("part", 0))] = str(found["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            asked["cursor"] = cursor
        return sent

    async def _look(self, method: str, channel: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page of posts; an empty one where Slack does not let us look."""
        try:
            return await self._call(method, channel, asked)
        except (Undeliverable, TryLater) as error:
            if isinstance(error, TryLater) and faults.behind(error) not in faults.OUR_SETUP:
                raise
            log.warning("cannot look for what was sent: %s", error)
            return {}

    async def _call(self, method: str, channel: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        reads = method.startswith("conversations.") and method != "conversations.open"
        try:
            if reads:
                answer = await self._client.api_call(method, http_verb="GET", params=dict(args))
            else:
                answer = await self._client.api_call(method, json=dict(args))
        except faults.FAILURES as error:
            means = faults.meaning(error)
            if isinstance(means, TryLater) and means.after is not None:
                self._pacer.hold(method, channel, means.after)
            raise means from error
        return answer.data if isinstance(answer.data, dict) else {}


def _content(key: str, part: int, post: Post) -> dict[str, Any]:
    return {
        "text": post.text,
        "blocks": list(post.blocks),
        "metadata": {"event_type": OURS, "event_payload": {"key": key, "part": part}},
    }
