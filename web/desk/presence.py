"""Who looks at which ticket, in this process: it is gone with the page, and nothing keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class Onlooker:
    """Somebody's page on a ticket; ``changed`` is called when another one comes, goes or writes."""

    agent: int
    name: str
    changed: Callable[[], None]
    writing: bool = False


@dataclass
class Presence:
    """Everybody's open tickets. One for each process: colleagues on another do not see each other."""

    _there: dict[int, list[Onlooker]] = field(default_factory=dict)

    def come(self, ticket: int, onlooker: Onlooker) -> None:
        """Somebody opened a ticket."""
        self._there.setdefault(ticket, []).append(onlooker)
        self._tell(ticket, onlooker)

    def go(self, ticket: int, onlooker: Onlooker) -> None:
        """And closed it; gone already is nothing."""
        there = self._there.get(ticket, [])
        if onlooker in there:
            there.remove(onlooker)
        if not there:
            self._there.pop(ticket, None)
        self._tell(ticket, onlooker)

    def write(self, ticket: int, onlooker: Onlooker, *, writing: bool) -> None:
        """Somebody has begun to write, or has none of it left."""
        if onlooker.writing is not writing:
            onlooker.writing = writing
            self._tell(ticket, onlooker)

    def others(self, ticket: int, but: Onlooker) -> dict[str, bool]:
        """Who else looks at it, by name, and whether they write; not oneself in a second window."""
        found: dict[str, bool] = {}
        for each in self._there.get(ticket, []):
            if each.agent != but.agent:
                found[each.name] = found.get(each.name, False) or each.writing
        return found

    def _tell(self, ticket: int, by: Onlooker) -> None:
        for each in list(self._there.get(ticket, [])):
            if each is not by:
                each.changed()
