"""What is changed on one side is changed on the other: edits, deletions, reactions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, or_, select, update

from core import cards, catalogue
from core.delivery import to_staff
from core.delivery.about import (
    carries_to_customer,
    customers_words,
    field_values,
    root_key,
    ticket_of,
)
from core.delivery.family import family
from core.delivery.outgoing import Carried, owe, owe_deletion, owe_reaction
from core.events import MessageDeleted, MessageEdited, ReactionChanged
from core.model import Act, Delivery, Kind, Message, Progress, Reaction
from core.work import Work

UNTRIED = or_(
    and_(Delivery.progress == Progress.WAITING, Delivery.lease.is_(None), ~Delivery.uncertain),
    and_(Delivery.progress == Progress.DEAD, Delivery.external_id.is_(None)),
)
"""What surely never arrived: it is changed before it is sent, rather than after."""


async def mirror_edit(work: Work, event: MessageEdited) -> None:
    """Reword what carried the message: in the row, where it waits, else in the post."""
    message = await work.session.get_one(Message, event.message_id)
    for said in await _carriers(work, message):
        card = _reworded(said, message)
        if not await _changed_in_time(work, said, card=cards.to_json(card)):
            owe(
                work,
                f"{said.key}:e{message.edits}",
                said.address,
                card,
                ticket_id=said.ticket_id,
                replaces=said.key,
                carries=Carried(message_id=message.id),
                tracks=said.tracks_key,
            )


async def mirror_deletion(work: Work, event: MessageDeleted) -> None:
    """Take back what carried the message; what was not sent yet never is."""
    message = await work.session.get_one(Message, event.message_id)
    for said in await _carriers(work, message):
        gone = {"progress": Progress.WITHDRAWN, "settled_at": work.now}
        if not await _changed_in_time(work, said, **gone):
            owe_deletion(work, said, catalogue.post_gone())


async def refresh_quote(work: Work, event: MessageEdited | MessageDeleted) -> None:
    """The ticket's card quotes the customer's first words; they may be others now."""
    message = await work.session.get_one(Message, event.message_id)
    if message.kind is not Kind.MESSAGE:
        return
    ticket = await ticket_of(work, event.ticket_id)
    words = await customers_words(work, ticket, first=True)
    own = await field_values(work, ticket)
    card = to_staff.ticket_card(ticket, words, own, await family(work.session, ticket))
    change = f"e{event.edits}" if isinstance(event, MessageEdited) else "gone"
    for room in work.house.staff_rooms:
        root = root_key(ticket.id, room)
        key = f"{root}:{message.id}{change}"
        owe(work, key, room, card, ticket_id=ticket.id, replaces=root)


async def mirror_reaction(work: Work, event: ReactionChanged) -> None:
    """Put the emoji on every other post of the message, or take it away with the last who had it."""
    message = await work.session.get_one(Message, event.message_id)
    made = select(Reaction).where(Reaction.message_id == message.id, Reaction.emoji == event.emoji)
    from_where = [each.address for each in await work.session.scalars(made)]
    posts: list[Delivery | Message] = [
        each
        for each in await _carriers(work, message)
        if each.progress in {Progress.WAITING, Progress.SENT}
    ]
    if message.is_post:
        posts.append(message)
    for post in posts:
        if _customer_sees(work, post) and not event.for_customer:
            continue
        elsewhere = sum(address != post.address for address in from_where)
        if elsewhere == (1 if event.added else 0) and str(post.address) != event.at:
            owe_reaction(work, post, event.emoji, added=event.added)


def _customer_sees(work: Work, post: Delivery | Message) -> bool:
    if isinstance(post, Message):
        return post.kind is not Kind.NOTE
    return post.address not in work.house.staff_rooms and not post.key.endswith(":dm")


async def _carriers(work: Work, message: Message) -> Sequence[Delivery]:
    """The deliveries by which others see the message."""
    carrying = (
        select(Delivery)
        .where(
            Delivery.message_id == message.id,
            Delivery.act == Act.SAY,
            Delivery.replaces_key.is_(None),
            Delivery.progress != Progress.WITHDRAWN,
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(carrying)).all()


def _reworded(said: Delivery, message: Message) -> cards.Card:
    card = cards.from_json(said.card)
    if carries_to_customer(said, message):
        return replace(card, text=message.text)
    return replace(card, quote=message.text)


async def _changed_in_time(work: Work, said: Delivery, **values: Any) -> bool:
    """Change a row that was surely not sent; False where it was, or may have been."""
    change = (
        update(Delivery)
        .where(Delivery.id == said.id, UNTRIED)
        .values(**values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return (await work.session.execute(change)).first() is not None
