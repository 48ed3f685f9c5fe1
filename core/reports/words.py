"""A report as a card: what is posted once a week, and what ``/report`` says."""

from datetime import timedelta

from core.cards import Card, Field
from core.reports.shapes import Report, Share, Summary, Times

UNITS = (("d", timedelta(days=2)), ("h", timedelta(minutes=90)), ("min", timedelta(minutes=1)))
SIZES = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
SHOWN = 3


def lasting(time: timedelta | None) -> str:
    """A length of time as people say it: ``25 min``, ``3.2 h``, ``4.0 d``; – where there is none."""
    if time is None:
        return "–"
    for unit, least in UNITS:
        if time >= least:
            count = time / SIZES[unit]
            return f"{count:.0f} min" if unit == "min" else f"{count:.1f} {unit}"
    return f"{time.total_seconds():.0f} s"


def card(report: Report, title: str) -> Card:
    """The figures of a span, each with what it was in the span before."""
    now, before = report.now, report.before
    fields = [
        Field("Opened", _counted(now.opened, before.opened)),
        Field("Resolved", _counted(now.resolved, before.resolved)),
        Field("First response", _times(now.first_response, before.first_response)),
        Field("Resolution", _times(now.resolution, before.resolution)),
        Field("Promises kept", _kept(now)),
        Field("Deflection", _deflection(now.deflection)),
        Field("CSAT", _score(now, before)),
        Field("Most resolved", _agents(report)),
        Field("Most asked about", _categories(now)),
    ]
    return Card(
        title=title,
        text=f"{now.since:%d %b} to {now.until:%d %b %Y}, in brackets the span before.",
        fields=tuple(each for each in fields if each.value),
        footnote="Days are in UTC; times are at most 5 % off.",
    )


def _counted(now: int, before: int) -> str:
    return f"{now:,} ({before:,})"


def _times(now: Times, before: Times) -> str:
    if now.median is None:
        return ""
    return (
        f"{lasting(now.median)} ({lasting(before.median)}), nine of ten within {lasting(now.p90)}"
    )


def _kept(now: Summary) -> str:
    shown = [
        f"{kind.value} {kept.share:.0%}"
        for kind, kept in now.kept.items()
        if kept.share is not None
    ]
    return " · ".join(shown)


def _deflection(found: Share) -> str:
    if found.share is None:
        return ""
    low, high = found.interval
    return f"{found.share:.0%} of {found.of:,} (95 %: {low:.0%} to {high:.0%})"


def _score(now: Summary, before: Summary) -> str:
    if now.score is None:
        return ""
    was = f"{before.score:.2f}" if before.score is not None else "–"
    return f"{now.score:.2f} of 5 ({was}), {now.answered:,} of {now.asked:,} answered"


def _agents(report: Report) -> str:
    shown = [f"{each.name} {each.resolved}" for each in report.agents if each.resolved]
    return " · ".join(shown[:SHOWN])


def _categories(now: Summary) -> str:
    named = [f"{name} {count}" for name, count in now.by_category.items() if name]
    return " · ".join(named[:SHOWN])
