"""What follows from each event, in one table; and how it is carried out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from core import events
from core.delivery import notices
from core.delivery.outgoing import write_owed
from core.events import Event, TicketEvent
from core.model import History
from core.work import Work

Subscriber = Callable[[Work, Any], Awaitable[None]]

SUBSCRIBERS: Mapping[type[Event], tuple[Subscriber, ...]] = {
    events.SmallTalkMade: (notices.make_small_talk,),
    events.ArticlesOffered: (notices.offer_articles,),
    events.EnquirySolved: (notices.end_offer,),
    events.EnquiryWentSilent: (),
    events.StaffWrote: (notices.point_staff_to_buttons,),
    events.TicketOpened: (notices.refresh_card, notices.acknowledge),
    events.MessageReceived: (notices.show_message, notices.refresh_moved_card),
    events.TicketAssigned: (notices.refresh_card, notices.tell_assignee, notices.say_who_has_it),
    events.TicketReturned: (
        notices.refresh_card,
        notices.tell_former_assignee,
        notices.say_it_waits,
    ),
    events.AgentReplied: (notices.pass_on_reply, notices.show_reply, notices.refresh_card),
    events.NoteAdded: (notices.show_note,),
    events.TicketEscalated: (notices.refresh_card, notices.show_escalation),
    events.PriorityChanged: (notices.refresh_card,),
    events.TicketResolved: (
        notices.say_resolved,
        notices.refresh_card,
        notices.show_resolution,
        notices.tell_former_assignee,
    ),
    events.TicketReopened: (
        notices.say_reopened,
        notices.refresh_card,
        notices.show_reopening,
        notices.say_it_waits,
    ),
    events.TicketClosed: (notices.say_closed, notices.refresh_card),
    events.AgentAdded: (notices.welcome_agent,),
    events.AgentEdited: (),
    events.AgentRemoved: (),
    events.AvailabilityChanged: (),
    events.InvitationMade: (),
    events.IdentityLinked: (),
    events.DeliveryDied: (notices.show_dead_delivery,),
    events.DeliveryRevived: (),
}


async def follow_up(work: Work) -> None:
    """Keep what happened as history and write what follows from it: rows only, one hop."""
    await work.session.flush()
    happened = tuple(work.events)
    for event in happened:
        _keep(work, event)
        for subscriber in SUBSCRIBERS[type(event)]:
            await subscriber(work, event)
    if len(work.events) > len(happened):
        raise RuntimeError(f"a subscriber emitted {work.events[-1]!r}")
    await write_owed(work)


def _keep(work: Work, event: Event) -> None:
    facts = asdict(event)
    work.session.add(
        History(
            at=work.now,
            event=type(event).__name__,
            ticket_id=facts.pop("ticket_id") if isinstance(event, TicketEvent) else None,
            actor=work.actor,
            facts=facts,
        )
    )
