"""The weekly digest: the figures of last week, said once however many processes there are."""

from datetime import UTC, date, datetime, time, timedelta

from core.events import WeekReported
from core.model import Digest
from core.storage.upsert import insert_or_leave
from core.work import Work

LATE = timedelta(days=2)  # a desk that was down for longer is silent until next week
WEEK = timedelta(days=7)


async def post(work: Work) -> bool:
    """Have the figures of last week posted, once its hour has come; whether that was now."""
    hour = work.house.policy.digest_hour
    today = work.now.date()
    monday = today - timedelta(days=today.weekday())
    due = datetime.combine(monday, time(max(hour, 0)), UTC)
    if hour < 0 or not due <= work.now < due + LATE:
        return False
    return await _claim(work, monday - WEEK)


async def _claim(work: Work, week: date) -> bool:
    """The first to write the row posts it."""
    claiming = insert_or_leave(work.session, Digest, unique=["week"])
    row = claiming.values(week=week, posted_at=work.now).returning(Digest.week)
    if (await work.session.execute(row)).one_or_none() is None:
        return False
    work.actor = "sweep: digest"
    work.emit(WeekReported(week=week.isoformat()))
    return True
