"""What every story of the tests begins with: who is there, and what they write."""

import itertools
from collections.abc import Mapping
from datetime import datetime

from core.channels import Address, IncomingMessage, Who
from core.desk import Desk
from core.vocabulary import OPERATOR, Details, House, Role
from tests.clock import MONDAY_MORNING

CHANNEL = "console"
WORKSPACE = "local"
STAFF_ROOM = Address(CHANNEL, WORKSPACE, "staff-room")
HOUSE = House(staff_rooms=(STAFF_ROOM,))

_numbers = itertools.count(1)


def person(user: str) -> Who:
    """Somebody on the channel of the tests; ``grace`` is called Grace."""
    return Who(CHANNEL, WORKSPACE, user, user.capitalize())


def place(conversation: str) -> Address:
    return Address(CHANNEL, WORKSPACE, conversation)


def message(
    text: str,
    *,
    by: str = "ana",
    at: str | None = None,
    post: str | None = None,
    sent_at: datetime = MONDAY_MORNING,
) -> IncomingMessage:
    """A message to the bot, in the writer's own conversation unless ``at`` says where."""
    return IncomingMessage(
        address=place(at or by),
        sender=person(by),
        external_id=post or f"in-{next(_numbers)}",
        text=text,
        sent_at=sent_at,
    )


async def hire(
    desk: Desk,
    user: str,
    *,
    capacity: int = 1,
    role: Role = Role.AGENT,
    tier: int = 1,
    team: str | None = None,
    skills: Mapping[str, int] | None = None,
) -> Who:
    """Put somebody on the roster."""
    who = person(user)
    details = Details(capacity=capacity, role=role, tier=tier, team=team, skills=skills)
    await desk.add_agent(OPERATOR, who, details)
    return who


async def open_ticket(desk: Desk, text: str = "the printer smokes", *, by: str = "ana") -> int:
    """A customer writes; the number of their ticket."""
    received = await desk.receive(message(text, by=by))
    assert received.ticket is not None
    return received.ticket
