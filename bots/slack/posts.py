"""Posts of people, read with the names that Slack leaves out; also those that no event told us of."""

from collections.abc import Mapping
from typing import Any

from bots.slack import faults
from bots.slack.reception import Reception
from bots.slack.translate import to_incoming, unnamed
from core.channels import IncomingMessage
from core.errors import Conflict

Post = Mapping[str, Any]


class NotReadable(Conflict):
    """Slack does not let us read the message."""

    def __init__(self) -> None:
        super().__init__("The app cannot read that message: /invite it to the channel first.")


async def incoming_of(reception: Reception, event: Post) -> IncomingMessage | None:
    """A post with the names that are in it and its writer's picture; None where it is nobody's."""
    if to_incoming(event, reception.home) is None:
        return None
    names = await reception.names.of([event["user"], *unnamed(event.get("text") or "")])
    picture = reception.names.picture(event["user"])
    return to_incoming(event, reception.home, names, picture)


async def post_at(reception: Reception, channel: str, ts: str) -> Post:
    """A post as its own event would have told it. Raises `NotReadable`."""
    asked = {"channel": channel, "ts": ts, "latest": ts, "oldest": ts, "inclusive": True}
    for method in ("conversations.history", "conversations.replies"):
        try:
            answer = await reception.client.api_call(
                method, http_verb="GET", params={**asked, "limit": 1}
            )
        except faults.FAILURES:
            continue
        for post in answer.get("messages") or ():
            if post.get("ts") == ts:
                return {**post, "type": "message", "channel": channel}
    raise NotReadable
