"""Figures for programs: what happened in a span of days, and in as many days before it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from core.vocabulary import Scope, Summary
from web.api.caller import Caller, allowed
from web.api.once import Once
from web.api.shapes import Shape

router = APIRouter(prefix="/reports", tags=["reports"], route_class=Once)

Reader = Annotated[Caller, Depends(allowed(Scope.REPORTS_READ))]
Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31), examples=["2026-11-01"])]


class Figures(Shape):
    """A span of days. Times are in seconds of the clock; CSAT is from 1 to 5; ``kept`` are
    shares (0–1) of promises, None where none was due."""

    since: date
    until: date
    opened: int
    resolved: int
    reopened: int
    by_channel: Mapping[str, int] = Field(examples=[{"slack": 31}])
    by_category: Mapping[str, int]
    first_response_median: float | None
    first_response_p90: float | None
    resolution_median: float | None
    resolution_p90: float | None
    kept: Mapping[str, float | None] = Field(examples=[{"resolution": 0.97}])
    kept_by_priority: Mapping[str, Mapping[str, float | None]] = Field(
        examples=[{"resolution": {"urgent": 0.91, "normal": 0.99}}]
    )
    deflected: int
    deflection_of: int
    csat: float | None
    csat_answers: int

    @classmethod
    def of(cls, summary: Summary) -> "Figures":
        """Kept figures."""
        first, solved = summary.first_response, summary.resolution
        return cls(
            since=summary.since,
            until=summary.until,
            opened=summary.opened,
            resolved=summary.resolved,
            reopened=summary.reopened,
            by_channel=summary.by_channel,
            by_category=summary.by_category,
            first_response_median=_seconds(first.median),
            first_response_p90=_seconds(first.p90),
            resolution_median=_seconds(solved.median),
            resolution_p90=_seconds(solved.p90),
            kept={kind.value: each.share for kind, each in summary.kept.items()},
            kept_by_priority={
                kind.value: {priority.label: each.share for priority, each in by.items()}
                for kind, by in summary.kept_by_priority.items()
            },
            deflected=summary.deflection.hits,
            deflection_of=summary.deflection.of,
            csat=summary.score,
            csat_answers=summary.answered,
        )


class OfAgent(Shape):
    """What an agent had to do, and what came of it."""

    agent: int = Field(examples=[3])
    name: str = Field(examples=["Grace"])
    assigned: int
    resolved: int
    reopened: int
    csat: float | None


class Report(Shape):
    """A span, the one before it, and the agents."""

    now: Figures
    before: Figures
    agents: Sequence[OfAgent]


@router.get("")
async def show_report(
    caller: Reader,
    since: Day,
    until: Day,
    channel: Annotated[str | None, Query(max_length=20)] = None,
    team: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Report:
    """What happened, by whole days in UTC. For keys of leads."""
    found = await caller.desk.report(caller.who, since, until, channel=channel, team=team)
    return Report(
        now=Figures.of(found.now),
        before=Figures.of(found.before),
        agents=[
            OfAgent(
                agent=each.agent_id,
                name=each.name,
                assigned=each.assigned,
                resolved=each.resolved,
                reopened=each.reopened,
                csat=each.score,
            )
            for each in found.agents
        ],
    )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
