"""What stands in a conversation, both sides of it, for a channel that shows it itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import cards
from core.cards import Card
from core.channels import Address
from core.delivery import ledger
from core.model import Agent, Customer, Delivery, Kind, Message, Progress
from core.work import Work

PULSE_REACHES_BACK = 1_000  # rows; a row may become visible after one with a higher number


@dataclass(frozen=True, kw_only=True)
class Post:
    """One thing said in a conversation, by a person or by the desk, as it stands now.

    ``author`` is "them" or "desk", ``name`` what a person is called. ``under`` is the id of the
    post it stands beneath, ``external_id`` what the channel calls it, and ``sent`` says that the
    channel has it.
    """

    id: str
    at: datetime
    author: str
    card: Card
    under: str | None
    sent: bool
    name: str = ""
    external_id: str | None = None


async def said_at(work: Work, address: Address, *, last: int | None = None) -> Sequence[Post]:
    """A conversation, both sides, oldest first; edited posts as they stand.

    ``last`` is how far to look back, in messages and in deliveries; None is to the beginning.
    """
    heard = (
        select(Message, func.coalesce(Agent.name, Customer.name, ""))
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .outerjoin(Customer, Customer.id == Message.customer_id)
        .where(
            Message.channel == address.channel,
            Message.workspace == address.workspace,
            Message.conversation == address.conversation,
            ~Message.external_id.startswith("own:"),
        )
        .order_by(Message.id.desc())
        .limit(last)
    )
    deliveries = await ledger.said_at(work.session, address, last=last)
    roots = {
        each.ticket_id: each.key
        for each in reversed(deliveries)
        if each.ticket_id and each.under_key is None and each.replaces_key is None
    }
    posts = [
        Post(
            id=message.external_id,
            at=message.sent_at,
            author="them",
            card=Card(text=message.text),
            under=roots.get(message.ticket_id or 0) if message.kind is Kind.NOTE else None,
            sent=True,
            name=name,
            external_id=message.external_id,
        )
        for message, name in reversed((await work.session.execute(heard)).all())
    ]
    posts += _as_they_stand(deliveries)
    return sorted(posts, key=lambda post: post.at)


def _as_they_stand(deliveries: Sequence[Delivery]) -> list[Post]:
    newest = {each.replaces_key or each.key: each for each in deliveries}
    return [
        Post(
            id=each.key,
            at=each.created_at,
            author="desk",
            card=cards.from_json(newest[each.key].card),
            under=each.under_key,
            sent=each.settled_at is not None,
            external_id=each.external_id,
        )
        for each in deliveries
        if each.replaces_key is None
    ]


@dataclass(frozen=True)
class Pulse:
    """Where the conversations of a channel stand, to tell later in which of them something moved.

    ``said`` is what was heard and owed of late, ``waiting`` what is not sent yet; each with the
    conversation it is in.
    """

    said: frozenset[tuple[str, int, str]]
    waiting: frozenset[tuple[int, str]]

    def moved_since(self, before: "Pulse") -> frozenset[str]:
        """The conversations in which something was said, changed or sent."""
        said = {conversation for _, _, conversation in self.said - before.said}
        return frozenset(said | {conversation for _, conversation in self.waiting ^ before.waiting})


async def pulse(work: Work, channel: str, workspace: str) -> Pulse:
    """The channel's pulse now: three short looks, however much was said before."""
    said: set[tuple[str, int, str]] = set()
    for kind in (Message, Delivery):
        newest = select(func.coalesce(func.max(kind.id), 0)).scalar_subquery()
        lately = select(kind.id, kind.conversation).where(
            kind.id > newest - PULSE_REACHES_BACK,
            kind.channel == channel,
            kind.workspace == workspace,
        )
        rows = await work.session.execute(lately)
        said.update((kind.__tablename__, row.id, row.conversation) for row in rows)
    waits = select(Delivery.id, Delivery.conversation).where(
        Delivery.progress == Progress.WAITING,
        Delivery.channel == channel,
        Delivery.workspace == workspace,
    )
    waiting = frozenset((row.id, row.conversation) for row in await work.session.execute(waits))
    return Pulse(frozenset(said), waiting)
