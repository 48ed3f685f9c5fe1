"""How far each open conversation of a channel was heard: where to read on after a silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, tuple_

from core.channels import Address
from core.model import Enquiry, Message, Stage, Status, Ticket
from core.storage import constant
from core.work import Work

LATELY = timedelta(days=30)
MOST = 2_000  # conversations, the newest first


@dataclass(frozen=True)
class Heard:
    """A conversation, with the platform's id of the last post that was taken in, and its time.

    Where there was none yet, ``external_id`` is empty and ``at`` is when the matter began.
    """

    address: Address
    external_id: str
    at: datetime


async def heard_last(work: Work, channel: str) -> Sequence[Heard]:
    """The conversations of a channel in which more may have been said than was heard.

    Those of live tickets and open enquiries, and those in which somebody wrote lately.
    """
    newest = (
        select(func.max(Message.id))
        .where(Message.channel == channel, ~Message.external_id.startswith("own:"))
        .group_by(Message.workspace, Message.conversation)
    )
    place = tuple_(Message.workspace, Message.conversation)
    tickets = select(Ticket.workspace, Ticket.conversation).where(
        Ticket.channel == channel, constant.differs(Ticket.status, Status.CLOSED)
    )
    enquiries = select(Enquiry.workspace, Enquiry.conversation).where(
        Enquiry.channel == channel, constant.equals(Enquiry.stage, Stage.ASKED)
    )
    last = (
        select(Message)
        .where(
            Message.id.in_(newest),
            or_(
                place.in_(tickets),
                place.in_(enquiries),
                Message.received_at > work.now - LATELY,
            ),
        )
        .order_by(Message.id.desc())
        .limit(MOST)
    )
    found = [
        Heard(each.address, each.external_id, each.sent_at)
        for each in await work.session.scalars(last)
    ]
    known = {each.address for each in found}
    begun = select(Ticket).where(
        Ticket.channel == channel, constant.differs(Ticket.status, Status.CLOSED)
    )
    found += [
        Heard(each.address, "", each.created_at)
        for each in await work.session.scalars(begun.order_by(Ticket.id.desc()).limit(MOST))
        if each.address not in known
    ]
    return found
