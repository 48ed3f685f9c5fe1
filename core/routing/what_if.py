"""A what-if: days as they are and as they would be, in figures and as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import Invalid
from core.model import Priority
from core.routing.day import Day
from core.routing.figures import Figures, Hour, figures, hours
from core.routing.policy import DEFAULT, RoutingPolicy
from core.routing.simulation import router, simulate
from core.routing.staffing import parse, parse_skill, roomy, skilled, staffed

DAYS_AT_MOST = 60


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be different: staff and skills in words, everybody's capacity, the policies."""

    staff: Sequence[str] = ()
    skills: Sequence[str] = ()
    capacity: int | None = None
    policies: Sequence[RoutingPolicy] | None = None

    def __bool__(self) -> bool:
        return bool(self.staff or self.skills or self.capacity is not None or self.policies)

    def granted(self, day: Day) -> Day:
        """The day as wished. Raises `Invalid`."""
        if self.capacity is not None:
            day = roomy(day, self.capacity)
        for text in self.skills:
            day = skilled(day, *parse_skill(text))
        return staffed(day, [parse(text) for text in self.staff])


@dataclass(frozen=True, kw_only=True)
class Side:
    """How it went on one side of the comparison, in all and by the hour of the day."""

    figures: Figures
    hours: Sequence[Hour]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Both sides; ``wished`` is None where nothing was to be different."""

    days: int
    as_it_is: Side
    wished: Side | None = None
    sides: Mapping[str, Side] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sides = {"as it is": self.as_it_is}
        if self.wished is not None:
            sides["what if"] = self.wished
        object.__setattr__(self, "sides", sides)

    def to_dict(self) -> dict[str, Any]:
        """For programs: figures with shares from 0 to 1 and waits in minutes."""
        return {
            "days": self.days,
            **{
                name.replace(" ", "_"): {
                    "figures": asdict(side.figures)
                    | {
                        "by_priority": {
                            Priority(rank).label: share
                            for rank, share in side.figures.by_priority.items()
                        }
                    },
                    "hours": [
                        asdict(hour) | {"starts": hour.starts.strftime("%H:%M")}
                        for hour in side.hours
                    ],
                }
                for name, side in self.sides.items()
            },
        }

    def to_text(self) -> str:
        """For people: a table of the figures, and one of the hours."""
        rows = [_row("", *self.sides)]
        for title, of in _FIGURES.items():
            rows.append(_row(title, *(of(side.figures) for side in self.sides.values())))
        for rank in sorted(self.as_it_is.figures.by_priority, reverse=True):
            kept = [side.figures.by_priority.get(rank, 1.0) for side in self.sides.values()]
            rows.append(_row(f"  {Priority(rank).label}", *(f"{share:.1%}" for share in kept)))
        rows += ["", _row("hour", *(f"{name}: came, in time, busy" for name in self.sides))]
        for index, hour in enumerate(self.as_it_is.hours):
            shown = [side.hours[index] for side in self.sides.values()]
            cells = (f"{h.arrivals}  {h.attainment:7.1%}  {h.utilisation:7.1%}" for h in shown)
            rows.append(_row(hour.starts.strftime("%H:%M"), *cells))
        return "\n".join(rows)


_FIGURES: Mapping[str, Callable[[Figures], str]] = {
    "tickets": lambda of: str(of.tickets),
    "never taken up": lambda of: str(of.left),
    "wait, median min": lambda of: f"{of.median:.0f}",
    "wait, p95 min": lambda of: f"{of.p95:.0f}",
    "largest share of work": lambda of: f"{of.share:.2f} x the mean",
    "in time": lambda of: f"{of.attainment:.1%}",
}


def _row(first: str, *cells: str) -> str:
    return f"{first:22}" + "".join(f"{cell:>32}" for cell in cells)


def what_if(
    days: Sequence[Day], wish: Wish, *, policies: Sequence[RoutingPolicy] = DEFAULT
) -> Report:
    """Play the days as they are, and again as wished, with the matching of the desk.

    ``policies`` are those that the desk has. Raises `Invalid` for a wish that cannot be granted.
    """
    if not 1 <= len(days) <= DAYS_AT_MOST:
        raise Invalid(f"From 1 to {DAYS_AT_MOST} days are simulated, not {len(days)}.")
    wished = [wish.granted(day) for day in days] if wish else []
    return Report(
        days=len(days),
        as_it_is=_played(days, policies),
        wished=_played(wished, wish.policies or policies) if wished else None,
    )


def _played(days: Sequence[Day], policies: Sequence[RoutingPolicy]) -> Side:
    courses = [simulate(day, router(policies)) for day in days]
    by_hour = zip(*(hours(course) for course in courses), strict=False)
    return Side(figures=figures(courses), hours=[_together(each) for each in by_hour])


def _together(same: Sequence[Hour]) -> Hour:
    """The same hour of several days."""
    came = sum(hour.arrivals for hour in same)
    duty = sum(hour.on_duty for hour in same)
    return Hour(
        starts=same[0].starts,
        arrivals=came,
        attainment=sum(h.arrivals * h.attainment for h in same) / came if came else 1.0,
        on_duty=duty / len(same),
        utilisation=sum(h.on_duty * h.utilisation for h in same) / duty if duty else 0.0,
    )
