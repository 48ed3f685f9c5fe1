"""What a ticket asks of an agent, and how that is relaxed where nobody can give it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Agent, Language, Priority, Skill, Ticket
from core.routing.signals import Seeker, Taker, spoken

FIT = "fit"
PRESSED = 0.5  # of the time to its target: from then on what it asks for is relaxed
USUAL = {
    Priority.URGENT: timedelta(minutes=15),
    Priority.HIGH: timedelta(hours=1),
    Priority.NORMAL: timedelta(hours=4),
    Priority.LOW: timedelta(hours=8),
}
"""How soon a ticket to which nothing was promised is taken to be due, by its priority."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What is insisted on: a skill, a team (by number), a language (a code), at least a tier."""

    skill: str | None = None
    team: int | None = None
    language: str = ""
    tier: int = 1

    def values(self) -> dict[str, object]:
        """As parameters of `met`."""
        return {
            "skill": self.skill,
            "team": self.team,
            "language": self.language,
            "tier": self.tier,
        }

    def apart(self) -> Mapping[str, "Needs"]:
        """Each thing that is asked for, by itself."""
        asked = {
            "tier": Needs(tier=self.tier),
            "team": Needs(team=self.team),
            "skill": Needs(skill=self.skill),
            "language": Needs(language=self.language),
        }
        return {name: each for name, each in asked.items() if each != Needs()}

    def only(self, names: Collection[str]) -> "Needs":
        """Of it the things of these names, as `apart` has them."""
        return Needs(
            skill=self.skill if "skill" in names else None,
            team=self.team if "team" in names else None,
            language=self.language if "language" in names else "",
            tier=self.tier if "tier" in names else 1,
        )


@dataclass(frozen=True)
class Step:
    """A step of the relaxation: its name, and what is insisted on there."""

    name: str
    needs: Needs


def asked_by(ticket: Ticket) -> Needs:
    """Everything that a ticket asks of an agent."""
    return Needs(
        skill=ticket.skill, team=ticket.team_id, language=ticket.language, tier=ticket.tier
    )


def relaxed(needs: Needs) -> Sequence[Step]:
    """From what is asked for down to what will do: the skill, the team, the language, a tier above.

    >>> [step.name for step in relaxed(Needs(skill="billing", language="de"))]
    ['fit', 'skill', 'language', 'tier above']
    """
    steps = [
        Step(FIT, needs),
        Step("skill", Needs(skill=needs.skill, tier=needs.tier)),
        Step("team", Needs(team=needs.team, tier=needs.tier)),
        Step("language", Needs(language=needs.language, tier=needs.tier)),
    ]
    bare = Needs(tier=needs.tier)
    if needs == bare:
        return steps[:1]
    used = [steps[0], *(each for each in steps[1:] if each.needs not in {bare, needs})]
    return [*used, Step("tier above", Needs(tier=needs.tier + 1))]


def below(needs: Needs, steps: Sequence[Step], *, pressed: bool) -> list[Step]:
    """The steps to be tried, in order, where nobody with room meets the needs: what is insisted on
    (`insisted`), and further down only where time presses."""
    return [step for step in (steps if pressed else steps[:1]) if step.needs != needs]


def due(ticket: Ticket | Seeker) -> datetime:
    """When an answer is due: as promised, or as is usual for the ticket's priority."""
    return ticket.due_at or ticket.waiting_since + USUAL[Priority(ticket.priority)]


def is_pressed(ticket: Ticket | Seeker, now: datetime) -> bool:
    """Whether so much of a waiting ticket's time is gone that what it asks for is relaxed."""
    target = due(ticket)
    return now >= target - (target - ticket.waiting_since) * (1 - PRESSED)


def met(needs: Needs) -> list[ColumnElement[bool]]:
    """The conditions on ``agents``, with parameters as of `Needs.values`."""
    conditions: list[ColumnElement[bool]] = []
    if needs.tier > 1:
        conditions.append(Agent.tier >= bindparam("tier"))
    if needs.team is not None:
        conditions.append(Agent.team_id == bindparam("team"))
    if needs.skill is not None:
        skilled = exists().where(Skill.agent_id == Agent.id, Skill.name == bindparam("skill"))
        conditions.append(skilled.correlate(Agent))
    if needs.language:
        speaks = exists().where(
            Language.agent_id == Agent.id, Language.code == bindparam("language")
        )
        conditions.append(
            or_(Agent.tongues == 0, speaks.correlate(Agent))
        )  # who states none may speak it
    return conditions


def meets(taker: Taker, needs: Needs) -> bool:
    """Whether an agent, with their skills and languages, has all of it."""
    return (
        taker.tier >= needs.tier
        and needs.team in {None, taker.team}
        and (needs.skill is None or needs.skill in taker.skills)
        and (not needs.language or spoken(taker.languages, needs.language) > 0)
    )


async def on_roster(session: AsyncSession, needs: Needs) -> bool:
    """Whether anybody on the desk, free or not, meets all of it."""
    wanted = select(Agent.id).where(Agent.removed_at.is_(None), *met(needs)).limit(1)
    return (await session.scalars(wanted, needs.values())).first() is not None


async def insisted(session: AsyncSession, needs: Needs) -> Sequence[Step]:
    """The steps that somebody on the desk stands on: a need that nobody meets is waived, and so is a
    step on which nobody stands. Nothing is left where there is nobody at all."""
    apart = {name: each for name, each in needs.apart().items() if await on_roster(session, each)}
    steps = relaxed(needs.only(apart))
    return [step for step in steps if await on_roster(session, step.needs)]


def insisted_among(roster: Sequence[Taker], needs: Needs) -> Sequence[Step]:
    """`insisted`, of a roster that is at hand."""

    def met_by_somebody(each: Needs) -> bool:
        return any(meets(taker, each) for taker in roster)

    apart = {name: each for name, each in needs.apart().items() if met_by_somebody(each)}
    return [step for step in relaxed(needs.only(apart)) if met_by_somebody(step.needs)]
