"""People: who works here, what they can, when they are there, and who is on call."""

from collections.abc import Sequence

from fastapi import Request

from core.cards import Card
from core.vocabulary import History, Listed, Role
from web.desk.asking import Asking
from web.desk.draw import Press, button, element, words
from web.desk.frame import Here, frame
from web.desk.notice import Notice
from web.desk.topics import Topic, Topics
from web.desk.watching import keep_up

LIVELY = frozenset(
    {
        "AgentAdded",
        "AgentEdited",
        "AgentRemoved",
        "TeamDefined",
        "AvailabilityChanged",
        "TicketAssigned",
        "TicketResolved",
        "TicketReturned",
        "SessionEnded",
    }
)
HEADINGS = ("Name", "Role", "Team", "Skills", "Languages", "Holds", "There", "")
MINE = (
    ("agent available", "Available"),
    ("agent busy", "Busy"),
    ("agent break", "On a break"),
    ("agent offline", "Offline"),
)
OF_EACH = (
    ("agent show", "Show", Role.AGENT),
    ("agent edit", "Edit…", Role.ADMIN),
)
MORE = (
    ("agent hours", "Hours…", Role.LEAD),
    ("agent away", "Away…", Role.LEAD),
    ("agent handback", "Hand-back…", Role.LEAD),
    ("agent remove", "Remove…", Role.ADMIN),
)
TOPICS = (
    Topic("Teams", "Who works together, and is given tickets together.", "team list", "team"),
    Topic("On call", "Who is called when nobody works, and until when.", "oncall show", "oncall"),
    Topic("Stuck", "Tickets of agents who are not there.", "agent stuck", "stuck", Role.LEAD),
)


async def show(request: Request) -> None:
    """``/desk/people``"""
    here = Here.of(request)
    with frame(here, "People"):
        await _People(here).draw()


def _concerns(event: History) -> bool:
    return event.event in LIVELY


def _team(listed: Listed) -> str:
    return listed.agent.team.name if listed.agent.team else "–"


class _People:
    """The roster in somebody's browser."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._shown: object = None

    async def draw(self) -> None:
        self._notice = notice = Notice(self._here)
        self._asking = Asking(self._here, notice, done=self._done)
        with element("div", "buttons"):
            words("I am", classes="soft")
            for action, label in MINE:
                button(label, self._ask(action, ""), "small")
            if self._here.visit.role >= Role.ADMIN:
                button("Add somebody…", self._ask("agent add", ""), "primary")
        with element("div", "roster", tabindex=0, role="region", aria_label="Agents"):
            self._place = element("table", "tickets people")
        self._topics = Topics(self._here, notice, TOPICS)
        await self._look()
        await self._topics.look()
        keep_up(self._here, _concerns, lambda _: self._look())

    async def _done(self, _: Card) -> None:
        await self._look()
        await self._topics.look()

    async def _look(self) -> None:
        async with self._notice.refusals():
            self._draw(await self._here.desk.agents(self._here.who))

    def _draw(self, listed: Sequence[Listed]) -> None:
        shown = [
            (each.agent.version, each.agent.availability, _team(each), each.holds)
            for each in listed
        ]
        if shown == self._shown:
            return
        self._shown = shown
        self._place.clear()
        with self._place:
            words("Agents", "caption", "away")
            with element("thead"), element("tr"):
                for heading in HEADINGS:
                    words(heading or "Change", "th").props["scope"] = "col"
            with element("tbody"):
                for each in listed:
                    self._row(each)

    def _row(self, listed: Listed) -> None:
        agent = listed.agent
        holds = ", ".join(f"#{number}" for number in listed.holds)
        with element("tr"):
            words(agent.name, "td", "subject")
            words(f"{agent.role.label}, tier {agent.tier}", "td")
            words(_team(listed), "td")
            words(", ".join(f"{each.name} {each.level}" for each in agent.skills) or "–", "td")
            words(", ".join(each.code for each in agent.languages) or "–", "td")
            words(f"{len(listed.holds)} of {agent.capacity} {holds}", "td")
            words(agent.availability.value, "td", f"availability {agent.availability.value}")
            with element("td"):
                self._buttons(listed, OF_EACH)
                if self._here.visit.role >= Role.LEAD:
                    with element("details", "more"):
                        words("More", "summary").props["aria-label"] = f"More on {agent.name}"
                        self._buttons(listed, MORE)

    def _buttons(self, listed: Listed, offered: Sequence[tuple[str, str, Role]]) -> None:
        with element("div", "buttons"):
            for action, label, role in offered:
                if self._here.visit.role >= role and listed.who is not None:
                    name = f"{label.removesuffix('…')} {listed.agent.name}"
                    press = self._ask(action, str(listed.who))
                    button(label, press, "small", aria_label=name)

    def _ask(self, action: str, value: str) -> Press:
        async def press() -> None:
            await self._asking.ask(action, value)

        return press
