"""The Get help panel: a message with a button, beneath which anybody can ask."""

import discord

from bots.commands.table import Said
from bots.discord import faults, render
from bots.discord.rest import Rest
from bots.discord.translate import who
from core import catalogue
from core.cards import Card
from core.desk import Desk
from core.errors import Forbidden, Invalid
from core.speaking import Sentence
from core.vocabulary import Role


class NotAnAdmin(Forbidden):
    """Only admins post panels."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Only admins may post a panel. Ask one of them: /agent list role:admin")
        )


class NotPosted(Invalid):
    """Discord did not take the panel."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The panel was not posted: {why}.")


class Panel:
    """Posts panels. The button needs nothing from us until it is pressed: it outlives restarts."""

    def __init__(self, rest: Rest, desk: Desk) -> None:
        self._rest = rest
        self._desk = desk

    async def post(self, interaction: discord.Interaction) -> Said:
        """Post one where it was asked for. Raises `NotAnAdmin`, `NotPosted`."""
        by = who(interaction.user)
        if self._desk.names_as_admin(by):
            await self._desk.welcome(by)
        if (await self._desk.whoever(by)).role < Role.ADMIN:
            raise NotAnAdmin
        await post_panel(self._rest, interaction.channel_id or 0)
        return Said(Card(text="The panel is there."))


async def post_panel(rest: Rest, channel: int) -> None:
    """Post a panel in a channel. Raises `NotPosted`."""
    try:
        await rest.post(channel, render.posts(catalogue.panel())[0].body)
    except faults.FAILURES as error:
        raise NotPosted(str(faults.meaning(error))) from error
