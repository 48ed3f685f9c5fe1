"""What leads are told of the queue: tickets that find nobody, in one message for all of them."""

from collections.abc import Sequence

from sqlalchemy import select

from core.cards import Button, Card
from core.channels import Address
from core.delivery.about import place_key
from core.delivery.outgoing import direct_address, owe
from core.events import TicketsStuck
from core.model import Agent, Role, Ticket
from core.work import Work

SHOWN = 10
LEADS = 50  # that are told at once


async def alarm_leads(work: Work, event: TicketsStuck) -> None:
    """To every lead and admin alone; to the staff rooms, where there are none."""
    wanted = select(Ticket).where(Ticket.id.in_(event.numbers[:SHOWN])).order_by(Ticket.id)
    tickets = (await work.session.scalars(wanted)).all()
    card = stuck(tickets, len(event.numbers))
    for place in await _leads(work) or work.house.staff_rooms:
        owe(
            work,
            f"stuck:{event.numbers[0]}:{work.now.timestamp():.0f}:{place_key(place)}",
            place,
            card,
        )


def stuck(tickets: Sequence[Ticket], count: int) -> Card:
    """The tickets with the reason of each, the first few in full."""
    lines = [f"#{each.id} {each.subject}: {each.stuck_for}" for each in tickets]
    if count > len(tickets):
        lines.append(f"and {count - len(tickets)} more")
    return Card(
        title=f"⚠️ {count} ticket{'s' * (count != 1)} in the queue find{'s' * (count == 1)} nobody",
        text="\n".join(lines),
        buttons=(Button("The queue", "queue", ""),),
        footnote="For the leads. /queue says what each of them waits for.",
    )


async def _leads(work: Work) -> list[Address]:
    leads = (
        select(Agent.id)
        .where(Agent.role >= Role.LEAD, Agent.removed_at.is_(None))
        .order_by(Agent.id)
        .limit(LEADS)
    )
    places = [await direct_address(work, agent) for agent in await work.session.scalars(leads)]
    return [place for place in places if place is not None]
