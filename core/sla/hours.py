"""Keeping business hours: when people are at work, whose, and on which days not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import BusinessHoursChanged
from core.model import Hours, Role, SlaPolicy, Team, TeamHours
from core.people import teams
from core.people.actors import acting, staff
from core.sla import book, knobs, promising
from core.sla.book import DEFAULT, calendar_of
from core.work import Work

AT_MOST = 100


class UnknownHours(NotFound):
    """No business hours are called that."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        there_are = f"There are {', '.join(known)}." if known else "There are none yet."
        super().__init__(f"There are no business hours called “{name[:40]}”. {there_are}")


@dataclass(frozen=True)
class ListedHours:
    """Business hours, the teams that have them, and the policies that count by them."""

    hours: Hours
    teams: Sequence[str]
    policies: Sequence[str]


async def listed(work: Work, by: Who) -> Sequence[ListedHours]:
    """All business hours, for staff; those called default first."""
    await staff(work.session, by)
    rows = (await work.session.scalars(select(Hours).order_by(Hours.name))).all()
    named = await work.session.execute(
        select(TeamHours.hours_id, Team.name)
        .join(Team, Team.id == TeamHours.team_id)
        .order_by(Team.name)
    )
    of_teams = [(row[0], row[1]) for row in named]
    of_policies = [
        (row[0], row[1])
        for row in await work.session.execute(
            select(SlaPolicy.hours_id, SlaPolicy.name).order_by(SlaPolicy.position)
        )
    ]
    return [
        ListedHours(
            each,
            [name for hours_id, name in of_teams if hours_id == each.id],
            [name for hours_id, name in of_policies if hours_id == each.id],
        )
        for each in sorted(rows, key=lambda row: (row.name != DEFAULT, row.name))
    ]


async def add(work: Work, by: Who, name: str, said: Mapping[str, str]) -> Hours:
    """Add business hours: ``hours``, and may be ``zone``, ``holidays``, ``off`` and ``team``.

    Raises `BadSetting`, `Conflict`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    named = knobs.name(name)
    known = list(await work.session.scalars(select(Hours.name)))
    if named in known:
        raise Conflict(f"There are hours called {named}. /hours edit {named} changes them.")
    if len(known) >= AT_MOST:
        raise Conflict(f"There are {AT_MOST} business hours already. /hours remove one first.")
    if "hours" not in said:
        raise Invalid(f'Say when: /hours add {named} hours:"mon-fri 9-12,13-17" zone:Europe/Berlin')
    hours = Hours(name=named, time_zone="UTC", country="", subdivision="", days_off={})
    _set(hours, said)
    work.session.add(hours)
    await work.session.flush()
    await _give_to(work, hours, said)
    await _changed(work, hours, "added")
    return hours


async def edit(work: Work, by: Who, name: str, said: Mapping[str, str]) -> Hours:
    """Change business hours. What runs is reckoned anew from its ticket's next move on.

    Raises `UnknownHours`, `BadSetting`, `Invalid` where nothing is said, and where a policy that
    counts by them could hardly be broken any more.
    """
    await acting(work, by, at_least=Role.ADMIN)
    hours = await named_hours(work.session, name)
    if not said:
        raise Invalid(f"Say what is to change: /hours edit {hours.name} zone:Europe/Berlin")
    _set(hours, said)
    await work.session.flush()
    await _give_to(work, hours, said)
    await promising.refuse_endless(work)
    await _changed(work, hours, "edited")
    return hours


async def remove(work: Work, by: Who, name: str) -> Hours:
    """Remove business hours that nothing counts by. Raises `UnknownHours`, `Conflict`."""
    await acting(work, by, at_least=Role.ADMIN)
    hours = await named_hours(work.session, name)
    if hours.name == DEFAULT:
        raise Conflict("The default hours stay: teams without hours of their own have them.")
    used = select(SlaPolicy.name).where(SlaPolicy.hours_id == hours.id).limit(1)
    policy = (await work.session.scalars(used)).first()
    if policy is not None:
        raise Conflict(f"The policy {policy} counts by them. /sla edit {policy} hours:team first.")
    await work.session.execute(delete(TeamHours).where(TeamHours.hours_id == hours.id))
    await work.session.delete(hours)
    await _changed(work, hours, "removed")
    return hours


async def named_hours(session: AsyncSession, name: str) -> Hours:
    """The business hours of this name. Raises `UnknownHours`."""
    rows = {each.name: each for each in await session.scalars(select(Hours).order_by(Hours.name))}
    found = rows.get(name.strip().lower())
    if found is None:
        raise UnknownHours(name, list(rows))
    return found


def _set(hours: Hours, said: Mapping[str, str]) -> None:
    if "zone" in said:
        hours.time_zone = knobs.zone(said["zone"])
    if "hours" in said:
        hours.week = knobs.week(said["hours"])
    if "holidays" in said:
        hours.country, hours.subdivision = knobs.public_holidays(said["holidays"])
    if "off" in said:
        hours.days_off = knobs.days_off(said["off"], hours.days_off or {})
    try:
        calendar_of(hours)
    except ValueError as error:
        raise knobs.BadSetting("hours", said.get("hours", ""), f"{error}.") from None


async def _give_to(work: Work, hours: Hours, said: Mapping[str, str]) -> None:
    """Let teams have these hours, each of which has no others then."""
    if "team" not in said:
        return
    text = said["team"].strip().lower()
    names = [] if text in knobs.NONE else [each.strip() for each in text.split(",")]
    ids = [(await teams.named(work.session, each)).id for each in names]
    await work.session.execute(
        delete(TeamHours).where((TeamHours.hours_id == hours.id) | TeamHours.team_id.in_(ids))
    )
    work.session.add_all(TeamHours(team_id=each, hours_id=hours.id) for each in dict.fromkeys(ids))


async def _changed(work: Work, hours: Hours, change: str) -> None:
    await book.turn_page(work.session)
    work.emit(BusinessHoursChanged(name=hours.name, change=change))
