"""The rota, pure: who is on call at a moment, who comes after them, and where nobody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.people.hours import Away
from core.people.wall_clock import instant

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Turns:
    """People in turn, a week each, from a weekday and a time on the wall of a zone.

    The first of ``people`` (ids) has the week that begins on ``anchor``, a day of the hand-over.
    """

    people: tuple[int, ...]
    weekday: int
    minute: int
    zone: str
    anchor: date


@dataclass(frozen=True)
class Stand:
    """Somebody stands in, from a moment until another; of two at once, the larger number counts."""

    number: int
    agent: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Duty:
    """Who is on call from when until when, by their turn or by a ``stand`` (its number)."""

    agent: int
    begins: datetime
    ends: datetime
    stand: int | None = None


@dataclass(frozen=True)
class Gap:
    """From when until when whoever's duty it is cannot be had, and why."""

    agent: int
    begins: datetime
    ends: datetime
    why: str


def hand_over(turns: Turns, moment: datetime) -> date:
    """The day of the last hand-over at or before a moment."""
    zone = ZoneInfo(turns.zone)
    today = moment.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - turns.weekday) % 7)
    return day if instant(day, turns.minute, zone) <= moment else day - WEEK


def turn(turns: Turns, moment: datetime) -> Duty:
    """Whose week it is, whoever stands in. There has to be somebody in the rota."""
    zone = ZoneInfo(turns.zone)
    day = hand_over(turns, moment)
    number = (day - turns.anchor).days // 7
    return Duty(
        turns.people[number % len(turns.people)],
        instant(day, turns.minute, zone),
        instant(day + WEEK, turns.minute, zone),
    )


def on_call(turns: Turns | None, stands: Sequence[Stand], moment: datetime) -> Duty | None:
    """Who is on call at a moment, and in which span without a change; None where nobody is."""
    standing = [each for each in stands if each.begins <= moment < each.ends]
    if standing:
        top = max(standing, key=lambda each: each.number)
        duty = Duty(top.agent, top.begins, top.ends, top.number)
    elif turns is not None and turns.people:
        duty = turn(turns, moment)
    else:
        return None
    for each in stands:
        if each.number > (duty.stand or 0):
            if duty.begins < each.ends <= moment:
                duty = replace(duty, begins=each.ends)
            if moment < each.begins < duty.ends:
                duty = replace(duty, ends=each.begins)
    return duty


def duties(
    turns: Turns | None, stands: Sequence[Stand], begin: datetime, end: datetime
) -> list[Duty]:
    """Everybody's duties from one moment until another, in order; where nobody is, there is none."""
    found, moment = [], begin
    while moment < end:
        duty = on_call(turns, stands, moment)
        if duty is not None:
            found.append(duty)
            moment = duty.ends
        else:
            moment = min((each.begins for each in stands if each.begins > moment), default=end)
    return found


def next_turn(turns: Turns, agent: int, moment: datetime) -> Duty | None:
    """The week somebody has by their turn, the one that runs now included; None without one."""
    for _ in range(len(turns.people)):
        duty = turn(turns, moment)
        if duty.agent == agent:
            return duty
        moment = duty.ends
    return None


def gaps(
    duties: Sequence[Duty],
    *,
    gone: Mapping[int, str],
    away: Mapping[int, tuple[Sequence[Away], ZoneInfo]],
) -> list[Gap]:
    """Where whoever's duty it is has left the desk (``gone`` says by name) or has days off."""
    found = []
    for duty in duties:
        if duty.agent in gone:
            found.append(Gap(duty.agent, duty.begins, duty.ends, "is not on the desk any more"))
            continue
        days_off, zone = away.get(duty.agent, ((), ZoneInfo("UTC")))
        for off in days_off:
            begins = max(duty.begins, instant(off.first, 0, zone))
            ends = min(duty.ends, instant(off.last + timedelta(days=1), 0, zone))
            if begins < ends:
                found.append(Gap(duty.agent, begins, ends, "has days off"))
    return found
