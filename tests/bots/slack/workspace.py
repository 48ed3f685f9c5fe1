"""People in a Slack workspace: what they write and press becomes signed requests to the adapter."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from bots.slack.connect import Slack
from tests.bots.slack.stand_in import SECRET, TEAM, StandIn, direct

Json = dict[str, Any]

_numbers = itertools.count(1)


class Workspace:
    """Everybody but us. Each thing they do returns Slack's view of our answer: an HTTP status."""

    def __init__(self, slack: Slack, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        transport = httpx.ASGITransport(Starlette(routes=slack.routes()))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://desk")

    async def close(self) -> None:
        await self._http.aclose()

    async def dm(self, user: str, text: str, **more: Any) -> int:
        """Write to the bot."""
        return await self.tell(self.post(user, direct(user), text, channel_type="im", **more))

    async def say(self, user: str, channel: str, text: str, **more: Any) -> int:
        """Write in a channel."""
        return await self.tell(self.post(user, channel, text, channel_type="channel", **more))

    async def mention(self, user: str, channel: str, text: str, **more: Any) -> int:
        """Mention the bot: Slack tells of it twice, as two kinds of event."""
        post = self.post(user, channel, f"<@U0BOT> {text}", **more)
        await self.tell({**post, "channel_type": "channel"})
        return await self.tell({**post, "type": "app_mention"})

    def post(self, user: str, channel: str, text: str, **more: Any) -> Json:
        """The event of a new post."""
        ts = more.pop("ts", None) or self.stand_in.ts()
        return {"type": "message", "user": user, "channel": channel, "text": text, "ts": ts, **more}

    async def tell(self, event: Json) -> int:
        """Deliver an event, as often as a test likes."""
        return (await self.send(envelope(event))).status_code

    async def command(self, user: str, line: str, *, channel: str = "C0ANY", **more: str) -> int:
        """Type a slash command."""
        word, _, text = line.partition(" ")
        body = {
            "command": word,
            "text": text,
            "user_id": user,
            "user_name": user[2:].lower(),
            "team_id": TEAM,
            "channel_id": channel,
            "trigger_id": "t",
            "response_url": f"{self.stand_in.url}/respond/1",
        }
        return (await self.send({**body, **more})).status_code

    async def press(self, user: str, channel: str, label: str, **more: Any) -> int:
        """Press a button, by its label, on the newest post of a channel that has it."""
        post, button = self.button(channel, label)
        return await self.interact(
            {
                "type": "block_actions",
                "user": {"id": user, "name": user[2:].lower(), "team_id": TEAM},
                "channel": {"id": channel},
                "message": {"ts": post["ts"]},
                "trigger_id": "t",
                "response_url": f"{self.stand_in.url}/respond/1",
                "actions": [button],
                **more,
            }
        )

    def button(self, channel: str, label: str) -> tuple[Json, Json]:
        for post in reversed(self.stand_in.posts[channel]):
            for block in post["blocks"]:
                for each in block.get("elements", ()):
                    if each["type"] == "button" and label in each["text"]["text"]:
                        return post, each
        raise LookupError(f"no button {label} in {self.stand_in.texts(channel)}")

    async def submit(self, user: str, view: Json, **answers: str) -> httpx.Response:
        """Fill in a modal and send it."""
        values = {name: {"answer": {"value": value}} for name, value in answers.items()}
        return await self.submit_values(user, view, values)

    async def submit_values(self, user: str, view: Json, values: Json) -> httpx.Response:
        """The same with whatever the inputs hold."""
        body = {
            "type": "view_submission",
            "user": {"id": user, "name": user[2:].lower(), "team_id": TEAM},
            "view": {**view, "state": {"values": values}},
        }
        return await self.send({"payload": json.dumps(body)})

    async def interact(self, body: Json) -> int:
        full = {"team": {"id": TEAM}, "api_app_id": "A1", **body}
        return (await self.send({"payload": json.dumps(full)})).status_code

    async def send(self, body: Json) -> httpx.Response:
        """A signed request: JSON for events, a form for all else."""
        if body.get("type") in {"event_callback", "url_verification"}:
            return await self.raw(json.dumps(body).encode(), "application/json")
        return await self.raw(urlencode(body).encode(), "application/x-www-form-urlencoded")

    async def raw(
        self, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        signed = headers if headers is not None else signature(body)
        return await self._http.post(
            "/slack/events", content=body, headers={"content-type": content_type, **signed}
        )


def envelope(event: Json) -> Json:
    """How Slack wraps an event."""
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": f"Ev{next(_numbers)}",
        "event": event,
        "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
    }


def signature(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The two headers by which Slack signs."""
    timestamp = str(int(at if at is not None else time.time()))
    said = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}"}
