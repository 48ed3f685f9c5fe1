"""What staff rooms, and whoever wants it by e-mail, are told of the figures: a card a week."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from core.channels import Address
from core.delivery.about import place_key
from core.delivery.outgoing import owe
from core.events import WeekReported
from core.reports import figures, words
from core.work import Work

MAIL = "email"  # the channel
REST_OF_WEEK = timedelta(days=6)


async def post_week(work: Work, event: WeekReported) -> None:
    """The week's figures, to every staff room and by e-mail; nothing where nothing happened."""
    week = date.fromisoformat(event.week)
    report = await figures.of_span(work, week, week + REST_OF_WEEK)
    if not (report.now.opened or report.now.resolved):
        return
    card = words.card(report, "📊 The week")
    for room in work.house.staff_rooms:
        owe(work, f"digest:{event.week}:{place_key(room)}", room, card)
    if work.house.sends_mail:
        last = week + REST_OF_WEEK
        trends = f"{work.house.url}/desk/trends?since={week}&until={last}"
        mail = replace(card, title=f"The week at the desk: {week:%d %b} to {last:%d %b %Y}")
        mail = replace(mail, footnote=f"{card.footnote}\n{trends}")
        for address in work.house.digest_mails:
            owe(work, f"digest:{event.week}:{_short(address)}", Address(MAIL, "", address), mail)


def _short(address: str) -> str:
    """An e-mail address, which may be longer than a key."""
    return f"{MAIL}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
