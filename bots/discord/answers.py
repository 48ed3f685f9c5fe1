"""Answering what somebody did on Discord, to them alone: within three seconds, then within fifteen
minutes, and after that in their direct messages.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

import logging
import secrets
from collections.abc import Awaitable, Sequence
from typing import Any

import discord

from bots.commands.table import Said
from bots.discord import faults, render
from bots.discord.rest import Rest
from core.cards import Card
from core.channels import TryLater
from core.errors import DeskError

log = logging.getLogger(__name__)

Json = dict[str, Any]

MESSAGE, DEFERRED, CHOICES, MODAL = 4, 5, 8, 9
ALONE = 1 << 6
FAILURES = (*faults.FAILURES, TryLater)


class Answers:
    """Says to somebody what became of what they asked."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def defer(self, to: discord.Interaction) -> bool:
        """Say that the answer follows. False where it was too late: they saw that it failed."""
        return await self._first(to, {"type": DEFERRED, "data": {"flags": ALONE}})

    async def open(self, to: discord.Interaction, modal: Json) -> bool:
        """Show a form."""
        return await self._first(to, {"type": MODAL, "data": modal})

    async def suggest(
        self, to: discord.Interaction, choices: Sequence[tuple[str, str | int]]
    ) -> None:
        """Show what may be meant."""
        shown = [{"name": name, "value": value} for name, value in choices]
        await self._first(to, {"type": CHOICES, "data": {"choices": shown}})

    async def refuse(self, to: discord.Interaction, refusal: DeskError) -> None:
        """Say no at once."""
        body = render.posts(Card(text=str(refusal)))[0].body
        await self._first(to, {"type": MESSAGE, "data": _alone(body)})

    async def give(
        self, to: discord.Interaction, asked: Awaitable[Said], *, wrote: str = ""
    ) -> None:
        """Wait for the answer to what was deferred, and say it. ``wrote`` is what they filled into
        a form, which is given back where it came to nothing.

        Here, and only here, refusals become words. Whatever else goes wrong is a bug or a broken
        machine: it is logged, and whoever asked gets the number to look for.
        """
        try:
            card = (await asked).card
        except DeskError as refusal:
            card = Card(text=str(refusal), quote=wrote)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s: a request from Discord failed", number)
            card = Card(
                text=f"Something went wrong on our side (error {number}). It is in the log; "
                "please try again in a moment.",
                quote=wrote,
            )
        await self._say(to, card)

    async def _say(self, to: discord.Interaction, card: Card) -> None:
        for number, post in enumerate(render.posts(card)):
            try:
                await self._follow_up(to, post.body, first=number == 0)
            except FAILURES as error:
                log.info("an answer goes to direct messages: %s", error)
                await self._write(to.user.id, post.body)

    async def _follow_up(self, to: discord.Interaction, body: Json, *, first: bool) -> None:
        hook = {"webhook_id": to.application_id, "webhook_token": to.token}
        path = "/webhooks/{webhook_id}/{webhook_token}"
        if first:
            await self._rest.call("PATCH", f"{path}/messages/@original", **hook, json=body)
        else:
            await self._rest.call("POST", path, **hook, json=_alone(body))

    async def _write(self, user: int, body: Json) -> None:
        try:
            await self._rest.post(await self._rest.direct(user), body)
        except FAILURES as error:
            log.warning("an answer was not said: %s", error)

    async def _first(self, to: discord.Interaction, body: Json) -> bool:
        # webhook_* are the names by which discord.py keeps rate limits apart.
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        hook = {"webhook_id": to.id, "webhook_token": to.token}
        try:
            await self._rest.call("POST", path, **hook, json=body)
        except FAILURES as error:
            log.warning("Discord did not take an answer: %s", error)
            return False
        return True


def _alone(body: Json) -> Json:
    return {**body, "flags": body.get("flags", 0) | ALONE}
