"""Assignment: what waits and who is free are matched, all at once; what fits nobody waits on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from core.model import Agent, Assignment, How, Priority, Ticket
from core.routing import challenging, queue, supply
from core.routing.candidates import FEW, some_with_room, takers, with_facts
from core.routing.eligible import Room, eligible
from core.routing.matching import Barred, match
from core.routing.matching import candidates as compared
from core.routing.needs import Needs, due
from core.routing.policy import RoutingPolicy
from core.routing.reason import reason
from core.routing.score import Pair
from core.routing.signals import Seeker, Supply, Taker
from core.routing.slots import (
    GAVE_AWAY,
    AlreadyClaimed,
    AtCapacity,
    LeftTheDesk,
    NotWaiting,
    end,
    give,
    give_back,
    give_if_free,
    held_by,
    lock,
    lock_those_with_room,
    put_aside_by,
)
from core.work import Work

__all__ = [
    "AlreadyClaimed",
    "AtCapacity",
    "LeftTheDesk",
    "NotWaiting",
    "assign_or_leave",
    "assign_waiting",
    "end",
    "give",
    "give_back",
    "give_if_free",
    "held_by",
    "lock",
    "put_aside_by",
]

TRIES = 3  # at a matching of which somebody was taken from under our eyes
PASSED_OVER_AT_MOST = 1_000


async def assign_or_leave(work: Work, ticket: Ticket, *, opening: bool = False) -> Agent | None:
    """Give a waiting ticket to the best candidate, or leave it in the queue."""
    given = await _give_out(work, [ticket], {}, opening=opening)
    return given.get(ticket.id)


async def assign_waiting(
    work: Work,
    *,
    lowest: Priority = Priority.LOW,
    thorough: bool = False,
) -> list[int]:
    """Match what waits with who is free; the numbers given.

    Looked at are the tickets that matter most, and those for whoever has room since this use case.
    A ``thorough`` look goes on behind the tickets that fit nobody.
    """
    given: list[int] = []
    passed: set[int] = set()
    while len(passed) < PASSED_OVER_AT_MOST:
        free = await some_with_room(work.session, now=work.now)
        if not free:
            break
        batch = await _pressing(work, free, lowest, passed)
        now_given = await _give_out(work, batch, free)
        given += now_given
        passed.update(ticket.id for ticket in batch if ticket.id not in now_given)
        if len(batch) < queue.BATCH or not (now_given or thorough):
            break
    return given


async def _pressing(
    work: Work,
    free: dict[int, Taker],
    lowest: Priority,
    passed: Collection[int],
) -> Sequence[Ticket]:
    """The first of the line; where that is long, also those that who is free could answer."""
    first = await queue.waiting(
        work.session, lowest=lowest, at_most=queue.BATCH, passing_over=passed
    )
    if len(first) < queue.BATCH:
        return first
    if len(free) >= FEW:
        free |= await takers(work.session, work.freed - free.keys(), now=work.now)
    able = await with_facts(work.session, free.values(), categories=(), customers=())
    known = {*passed, *(ticket.id for ticket in first)}
    more = await queue.others(work.session, able, lowest=lowest, known=known)
    return [*first, *more]


async def _give_out(
    work: Work, tickets: Sequence[Ticket], free: dict[int, Taker], *, opening: bool = False
) -> dict[int, Agent]:
    """Match these tickets with who has room and give each; who got which.

    Somebody who was removed, went offline or was filled meanwhile is left out, and the rest is
    matched again.
    """
    if not tickets:
        return {}
    seen = await supply.look(work.session, work.now)
    room = await eligible(work, tickets, free, seen)
    if not room.takers:
        return {}
    rules, standing = await challenging.in_force(work.session)
    trial = Trial(standing, rules)
    ruling = trial.standing.ruling(rules)
    barred: Barred = () if opening else await _resting(work, [ticket.id for ticket in tickets])
    given: dict[int, Agent] = {}
    for _ in range(TRIES):
        seekers = [
            _seeker(ticket, room.steps[ticket.id].needs)
            for ticket in tickets
            if ticket.id in room.steps and ticket.id not in given
        ]
        pairs = match(
            seekers,
            list(room.takers.values()),
            now=work.now,
            policies=ruling,
            supply=seen.supply,
            barred=barred,
        )
        choice = Choice(work, pairs, room, ruling, seen.supply, barred, trial, opening)
        gone = await choice.carry_out({ticket.id: ticket for ticket in tickets}, given)
        if not gone:
            break
        for number in gone:
            del room.takers[number]
    return given


@dataclass(frozen=True)
class Trial:
    """How the challenger stands, beside the rules as they are without it."""

    standing: challenging.Standing
    rules: Sequence[RoutingPolicy]

    def noted(self, pair: Pair, rivals: Sequence[Pair], propensity: float | None) -> dict[str, Any]:
        """What is kept of it with an assignment."""
        weights = next(each.weights for each in self.rules if each.name == pair.policy.name)
        return self.standing.noted(pair, rivals, weights, propensity)


@dataclass
class Choice:
    """A matching, about to be carried out."""

    work: Work
    pairs: Sequence[Pair]
    room: Room
    ruling: Sequence[RoutingPolicy]
    supply: Supply
    barred: Barred
    trial: Trial
    opening: bool

    async def carry_out(self, tickets: dict[int, Ticket], given: dict[int, Agent]) -> set[int]:
        """Give each ticket of the pairs, adding to ``given``; the agents who could not take theirs."""
        if not self.pairs:
            return set()
        propensity = self._draw()
        wanted = {pair.taker.number for pair in self.pairs}
        agents = await lock_those_with_room(self.work.session, wanted)
        elsewhere = {pair.taker.number: pair.seeker.number for pair in self.pairs}
        gone = wanted - agents.keys()
        for pair in self.pairs:
            number = pair.seeker.number
            agent = agents.get(pair.taker.number)
            if agent is None or agent.id in gone:
                continue
            rivals = self._rivals(pair.seeker, gone)
            why = reason(
                pair, rivals, step=self.room.steps[number].name, elsewhere=elsewhere
            ) | self.trial.noted(pair, rivals, propensity)
            try:
                await give(
                    self.work, tickets[number], agent, How.AUTOMATIC, why=why, opening=self.opening
                )
            except AtCapacity:  # their last slot was filled between our look and our lock
                gone.add(agent.id)
            else:
                given[number] = agent
        return gone

    def _draw(self) -> float | None:
        """Now and then give a ticket that goes alone to somebody else who fits, by lot; how likely
        the choice was, where that is known."""
        if self.trial.standing.share <= 0 or len(self.pairs) != 1:
            return None
        pair = self.pairs[0]
        rivals = self._rivals(pair.seeker, ())
        drawn, propensity = self.trial.standing.drawn(pair, rivals, at=self.work.now)
        self.pairs = [drawn]
        return propensity

    def _rivals(self, seeker: Seeker, gone: Collection[int]) -> list[Pair]:
        there = [
            taker
            for number, taker in self.room.takers.items()
            if number not in gone and (seeker.number, number) not in self.barred
        ]
        return compared(seeker, there, now=self.work.now, policies=self.ruling, supply=self.supply)


async def _resting(work: Work, numbers: Collection[int]) -> Barred:
    """Who gave which of these tickets away, or left it without an answer, a moment ago."""
    values = {
        "tickets": sorted(numbers),
        "since": work.now - work.house.policy.release_rest,
    }
    return {(row.ticket_id, row.agent_id) for row in await work.session.execute(_RESTING, values)}


def _seeker(ticket: Ticket, needs: Needs) -> Seeker:
    return Seeker(
        number=ticket.id,
        priority=ticket.priority,
        waiting_since=ticket.waiting_since,
        due_at=due(ticket),
        category=ticket.category,
        skill=needs.skill,
        language=needs.language,
        team=needs.team,
        tier=needs.tier,
        complexity=ticket.complexity,
        customer=ticket.customer_id,
    )


_RESTING = select(Assignment.ticket_id, Assignment.agent_id).where(
    Assignment.ticket_id.in_(bindparam("tickets", expanding=True)),
    Assignment.ending.in_(GAVE_AWAY),
    Assignment.ended_at > bindparam("since"),
)
