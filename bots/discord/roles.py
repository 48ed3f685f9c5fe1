"""Discord's roles as the desk's: whoever has one of those in the settings is on the roster."""

import contextlib

import discord

from bots.discord.setup import DiscordSettings
from bots.discord.translate import who
from core.channels import Who
from core.desk import Desk
from core.errors import Conflict
from core.vocabulary import OPERATOR, Availability, Details, Role


class Roles:
    """Puts people on the roster, and raises them, when they first appear with a role.

    Discord does not tell of a role that was taken away without a further privileged intent, so
    nobody is taken off: ``/agent remove`` does.
    """

    def __init__(self, desk: Desk, settings: DiscordSettings) -> None:
        self._desk = desk
        self._ranks = (
            (Role.ADMIN, settings.admin_roles),
            (Role.LEAD, settings.lead_roles),
            (Role.AGENT, settings.agent_roles),
        )
        self._met: dict[int, Role] = {}

    async def meet(self, user: discord.abc.User) -> None:
        """See that somebody is on the roster as their roles say."""
        meant = self._meant(user)
        if meant is None or self._met.get(user.id, Role.CUSTOMER) >= meant:
            return
        with contextlib.suppress(Conflict):  # they did two things at once
            await self._promote(who(user), meant)
        self._met[user.id] = meant

    async def _promote(self, by: Who, meant: Role) -> None:
        known = await self._desk.whoever(by)
        if known.agent is None:
            await self._desk.add_agent(OPERATOR, by, Details(role=meant))
            if meant is Role.ADMIN:  # admins take no tickets until they say so
                await self._desk.set_availability(by, Availability.OFFLINE)
        elif known.role < meant:
            await self._desk.edit_agent(OPERATOR, by, Details(role=meant))

    def _meant(self, user: discord.abc.User) -> Role | None:
        if not isinstance(user, discord.Member):
            return None
        for role, ids in self._ranks:
            if any(user._roles.has(each) for each in ids):
                return role
        return None
