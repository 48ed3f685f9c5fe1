"""Writing on a ticket: the reply, filled from a macro or an article, and the note for colleagues."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from core.vocabulary import Ticket
from web.desk.asking import Asking
from web.desk.conversation import NOTE
from web.desk.draw import area, button, choice, element, form, labelled, words

Say = Callable[[str, str], Awaitable[bool]]
Wrote = Callable[[bool], None]


class Composer:
    """The two boxes. ``reply`` is given the words and the macro that they began with, ``note`` the
    words; each says whether they were taken. ``wrote`` hears whether there is a draft."""

    def __init__(
        self, asking: Asking, ticket: Ticket, *, reply: Say, note: Say, wrote: Wrote
    ) -> None:
        self._asking = asking
        self._ticket = ticket
        self._say = {"reply": reply, "note": note}
        self._wrote = wrote
        self._drafts = {"reply": False, "note": False}

    @property
    def has_draft(self) -> bool:
        """Whether a reply was begun."""
        return self._drafts["reply"]

    async def draw(self) -> None:
        with element("div", "composer"):
            self.warning = element("p", "warning", role="alert")
            with form(self._replied, "write reply") as self._reply_form:
                await self._macros()
                with labelled("Reply to the customer"):
                    self._reply = area("text", rows=5, data_key="r", placeholder="Ctrl+Enter sends")
                self._reply.on(
                    "input",
                    self._heard("reply"),
                    throttle=0.5,
                    js_handler="(e) => emit(e.target.value.trim() !== '')",
                )
                with element("div", "buttons"):
                    button("Send reply", None, "primary")
            with form(self._noted, "write note") as self._note_form:
                with labelled(NOTE):
                    area("text", rows=3, data_key="n", placeholder="Ctrl+Enter keeps it")
                with element("div", "buttons"):
                    button("Add note", None)
        self._advice()

    async def _macros(self) -> None:
        here = self._asking.here
        known = await here.desk.known_macros(here.who)
        if not known:
            return
        names = {"": "—", **{each.name: each.name for each in known}}
        with labelled("Macro", "inline"):
            self._macro = choice("macro", names)
        self._macro.on("change", self._picked, js_handler="(e) => emit(e.target.value)")

    async def _picked(self, event: GenericEventArguments) -> None:
        here = self._asking.here
        if event.args:
            async with self._asking.notice.refusals():
                text = await here.desk.macro_words(here.who, str(event.args), self._ticket.id)
                self._fill(text)

    def _fill(self, text: str) -> None:
        """Put words into the reply, to be changed; the browser owns what is in it."""
        field = f"document.getElementById('{self._reply.html_id}')"
        ui.run_javascript(f"{field}.value = {json.dumps(text)}; {field}.focus()")
        self._draft("reply", there=bool(text))

    def _advice(self) -> None:
        if not self._ticket.advice:
            return
        with element("div", "advice"):
            words("May answer it:", classes="soft")
            for each in self._ticket.advice:
                button(f"📖 {each.get('title') or each.get('article')}", self._send(each), "small")

    def _send(self, article: dict[str, Any]) -> Callable[[], Awaitable[None]]:
        async def press() -> None:
            await self._asking.ask("kb send", f"{self._ticket.id} {article['article']}")

        return press

    def _heard(self, box: str) -> Callable[[GenericEventArguments], None]:
        return lambda event: self._draft(box, there=bool(event.args))

    def _draft(self, box: str, *, there: bool) -> None:
        self._drafts[box] = there
        self._wrote(any(self._drafts.values()))

    def warn(self, text: str) -> None:
        """Say what somebody who is writing has to know."""
        self.warning.clear()
        with self.warning:
            words(f"⚠ {text}")

    async def _replied(self, fields: dict[str, str]) -> None:
        if await self._say["reply"](fields.get("text", ""), fields.get("macro", "")):
            self._empty("reply", self._reply_form)
            self.warning.clear()

    async def _noted(self, fields: dict[str, str]) -> None:
        if await self._say["note"](fields.get("text", ""), ""):
            self._empty("note", self._note_form)

    def _empty(self, box: str, written: ui.element) -> None:
        ui.run_javascript(f"document.getElementById('{written.html_id}').reset()")
        self._draft(box, there=False)
