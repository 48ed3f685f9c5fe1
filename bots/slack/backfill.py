"""What was said while nobody listened: read from Slack itself, from the last post that was heard.

Slack sends an event again for about an hour. After a longer silence the conversations that are
going on are read from where they were heard last; what is heard twice is taken in once.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError

from bots.slack import events, faults
from bots.slack.reception import Reception
from bots.slack.translate import NAME, thread_of
from core.desk import Desk
from core.vocabulary import Heard

log = logging.getLogger(__name__)

PAGE = 200
PAGES = 20
PAUSES = 10  # that Slack may ask for, one after the other
READ_BACK_AT_MOST = timedelta(days=30)


class Connected(Protocol):
    """Every workspace that the app is in."""

    async def receptions(self) -> list[Reception]: ...


async def catch_up(slack: Connected) -> int:
    """Read every conversation that is going on from where it was heard last; how many posts came."""
    receptions = {each.home.team: each for each in await slack.receptions()}
    if not receptions:
        return 0
    desk: Desk = next(iter(receptions.values())).desk
    read = 0
    for heard in await desk.heard_last(NAME):
        reception = receptions.get(heard.address.workspace)
        if reception is not None:
            read += await _read(reception, heard)
    if read:
        log.info("%s posts on Slack were read that no event had told of", read)
    return read


async def _read(reception: Reception, heard: Heard) -> int:
    """Hear what was said in one conversation since; what Slack does not let us read is left."""
    read = 0
    try:
        for post in await _posts_after(reception, heard):
            await events.take_in(reception, post)
            read += 1
    except faults.FAILURES as error:
        log.info("%s could not be read again: %s", heard.address, faults.meaning(error))
    return read


async def _patiently(
    reception: Reception, method: str, asked: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Slack's answer; where it asks for a pause, after that."""
    for _ in range(PAUSES):
        try:
            answer = await reception.client.api_call(method, http_verb="GET", params=dict(asked))
            return answer.data if isinstance(answer.data, dict) else {}
        except SlackApiError as error:
            pause = faults.retry_after(error)
            if pause is None:
                raise
            await asyncio.sleep(pause.total_seconds())
    raise TimeoutError


async def _posts_after(reception: Reception, heard: Heard) -> list[Mapping[str, Any]]:
    """The posts of people after the last one that was heard, the oldest first."""
    place = thread_of(heard.address)
    channel = place.channel
    if channel[:1] in {"U", "W"}:
        opened = await reception.client.conversations_open(users=[channel])
        channel = str(opened["channel"]["id"])
    since = max(heard.at, datetime.now(UTC) - READ_BACK_AT_MOST)
    asked: dict[str, Any] = {
        "channel": channel,
        "limit": PAGE,
        "oldest": f"{since.timestamp():.6f}",
    }
    method = "conversations.history"
    if place.ts:
        method, asked = "conversations.replies", {**asked, "ts": place.ts}
    posts: list[Mapping[str, Any]] = []
    for _ in range(PAGES):
        answer = await _patiently(reception, method, asked)
        posts += answer.get("messages") or ()
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
        asked["cursor"] = cursor
    kind = {"channel_type": "im"} if channel.startswith("D") else {}
    told = [{**post, "type": "message", "channel": channel, **kind} for post in posts]
    return sorted(told, key=lambda post: float(post.get("ts") or 0))
