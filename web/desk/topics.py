"""Pages made of topics: each shows how something is set, and offers the commands that change it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.cards import Card
from core.vocabulary import Role
from web.desk.asking import Asking
from web.desk.cards import draw_card
from web.desk.commands import Line
from web.desk.draw import Press, button, element, words
from web.desk.frame import Here
from web.desk.notice import Notice

FEW = 4  # topics that stand beside each other


@dataclass(frozen=True)
class Topic:
    """A subject: the command that shows it, and the words of those that change it; ``but`` are not
    offered, since they are elsewhere on the page or make no sense there."""

    title: str
    about: str
    looks: str
    word: str
    role: Role = Role.AGENT
    but: Sequence[str] = ()


class Topics:
    """The topics of a page that somebody of this role may see."""

    def __init__(self, here: Here, notice: Notice, topics: Sequence[Topic]) -> None:
        self._asking = Asking(here, notice, done=self._done)
        role = here.visit.role
        seen = [each for each in topics if role >= each.role]
        with element("div", "topics many" if len(seen) > FEW else "topics"):
            self._drawn = [_Drawn(self._asking, each) for each in seen]

    async def look(self) -> None:
        """Ask what each topic shows."""
        for each in self._drawn:
            await each.look()

    async def _done(self, _: Card) -> None:
        await self.look()


class _Drawn:
    def __init__(self, asking: Asking, topic: Topic) -> None:
        self._asking = asking
        self._topic = topic
        self._shown: Card | None = None
        here = asking.here
        offered = here.common.commands.offered(topic.word, here.visit.role)
        with element("section", "topic", aria_label=topic.title):
            words(topic.title, "h2")
            words(topic.about, "p", "soft")
            self._place = element("div", "answer")
            with element("div", "buttons"):
                for each in offered:
                    if each.action not in {topic.looks, *topic.but}:
                        self._button(each)

    def _button(self, line: Line) -> None:
        verb = line.action.partition(" ")[2] or line.action
        button(f"{verb.capitalize()}…", self._ask(line.action), "small", title=line.help)

    def _ask(self, action: str) -> Press:
        async def press() -> None:
            await self._asking.ask(action)

        return press

    async def look(self) -> None:
        async with self._asking.notice.refusals():
            card = await self._asking.answer_of(self._topic.looks)
            if self._topic.title.casefold() in card.title.casefold():
                card = replace(card, title="")
            if card != self._shown:
                self._shown = card
                self._place.clear()
                with self._place:
                    draw_card(card, self._asking.press)
