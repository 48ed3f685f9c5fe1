"""A desk behind the real Slack adapter, in front of a stand-in for Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from bots.slack.connect import Slack, SlackSettings, connect
from bots.slack.pace import Pacer
from core.channels import Who
from core.deflection import QUIET, NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House, Role
from tests.bots.slack import stand_in as slack_server
from tests.bots.slack.stand_in import BOT_TOKEN, SECRET, STAFF, TEAM, StandIn
from tests.bots.slack.workspace import Workspace

ALICE, BOB, GRACE, ROOT = "U1ALICE", "U2BOB", "U3GRACE", "U9ROOT"


class OneArticle(NoDeflector):
    """A knowledge base that knows how to reset a password."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        if "password" not in question:
            return QUIET
        article = Suggestion(
            article="reset-password",
            title="Reset your password",
            answer="Press **Forgot password** on the [sign-in page](https://shop.example/login).",
            confidence=0.93,
        )
        return Suggestions(verdict=Verdict.SURE, suggestions=(article,))


ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""For the stories in which the database has a part; the others are told on SQLite alone."""


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with slack_server.running() as running:
        yield running


@pytest.fixture
def brisk() -> Pacer:
    """A pace at which tests end."""
    return Pacer(timedelta(milliseconds=1), burst=100)


@pytest.fixture
async def slack(stand_in: StandIn, brisk: Pacer) -> AsyncIterator[Slack]:
    """The adapter, connected by HTTP."""
    settings = SlackSettings(
        bot_token=BOT_TOKEN,
        signing_secret=SECRET,
        staff_channel=STAFF,
        api_url=stand_in.url,
        site="https://desk.example",
    )
    connected = await connect(settings, pacer=brisk)
    yield connected
    await connected.close()


@pytest.fixture
def desk(database: Database, slack: Slack) -> Desk:
    """A desk with the staff channel as its room, on a real clock, since Slack dates its posts."""
    return desk_behind(slack, database)


@pytest.fixture
async def people(slack: Slack, desk: Desk, stand_in: StandIn) -> AsyncIterator[Workspace]:
    workspace = Workspace(slack, stand_in)
    yield workspace
    await workspace.close()


@pytest.fixture
async def outside(slack: Slack, stand_in: StandIn) -> AsyncIterator[Workspace]:
    """The same people before a door with no desk behind it, for what should not come that far."""
    workspace = Workspace(slack, stand_in)
    yield workspace
    await workspace.close()


def desk_behind(slack: Slack, database: Database) -> Desk:
    assert slack.staff_room is not None
    house = House(staff_rooms=(slack.staff_room,), deflector=OneArticle())
    desk = Desk(database, house, channels={"slack": slack.channel})
    slack.attach(desk)
    return desk


async def hire(desk: Desk, user: str, *, role: Role = Role.AGENT, capacity: int = 1) -> Who:
    """Put somebody of the workspace on the roster."""
    who = Who("slack", TEAM, user, user[2:].capitalize())
    await desk.add_agent(OPERATOR, who, Details(role=role, capacity=capacity))
    return who


async def eventually(happened: Callable[[], Any], within: float = 10) -> None:
    """Wait for what gives no sign of its own."""
    for _ in range(int(within / 0.01)):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError
