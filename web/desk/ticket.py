"""A ticket: what was said, what can be done, and who else is looking."""

import asyncio
from collections.abc import Iterator, Sequence

from fastapi import Request
from nicegui import background_tasks, ui

from core.errors import DeskError
from core.vocabulary import History, Kind, Mark, Message, Reading, Ticket
from web.desk.asking import Asking
from web.desk.commands import Seen
from web.desk.composer import Composer
from web.desk.conversation import Conversation
from web.desk.draw import element, words
from web.desk.drawing import Drawing, Node, node
from web.desk.frame import Here, frame
from web.desk.notice import Notice
from web.desk.presence import Onlooker
from web.desk.row import due_in_words
from web.desk.side import Side
from web.desk.tags import Tags
from web.desk.ticket_actions import Actions
from web.desk.watching import keep_up

CHAT = frozenset({"MessageReceived", "AgentReplied", "NoteAdded"})
SOON = (1.5, 4.0, 10.0)  # seconds after a reply, at which its delivery is looked for


async def show(request: Request, number: int) -> None:
    """``/desk/tickets/42``"""
    here = Here.of(request)
    try:
        read = await here.desk.conversation(here.who, number)
    except (DeskError, OverflowError) as refusal:
        with frame(here, f"Ticket #{number}"):
            words(str(refusal), "p", "fault")
        return
    with frame(here, f"#{number} {read.ticket.subject}"):
        await _Page(here, read).draw()


class _Page:
    """One ticket in somebody's browser."""

    def __init__(self, here: Here, read: Reading) -> None:
        self._here = here
        self._read = read
        self._ticket = read.ticket
        self._me = Onlooker(here.visit.agent, here.visit.name, self._onlookers_changed)
        self._later: asyncio.Task[None] | None = None

    async def draw(self) -> None:
        self._client = ui.context.client
        self._notice = Notice(self._here)
        self._asking = Asking(self._here, self._notice, self._seen, self._done)
        with element("div", "ticket"):
            with element("section", "talk", aria_label="Conversation and reply"):
                self._state = Drawing("div", "state")
                self._tags = Tags(self._asking, self._ticket.id)
                self._others = element("p", "others", role="status")
                self._actions = Actions(self._asking, self._ticket.id)
                self._talk = Conversation(again=self._again, older=self._older)
                self._composer = Composer(
                    self._asking,
                    self._ticket,
                    reply=self._reply,
                    note=self._note,
                    wrote=self._wrote,
                )
                await self._composer.draw()
            self._side = Side(self._asking, self._ticket)
        self._show(self._read)
        await self._side.look()
        self._client.on_connect(self._come)
        self._client.on_disconnect(self._go)
        keep_up(self._here, self._concerns, self._look)

    def _seen(self) -> Seen:
        return Seen(self._ticket.id, self._ticket.version)

    def _concerns(self, event: History) -> bool:
        return event.ticket_id == self._ticket.id or event.event == "SessionEnded"

    async def _look(self, happened: Sequence[History] = ()) -> None:
        async with self._notice.refusals():
            read = await self._here.desk.conversation(self._here.who, self._ticket.id)
            changed = read.ticket.version != self._ticket.version
            fresh = self._show(read)
            if changed or fresh:
                mine = [each.event for each in happened if each.ticket_id == self._ticket.id]
                self._side.look_soon(only_chat=bool(mine) and CHAT.issuperset(mine))
            said = [each for each in fresh if each.agent_id != self._here.visit.agent]
            if said and self._composer.has_draft:
                last = said[-1]
                name = read.authors.get(last.agent_id or 0, self._ticket.customer.name)
                did = {Kind.NOTE: "has noted something", Kind.REPLY: "has just replied"}
                self._composer.warn(
                    f"{name} {did.get(last.kind, 'has written')} while you were writing. "
                    "Look above before you send."
                )

    def _show(self, read: Reading) -> Sequence[Message]:
        self._ticket = read.ticket
        now = self._here.desk.now()
        fresh = self._talk.show(read, now, older=False)
        self._actions.show(read.ticket)
        self._tags.show(read.tags)
        self._state.show(*_state(read.ticket, *due_in_words(read.ticket, now)))
        if any(each.mark is Mark.WAITING for each in read.fates.values()):
            self._look_later()
        return fresh

    def _look_later(self) -> None:
        """What is on its way has an end soon, of which no event tells: look a few times, then stop."""
        if self._later is not None or not self._client.has_socket_connection:
            return

        async def later() -> None:
            for pause in SOON:
                await asyncio.sleep(pause)
                if self._client.has_socket_connection:
                    with self._client.content:
                        await self._look()
            self._later = None

        self._later = background_tasks.create(later(), name="what became of a reply")

    async def _older(self) -> None:
        async with self._notice.refusals():
            read = await self._here.desk.conversation(
                self._here.who, self._ticket.id, before=self._talk.oldest
            )
            self._talk.show(read, self._here.desk.now(), older=True)

    async def _again(self, delivery: int) -> None:
        await self._asking.ask("delivery resend", str(delivery))

    async def _reply(self, text: str, macro: str) -> bool:
        sent = False
        async with self._notice.refusals():
            desk = self._here.desk.expecting(self._ticket.id, self._ticket.version)
            if macro:
                await desk.use_macro(self._here.who, macro, self._ticket.id, text)
            else:
                await desk.reply(self._here.who, self._ticket.id, text)
            sent = True
            self._notice.tell("Sent.")
        await self._look()
        return sent

    async def _note(self, text: str, _: str) -> bool:
        kept = False
        async with self._notice.refusals():
            noted = await self._here.desk.note(self._here.who, self._ticket.id, text)
            kept = True
            here = noted.id == self._ticket.id
            self._notice.tell("The note is kept." if here else f"The note is on #{noted.id}.")
        await self._look()
        return kept

    async def _done(self, _card: object) -> None:
        await self._look()
        await self._side.look()

    def _come(self) -> None:
        self._here.common.presence.come(self._ticket.id, self._me)
        self._onlookers_changed()

    def _go(self) -> None:
        self._here.common.presence.go(self._ticket.id, self._me)

    def _wrote(self, there: bool) -> None:
        self._here.common.presence.write(self._ticket.id, self._me, writing=there)

    def _onlookers_changed(self) -> None:
        others = self._here.common.presence.others(self._ticket.id, self._me)
        self._others.clear()
        if others:
            said = [f"{name} is {'writing' if now else 'here too'}" for name, now in others.items()]
            with self._others:
                words(f"👀 {', '.join(said)}")


def _state(ticket: Ticket, due: str, urgency: str) -> Iterator[Node]:
    yield _chip(ticket.status.value, f"status {ticket.status.value.replace(' ', '-')}")
    yield _chip(f"{ticket.priority.label} priority", f"priority {ticket.priority.label}")
    yield _chip(f"with {ticket.assignee.name if ticket.assignee else 'nobody yet'}")
    yield _chip(ticket.kind)
    if ticket.due_at is not None:
        yield _chip(f"⏱ due {due}", f"due {urgency}")
    if ticket.escalated_at is not None:
        yield _chip("⬆ escalated", "late")
    if ticket.snoozed_at is not None:
        yield _chip("💤 put away")
    if ticket.waits_for:
        yield _chip(f"waits for {ticket.waits_for}")
    if ticket.merged_into_id:
        yield _chip(f"merged into #{ticket.merged_into_id}")


def _chip(text: str, look: str = "") -> Node:
    return node("span", text, classes=f"chip {look}".rstrip())
