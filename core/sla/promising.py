"""Keeping SLA policies: whom which times are promised, in which order they are asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import SlaPolicyChanged
from core.model import Hours, Role, SlaPolicy, Team, TicketKind
from core.people import teams
from core.people.actors import acting, staff
from core.sla import book, knobs
from core.sla.book import Book
from core.work import Work

AT_MOST = 100
LONGEST = timedelta(days=366)
TEAM = "team"  # as a policy's hours: the team's own
_SIMPLE: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "priority": ("priorities", knobs.priorities),
    "channel": ("channels", knobs.channels),
    "tag": ("customer_tags", knobs.tags),
    "vip": ("vip", knobs.vip),
    "first": ("first_response", lambda said: knobs.time("first", said)),
    "next": ("next_response", lambda said: knobs.time("next", said)),
    "resolve": ("resolution", lambda said: knobs.time("resolve", said)),
    "pauses": ("pauses", knobs.pauses),
    "warn": ("warnings", knobs.warnings),
}


class UnknownPolicy(NotFound):
    """No policy is called that."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        there_are = f"There are {', '.join(known)}." if known else "There are none yet."
        super().__init__(f"There is no SLA policy called “{name[:40]}”. {there_are}")


async def listed(work: Work, by: Who) -> tuple[Sequence[SlaPolicy], Book]:
    """Every policy in the order in which they are asked, for staff; with the book they are in."""
    await staff(work.session, by)
    return await _all(work.session), await book.current(work.session)


async def add(work: Work, by: Who, name: str, said: Mapping[str, str]) -> SlaPolicy:
    """Add a policy, by what is said of it: conditions (``priority``, ``kind``, ``channel``, ``team``,
    ``tag``, ``vip``), times (``first``, ``next``, ``resolve``), ``hours``, ``pauses``, ``warn`` and ``place``.

    Without a place it is asked first. Raises `BadSetting`, `Conflict`, `Invalid`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    named = knobs.name(name)
    there = await _all(work.session)
    if named in {each.name for each in there}:
        raise Conflict(f"There is a policy {named} already. /sla edit {named} changes it.")
    if len(there) >= AT_MOST:
        raise Conflict(f"There are {AT_MOST} policies already. /sla remove one first.")
    policy = SlaPolicy(name=named, position=0, vip=False)
    policy.priorities, policy.kinds, policy.channels = [], [], []
    policy.teams, policy.customer_tags = [], []
    policy.pauses = ["on hold", "pending", "snoozed"]
    policy.warnings = knobs.warnings("50,75,90")
    await _set(work, policy, said)
    work.session.add(policy)
    await _order(work, there, policy, knobs.place(said.get("place", "1"), len(there) + 1))
    await _changed(work, policy, "added")
    return policy


async def edit(work: Work, by: Who, name: str, said: Mapping[str, str]) -> SlaPolicy:
    """Change parts of a policy. What runs is promised anew from its ticket's next move on.

    Raises `UnknownPolicy`, `BadSetting`, `Invalid`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    policy = await named_policy(work.session, name)
    if not said:
        raise Invalid(f"Say what is to change: /sla edit {policy.name} first:1h resolve:8h")
    await _set(work, policy, said)
    if "place" in said:
        others = [each for each in await _all(work.session) if each is not policy]
        await _order(work, others, policy, knobs.place(said["place"], len(others) + 1))
    await _changed(work, policy, "edited")
    return policy


async def remove(work: Work, by: Who, name: str) -> SlaPolicy:
    """Promise by this policy no more. What runs, runs on until its ticket's next move.

    Raises `UnknownPolicy`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    policy = await named_policy(work.session, name)
    await work.session.delete(policy)
    await work.session.flush()
    await _changed(work, policy, "removed")
    return policy


async def named_policy(session: AsyncSession, name: str) -> SlaPolicy:
    """The policy of this name. Raises `UnknownPolicy`."""
    rows = {each.name: each for each in await _all(session)}
    found = rows.get(name.strip().lower())
    if found is None:
        raise UnknownPolicy(name, list(rows))
    return found


async def naming(work: Work, team: Team) -> Sequence[SlaPolicy]:
    """The policies that promise something to tickets of a team."""
    return [each for each in await _all(work.session) if team.id in each.teams]


async def refuse_endless(work: Work) -> None:
    """Raise `Invalid` where a policy's time would take longer than a year to pass."""
    await work.session.flush()
    found = await book.read(work.session, 0)
    for promise in found.promises:
        for hours_id in {found.hours_of(promise, team) for team in (None, *found.of_teams)}:
            weekly = found.calendar(hours_id).weekly
            for kind, allowed in promise.allowed.items():
                if allowed / weekly * timedelta(weeks=1) > LONGEST:
                    raise Invalid(
                        f"The {kind.value} of {promise.name} has {in_words(allowed)}, and the hours "
                        f"{found.hours_names.get(hours_id or 0, 'default')} have "
                        f"{in_words(weekly)} a week: it would be due in more than a year."
                    )


def in_words(length: timedelta) -> str:
    """A length of time as it is written: 15 min, 4 h, 1 h 30 min."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


async def _all(session: AsyncSession) -> Sequence[SlaPolicy]:
    ordered = select(SlaPolicy).order_by(SlaPolicy.position, SlaPolicy.id)
    return (await session.scalars(ordered)).all()


async def _set(work: Work, policy: SlaPolicy, said: Mapping[str, str]) -> None:
    with work.session.no_autoflush:
        for knob, (column, read) in _SIMPLE.items():
            if knob in said:
                setattr(policy, column, read(said[knob]))
        if "kind" in said:
            known = select(TicketKind.name).where(TicketKind.removed_at.is_(None))
            names = await work.session.scalars(known.order_by(TicketKind.place, TicketKind.name))
            policy.kinds = knobs.kinds(said["kind"], list(names))
        if "team" in said:
            policy.teams = await _teams(work, said["team"])
        if "hours" in said:
            policy.hours_id = await _hours(work, said["hours"])
    _refuse_nonsense(policy)


def _refuse_nonsense(policy: SlaPolicy) -> None:
    """Raise `Invalid` where its parts do not go together."""
    if not any((policy.first_response, policy.next_response, policy.resolution)):
        raise Invalid(
            f"{policy.name} promises nothing. Say what: /sla add {policy.name} first:1h resolve:8h"
        )
    for word, answer in (("first", policy.first_response), ("next", policy.next_response)):
        if answer is not None and policy.resolution is not None and answer > policy.resolution:
            raise Invalid(
                f"{policy.name} would promise the {word} response later than the resolution: "
                f"{in_words(answer)} and {in_words(policy.resolution)}."
            )


async def _teams(work: Work, said: str) -> list[int]:
    text = said.strip().lower()
    names = [] if text in knobs.NONE else [each.strip() for each in text.split(",")]
    return [(await teams.named(work.session, each)).id for each in dict.fromkeys(names)]


async def _hours(work: Work, said: str) -> int | None:
    text = said.strip().lower()
    if text == TEAM or text in knobs.NONE:
        return None
    rows = {each.name: each.id for each in await work.session.scalars(select(Hours))}
    if text not in rows:
        there_are = ", ".join((TEAM, *sorted(rows)))
        raise knobs.BadSetting("hours", said, f"there are no such hours. There is {there_are}.")
    return rows[text]


async def _order(work: Work, others: Sequence[SlaPolicy], policy: SlaPolicy, place: int) -> None:
    """Put a policy at a place among the others, from 1."""
    ordered = [*others[: place - 1], policy, *others[place - 1 :]]
    for position, each in enumerate(ordered, start=1):
        each.position = position
    await work.session.flush()


async def _changed(work: Work, policy: SlaPolicy, change: str) -> None:
    await refuse_endless(work)
    await book.turn_page(work.session)
    work.emit(SlaPolicyChanged(name=policy.name, change=change))
