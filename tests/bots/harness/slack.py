"""Slack, as the contract of channels sees it: signed events in, a stand-in's posts out."""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bots.slack import emojis
from bots.slack.connect import Slack, connect
from bots.slack.pace import Pacer
from bots.slack.setup import SlackSettings
from core.channels import Who
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House
from tests.bots.harness.base import Ability, Shown
from tests.bots.slack import stand_in as slack_server
from tests.bots.slack.stand_in import (
    BOT_TOKEN,
    SECRET,
    STAFF,
    TEAM,
    Fault,
    StandIn,
    direct,
    readable,
)
from tests.bots.slack.workspace import Workspace
from tests.clock import FakeClock

ANA, GRACE = "U1ALICE", "U3GRACE"
DM = direct(ANA)
PING = re.compile(r"<[@!#]")

Json = dict[str, Any]


class SlackHarness:
    """Ana in her direct messages with the app, grace in the staff channel."""

    name = "slack"
    lacks: frozenset[Ability] = frozenset()

    def __init__(self, desk: Desk, slack: Slack, stand_in: StandIn, people: Workspace) -> None:
        self.desk = desk
        self.channel = slack.channel
        self._slack = slack
        self._stand_in = stand_in
        self._people = people
        self._texts: dict[str, str] = {}

    async def write(
        self, text: str, *, post: str | None = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> str:
        ts = post or self._stand_in.ts()
        more: Json = {}
        if files:
            shared = [self._stand_in.upload_by_person(*file) for file in files]
            more = {"subtype": "file_share", "files": shared}
        await self._people.dm(ANA, _typed(text), ts=ts, **more)
        self._texts[ts] = text
        return ts

    async def answer(self, post: str, text: str) -> None:
        found = next(each for each in self._stand_in.posts[DM] if each["ts"] == post)
        root = found.get("thread_ts") or post
        await self._people.dm(ANA, text, thread_ts=root, parent_user_id=slack_server.BOT)

    async def edit(self, post: str, text: str) -> None:
        before = {"user": ANA, "ts": post, "text": _typed(self._texts[post])}
        after = {**before, "text": _typed(text), "edited": {"user": ANA, "ts": self._later(post)}}
        await self._changed("message_changed", message=after, previous_message=before)

    async def delete(self, post: str) -> None:
        before = {"user": ANA, "ts": post, "text": _typed(self._texts[post])}
        await self._changed("message_deleted", deleted_ts=post, previous_message=before)

    async def react(self, post: str, emoji: str, *, added: bool = True) -> None:
        event = {
            "type": f"reaction_{'added' if added else 'removed'}",
            "user": ANA,
            "reaction": emojis.name(emoji),
            "item": {"type": "message", "channel": DM, "ts": post},
            "event_ts": self._stand_in.ts(),
        }
        assert await self._people.tell(event) == 200

    async def discuss(self, number: int, text: str) -> str:
        card = next(post for post in self._stand_in.posts[STAFF] if f"#{number} " in readable(post))
        ts = self._stand_in.ts()
        await self._people.say(GRACE, STAFF, _typed(text), ts=ts, thread_ts=card["ts"])
        return ts

    async def claim(self, number: int) -> None:
        await self._people.press(GRACE, STAFF, "Claim")
        await self._slack.settle()

    def seen(self) -> Sequence[Shown]:
        return [self._shown(post, DM) for post in self._stand_in.posts[DM]]

    def staff_room(self) -> Sequence[Shown]:
        return [self._shown(post, STAFF) for post in self._stand_in.posts[STAFF]]

    def on_hers(self, post: str) -> Sequence[str]:
        return self._reactions(DM, post)

    def fail(self, *, down: bool = False, refuses: bool = False) -> None:
        def fault_of(method: str, args: Mapping[str, Any]) -> Fault | None:
            if down:
                return Fault(error="accesslimited")
            posts = method == "chat.postMessage"
            return Fault(error="is_archived") if refuses and posts and _to_ana(args) else None

        self._stand_in.fault_of = fault_of

    async def look(self) -> None:
        """The stand-in always shows what is there."""

    async def _changed(self, subtype: str, **more: Any) -> None:
        event = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": DM,
            "channel_type": "im",
            "ts": self._stand_in.ts(),
            "event_ts": self._stand_in.ts(),
            **more,
        }
        assert await self._people.tell(event) == 200

    def _later(self, ts: str) -> str:
        return f"{float(ts) + 60:.6f}"

    def _shown(self, post: Json, channel: str) -> Shown:
        marked = json.dumps([post.get("text"), post.get("blocks")])
        return Shown(
            id=post["ts"],
            text=readable(post),
            files=[file["title"] for file in post.get("files", ())],
            reactions=self._reactions(channel, post["ts"]),
            under=post.get("thread_ts"),
            pings=PING.search(marked) is not None,
        )

    def _reactions(self, channel: str, ts: str) -> list[str]:
        return [
            emojis.character(name)
            for place, post, name in self._stand_in.emojis
            if (place, post) == (channel, ts)
        ]


def _typed(text: str) -> str:
    """What somebody typed, as Slack hands it over."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _to_ana(args: Mapping[str, Any]) -> bool:
    return args.get("channel") in {DM, ANA}


@asynccontextmanager
async def opened(database: Database, clock: FakeClock, folder: Path) -> AsyncIterator[SlackHarness]:
    async with slack_server.running() as stand_in:
        settings = SlackSettings(
            bot_token=BOT_TOKEN,
            signing_secret=SECRET,
            staff_channel=STAFF,
            api_url=stand_in.url,
            site="https://desk.example",
        )
        slack = await connect(settings, pacer=Pacer(timedelta(milliseconds=1), burst=100))
        assert slack.staff_room is not None
        house = House(staff_rooms=(slack.staff_room,), files=FolderStore(folder))
        desk = Desk(database, house, channels={"slack": slack.channel}, clock=clock)
        slack.attach(desk)
        grace = Who("slack", TEAM, GRACE, "Grace")
        await desk.add_agent(OPERATOR, grace, Details(capacity=5))
        people = Workspace(slack, stand_in)
        yield SlackHarness(desk, slack, stand_in, people)
        await people.close()
        await slack.close()
