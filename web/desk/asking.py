"""Carrying out a command of the table on a page: asked for in a dialog where it has to be."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nicegui import Client, ui

from core.cards import Button, Card
from core.errors import DeskError
from web.desk.cards import draw_card
from web.desk.commands import Blank, Form, Seen
from web.desk.draw import area, button, choice, element, form, labelled, line, words
from web.desk.frame import Here
from web.desk.notice import Notice

Done = Callable[[Card], Awaitable[None]]
See = Callable[[], Seen | None]


@dataclass(frozen=True)
class _Call:
    action: str
    value: str
    answers: dict[str, str]
    seen: Seen | None


@dataclass
class Asking:
    """Commands on one page. ``seen`` says what somebody looks at as they decide, ``done`` is told the
    answer; without it a short one is said and a long one shown."""

    here: Here
    notice: Notice
    seen: See = lambda: None
    done: Done | None = None
    client: Client = field(default_factory=lambda: ui.context.client)

    async def ask(
        self,
        action: str,
        value: str = "",
        given: Mapping[str, str] | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """Ask for what a command lacks beside what is ``given`` by name, and carry it out. What can be
        done ``at_once`` is asked for nothing that it does not need."""
        given = given or {}
        seen = self.seen()
        async with self.notice.refusals():
            wanted = await self.here.common.commands.form(
                self.here.desk, self.here.who, action, value
            )
            blanks = [each for each in wanted.blanks if each.name not in given]
            call = _Call(action, value, dict(given), seen)
            if at_once and not any(each.asked for each in blanks):
                blanks = []
            if blanks or wanted.sure:
                await self._open(call, replace(wanted, blanks=blanks))
            else:
                await self._answer(await self._carry_out(call))

    async def press(self, pressed: Button) -> None:
        """Do what the button of a card says."""
        await self.ask(pressed.action, pressed.value, at_once=True)

    async def answer_of(self, action: str, value: str = "") -> Card:
        """What a command says that only looks. Raises the desk's refusals."""
        return await self._carry_out(_Call(action, value, {}, None))

    async def _carry_out(self, call: "_Call") -> Card:
        return await self.here.common.commands.carry_out(
            self.here.desk, self.here.who, call.action, call.value, call.answers, seen=call.seen
        )

    async def _answer(self, card: Card) -> None:
        if _is_short(card):
            self.notice.tell(card.text)
        else:
            self._show(card)
        if self.done is not None:
            await self.done(card)

    def _show(self, card: Card) -> None:
        with _dialog(self.client, card.title or "Answer") as (dialog, close):
            draw_card(card, self._press_in(dialog))
            button("Close", close)

    def _press_in(self, dialog: ui.element) -> Callable[[Button], Awaitable[None]]:
        async def press(pressed: Button) -> None:
            dialog.delete()
            await self.press(pressed)

        return press

    async def _open(self, call: "_Call", wanted: Form) -> None:
        names = await self._agents() if any(each.names_agent for each in wanted.blanks) else []
        with _dialog(self.client, wanted.title) as (dialog, close):
            words(wanted.help, "p", "footnote")
            if wanted.example:
                with element("p", "footnote"):
                    words("In chat, for example: ")
                    words(wanted.example, "code")
            fault = element("p", "fault", role="alert")

            async def submit(answers: dict[str, str]) -> None:
                fault.clear()
                said = replace(call, answers={**call.answers, **answers})
                try:
                    await self._submitted(said, wanted, dialog)
                except DeskError as refusal:
                    with fault:
                        words(f"⚠ {refusal}")
                    if self.done is not None:
                        await self.done(Card(text=""))

            with form(submit):
                for each in wanted.blanks:
                    _field(each)
                if names:
                    _suggestions(names)
                with element("div", "buttons"):
                    button("Go on" if wanted.goes_on else wanted.title, None, "primary")
                    button("Cancel", close)

    async def _submitted(self, call: "_Call", wanted: Form, dialog: ui.element) -> None:
        if wanted.goes_on:
            more = self.here.common.commands.said(
                self.here.who, call.action, call.value, call.answers
            )
            dialog.delete()
            await self.ask(call.action, more)
            return
        card = await self._carry_out(call)
        dialog.delete()
        await self._answer(card)

    async def _agents(self) -> list[str]:
        return ["me", *(each.agent.name for each in await self.here.desk.agents(self.here.who))]


def _is_short(card: Card) -> bool:
    return not (card.fields or card.buttons or card.excerpts or card.quote) and (
        len(card.text) < 160 and not card.title
    )


@contextmanager
def _dialog(
    client: Client, title: str
) -> Iterator[tuple[ui.element, Callable[[], Awaitable[None]]]]:
    """A dialog of the browser's own: it keeps the focus, and Escape closes it."""
    with client.content:  # whatever it was opened from may be gone
        dialog = element("dialog", "dialog", aria_label=title, data_modal=True)

    async def close() -> None:
        if not dialog.is_deleted:
            dialog.delete()

    dialog.on("close", close, args=[])
    with dialog:
        words(title, "h2")
        yield dialog, close


def _field(blank: Blank) -> None:
    label = blank.label if blank.required else f"{blank.label} (optional)"
    required = {"required": True} if blank.required else {}
    with labelled(label):
        if blank.choices:
            empty = {} if blank.required else {"": "—"}
            options = {**empty, **{each: each for each in blank.choices}}
            choice(blank.name, options, blank.text, **required)
        elif blank.long:
            area(blank.name, blank.text, **required)
        else:
            listed = {"list": "agents"} if blank.names_agent else {}
            line(blank.name, blank.text, **required, **listed)


def _suggestions(names: list[str]) -> None:
    with element("datalist", id="agents"):
        for name in names:
            element("option", value=name)
