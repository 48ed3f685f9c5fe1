"""What every listener works with: the desk, who and where we are, and a way to answer."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bots.commands.table import Said
from bots.slack import faults, render
from bots.slack.names import Names
from bots.slack.render import Post
from bots.slack.translate import Home
from core.cards import Card
from core.desk import Desk
from core.errors import DeskError

log = logging.getLogger(__name__)

RESPONSES = 5  # as often a response_url may be used
REMEMBERED = 1_000
KEPT_FRESH = 500  # app homes


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asked, where, and the address that Slack gives for an answer (good for 30 minutes)."""

    user: str
    channel: str | None = None
    response_url: str | None = None
    thread: str | None = None


class Errands:
    """Work that goes on after its request was acknowledged, and is finished before we stop."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a request from Slack could not be read", exc_info=task.exception())

    async def finish(self, within: timedelta) -> None:
        """Wait for what runs; what takes longer is cancelled."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=within.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


class Once:
    """The ids of what was done already, so that a repetition does nothing."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    def first(self, key: str) -> bool:
        """Whether this is the first time. The oldest are forgotten."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return True

    def forget(self, key: str) -> None:
        """It came to nothing and may be done again."""
        self._seen.pop(key, None)


class Answers:
    """Tells somebody alone what became of what they asked: by response_url, else an ephemeral
    post where they are, else a direct message."""

    def __init__(self, client: AsyncWebClient, http: aiohttp.ClientSession) -> None:
        self._client = client
        self._http = http

    async def give(self, to: Asker, asked: Awaitable[Said | None]) -> None:
        """Wait for the answer and say it; None is no answer, such as where a form was opened.

        Here, and only here, refusals become words. Whatever else goes wrong is a bug or a broken
        machine: it is logged, and whoever asked gets the number to look for.
        """
        try:
            said = await asked
            card = said.card if said else None
        except DeskError as refusal:
            card = Card(text=str(refusal))
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s: a request from Slack failed", number)
            card = went_wrong(number)
        if card is not None:
            await self.say(to, card)

    async def say(self, to: Asker, card: Card) -> None:
        for number, post in enumerate(render.posts(card)):
            url = to.response_url if number < RESPONSES else None
            if url and await self._respond(url, post):
                continue
            if to.channel and await self._say(
                "chat.postEphemeral", to.channel, post, user=to.user, thread_ts=to.thread
            ):
                continue
            await self._say("chat.postMessage", to.user, post)

    async def _respond(self, url: str, post: Post) -> bool:
        body = {"response_type": "ephemeral", "replace_original": False, **_content(post)}
        try:
            async with self._http.post(url, json=body) as answer:
                return answer.status == 200
        except faults.FAILURES as error:
            log.info("response_url did not take an answer: %s", type(error).__name__)
            return False

    async def _say(self, method: str, channel: str, post: Post, **more: str | None) -> bool:
        to = {"channel": channel, **{name: each for name, each in more.items() if each}}
        try:
            await self._client.api_call(method, json={**to, **_content(post)})
        except faults.FAILURES as error:
            log.warning("an answer was not said by %s: %s", method, faults.meaning(error))
            return False
        return True


class Homes:
    """Whose app home is to be kept fresh: whoever opened it lately, with how it was drawn last."""

    def __init__(self) -> None:
        self._drawn: dict[str, int] = {}

    @property
    def users(self) -> list[str]:
        return list(self._drawn)

    def changes(self, user: str, look: int) -> bool:
        """Whether this look is another than the last one; it is the last one from now on."""
        before = self._drawn.pop(user, None)
        self._drawn[user] = look
        if len(self._drawn) > KEPT_FRESH:
            del self._drawn[next(iter(self._drawn))]
        return look != before

    def forget(self, user: str) -> None:
        self._drawn.pop(user, None)


def went_wrong(number: str) -> Card:
    """What somebody is told when it is not their fault."""
    return Card(
        text=f"Something went wrong on our side (error {number}). It is in the log; "
        "please try again in a moment."
    )


def _content(post: Post) -> dict[str, Any]:
    previews = {"unfurl_links": False, "unfurl_media": False}
    return {"text": post.text, "blocks": list(post.blocks), **previews}


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Handed to every listener: one workspace, and the desk.

    ``staff_channel`` is the id of the channel where staff meet, if it is in this workspace;
    ``reactions`` are the emojis that mean something, by name; ``site`` is the address of our pages.
    """

    desk: Desk
    home: Home
    client: AsyncWebClient
    names: Names
    answers: Answers
    errands: Errands
    homes: Homes
    staff_channel: str | None = None
    reactions: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    once: Once = field(default_factory=Once)
