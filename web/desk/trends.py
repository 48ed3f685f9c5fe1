"""The trends: what happened between two days, beside as many days before."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from fastapi import Request
from nicegui import ui

from core.errors import DeskError
from core.vocabulary import Report, Share, Summary, lasting
from web.desk import charts
from web.desk.asked import Asked
from web.desk.charts import Charts
from web.desk.draw import element, words
from web.desk.frame import Here, frame
from web.desk.plain import part, style, table
from web.sign_in import DESK_PATH

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOUR = timedelta(hours=1)
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


async def show(request: Request) -> None:
    """``/desk/trends?since=…&until=…&channel=…&team=…``"""
    here = Here.of(request)
    with frame(here, "Trends"):
        style()
        try:
            asked = Asked.of(request)
            report = await asked.report(here)
        except DeskError as refusal:
            words(str(refusal), "p", "fault").props["role"] = "alert"
            return
        _form(asked, report)
        _tiles(report)
        drawn = Charts()
        with element("div", "charts"):
            _volume(drawn, report)
            _times(drawn, report)
            _outcomes(report)
            _people(drawn, report)
        _dye_where_dark(drawn)


def _form(asked: Asked, report: Report) -> None:
    """What to look at; it works without a script, and the address can be passed on."""
    with element("form", "asked", method="get", action=f"{DESK_PATH}/trends"):
        for name, label, day in (("since", "From", asked.since), ("until", "To", asked.until)):
            with element("label"):
                words(label)
                field = element("input", type="date", name=name, required=True)
                field.props["defaultValue"] = day.isoformat()
        names = {each: each for each in report.channels}
        _select("channel", "Channel", "all channels", names, asked.channel)
        teams = {str(number): name for number, name in report.teams.items()}
        _select("team", "Team", "all teams", teams, str(asked.team) if asked.team else None)
        with element("button", "button", type="submit"):
            words("Show")
        with element("a", "button", href=f"{DESK_PATH}/trends.csv?{asked.query}", download=True):
            words("CSV")


def _select(
    name: str, label: str, anything: str, choices: dict[str, str], chosen: str | None
) -> None:
    with element("label"):
        words(label)
        with element("select", name=name):
            for value, text in {"": anything, **choices}.items():
                option = words(text, "option")
                option.props["value"] = value
                if value == (chosen or ""):
                    option.props["selected"] = True


def _tiles(report: Report) -> None:
    now, before = report.now, report.before
    words(
        f"{now.since:%d %b %Y} to {now.until:%d %b %Y}, beside {before.since:%d %b} to "
        f"{before.until:%d %b %Y}. Days are in UTC; times are at most 5 % off.",
        "p",
        "soft",
    )
    with element("div", "tiles"):
        for name, figure, was in _compared(now, before):
            with element("dl", "tile"):
                words(name, "dt")
                words(figure, "dd")
                words(f"before: {was}", "dd", "soft")


def _compared(now: Summary, before: Summary) -> list[tuple[str, str, str]]:
    both = (now, before)
    rows = {
        "Opened": [f"{each.opened:,}" for each in both],
        "Resolved": [f"{each.resolved:,}" for each in both],
        "First response (median)": [lasting(each.first_response.median) for each in both],
        "First response (p90)": [lasting(each.first_response.p90) for each in both],
        "Resolution (median)": [lasting(each.resolution.median) for each in both],
        "Resolution (p90)": [lasting(each.resolution.p90) for each in both],
        "Deflection": [_share(each.deflection) for each in both],
        "CSAT": [f"{each.score:.2f} of 5" if each.score else "–" for each in both],
    }
    return [(name, now, before) for name, (now, before) in rows.items()]


def _volume(drawn: Charts, report: Report) -> None:
    days = [f"{each.day:%d %b}" for each in report.days]
    by_channel = {
        channel: [each.opened.get(channel, 0) for each in report.days]
        for channel in report.now.by_channel
    }
    rows = [
        [day, *(str(counts[n]) for counts in by_channel.values())] for n, day in enumerate(days)
    ]
    drawn.draw("Opened by channel", charts.stacked(days, by_channel), ["Day", *by_channel], rows)
    categories = {name or "(none)": count for name, count in report.now.by_category.items()}
    was = {name or "(none)": count for name, count in report.before.by_category.items()}
    drawn.draw(
        "Opened by category",
        charts.bars(categories),
        ["Category", "Opened", "Before"],
        [[name, str(count), str(was.get(name, 0))] for name, count in categories.items()],
    )
    hours = [f"{hour:02}" for hour in range(24)]
    drawn.draw(
        "Opened by weekday and hour",
        charts.heat(WEEKDAYS, report.now.heat),
        ["Weekday", *hours],
        [[day, *map(str, row)] for day, row in zip(WEEKDAYS, report.now.heat, strict=True)],
    )


def _times(drawn: Charts, report: Report) -> None:
    days = [f"{each.day:%d %b}" for each in report.days]
    series = {
        "first response": [_hours(each.first_response) for each in report.days],
        "resolution": [_hours(each.resolution) for each in report.days],
    }
    rows = [
        [day, lasting(each.first_response), lasting(each.resolution)]
        for day, each in zip(days, report.days, strict=True)
    ]
    drawn.draw(
        "Median times by day",
        charts.lines(days, series, "hours"),
        ["Day", "First response", "Resolution"],
        rows,
    )


def _promises(now: Summary, before: Summary) -> Iterator[tuple[str, Share, Share]]:
    """Of each kind, and of each priority within."""
    none = Share(hits=0, of=0)
    for kind, kept in now.kept.items():
        yield kind.value, kept, before.kept[kind]
        for priority, its in now.kept_by_priority[kind].items():
            was = before.kept_by_priority[kind].get(priority, none)
            yield f"– {priority.label}", its, was


def _outcomes(report: Report) -> None:
    """What has no chart of its own, as tables that everybody sees."""
    now, before = report.now, report.before
    with part("Promises kept"):
        table(
            "Promises kept",
            ["Promise", "Kept", "Of", "Share", "Before"],
            [
                [name, f"{kept.hits:,}", f"{kept.of:,}", _share(kept), _share(was)]
                for name, kept, was in _promises(now, before)
            ],
        )
    with part("How it was"):
        words(f"{now.answered:,} of {now.asked:,} who were asked said so.", "p")
        table(
            "Scores",
            ["Score", "Now", "Before"],
            [
                [str(score), f"{now.scores[score]:,}", f"{before.scores[score]:,}"]
                for score in (5, 4, 3, 2, 1)
            ],
        )
    with part("Answered by articles"):
        low, high = now.deflection.interval
        words(
            f"{now.deflection.hits:,} of {now.deflection.of:,} enquiries that were offered articles: "
            f"{_share(now.deflection)}, and with 95 % confidence between {low:.0%} and {high:.0%}. "
            f"No article was found for {now.no_article:,} ({before.no_article:,} before).",
            "p",
        )
        table(
            "What customers made of each article",
            ["Article", "Offered", "Helped", "Did not"],
            [
                [each.article, f"{each.offered:,}", f"{each.helpful:,}", f"{each.unhelpful:,}"]
                for each in report.articles[:15]
            ],
        )


def _people(drawn: Charts, report: Report) -> None:
    drawn.draw(
        "Resolved by agent",
        charts.bars({each.name: each.resolved for each in report.agents}),
        ["Agent", "Assigned", "Resolved", "Reopened", "CSAT"],
        _agent_rows(report),
    )


def _agent_rows(report: Report) -> Sequence[Sequence[str]]:
    return [
        [
            each.name,
            f"{each.assigned:,}",
            f"{each.resolved:,}",
            f"{each.reopened:,}",
            f"{each.score:.2f} ({each.rated})" if each.score else "–",
        ]
        for each in report.agents
    ]


def _dye_where_dark(drawn: Charts) -> None:
    client = ui.context.client

    async def look() -> None:
        with client:
            if await ui.run_javascript(IS_DARK, timeout=5):
                drawn.dye(dark=True)

    client.on_connect(look)


def _share(share: Share) -> str:
    return "–" if share.share is None else f"{share.share:.0%}"


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else round(time / HOUR, 2)
