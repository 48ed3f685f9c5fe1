"""Commands, buttons, forms and menus: each becomes one call of the command table.

Discord waits three seconds for the first answer, so that comes before anything that may take time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import discord

from bots import commands
from bots.commands import AT_ONCE, COMMANDS, carry_out, spoken_to
from bots.commands.parse import Call, pressed, read, wanted
from bots.commands.table import Param, Said
from bots.discord import asked, modals, request_form
from bots.discord.answers import Answers
from bots.discord.menus import Menus
from bots.discord.panel import Panel
from bots.discord.roles import Roles
from bots.discord.suggest import Choice, suggestions
from bots.discord.translate import who
from bots.discord.tree import CREATE_TICKET, PANEL, SEND_TO_CUSTOMER, TICKETS
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import Asked, Role

log = logging.getLogger(__name__)

PATIENCE = 1.5  # seconds of Discord's three that a suggestion or a form's beginnings may take

Kind = discord.InteractionType


class Interactions:
    """Takes what people press and type. Each runs by itself, and is finished before we stop."""

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        roles: Roles,
        menus: Menus,
        panel: Panel,
    ) -> None:
        self._desk = desk
        self._answers = answers
        self._roles = roles
        self._menus = menus
        self._panel = panel
        self._running: set[asyncio.Task[None]] = set()

    def asked(self, interaction: discord.Interaction) -> None:
        """Somebody did something; what follows goes on by itself."""
        task = asyncio.create_task(self._take(interaction))
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def settle(self, within: timedelta) -> None:
        """Wait for what runs; what takes longer is cancelled."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a request from Discord could not be read", exc_info=task.exception())

    async def _take(self, interaction: discord.Interaction) -> None:
        if interaction.type is Kind.autocomplete:
            await self._suggest(interaction)
            return
        try:
            await self._begin(interaction)
        except DeskError as refusal:  # it could not even be read
            async with spoken_to(self._desk, who(interaction.user), within=AT_ONCE):
                await self._answers.refuse(interaction, refusal)

    async def _begin(self, interaction: discord.Interaction) -> None:
        if interaction.type is Kind.modal_submit:
            call, wrote = asked.form(interaction)
            await self._carry_out(interaction, call, wrote=wrote)
        elif interaction.type is Kind.component:
            action, value = asked.button(interaction)
            call = pressed(COMMANDS, action, value, by=who(interaction.user))
            await self._ask_or_do(interaction, call, was_pressed=True)
        else:
            await self._typed(interaction)

    async def _typed(self, interaction: discord.Interaction) -> None:
        ask = asked.typed(interaction)
        own = {
            TICKETS: self._own_tickets,
            PANEL: self._panel.post,
            CREATE_TICKET: self._menus.create_ticket,
            SEND_TO_CUSTOMER: self._menus.send_to_customer,
        }.get(ask.name)
        if own is None:
            await self._ask_or_do(interaction, ask.call(), was_pressed=False)
        elif await self._answers.defer(interaction):
            await self._answers.give(interaction, self._spoken(interaction, own(interaction)))

    async def _ask_or_do(
        self, interaction: discord.Interaction, call: Call, *, was_pressed: bool
    ) -> None:
        """Carry it out, or first ask for what it lacks."""
        lacks = wanted(call, was_pressed=was_pressed)
        if lacks:
            by = who(interaction.user)
            async with spoken_to(self._desk, by, within=AT_ONCE):
                await self._answers.open(interaction, await self._form(by, call, lacks))
        else:
            await self._carry_out(interaction, call)

    async def _carry_out(
        self, interaction: discord.Interaction, call: Call, *, wrote: str = ""
    ) -> None:
        if await self._answers.defer(interaction):
            await self._answers.give(interaction, self._done(interaction, call), wrote=wrote)

    async def _done(self, interaction: discord.Interaction, call: Call) -> Said:
        await self._roles.meet(interaction.user)
        by = who(interaction.user)
        if call.command.name == "support" and interaction.guild_id is not None:
            asked = self._menus.support(interaction, call.args["text"], call.args.get("form"))
            return await self._spoken(interaction, asked)
        return await carry_out(self._desk, by, call)

    async def _spoken(self, interaction: discord.Interaction, own: Awaitable[Said]) -> Said:
        async with spoken_to(self._desk, who(interaction.user)):
            return await own

    async def _own_tickets(self, interaction: discord.Interaction) -> Said:
        """A customer's own tickets; for an agent, those that they hold."""
        by = who(interaction.user)
        is_staff = (await self._desk.whoever(by)).role is not Role.CUSTOMER
        line = "ticket list assignee:me" if is_staff else "ticket list"
        return await carry_out(self._desk, by, read(COMMANDS, line, by=by))

    async def _form(self, by: Who, call: Call, lacks: Sequence[Param]) -> modals.Json:
        """The form; a customer's has what the desk asks of its own, if that is known in time."""
        if call.command.name != "support":
            return modals.modal(call, lacks, await self._begins(by, call))
        own = Asked()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                own = await self._desk.asked_for()
        return request_form.view(call, own)

    async def _begins(self, by: Who, call: Call) -> Mapping[str, str]:
        """What the form has in it to begin with; nothing, where that is not known in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await commands.begun(self._desk, by, call)
        except TimeoutError:
            return {}

    async def _suggest(self, interaction: discord.Interaction) -> None:
        ask = asked.typed(interaction)
        being_typed = ask.focused()
        found: list[Choice] = []
        if being_typed is not None:
            command, param, text = being_typed
            try:
                async with asyncio.timeout(PATIENCE):
                    found = await suggestions(self._desk, ask.by, command, param, text)
            except (DeskError, TimeoutError):
                found = []
        await self._answers.suggest(interaction, found)
