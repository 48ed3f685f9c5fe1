"""Keeping teams: added, called otherwise, and removed where nothing but people and tickets is left."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from core.channels import Who
from core.errors import Conflict
from core.events import AgentEdited, TeamChanged, TeamDefined
from core.model import LIVE, Agent, Role, Team, TeamHours, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people import teams
from core.people.actors import acting
from core.people.teams import NO_TEAM
from core.routing import assignment, supply
from core.sla import book, promising
from core.storage import constant
from core.tickets import finding_macros, macros, rules, saving
from core.work import Work

USES_SHOWN = 5


class TeamIsThere(Conflict):
    """Two teams cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a team {name} already.")


class TeamWasThere(Conflict):
    """Tickets that ended still speak of a removed team by its name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A team {name} was removed, and old tickets are still called its own. Take another "
            f"name, or bring it back: /team add {name}"
        )


class TeamInUse(Conflict):
    """What the desk does by itself speaks of the team."""

    def __init__(self, name: str, uses: Sequence[str]) -> None:
        more = f" and {len(uses) - USES_SHOWN} more" if len(uses) > USES_SHOWN else ""
        still = "still names it" if len(uses) == 1 else "still name it"
        super().__init__(
            f"The team {name} cannot be removed: {', '.join(uses[:USES_SHOWN])}{more} {still}. "
            "Change that first."
        )


async def add(work: Work, by: Who, name: str) -> Team:
    """Make a team that nobody is in, or bring back one that was removed; for admins.

    Raises `BadTeamName`, `TeamIsThere`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    name = teams.as_name(name)
    there = await teams.called(work.session, name)
    if there is not None and there.removed_at is None:
        raise TeamIsThere(there.name)
    return await teams.make(work, name)


async def rename(work: Work, by: Who, name: str, to: str) -> Team:
    """Call a team otherwise, also in the rules, macros and views that name it; for admins.

    Raises `UnknownTeam`, `BadTeamName`, `TeamIsThere`, `TeamWasThere`; `BadFilter` where a condition
    or a view becomes too long by it.
    """
    await acting(work, by, at_least=Role.ADMIN)
    team = await teams.named(work.session, name, to_use=False)
    to = teams.as_name(to)
    other = await teams.called(work.session, to)
    if other is not None and other is not team:
        raise TeamWasThere(to) if other.removed_at else TeamIsThere(to)
    if team.name == to:
        return team
    for keeping in (rules, macros, saving):
        await keeping.call_anew(work, team, to)
    was, team.name = team.name, to
    await book.turn_page(work.session)
    work.emit(TeamDefined(team_id=team.id, name=to, change=f"renamed from {was}"))
    return team


async def remove(work: Work, by: Who, name: str) -> Team:
    """Remove a team that no rule, no policy and no shared macro names; for admins.

    Its agents and live tickets are in no team then, and what waited for it goes to whoever fits;
    tickets that ended stay its own. Raises `UnknownTeam`, `TeamInUse`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    team = await teams.named(work.session, name, to_use=False)
    uses = await _uses(work, team)
    if uses:
        raise TeamInUse(team.name, uses)
    await _let_agents_go(work, team)
    await _let_tickets_go(work, team)
    await work.session.execute(delete(TeamHours).where(TeamHours.team_id == team.id))
    team.removed_at = work.now
    await book.turn_page(work.session)
    work.emit(TeamDefined(team_id=team.id, name=team.name, change="removed"))
    supply.forget(work.session)
    await assignment.assign_waiting(work)
    return team


async def _uses(work: Work, team: Team) -> Sequence[str]:
    """What would do something else without the team. Somebody's own macro says so when it is used."""
    return [
        *(f"rule {each.id} “{each.name}”" for each in await rules.naming(work, team)),
        *(f"SLA policy {each.name}" for each in await promising.naming(work, team)),
        *(
            f"macro {each.name}"
            for each in await finding_macros.naming(work, team)
            if each.agent_id is None
        ),
    ]


async def _let_agents_go(work: Work, team: Team) -> None:
    theirs = select(Agent).where(Agent.team_id == team.id).order_by(Agent.id)
    alone = theirs.with_for_update(of=Agent).execution_options(populate_existing=True)
    for agent in await work.session.scalars(alone):
        agent.team = None
        if agent.removed_at is None:
            work.emit(AgentEdited(agent_id=agent.id, changes=f"team {NO_TEAM}"))
            work.freed.add(agent.id)


async def _let_tickets_go(work: Work, team: Team) -> None:
    live = (
        select(Ticket)
        .where(Ticket.team_id == team.id, constant.among(Ticket.status, sorted(LIVE)))
        .order_by(Ticket.id)
        .options(*WITH_PEOPLE)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    for ticket in await work.session.scalars(live):
        ticket.team, ticket.updated_at = None, work.now
        work.emit(TeamChanged(ticket_id=ticket.id, team_id=None))
    await work.session.flush()
