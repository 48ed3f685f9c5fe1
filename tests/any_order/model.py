"""The model: what a desk of a few people must be like after each verb, and what it must refuse.

It knows nothing of how the desk does it. Whom the routing chooses is the routing's business: a
ticket that waits may be with anybody who takes work; all else has to be exactly so.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound
from core.model import Step
from core.vocabulary import Availability, Priority, Role, Status

LEASE = timedelta(minutes=15)
REST = timedelta(minutes=15)
UNDO = timedelta(minutes=10)
HANDSHAKE = timedelta(hours=48)
ENDED = {Status.RESOLVED, Status.CLOSED}


class Refused(Exception):
    """The desk must refuse this, in one of these ways."""

    def __init__(self, *kinds: type[DeskError]) -> None:
        self.kinds = kinds
        super().__init__(", ".join(kind.__name__ for kind in kinds))


@dataclass
class Helper:
    """An agent."""

    name: str
    role: Role
    capacity: int
    tier: int = 1
    availability: Availability = Availability.AVAILABLE

    @property
    def takes_work(self) -> bool:
        return self.availability is Availability.AVAILABLE


@dataclass
class Known:
    """A ticket. ``place`` is the conversation that it was opened in; ``first`` is who gets it before
    anybody else, if they are free."""

    number: int
    customer: str
    place: str
    status: Status
    assignee: str | None
    priority: Priority
    category: str = ""
    tags: frozenset[str] = frozenset()
    kind: str = "question"
    fields: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[int, Step] = field(default_factory=dict)
    snoozed: bool = False
    until: datetime | None = None
    waits_for: str | None = None
    merged_into: int | None = None
    tier: int = 1
    resolved_at: datetime | None = None
    assigned_at: datetime | None = None
    answered: bool = False  # since it is its assignee's
    merged_at: datetime | None = None
    branch: bool = False
    first: str | None = None
    gave_away: dict[str, datetime] = field(default_factory=dict)
    brought: Mapping[int, Step] = field(default_factory=dict)  # returns, when it was merged

    @property
    def live(self) -> bool:
        return self.status not in ENDED

    @property
    def takes_slot(self) -> bool:
        return self.status in {Status.OPEN, Status.PENDING} and not self.snoozed

    def wait(self, *, first: str | None = None, left: datetime | None = None) -> None:
        """Back to the queue; ``left`` is when its agent gave it away."""
        if left is not None and self.assignee is not None:
            self.gave_away[self.assignee] = left
        self.status, self.assignee, self.first = Status.NEW, None, first
        self.snoozed, self.until, self.waits_for, self.resolved_at = False, None, None, None


@dataclass
class Model:
    """The desk as it must be."""

    agents: Mapping[str, Helper]
    owners: dict[str, str]  # which customer writes in each conversation
    now: datetime
    tickets: dict[int, Known] = field(default_factory=dict)
    watching: set[tuple[int, str]] = field(default_factory=set)
    links: dict[frozenset[int], str] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    opens: str | None = None  # the customer of a ticket that this verb opens
    unsure: set[int] = field(default_factory=set)  # whose state this verb leaves to the desk
    new_returns: frozenset[int] = frozenset()  # what this verb made
    may: tuple[type[DeskError], ...] = ()  # for what the model does not know, it may be refused so

    def held(self, agent: str) -> int:
        return sum(each.takes_slot for each in self.tickets.values() if each.assignee == agent)

    def free(self, agent: str | None) -> bool:
        if agent is None:
            return False
        helper = self.agents[agent]
        return helper.takes_work and self.held(agent) < helper.capacity

    def live_at(self, place: str) -> list[Known]:
        """What is not closed, as a message in this conversation may go there."""
        return [
            each
            for each in self.tickets.values()
            if each.place == place and each.status is not Status.CLOSED
        ]

    def ticket(self, number: int) -> Known:
        if number not in self.tickets:
            raise Refused(NotFound)
        return self.tickets[number]

    def live(self, number: int) -> Known:
        found = self.ticket(number)
        if not found.live:
            raise Refused(Conflict)
        return found

    def held_by(self, agent: str, number: int) -> Known:
        """A live ticket of the agent's, or, for a lead, of anybody's."""
        found = self.live(number)
        if found.assignee is None:
            raise Refused(Conflict)
        self.refuse_strangers(agent, found)
        return found

    def refuse_strangers(self, agent: str, ticket: Known) -> None:
        mine = ticket.assignee in {None, agent}
        if not mine and self.agents[agent].role < Role.LEAD:
            raise Refused(Forbidden)

    def refuse_full(self, agent: str) -> None:
        if self.held(agent) >= self.agents[agent].capacity:
            raise Refused(Conflict)

    # the verbs

    def claim(self, agent: str, number: int) -> None:
        ticket = self.ticket(number)
        if ticket.status is not Status.NEW:
            raise Refused(Conflict)
        self.refuse_full(agent)
        self._is_with(ticket, agent)

    def release(self, agent: str, number: int) -> None:
        self.held_by(agent, number).wait(left=self.now)

    def reply(self, agent: str, number: int) -> None:
        ticket = self.held_by(agent, number)
        ticket.answered = True
        if ticket.status is Status.OPEN:
            ticket.status = Status.PENDING

    def note(self, agent: str, number: int) -> None:
        self.ticket(number)

    def set_priority(self, agent: str, number: int, priority: Priority) -> None:
        self.live(number).priority = priority

    def set_category(self, agent: str, number: int, category: str) -> None:
        self.ticket(number).category = category

    def tag(self, agent: str, number: int, add: str, remove: str) -> None:
        ticket = self.ticket(number)
        if add == remove:
            raise Refused(Invalid)
        ticket.tags = (ticket.tags | {add}) - {remove}

    def hold(self, agent: str, number: int, reason: str) -> None:
        if not reason.strip():
            raise Refused(Invalid)
        ticket = self.held_by(agent, number)
        ticket.status, ticket.waits_for = Status.ON_HOLD, reason

    def unhold(self, agent: str, number: int) -> None:
        ticket = self.ticket(number)
        if ticket.status is not Status.ON_HOLD:
            raise Refused(Conflict)
        self._take_up(agent, ticket)

    def snooze(self, agent: str, number: int, until: timedelta | None) -> None:
        ticket = self.held_by(agent, number)
        ticket.snoozed, ticket.until = True, self.now + until if until else None

    def wake(self, agent: str, number: int) -> None:
        ticket = self.ticket(number)
        if not ticket.snoozed:
            raise Refused(Conflict)
        self._take_up(agent, ticket)

    def _take_up(self, agent: str, ticket: Known) -> None:
        self.refuse_strangers(agent, ticket)
        if ticket.assignee != agent:
            self._come_back(ticket)
            return
        self.refuse_full(agent)
        self._is_with(ticket, agent)

    def resolve(self, agent: str, number: int) -> None:
        ticket = self.live(number)
        if any(self.tickets[child].live for child in self._below(number)):
            raise Refused(Conflict)
        if ticket.status is not Status.NEW:
            self.refuse_strangers(agent, ticket)
        if Step.REQUESTED in ticket.returns.values():
            raise Refused(Conflict)
        ticket.assignee = ticket.assignee or agent
        ticket.status, ticket.resolved_at = Status.RESOLVED, self.now
        ticket.snoozed, ticket.until, ticket.waits_for = False, None, None

    def reopen(self, who: str, number: int) -> None:
        ticket = self._seen_by(who, number)
        if ticket.status is not Status.RESOLVED:
            raise Refused(Conflict)
        self._come_back(ticket)

    def confirm(self, customer: str, number: int) -> None:
        ticket = self._seen_by(customer, number)
        if ticket.live:
            raise Refused(Conflict)
        self._close(ticket)

    def transfer(self, agent: str, number: int, to: str) -> None:
        ticket = self.live(number)
        self.refuse_strangers(agent, ticket)
        if ticket.assignee == to:
            raise Refused(Conflict)
        self.refuse_full(to)
        if ticket.assignee is not None:
            ticket.gave_away[ticket.assignee] = self.now
        self._is_with(ticket, to)

    def escalate(self, agent: str, number: int) -> None:
        ticket = self.live(number)
        ticket.priority = max(ticket.priority, Priority.HIGH)
        if any(each.tier > ticket.tier for each in self.agents.values()):
            ticket.tier += 1
            ticket.wait(left=self.now)

    def merge(self, agent: str, number: int, into: int, *, force: bool) -> None:
        if number == into:
            raise Refused(Invalid)
        if force and self.agents[agent].role < Role.LEAD:
            raise Refused(Forbidden)
        first, second = sorted((number, into))
        for each in (first, second):
            self.ticket(each)
        ticket, target = self.live(number), self.live(into)
        self.refuse_strangers(agent, ticket)
        if ticket.customer != target.customer and not force:
            raise Refused(Conflict)
        if ticket.status in {Status.NEW, Status.OPEN} and target.status is Status.PENDING:
            target.status = Status.OPEN
        ticket.first = ticket.assignee
        ticket.status, ticket.merged_into, ticket.merged_at = Status.CLOSED, into, self.now
        ticket.snoozed, ticket.until, ticket.waits_for = False, None, None
        ticket.brought, ticket.returns = dict(ticket.returns), {}
        target.returns = {**target.returns, **ticket.brought}
        self._watch_along(number, into)

    def unmerge(self, agent: str, number: int) -> None:
        ticket = self.ticket(number)
        if ticket.merged_into is None or ticket.merged_at is None:
            raise Refused(Conflict)
        if self.now - ticket.merged_at > UNDO:
            raise Refused(Conflict)
        before = ticket.first
        if not ticket.branch and any(
            not each.branch for each in self.live_at(ticket.place) if each is not ticket
        ):
            raise Refused(Conflict)
        ticket.merged_into = ticket.merged_at = None
        ticket.wait(first=before)
        self._give_back(ticket)

    def _give_back(self, ticket: Known) -> None:
        """Returns that came with a ticket are its own again, wherever they are by now."""
        for each in self.tickets.values():
            for number in ticket.brought.keys() & each.returns.keys():
                ticket.returns = {**ticket.returns, number: each.returns[number]}
                each.returns = {key: step for key, step in each.returns.items() if key != number}

    def split(self, agent: str, number: int) -> None:
        """The customer's last message, unless it is their only one, becomes a ticket."""
        ticket = self.live(number)
        self.refuse_strangers(agent, ticket)
        self.may, self.opens = (Conflict,), ticket.customer

    def unsplit(self, agent: str, number: int) -> None:
        """Back onto the ticket that it came from, which the model does not know."""
        ticket = self.ticket(number)
        if not ticket.branch or not ticket.live:
            raise Refused(Conflict)
        self.may = (Conflict, Forbidden)
        self.unsure = {each.number for each in self.live_at(ticket.place)}

    def nothing_happened(self) -> None:
        """It was refused for what the model does not know."""
        self.opens, self.unsure = None, set()

    def watch(self, agent: str, number: int) -> None:
        if self.ticket(number).status is Status.CLOSED or (number, agent) in self.watching:
            raise Refused(Conflict)
        self.watching.add((number, agent))

    def unwatch(self, agent: str, number: int) -> None:
        self.ticket(number)
        if (number, agent) not in self.watching:
            raise Refused(Conflict)
        self.watching.discard((number, agent))

    def link(self, agent: str, number: int, other: int) -> None:
        self._linkable(number, other)
        if frozenset((number, other)) in self.links:
            raise Refused(Conflict)
        self.links[frozenset((number, other))] = "related"

    def make_child(self, agent: str, number: int, of: int) -> None:
        self._linkable(number, of)
        self.live(of)
        pair = frozenset((number, of))
        if self.parents.get(number, of) != of or self.links.get(pair) == "child":
            raise Refused(Conflict)
        if number in self._above(of):
            raise Refused(Conflict)
        self.links[pair] = "child"
        self.parents[number] = of

    def unlink(self, agent: str, number: int, other: int) -> None:
        if number == other:
            raise Refused(Invalid)
        for each in sorted((number, other)):
            self.ticket(each)
        if self.links.pop(frozenset((number, other)), None) is None:
            raise Refused(Conflict)
        for child, parent in ((number, other), (other, number)):
            if self.parents.get(child) == parent:
                del self.parents[child]

    def _linkable(self, number: int, other: int) -> None:
        if number == other:
            raise Refused(Invalid)
        for each in sorted((number, other)):
            self.ticket(each)
        if any(self.tickets[each].merged_into is not None for each in (number, other)):
            raise Refused(Conflict)

    # what customers do

    def receive(self, place: str, *, polite: bool) -> Known | None:
        """A message in the customer's own conversation: onto what is live there, or a new ticket. The
        ticket that it is on, where that is certain."""
        customer = self.owners[place]
        there = self.live_at(place)
        if not there:
            merged = [
                each
                for each in self.tickets.values()
                if each.place == place and each.merged_into is not None
            ]
            # It goes where one of them went, if that lives, or opens a new one.
            self.unsure |= {self._end_of(each).number for each in merged}
            self.opens = None if polite else customer
            return None
        if len(there) > 1 or there[0].branch:
            self.unsure |= {each.number for each in there}
            return None
        if not polite:
            self._hear(there[0])
        return there[0]

    def _hear(self, ticket: Known) -> None:
        agent = self.agents.get(ticket.assignee or "")
        if ticket.status is Status.RESOLVED or ticket.snoozed or ticket.status is Status.ON_HOLD:
            self._come_back(ticket)
        elif ticket.status is Status.PENDING:
            ticket.status = Status.OPEN
        if agent is not None and agent.availability is Availability.OFFLINE:
            self.unsure.add(ticket.number)

    def _come_back(self, ticket: Known) -> None:
        ticket.wait(first=ticket.assignee)

    def set_availability(self, agent: str, to: Availability) -> None:
        self.agents[agent].availability = to

    # what time does

    def assign_due(self) -> None:
        """Whoever waits may be given to whoever is free: that is all."""

    def take_back_unanswered(self) -> None:
        for ticket in self.tickets.values():
            since = ticket.assigned_at
            held = ticket.status is Status.OPEN and not ticket.snoozed and not ticket.answered
            if held and since is not None and since <= self.now - LEASE:
                ticket.wait(left=self.now)

    def close_resolved(self) -> None:
        for ticket in self.tickets.values():
            resolved = ticket.resolved_at
            done = ticket.status is Status.RESOLVED and resolved is not None
            if done and resolved is not None and resolved < self.now - HANDSHAKE:
                self._close(ticket)

    def wake_due(self) -> None:
        for ticket in self.tickets.values():
            if ticket.snoozed and ticket.until is not None and ticket.until <= self.now:
                self._come_back(ticket)

    # how it is compared

    @contextmanager
    def verb(self) -> Iterator[None]:
        """One verb: what it may open or leave to the desk is its own."""
        self.opens, self.unsure, self.may = None, set(), ()
        for ticket in self.tickets.values():
            if ticket.merged_into is None:
                ticket.first = None
        yield

    def fits(self, ticket: Known, there: "Known", was: Mapping[str, int]) -> str:
        """Why the ticket as it stands in the database cannot be; empty where it can. ``was`` is how
        many each agent held before."""
        old = {key: step for key, step in there.returns.items() if key not in self.new_returns}
        filed = ("customer", "place", "priority", "category", "tags", "fields", "tier")
        if ticket.number in self.unsure:
            return _differs(ticket, there, filed)
        fault = _differs(ticket, replace(there, returns=old), (*filed, "kind", "returns"))
        if fault:
            return fault
        if ticket.status is Status.NEW:
            return self._waits_rightly(ticket, there, was)
        return _differs(
            ticket, there, ("status", "assignee", "snoozed", "waits_for", "merged_into")
        )

    def _waits_rightly(self, ticket: Known, there: "Known", was: Mapping[str, int]) -> str:
        first = self.agents.get(ticket.first or "")
        had_room = first is not None and first.takes_work and was[first.name] < first.capacity
        if first is not None and had_room and there.assignee != first.name:
            return f"it should be {first.name}'s again, not {there.assignee}'s"
        if there.status is Status.NEW:
            return "" if there.assignee is None else "it waits and is somebody's"
        if there.status is not Status.OPEN or there.assignee is None:
            return f"it is {there.status.value} though it should wait"
        agent = self.agents[there.assignee]
        rests = ticket.gave_away.get(agent.name)
        if not agent.takes_work:
            return f"{agent.name} is {agent.availability.value} and was given it"
        if rests is not None and self.now - rests < REST and ticket.first != agent.name:
            return f"{agent.name} gave it away a moment ago and has it back"
        return ""

    def stands(self, there: "Known") -> None:
        """Take the desk's word for what is the desk's to choose."""
        before = self.tickets.get(there.number)
        if before is None:
            self.tickets[there.number] = replace(
                there, assigned_at=self.now if there.assignee else None
            )
            return
        if before.number in self.unsure and there.status is Status.NEW and before.assignee:
            before.gave_away[before.assignee] = self.now
        moved = (before.status, before.assignee) != (there.status, there.assignee)
        if moved and there.assignee is not None and there.status is Status.OPEN:
            again = before.number in self.unsure and before.assignee == there.assignee
            if not again:
                before.assigned_at, before.answered = self.now, False
        before.status, before.assignee = there.status, there.assignee
        before.snoozed, before.until = there.snoozed, there.until
        before.waits_for, before.resolved_at = there.waits_for, there.resolved_at
        before.kind, before.returns = there.kind, there.returns
        if before.merged_into != there.merged_into:
            before.merged_into, before.merged_at = there.merged_into, self.now
            if there.merged_into is not None:
                self._watch_along(before.number, there.merged_into)

    def _is_with(self, ticket: Known, agent: str) -> None:
        ticket.status, ticket.assignee, ticket.first = Status.OPEN, agent, None
        ticket.snoozed, ticket.until, ticket.waits_for = False, None, None
        ticket.assigned_at, ticket.answered = self.now, False

    def _close(self, ticket: Known) -> None:
        ticket.status = Status.CLOSED
        self._stop_watching(ticket.number)

    def _stop_watching(self, number: int) -> None:
        self.watching = {each for each in self.watching if each[0] != number}

    def _watch_along(self, number: int, into: int) -> None:
        """Whoever watched a ticket that is merged goes along."""
        self.watching |= {(into, agent) for each, agent in self.watching if each == number}
        self._stop_watching(number)

    def _seen_by(self, who: str, number: int) -> Known:
        ticket = self.ticket(number)
        if who not in self.agents and ticket.customer != self.owners[who]:
            raise Refused(NotFound)
        return ticket

    def _end_of(self, ticket: Known) -> Known:
        while ticket.merged_into is not None:
            ticket = self.tickets[ticket.merged_into]
        return ticket

    def _below(self, number: int) -> list[int]:
        children = [child for child, parent in self.parents.items() if parent == number]
        return [each for child in children for each in (child, *self._below(child))]

    def _above(self, number: int) -> list[int]:
        parent = self.parents.get(number)
        return [] if parent is None else [parent, *self._above(parent)]


def _differs(ticket: Known, there: Known, names: Iterable[str]) -> str:
    for name in names:
        if getattr(ticket, name) != getattr(there, name):
            return f"{name} is {getattr(there, name)!r}, not {getattr(ticket, name)!r}"
    return ""
