"""Promises of times for programs: a ticket's clocks and why, the policies, how much was kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from core.vocabulary import By, Scope
from core.vocabulary import Clock as StoredClock
from web.api.caller import Caller, Reader, allowed
from web.api.once import Once
from web.api.shapes import Shape
from web.api.versions import Number

router = APIRouter(tags=["promises"], route_class=Once)

Reports = Annotated[Caller, Depends(allowed(Scope.REPORTS_READ))]


class Clock(Shape):
    """One promise on a ticket, with its arithmetic in sentences. Seconds are of working time."""

    kind: Literal["first response", "next response", "resolution"]
    policy: str = Field(examples=["vip"])
    allowed_seconds: int = Field(examples=[3_600])
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    explanation: Sequence[str]

    @classmethod
    def of(cls, clock: StoredClock) -> "Clock":
        """A stored target, explained."""
        target = clock.target
        return cls(
            kind=target.kind.value,
            policy=target.policy,
            allowed_seconds=round(target.allowed.total_seconds()),
            started_at=target.started_at,
            due_at=target.due_at,
            paused_at=target.paused_at,
            met_at=target.met_at,
            breached_at=target.breached_at,
            explanation=clock.sentences,
        )


class Missed(Shape):
    """A policy that a ticket does not fit, and by what."""

    policy: str = Field(examples=["vip"])
    by: Sequence[str] = Field(examples=[["customer"]])


class Promises(Shape):
    """What is promised on a ticket, by which policy, and why by none before it."""

    policy: str | None = Field(examples=["standard"])
    hours: str = Field(description="when time counts", examples=["always"])
    passed_over: Sequence[Missed]
    clocks: Sequence[Clock]


class Policy(Shape):
    """A policy: for whom, and the working time there is, in seconds."""

    name: str = Field(examples=["vip"])
    priorities: Sequence[str]
    kinds: Sequence[str]
    channels: Sequence[str]
    teams: Sequence[int]
    customer_tags: Sequence[str]
    vip: bool
    first_response_seconds: int | None
    next_response_seconds: int | None
    resolution_seconds: int | None


class Kept(Shape):
    """How many promises were kept, of those that are decided."""

    kind: str = Field(examples=["first response"])
    group: str = Field(examples=["high"])
    met: int
    breached: int
    share: float | None = Field(examples=[0.97])


@router.get("/tickets/{number}/sla")
async def show_promises(caller: Reader, number: Number) -> Promises:
    """What is promised on a ticket, and why."""
    clocks = await caller.desk.clocks(caller.who, number)
    why = await caller.desk.why_promised(caller.who, number)
    return Promises(
        policy=why.policy,
        hours=why.hours,
        passed_over=[Missed(policy=name, by=misses) for name, misses in why.passed_over],
        clocks=[Clock.of(each) for each in clocks.clocks],
    )


@router.get("/sla/policies")
async def list_policies(caller: Reader) -> Sequence[Policy]:
    """Every policy, in the order in which they are asked: the first that fits is the ticket's."""
    policies, _ = await caller.desk.sla_policies(caller.who)
    return [
        Policy(
            name=each.name,
            priorities=list(map(str, each.priorities)),
            kinds=each.kinds,
            channels=each.channels,
            teams=each.teams,
            customer_tags=each.customer_tags,
            vip=each.vip,
            first_response_seconds=_seconds(each.first_response),
            next_response_seconds=_seconds(each.next_response),
            resolution_seconds=_seconds(each.resolution),
        )
        for each in policies
    ]


@router.get("/sla/report")
async def report(
    caller: Reports,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    by: Literal["priority", "policy", "team"] = "priority",
) -> Sequence[Kept]:
    """How many promises of the last days were kept."""
    found = await caller.desk.attainment(caller.who, days=days, group=By(by))
    return [
        Kept(
            kind=each.kind.value,
            group=each.group,
            met=each.met,
            breached=each.breached,
            share=each.share,
        )
        for each in found
    ]


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())
