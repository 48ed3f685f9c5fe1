"""What was said on a ticket, as staff see it: notes apart, files, and what became of each reply."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime

from core.vocabulary import Attachment, Fate, Holding, Kind, Mark, Message, Reading
from web.desk.draw import age, button, element
from web.desk.drawing import Drawing, Node, node, press_button
from web.desk.rich import markdown
from web.sign_in import DESK_PATH

LOOKS = {Kind.MESSAGE: "customer", Kind.REPLY: "reply", Kind.NOTE: "note"}
NOTE = "📌 Note – the customer does not see this"
FATES = {Mark.SENT: "delivered", Mark.WAITING: "on its way", Mark.FAILED: "not delivered"}

MOST = 60  # messages in a page; who wants to see older ones, asks

Again = Callable[[int], Awaitable[None]]


class Conversation:
    """The messages in the page, oldest first; what has not changed is not drawn anew."""

    def __init__(self, *, again: Again, older: Callable[[], Awaitable[None]]) -> None:
        self._again = again
        self._most = MOST
        self._drawn: dict[int, _Drawn] = {}
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
            self._drawn.pop(number).delete()
            self._older.set_visibility(True)

    def _draw(self, message: Message, read: Reading, now: datetime, place: int | None) -> None:
        drawn = self._drawn.get(message.id)
        if drawn is None:
            with self._list:
                drawn = self._drawn[message.id] = _Drawn(message, self._again)
            if place is not None:
                drawn.move(target_index=place)
        drawn.show_message(message, read, now)


class _Drawn(Drawing):
    """A message in the page. How long ago it came is said as it was when it was drawn."""

    def __init__(self, message: Message, again: Again) -> None:
        super().__init__("li", f"message {LOOKS[message.kind]}", pressed=self._try_again)
        self._again = again
        self._fate: Fate | None = None
        self._said: object = None

    async def _try_again(self, _which: str, _ticked: bool) -> None:
        if self._fate is not None:
            await self._again(self._fate.delivery)

    def show_message(self, message: Message, read: Reading, now: datetime) -> None:
        files = [(each.id, each.holding) for each in message.attachments]
        self._fate = read.fates.get(message.id)
        said = (message.text, message.deleted_at, self._fate, files)
        if said != self._said:
            self._said = said
            fate = () if self._fate is None else (_fate(self._fate),)
            self.show(_head(message, read, now), *_body(message), *fate)


def _head(message: Message, read: Reading, now: datetime) -> Node:
    agent = read.authors.get(message.agent_id or 0, "Staff")
    name = read.ticket.customer.name if message.kind is Kind.MESSAGE else agent
    sent = message.sent_at
    parts = [node("strong", name)]
    if message.kind is Kind.NOTE:
        parts.append(node("span", NOTE, classes="note-sign"))
    moment = f"{sent:%d %b %Y %H:%M} UTC"
    parts.append(
        node("time", age(sent, now), classes="soft", datetime=sent.isoformat(), title=moment)
    )
    if message.edits:
        parts.append(node("span", "edited", classes="soft"))
    return node("p", *parts, classes="head")


def _body(message: Message) -> Iterator[Node]:
    if message.deleted_at is not None:
        yield node("p", "🗑 Taken back:", classes="soft")
    if message.text:
        yield markdown(message.text, "text", breaks=True)
    for name, value in (message.form or {}).get("fields", {}).items():
        yield node("p", f"{name}: {value}", classes="text soft")
    if message.attachments:
        yield node(
            "ul", *(node("li", _file(each)) for each in message.attachments), classes="files"
        )


def _file(file: Attachment) -> Node:
    if file.holding is not Holding.KEPT:
        return node("span", f"📎 {file.name} · {file.reason or 'on its way'}", classes="soft")
    address = f"{DESK_PATH}/files/{file.public_id}"
    return node("a", f"📎 {file.name}", href=address, target="_blank")


def _fate(fate: Fate) -> Node:
    said: list[Node] = [node("span", f"{fate.mark.value} {FATES[fate.mark]}")]
    if fate.mark is Mark.FAILED:
        said.append(node("span", f": {fate.error or 'no reason given'}"))
        said.append(press_button("Try again", "again", "small"))
    return node("p", *said, classes=f"fate {fate.mark.name.lower()}")
