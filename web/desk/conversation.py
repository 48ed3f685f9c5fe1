"""What was said on a ticket, as staff see it: notes apart, files, and what became of each reply."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from nicegui import ui

from core.vocabulary import Fate, Kind, Mark, Message, Reading
from web.desk.draw import age, button, element, link, words
from web.desk.rich import draw_markdown
from web.sign_in import DESK_PATH

LOOKS = {Kind.MESSAGE: "customer", Kind.REPLY: "reply", Kind.NOTE: "note"}
NOTE = "📌 Note – the customer does not see this"
FATES = {Mark.SENT: "delivered", Mark.WAITING: "on its way", Mark.FAILED: "not delivered"}

MOST = 60  # messages in a page; who wants to see older ones, asks

Again = Callable[[int], Awaitable[None]]
Signature = tuple[object, ...]


class Conversation:
    """The messages in the page, oldest first; what has not changed is not drawn anew."""

    def __init__(self, *, again: Again, older: Callable[[], Awaitable[None]]) -> None:
        self._again = again
        self._most = MOST
        self._drawn: dict[int, tuple[Signature, ui.element]] = {}
        with element("div", "conversation"):
            self._older = button("Show older messages", older, "plain")
            self._older.set_visibility(False)
            self._list = element("ol", "messages", aria_label="Conversation")

    @property
    def oldest(self) -> int | None:
        """The number of the first message that is shown."""
        return min(self._drawn, default=None)

    def show(self, read: Reading, now: datetime, *, older: bool) -> Sequence[Message]:
        """Draw what is new or different; the messages that were not there before. ``older``: it is
        the page before what is shown."""
        fresh = [each for each in read.messages if each.id not in self._drawn]
        first_time = not self._drawn
        for place, message in enumerate(read.messages):
            self._draw(message, read, now, place if older else None)
        if older:
            self._most = max(MOST, len(self._drawn))
        if older or first_time:
            self._older.set_visibility(read.more)
        self._drop_oldest()
        return [] if older or first_time else fresh

    def _drop_oldest(self) -> None:
        """A page that stays open does not grow for ever."""
        for number in sorted(self._drawn)[: -self._most]:
            self._drawn.pop(number)[1].delete()
            self._older.set_visibility(True)

    def _draw(self, message: Message, read: Reading, now: datetime, place: int | None) -> None:
        fate = read.fates.get(message.id)
        signature = (
            message.text,
            message.deleted_at,
            fate,
            [(each.id, each.holding) for each in message.attachments],
        )
        known, there = self._drawn.get(message.id, ((), None))
        if known == signature:
            return
        if there is None:
            with self._list:
                there = element("li", f"message {LOOKS[message.kind]}")
            if place is not None:
                there.move(target_index=place)
        there.clear()
        with there:
            self._head(message, read, now)
            _body(message)
            if fate is not None:
                self._draw_fate(fate)
        self._drawn[message.id] = (signature, there)

    def _head(self, message: Message, read: Reading, now: datetime) -> None:
        agent = read.authors.get(message.agent_id or 0, "Staff")
        name = read.ticket.customer.name if message.kind is Kind.MESSAGE else agent
        with element("p", "head"):
            words(name, "strong")
            if message.kind is Kind.NOTE:
                words(NOTE, classes="note-sign")
            said = words(age(message.sent_at, now), "time", "soft")
            said.props["datetime"] = message.sent_at.isoformat()
            said.props["title"] = f"{message.sent_at:%d %b %Y %H:%M} UTC"
            if message.edits:
                words("edited", classes="soft")

    def _draw_fate(self, fate: Fate) -> None:
        with element("p", f"fate {fate.mark.name.lower()}"):
            words(f"{fate.mark.value} {FATES[fate.mark]}")
            if fate.mark is Mark.FAILED:
                words(f": {fate.error or 'no reason given'}")

                async def again() -> None:
                    await self._again(fate.delivery)

                button("Try again", again, "small")


def _body(message: Message) -> None:
    if message.deleted_at is not None:
        words("🗑 Taken back:", "p", "soft")
    if message.text:
        draw_markdown(message.text, "text", breaks=True)
    for name, value in (message.form or {}).get("fields", {}).items():
        words(f"{name}: {value}", "p", "text soft")
    if message.attachments:
        with element("ul", "files"):
            for each in message.attachments:
                with element("li"):
                    if each.holding.value == "kept":
                        link(
                            f"📎 {each.name}",
                            f"{DESK_PATH}/files/{each.public_id}",
                            target="_blank",
                        )
                    else:
                        words(f"📎 {each.name} · {each.reason or 'on its way'}", classes="soft")
