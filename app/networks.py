"""The networks of this process: those that the settings name, connected; the others left off."""

from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.discord import connected_discord, on_gateway
from app.errors import CannotStart
from app.settings import Settings
from app.slack import connected_slack, on_socket
from bots.discord.connect import Discord
from bots.slack.connect import Slack
from core.channels import Address
from core.desk import Desk
from core.storage.database import Database


@dataclass(frozen=True)
class Networks:
    """What people write on, beside the console; None is off."""

    slack: Slack | None
    discord: Discord | None

    @property
    def connected(self) -> Mapping[str, Slack | Discord]:
        """Those that are on, by name."""
        named = {"slack": self.slack, "discord": self.discord}
        return {name: each for name, each in named.items() if each is not None}

    @property
    def staff_rooms(self) -> Sequence[Address]:
        """Where staff meet on them."""
        rooms = [each.staff_room for each in self.connected.values()]
        return [room for room in rooms if room is not None]

    @property
    def health(self) -> Mapping[str, bool]:
        """Whether events can reach this process, by name."""
        return {name: each.is_connected for name, each in self.connected.items()}

    def attach(self, desk: Desk) -> None:
        """Give the desk what they send, and them what the desk says."""
        for name, each in self.connected.items():
            each.attach(desk)
            desk.courier.add(name, each.channel)

    def listening(
        self, *, slack: bool, discord: bool, alone: bool
    ) -> list[Coroutine[Any, Any, None]]:
        """What keeps the connections of this process open, as far as it is asked to, and what goes
        on beside them; ``alone`` says that it was asked for one part only."""
        return [
            *([self.slack.run()] if self.slack else []),
            *([on_socket(self.slack)] if slack and self.slack else []),
            *([on_gateway(self.discord, alone=alone)] if discord and self.discord else []),
        ]

    def described(self) -> list[str]:
        """Where each is, a line for the banner."""
        slack = self.slack.description if self.slack else "off (SLACK_BOT_TOKEN is not set)"
        discord = self.discord.description if self.discord else "off (DISCORD_BOT_TOKEN is not set)"
        return [f"  Slack     {slack}", f"  Discord   {discord}"]


@asynccontextmanager
async def connected(
    settings: Settings, database: Database, *, only: str = ""
) -> AsyncIterator[Networks]:
    """The networks that are set up. Raises `CannotStart`, also where ``only`` one was asked for
    and it is off."""
    async with connected_slack(settings, database) as slack, connected_discord(settings) as discord:
        if only == "slack" and slack is None:
            raise CannotStart("Slack is off: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.")
        if only == "discord" and discord is None:
            raise CannotStart("Discord is off: set DISCORD_BOT_TOKEN.")
        yield Networks(slack, discord)
