"""The dashboard: how the desk stands at this moment, and what leads do about it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request
from nicegui import ui

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import (
    Availability,
    Choice,
    Delivery,
    History,
    Standing,
    Target,
    Ticket,
    capped,
    lasting,
)
from web.desk.draw import button, element, words
from web.desk.drawing import Drawing, Node, node
from web.desk.frame import Here, frame
from web.desk.giving import Agents, draggable, draw_choice
from web.desk.looks import Look
from web.desk.notice import Notice
from web.desk.plain import moment, part, style
from web.desk.watching import keep_up
from web.sign_in import DESK_PATH

BREATH = 2.0  # seconds between two looks, whatever happens
ANYHOW = 20.0  # seconds after which it looks although nothing happened: time passes, too

Act = Callable[[], Awaitable[str]]


async def show(request: Request) -> None:
    """``/desk/dashboard``"""
    here = Here.of(request)
    with frame(here, "Dashboard"):
        style()
        try:
            now = await here.desk.standing(here.who)
        except DeskError as refusal:
            words(str(refusal), "p", "fault").props["role"] = "alert"
            return
        page = _Dashboard(here)
        page.draw(now)
        keep_up(here, lambda _: True, page.look_together, breath=BREATH)
        ui.timer(ANYHOW, page.look)


class _Dashboard:
    """The parts of the page; one that says what it said before is not drawn again."""

    def __init__(self, here: Here) -> None:
        self._desk: Desk = here.desk
        self._who: Who = here.who
        self._drawn: dict[int, object] = {}
        self._tickets: dict[int, Ticket] = {}
        self._notice = Notice(here)
        self._seen = Look(here.common.looks, lambda: self._desk.standing(self._who))
        self._tiles = Drawing("div", "tiles")
        with element("div", "board"):
            with part("Escalated"):
                self._escalated = element("div", "body")
            with part("Agents"):
                self._availability = Drawing("div", "body")
                self._agents = Agents(self._given)
        with element("div", "columns"):
            with part("Open tickets by age"):
                self._ages = Drawing("div", "body")
            with part("Channels"):
                self._channels = Drawing("div", "body")
        with part("Could not be delivered"):
            self._dead = element("div", "body")

    async def look(self) -> None:
        """Look anew, and draw what has changed."""
        async with self._notice.refusals():
            self.draw(await self._seen.alone())

    async def look_together(self, happened: Sequence[History]) -> None:
        """The same with all who have it open."""
        async with self._notice.refusals():
            self.draw(await self._seen.together("standing", happened))

    def draw(self, now: Standing) -> None:
        """Draw what is not drawn yet."""
        self._tickets = {each.id: each for each in now.escalations}
        self._tiles.show(*_tiles(now))
        self._ages.show(_bars(now.ages))
        self._availability.show(_availability(now.availability))
        self._agents.show(now.agents)
        self._channels.show(_channels(now))
        escalated = [(each.id, each.version) for each in now.escalations]
        choices = [(each.agent_id, each.availability) for each in now.agents]
        if self._changed(self._escalated, (escalated, choices if escalated else ())):
            with self._escalated.clear():
                self._draw_escalated(now)
        if self._changed(self._dead, [each.id for each in now.dead]):
            with self._dead.clear():
                self._draw_dead(now)

    def _changed(self, place: ui.element, state: object) -> bool:
        """Whether a part says something else than what it is drawn for."""
        changed = self._drawn.get(place.id) != state
        self._drawn[place.id] = state
        return changed

    def _draw_escalated(self, now: Standing) -> None:
        if not now.escalations:
            words("Nothing is escalated.", "p", "soft")
            return
        with element("ul", "matters"):
            for ticket in now.escalations:
                with element("li") as drawn:
                    self._matter(ticket, now)
                draggable(drawn, ticket.id)

    def _matter(self, ticket: Ticket, now: Standing) -> None:
        holder = ticket.assignee.name if ticket.assignee else "nobody yet"
        with element("div", "what"):
            with element("a", href=f"{DESK_PATH}/tickets/{ticket.id}"):
                words(f"#{ticket.id} {ticket.subject}")
            words(
                f"{ticket.priority.label} · {ticket.status.value} · with {holder}", "span", "soft"
            )
            since = f"{ticket.customer.name} · since {moment(ticket.escalated_at)}"
            words(f"{since} · {ticket.escalation or ''}".rstrip(" ·"), "span", "soft")
        with element("div", "acts"):
            if ticket.assignee is None or ticket.assignee.name != self._who.name:
                self._button("Take", f"Take #{ticket.id}", lambda: self._take(ticket))
            draw_choice(ticket, now.agents, self._given)
            self._button("Resolve", f"Resolve #{ticket.id}", lambda: self._resolve(ticket))

    def _draw_dead(self, now: Standing) -> None:
        if not now.dead:
            words("Everything was delivered.", "p", "soft")
            return
        with element("ul", "matters"):
            for each in now.dead:
                with element("li"):
                    self._delivery(each)

    def _delivery(self, dead: Delivery) -> None:
        about = f" · ticket #{dead.ticket_id}" if dead.ticket_id else ""
        with element("div", "what"):
            words(f"{dead.channel} · {dead.conversation}{about}")
            words(f"{moment(dead.settled_at)} · {dead.error or 'no reason given'}", "span", "soft")
        with element("div", "acts"):
            name = f"Send delivery {dead.id} again"
            self._button("Send again", name, lambda: self._send_again(dead))

    def _button(self, text: str, name: str, act: Act) -> None:
        button(text, lambda: self._do(act), aria_label=name)

    async def _do(self, act: Act) -> None:
        """Do it, say what came of it, and look."""
        async with self._notice.refusals():
            self._notice.tell(await act())
        await self.look()

    async def _take(self, ticket: Ticket) -> str:
        if ticket.assignee_id is None:
            await self._desk.claim(self._who, ticket.id)
        else:
            await self._desk.transfer(self._who, ticket.id, Target(agent=self._who))
        return f"#{ticket.id} is yours."

    async def _given(self, number: int, to: Choice) -> None:
        await self._do(lambda: self._give(number, to))

    async def _give(self, number: int, to: Choice) -> str:
        seen = self._tickets.get(number)
        desk = self._desk.expecting(number, seen.version) if seen else self._desk
        await desk.transfer(self._who, number, Target(agent=to.who))
        return f"#{number} is with {to.name}."

    async def _resolve(self, ticket: Ticket) -> str:
        await self._desk.resolve(self._who, ticket.id)
        return f"#{ticket.id} is resolved."

    async def _send_again(self, dead: Delivery) -> str:
        await self._desk.resend(self._who, dead.id)
        return f"Delivery {dead.id} is on its way again."


def _tiles(now: Standing) -> Iterator[Node]:
    oldest = now.now - now.oldest_waiting if now.oldest_waiting else None
    for name, figure, looks in (
        ("Open", capped(now.open), ""),
        ("Waiting", capped(now.waiting), ""),
        ("Oldest waits", lasting(oldest), ""),
        ("At risk", capped(now.at_risk), "soon" if now.at_risk else ""),
        ("Breached", capped(now.breached), "bad" if now.breached else ""),
        ("Escalated", capped(now.escalated), "soon" if now.escalated else ""),
        ("Deliveries waiting", capped(now.deliveries_waiting), ""),
        ("Deliveries dead", capped(now.deliveries_dead), "bad" if now.deliveries_dead else ""),
    ):
        yield node("dl", node("dt", name), node("dd", figure), classes=f"tile {looks}".rstrip())


def _bars(counts: Mapping[Any, int]) -> Node:
    """Counts with a bar each, which only repeats them."""
    most = max([*counts.values(), 1])
    lines = []
    for name, count in counts.items():
        share = f"--share: {count / most:.3f}"
        bar = node("span", classes="measure", aria_hidden="true", style=share)
        lines.append(node("div", node("dt", str(name)), node("dd", capped(count)), bar))
    return node("dl", *lines, classes="bars")


def _availability(counts: Mapping[Availability, int]) -> Node:
    """How many are there, in one line."""
    said = " · ".join(f"{count} {word.value}" for word, count in counts.items())
    return node("p", said, classes="soft")


def _channels(now: Standing) -> Node:
    if not now.channels:
        return node("p", "Nothing waits to be sent.", classes="soft")
    lines = []
    for each in now.channels:
        state = "⚠ late" if each.late else "✗ some died" if each.dead else "✓ going"
        since = f", since {moment(each.oldest_due)}" if each.oldest_due else ""
        said = f"{state} · {capped(each.waiting)} waiting{since} · {capped(each.dead)} dead"
        lines.append(node("div", node("dt", each.channel), node("dd", said)))
    return node("dl", *lines, classes="bars")
