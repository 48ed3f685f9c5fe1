"""What a new desk promises: four policies by priority, and business hours; an admin may change all."""

from datetime import timedelta

from sqlalchemy import select

from core.model import Hours, Priority, SlaEdition, SlaPolicy
from core.sla.book import DEFAULT
from core.work import Work

NINE_TO_FIVE = [[[9 * 60, 17 * 60]]] * 5 + [[], []]
PAUSES = ["pending", "on hold", "snoozed"]
WARNINGS = {
    "50": ["assignee"],
    "75": ["assignee", "lead"],
    "90": ["assignee", "lead", "team"],
    "100": ["assignee", "lead", "team"],
}
TIMES = {  # first and next response, resolution
    Priority.URGENT: (timedelta(minutes=15), timedelta(hours=4)),
    Priority.HIGH: (timedelta(hours=1), timedelta(hours=8)),
    Priority.NORMAL: (timedelta(hours=4), timedelta(hours=24)),
    Priority.LOW: (timedelta(hours=8), timedelta(hours=72)),
}


async def ship(work: Work) -> bool:
    """Write what is promised by default, where nothing was ever promised; whether it was written."""
    if await work.session.scalar(select(SlaEdition.number)) is not None:
        return False
    work.session.add(SlaEdition(id=1, number=1))
    await work.session.flush()  # whoever is second loses the race here, and sees it all
    work.session.add(Hours(name=DEFAULT, time_zone="UTC", week=NINE_TO_FIVE))
    work.session.add_all(
        SlaPolicy(
            name=priority.label,
            position=position,
            priorities=[int(priority)],
            first_response=answer,
            next_response=answer,
            resolution=resolution,
            pauses=PAUSES,
            warnings=WARNINGS,
        )
        for position, (priority, (answer, resolution)) in enumerate(TIMES.items(), start=1)
    )
    return True
