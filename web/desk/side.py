"""Beside a ticket: the customer, what came back, the clock, why it is here, what happened."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from nicegui import background_tasks
from nicegui.events import GenericEventArguments

from core.vocabulary import BuiltIn, Ticket
from web.desk.asking import Asking
from web.desk.cards import draw_card
from web.desk.draw import button, element, words

REST = 3.0  # seconds between two looks that nobody asked for
CHAT_REST = 15.0  # while people only write to and fro, which changes little here
OPEN = ("ticket show", "customer show")  # what is open to begin with


class Side:
    """Panels, each the answer to a question; one that is closed asks nothing."""

    def __init__(self, asking: Asking, ticket: Ticket) -> None:
        self._asking = asking
        self._looked = 0.0
        self._due = 0.0
        self._later: asyncio.Task[None] | None = None
        number, customer = str(ticket.id), f"c-{ticket.customer_id}"
        questions = (
            ("Ticket", "ticket show", number, (("ticket field", "Field…", number),)),
            (
                "Customer",
                "customer show",
                customer,
                (
                    ("customer edit", "Edit…", customer),
                    ("customer note", "Note…", customer),
                    ("orders show", "Order…", ""),
                ),
            ),
            ("Returns", "returns list", number, ()),
            ("Promised times", "ticket sla", number, (("sla why", "Why these…", number),)),
            ("Why this agent", "ticket why", number, ()),
            ("History", "ticket history", number, ()),
            ("Watchers", "ticket watchers", number, ()),
        )
        opened = (*OPEN, "returns list") if ticket.kind == BuiltIn.RETURN else OPEN
        with element("aside", "side", aria_label="About the ticket"):
            self._panels = [_Panel(asking, each, is_open=each[1] in opened) for each in questions]

    async def look(self) -> None:
        """Ask again what is open."""
        self._looked = time.monotonic()
        for panel in self._panels:
            await panel.look()

    def look_soon(self, *, only_chat: bool) -> None:
        """Ask again, at once or when it has rested since the last time; ``only_chat``: nothing but
        words came to the ticket."""
        due = self._looked + (CHAT_REST if only_chat else REST)
        if self._later is None:
            self._due = due
            self._later = background_tasks.create(self._look_later(), name="beside a ticket")
        self._due = min(self._due, due)

    async def _look_later(self) -> None:
        while (rest := self._due - time.monotonic()) > 0:  # noqa: ASYNC110 - it may come nearer
            await asyncio.sleep(min(rest, REST))
        self._later = None
        client = self._asking.client
        if client.has_socket_connection:
            with client.content:
                async with self._asking.here.common.looks.turns:
                    await self.look()


Question = tuple[str, str, str, Sequence[tuple[str, str, str]]]


class _Panel:
    def __init__(self, asking: Asking, question: Question, *, is_open: bool) -> None:
        self._asking = asking
        title, self._action, self._value, actions = question
        self._open = is_open
        self._shown: object = None
        with element("details", "panel") as details:
            if is_open:
                details.props["open"] = True
            words(title, "summary")
            self._place = element("div", "answer")
            with element("div", "buttons"):
                for action, label, value in actions:
                    self._button(action, label, value)
        details.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")

    def _button(self, action: str, label: str, value: str) -> None:
        async def press() -> None:
            await self._asking.ask(action, value)

        button(label, press, "small")

    async def _toggled(self, event: GenericEventArguments) -> None:
        self._open = bool(event.args)
        await self.look()

    async def look(self) -> None:
        if not self._open:
            return
        async with self._asking.notice.refusals():
            card = await self._asking.answer_of(self._action, self._value)
            if self._action != "returns list":  # which one it is
                card = replace(card, title="")
            if self._action == "ticket show":  # what was said and can be done is beside it
                card = replace(card, text="", buttons=())
            if card != self._shown:
                self._shown = card
                self._place.clear()
                with self._place:
                    draw_card(card, self._asking.press)
