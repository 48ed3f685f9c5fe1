"""What staff rooms are told of the figures: a card a week."""

from datetime import date, timedelta

from core.delivery.about import place_key
from core.delivery.outgoing import owe
from core.events import WeekReported
from core.reports import figures, words
from core.work import Work

REST_OF_WEEK = timedelta(days=6)


async def post_week(work: Work, event: WeekReported) -> None:
    """The week's figures, to every staff room; nothing where nothing happened."""
    week = date.fromisoformat(event.week)
    report = await figures.of_span(work, week, week + REST_OF_WEEK)
    if not (report.now.opened or report.now.resolved):
        return
    card = words.card(report, "📊 The week")
    for room in work.house.staff_rooms:
        owe(work, f"digest:{event.week}:{place_key(room)}", room, card)
