"""Asking from within a server: by command, by panel, or by the menu of a message."""

from typing import Any

import discord

from bots.commands.table import Said
from bots.discord.places import Asked, Places
from bots.discord.translate import (
    external,
    files_of,
    place_of,
    text_of,
    to_incoming,
    who,
    within,
)
from core import catalogue
from core.cards import Card
from core.channels import Address, Form, IncomingMessage
from core.desk import Desk
from core.errors import Conflict, Forbidden, Invalid
from core.speaking import Sentence
from core.vocabulary import Received, Role

REMEMBERED = 1_000


class NotYourMessage(Forbidden):
    """A customer tried to make a ticket for somebody else."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Only the support team can make a ticket of what somebody else wrote.")
        )


class NotByAPerson(Invalid):
    """Programs have no tickets."""

    def __init__(self) -> None:
        super().__init__(Sentence("That was not written by a person."))


class NotBeneathACard(Invalid):
    """The menu was used elsewhere."""

    def __init__(self) -> None:
        super().__init__(Sentence("Use this on what a colleague wrote beneath a ticket's card."))


class SentAlready(Conflict):
    """The customer has it."""

    def __init__(self) -> None:
        super().__init__("That message was sent to the customer already.")


class Menus:
    """What is asked in a server lives in a private thread there."""

    def __init__(self, desk: Desk, places: Places, staff_channel: int | None) -> None:
        self._desk = desk
        self._places = places
        self._staff_channel = staff_channel
        self._sent: dict[int, None] = {}

    async def support(
        self, interaction: discord.Interaction, text: str, form: Form | None = None
    ) -> Said:
        """Somebody asks for support: what they say goes to a thread of their own."""
        source = f"own:{interaction.id}"
        asked = Asked(by=interaction.user, channel=_channel(interaction), source=source, text=text)
        address = await self._places.of(asked)
        received = await self._desk.ask(
            IncomingMessage(
                address=address,
                sender=who(interaction.user),
                external_id=source,
                text=catalogue.request_in_full(text, form.kind if form else ""),
                sent_at=interaction.created_at,
                form=form,
            )
        )
        await self._places.show_question(asked, address)
        return _thanked(received, address)

    async def create_ticket(self, interaction: discord.Interaction) -> Said:
        """A message becomes its author's ticket. Raises `NotYourMessage`, `NotByAPerson`."""
        message = _target(interaction)
        by, author = who(interaction.user), message.author
        if author.bot or message.webhook_id is not None:
            raise NotByAPerson
        own = author.id == interaction.user.id
        if not own and (await self._desk.whoever(by)).role < Role.AGENT:
            raise NotYourMessage
        bot = interaction.client.user.id if interaction.client.user else 0
        asked = Asked(
            by=author,
            channel=_channel(interaction),
            source=external(message.channel.id, message.id),
            text=text_of(message, bot),
        )
        address = await self._places.of(asked)
        received = await self._desk.ask(to_incoming(message, address, bot))
        await self._places.show_question(asked, address)
        number = received.ticket
        if number is None and received.enquiry is not None:
            number = (await self._desk.hand_over(who(author), received.enquiry)).id
        return Said(catalogue.made_of_words(number, in_thread=_in_thread(address)))

    async def send_to_customer(self, interaction: discord.Interaction) -> Said:
        """What a colleague wrote beneath a card goes to the customer.

        Raises `NotBeneathACard`, `SentAlready`, and the refusals of a reply.
        """
        message = _target(interaction)
        thread = message.channel.id
        number = None
        for root in (external(self._staff_channel or 0, thread), external(thread, thread)):
            number = number or await self._desk.ticket_discussed_at(within(thread), root)
        if number is None or message.author.bot:
            raise NotBeneathACard
        if message.id in self._sent:
            raise SentAlready
        self._remember(message.id)
        try:
            ticket = await self._desk.reply(
                who(interaction.user),
                number,
                text_of(message, 0),
                files=tuple(files_of(message)),
            )
        except BaseException:
            self._sent.pop(message.id, None)
            raise
        return Said(Card(text=f"💬 Sent to {ticket.customer.name} on #{ticket.id}."))

    def _remember(self, message: int) -> None:
        self._sent[message] = None
        if len(self._sent) > REMEMBERED:
            del self._sent[next(iter(self._sent))]


def _target(interaction: discord.Interaction) -> discord.Message:
    """The message that a menu was opened on; it comes with the interaction, words and all."""
    data: Any = interaction.data
    raw = data["resolved"]["messages"][data["target_id"]]
    channel: Any = interaction.channel
    return discord.Message(state=interaction._state, channel=channel, data=raw)


def _channel(interaction: discord.Interaction) -> int:
    """The channel that a thread can be made in: a thread's own parent."""
    parent = getattr(interaction.channel, "parent_id", None)
    return int(parent or interaction.channel_id or 0)


def _thanked(received: Received, address: Address) -> Said:
    in_thread = _in_thread(address)
    return Said(Card(text=catalogue.request_taken(received.ticket, in_thread=in_thread)))


def _in_thread(address: Address) -> bool:
    return place_of(address)[0] is not None
