"""The model of how tickets are filed: kinds, fields, macros, and one operation on many."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field

from core.errors import Conflict, Forbidden, NotFound
from core.model import Step
from core.vocabulary import Priority, Role
from tests.any_order.model import Model, Refused

FIELD = "batch"
FIX, PARK = "fix", "park"
UNDER_WAY = {Step.REQUESTED, Step.ACCEPTED, Step.RECEIVED}


@dataclass
class Operation:
    """One on many tickets: what it set, and what was there before."""

    what: str
    before: dict[int, object] = field(default_factory=dict)
    is_undone: bool = False


@dataclass
class Filing(Model):
    """Beside the life of tickets, how they are filed."""

    operations: list[Operation] = field(default_factory=list)

    def set_kind(self, agent: str, number: int, kind: str) -> None:
        if kind not in {"question", "problem", "return", "other"}:
            raise Refused(NotFound)
        ticket = self.live(number)
        if kind == ticket.kind:
            return
        if kind == "return" and not ticket.returns:
            raise Refused(Conflict)
        if ticket.kind == "return" and UNDER_WAY & set(ticket.returns.values()):
            raise Refused(Conflict)
        ticket.kind = kind

    def set_field(self, agent: str, number: int, value: str) -> None:
        ticket = self.ticket(number)
        ticket.fields = {} if value == "none" else {FIELD: value}

    def use_macro(self, agent: str, name: str, number: int) -> None:
        """All of it or nothing."""
        self.ticket(number)
        with self._whole():
            if name == FIX:
                self.tag(agent, number, "a", "b")
                self.reply(agent, number)
                self.resolve(agent, number)
            else:
                self.set_priority(agent, number, Priority.HIGH)
                self.hold(agent, number, "a part")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        tickets = deepcopy(self.tickets)
        try:
            yield
        except Refused:
            self.tickets = tickets
            raise Refused(Conflict) from None

    def tag_all(self, agent: str, add: str, remove: str) -> None:
        """One tag onto all tickets, and another one off."""
        self._refuse_agents(agent)
        done = Operation(f"{add}{remove}")
        for ticket in self.tickets.values():
            if add not in ticket.tags or remove in ticket.tags:
                done.before[ticket.number] = ({add} - ticket.tags, ticket.tags & {remove})
                ticket.tags = (ticket.tags - {remove}) | {add}
        self._done(done)

    def prioritise_all(self, agent: str, priority: Priority) -> None:
        """Of all live tickets."""
        self._refuse_agents(agent)
        done = Operation(priority.label)
        for ticket in self.tickets.values():
            if ticket.live and ticket.priority is not priority:
                done.before[ticket.number] = ticket.priority
                ticket.priority = priority
        self._done(done)

    def undo(self, agent: str, place: int) -> None:
        """What was not changed again since is as it was."""
        self._refuse_agents(agent)
        if place >= len(self.operations):
            raise Refused(NotFound)
        done = self.operations[place]
        if done.is_undone:
            raise Refused(Conflict)
        done.is_undone = True
        for number, before in done.before.items():
            ticket = self.tickets[number]
            if isinstance(before, tuple):
                added, removed = before
                ticket.tags = frozenset(ticket.tags - added | removed)
            elif ticket.live and ticket.priority.label == done.what:
                assert isinstance(before, Priority)
                ticket.priority = before

    def _refuse_agents(self, agent: str) -> None:
        if self.agents[agent].role < Role.LEAD:
            raise Refused(Forbidden)

    def _done(self, done: Operation) -> None:
        if not done.before:
            raise Refused(Conflict)
        self.operations.append(done)
