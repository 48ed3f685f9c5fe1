"""The machine: hypothesis drives every verb at random, and each answer is held against the model."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.channels import IncomingMessage
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Priority, Role, Status, Target
from tests.any_order.looking import look
from tests.any_order.model import Helper, Known, Refused
from tests.any_order.rebuilt import unexplained
from tests.any_order.returning import Returning
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.scene import CHANNEL, HOUSE, person, place

CREW = (
    Helper("grace", Role.AGENT, 1),
    Helper("bo", Role.AGENT, 2),
    Helper("dora", Role.LEAD, 3, tier=2),
)
CUSTOMERS = ("ana", "ben", "cleo")
SPANS = [timedelta(minutes=m) for m in (1, 6, 16, 90)] + [timedelta(hours=30), timedelta(days=3)]

agents = st.sampled_from([each.name for each in CREW])
customers = st.sampled_from(CUSTOMERS)
who = st.integers(0, 11)  # mostly whoever has the ticket
which = st.integers(0, 29)  # mostly a ticket that is there
priorities = st.sampled_from(Priority)
PLAIN: Mapping[str, Callable[[Known], object]] = {
    "claim": lambda ticket: ticket.status is Status.NEW,
    "release": lambda ticket: ticket.assignee,
    "wake": lambda ticket: ticket.snoozed,
    "unhold": lambda ticket: ticket.status is Status.ON_HOLD,
}
"""Verbs that need no more than a ticket, and where they do something."""


class Machine(RuleBasedStateMachine):
    """A desk of three agents and three customers, and a ticket's life on it. Subclasses say where its
    database comes from."""

    taken: ClassVar[int] = 0
    _posts = itertools.count(1)

    def open_database(self) -> Database:
        """An empty desk."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.database = self.open_database()
        self.desk = Desk(self.database, HOUSE, channels={CHANNEL: Outbox()}, clock=self.clock)
        self.model = Returning(
            {each.name: Helper(**vars(each)) for each in CREW},
            {each: each for each in CUSTOMERS},
            self.clock.now,
        )

    def teardown(self) -> None:
        assert self.runner.run(unexplained(self.database)) == []
        self.runner.run(self.database.close())
        self.runner.close()

    @initialize()
    def hire(self) -> None:
        """Who works here, and what the desk ships with."""
        for each in CREW:
            details = Details(capacity=each.capacity, role=each.role, tier=each.tier)
            self.runner.run(self.desk.add_agent(OPERATOR, person(each.name), details))
        for customer in CUSTOMERS:
            self.receive(customer, "it smokes")

    def happens(self, asked: Awaitable[Any], verb: str, *args: Any, **more: Any) -> None:
        """Ask the desk and the model; they must say the same."""
        type(self).taken += 1
        self.model.now = self.clock.now
        was = {name: self.model.held(name) for name in self.model.agents}
        with self.model.verb():
            foreseen = self._foreseen(verb, args, more)
            refusal = self.runner.run(_refusal(asked))
            if refusal is None:
                assert foreseen is None, f"{verb}{args} should be refused: {foreseen}"
            else:
                ways = foreseen.kinds if foreseen is not None else self.model.may
                assert isinstance(refusal, ways), f"{verb}{args} was refused: {refusal!r}"
                assert str(refusal).strip()
                if foreseen is None:
                    self.model.nothing_happened()
            self._compare(verb, was)

    def _foreseen(self, verb: str, args: Any, more: Any) -> Refused | None:
        try:
            getattr(self.model, verb)(*args, **more)
        except Refused as refused:
            return refused
        return None

    def _compare(self, verb: str, was: dict[str, int]) -> None:
        there = self.runner.run(look(self.database))
        known = {key for each in self.model.tickets.values() for key in each.returns}
        self.model.new_returns = frozenset(
            key for each in there.values() for key in each.returns if key not in known
        )
        opened = there.keys() - self.model.tickets.keys()
        if self.model.opens is None:
            assert not opened, f"{verb} opened {opened}"
        elif not self.model.unsure:
            assert len(opened) == 1, f"{verb} opened {opened}"
        for number in opened:
            assert there[number].customer == self.model.opens
        gone = self.model.tickets.keys() - there.keys()
        assert not gone, f"{verb} lost {gone}"
        for number, ticket in self.model.tickets.items():
            fault = self.model.fits(ticket, there[number], was)
            assert not fault, f"after {verb}, #{number}: {fault}"
        for ticket in there.values():
            self.model.stands(ticket)

    def number(self, which: int, fit: Callable[[Known], object] | None = None) -> int:
        """One of the newest tickets, mostly one of those that are ``fit``; now and then one that is not
        there."""
        there = sorted(self.model.tickets)
        fitting = [each for each in there if fit is not None and fit(self.model.tickets[each])]
        chosen = (fitting if fitting and which % 5 else there)[-6:]
        return chosen[which % len(chosen)] if chosen and which else 999

    def agent(self, who: int, number: int) -> str:
        """Whoever has the ticket, or, by the first few numbers, anybody."""
        ticket = self.model.tickets.get(number)
        if who < 2 * len(CREW) or ticket is None or ticket.assignee is None:
            return CREW[who % len(CREW)].name
        return ticket.assignee

    # customers

    @rule(customer=customers, text=st.sampled_from(["it smokes", "and now?", "thanks!", "hello"]))
    def receive(self, customer: str, text: str) -> None:
        message = IncomingMessage(
            address=place(customer),
            sender=person(customer),
            external_id=f"post-{next(self._posts)}",
            text=text,
            sent_at=self.clock.now,
        )
        polite = text in {"thanks!", "hello"}
        self.happens(self.desk.receive(message), "receive", customer, polite=polite)

    @rule(customer=customers, number=which)
    def confirm(self, customer: str, number: int) -> None:
        number = self.number(number, lambda ticket: ticket.status is Status.RESOLVED)
        self.happens(self.desk.confirm(person(customer), number), "confirm", customer, number)

    @rule(who=customers | agents, number=which)
    def reopen(self, who: str, number: int) -> None:
        number = self.number(number, lambda ticket: ticket.status is Status.RESOLVED)
        self.happens(self.desk.reopen(person(who), number), "reopen", who, number)

    # agents

    @rule(agent=who, number=which, verb=st.sampled_from(sorted(PLAIN)))
    def plain(self, agent: int, number: int, verb: str) -> None:
        number = self.number(number, PLAIN[verb])
        name = self.agent(agent, number)
        self.happens(getattr(self.desk, verb)(person(name), number), verb, name, number)

    @rule(agent=who, number=which)
    def reply(self, agent: int, number: int) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.reply(person(name), number, "Have you tried turning it off?")
        self.happens(said, "reply", name, number)

    @rule(agent=who, number=which)
    def note(self, agent: int, number: int) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        self.happens(self.desk.note(person(name), number, "odd"), "note", name, number)

    @rule(agent=who, number=which)
    def resolve(self, agent: int, number: int) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        self.happens(self.desk.resolve(person(name), number), "resolve", name, number)

    @rule(agent=who, number=which, reason=st.sampled_from(["the carrier", "a part", " "]))
    def hold(self, agent: int, number: int, reason: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        held = self.desk.hold(person(name), number, reason)
        self.happens(held, "hold", name, number, reason)

    @rule(agent=who, number=which, hours=st.sampled_from([None, 1, 4]))
    def snooze(self, agent: int, number: int, hours: int | None) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        until = f"{hours}h" if hours else "until reply"
        span = timedelta(hours=hours) if hours else None
        put = self.desk.snooze(person(name), number, until)
        self.happens(put, "snooze", name, number, span)

    @rule(agent=who, number=which, to=agents)
    def transfer(self, agent: int, number: int, to: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        passed = self.desk.transfer(person(name), number, Target(agent=person(to)))
        self.happens(passed, "transfer", name, number, to)

    @rule(agent=who, number=which)
    def escalate(self, agent: int, number: int) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        self.happens(self.desk.escalate(person(name), number, "angry"), "escalate", name, number)

    @rule(agent=who, number=which, priority=priorities)
    def set_priority(self, agent: int, number: int, priority: Priority) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.set_priority(person(name), number, priority)
        self.happens(said, "set_priority", name, number, priority)

    @rule(agent=who, number=which, category=st.sampled_from(["", "printers", "paper"]))
    def set_category(self, agent: int, number: int, category: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.set_category(person(name), number, category)
        self.happens(said, "set_category", name, number, category)

    @rule(agent=who, number=which, add=st.sampled_from("ab"), remove=st.sampled_from("bc"))
    def tag(self, agent: int, number: int, add: str, remove: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.tag(person(name), number, add=[add], remove=[remove])
        self.happens(said, "tag", name, number, add, remove)

    @rule(agent=who, number=which, into=which, force=st.booleans())
    def merge(self, agent: int, number: int, into: int, force: bool) -> None:
        number = self.number(number, lambda ticket: ticket.live)
        into = self.number(into, lambda ticket: ticket.live and ticket.number != number)
        name = CREW[-1].name if force and agent else self.agent(agent, number)
        merged = self.desk.merge(person(name), number, into, force=force)
        self.happens(merged, "merge", name, number, into, force=force)

    @rule(agent=who, number=which)
    def unmerge(self, agent: int, number: int) -> None:
        number = self.number(number, lambda ticket: ticket.merged_into)
        name = self.agent(agent, number)
        self.happens(self.desk.unmerge(person(name), number), "unmerge", name, number)

    @rule(agent=who, number=which, verb=st.sampled_from(["split", "unsplit"]))
    def split(self, agent: int, number: int, verb: str) -> None:
        number = self.number(number, (lambda ticket: ticket.branch) if verb == "unsplit" else None)
        name = self.agent(agent, number)
        self.happens(getattr(self.desk, verb)(person(name), number), verb, name, number)

    @rule(agent=who, number=which, verb=st.sampled_from(["watch", "unwatch"]))
    def watch(self, agent: int, number: int, verb: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        self.happens(getattr(self.desk, verb)(person(name), number), verb, name, number)

    @rule(
        agent=who,
        number=which,
        other=which,
        verb=st.sampled_from(["link", "make_child", "unlink"]),
    )
    def tie(self, agent: int, number: int, other: int, verb: str) -> None:
        number = self.number(number)
        other = self.number(other)
        name = self.agent(agent, number)
        verb_of_desk = {"link": "link_tickets", "unlink": "unlink_tickets"}.get(verb, verb)
        asked = getattr(self.desk, verb_of_desk)(person(name), number, other)
        self.happens(asked, verb, name, number, other)

    @rule(agent=agents, to=st.sampled_from(Availability))
    def set_availability(self, agent: str, to: Availability) -> None:
        self.happens(self.desk.set_availability(person(agent), to), "set_availability", agent, to)

    # time, and what it brings

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        type(self).taken += 1
        self.clock.advance(span)

    @rule(
        sweep=st.sampled_from(["assign_due", "wake_due", "take_back_unanswered", "close_resolved"])
    )
    def sweep(self, sweep: str) -> None:
        self.happens(getattr(self.desk, sweep)(), sweep)

    @invariant()
    def nothing_is_broken(self) -> None:
        broken = self.runner.run(violations(self.database))
        assert not broken, broken


async def _refusal(asked: Awaitable[Any]) -> DeskError | None:
    try:
        await asked
    except DeskError as refusal:
        return refusal
    return None
