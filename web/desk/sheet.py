"""The trends as a file for spreadsheets: one line a figure, this span beside the one before."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta

from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from core.errors import DeskError, Forbidden
from core.sheets import cell
from core.vocabulary import Report, Summary
from web.desk.asked import Asked
from web.desk.frame import Here

HEADS = ("figure", "part", "value", "before")
Line = tuple[str, str, object]


async def download(request: Request) -> Response:
    """``/desk/trends.csv?since=…&until=…``"""
    try:
        asked = Asked.of(request)
        report = await asked.report(Here.of(request))
    except DeskError as refusal:
        status = 403 if isinstance(refusal, Forbidden) else 422
        return PlainTextResponse(f"{refusal}\n", status_code=status)
    name = f"trends-{asked.since}-{asked.until}.csv"
    return Response(
        written(report),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def written(report: Report) -> str:
    """All of a report. Times are in seconds, shares from 0 to 1; what is not there is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180
    writer.writerow(HEADS)
    before = {(figure, part): value for figure, part, value in _summary(report.before)}
    for figure, part, value in _summary(report.now):
        writer.writerow([figure, cell(part), cell(value), cell(before.pop((figure, part), None))])
    for (figure, part), value in before.items():
        writer.writerow([figure, cell(part), "", cell(value)])
    for figure, part, value in _lists(report):
        writer.writerow([figure, cell(part), cell(value), ""])
    return file.getvalue()


def _summary(of: Summary) -> Iterator[Line]:
    yield "opened", "", of.opened
    yield "resolved", "", of.resolved
    yield "reopened", "", of.reopened
    yield from (("opened by channel", name, count) for name, count in of.by_channel.items())
    yield from (("opened by category", name, count) for name, count in of.by_category.items())
    for name, times in (("first response", of.first_response), ("resolution", of.resolution)):
        yield name, "median", _seconds(times.median)
        yield name, "p90", _seconds(times.p90)
        yield name, "count", times.count
    for kind, kept in of.kept.items():
        yield "attainment", kind.value, _share(kept.share)
        for priority, its in of.kept_by_priority[kind].items():
            yield "attainment", f"{kind.value}, {priority.label}", _share(its.share)
    yield "deflection", "share", _share(of.deflection.share)
    low, high = of.deflection.interval
    yield "deflection", "low", _share(low)
    yield "deflection", "high", _share(high)
    yield "gaps", "", of.no_article
    yield "csat", "average", _share(of.score)
    yield from (("csat", str(score), count) for score, count in of.scores.items())


def _lists(report: Report) -> Iterable[Line]:
    for day in report.days:
        yield "opened by day", day.day.isoformat(), sum(day.opened.values())
        yield "first response by day", day.day.isoformat(), _seconds(day.first_response)
        yield "resolution by day", day.day.isoformat(), _seconds(day.resolution)
    for agent in report.agents:
        yield "assigned", agent.name, agent.assigned
        yield "resolved", agent.name, agent.resolved
        yield "reopened", agent.name, agent.reopened
        yield "agent csat", agent.name, _share(agent.score)
    for article in report.articles:
        yield "article offered", article.article, article.offered
        yield "article helpful", article.article, article.helpful
        yield "article unhelpful", article.article, article.unhelpful


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else round(time.total_seconds())


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
