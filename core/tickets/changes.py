"""What people do to what was said: they edit it, take it back, put an emoji on it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete, select

from core.channels import Address, IncomingDeletion, IncomingEdit, IncomingReaction, Who
from core.events import MessageDeleted, MessageEdited, ReactionChanged
from core.model import (
    Delivery,
    EarlyChange,
    Enquiry,
    Kind,
    Message,
    Reaction,
    Role,
    Stage,
    Ticket,
    Wording,
)
from core.people.actors import Actor, actor
from core.storage.serial import serialise
from core.storage.text import clean
from core.storage.upsert import insert_or_leave
from core.tickets import find
from core.work import Work

EARLY_FOR = timedelta(hours=1)


async def edited(work: Work, edit: IncomingEdit) -> bool:
    """A post was edited: what it became is reworded, wherever it was passed on to.

    Whether it is taken over. The same edit twice, an older one after a newer, one by somebody else
    than the author, and one of a post that is not ours do nothing.
    """
    await serialise(work.session, str(edit.address))
    message = await find.message_seen(work.session, edit.address, edit.external_id)
    if message is None:
        text = clean(edit.text)
        return edit.to_us and await _keep_early(
            work, edit.address, edit.external_id, _Early(str(edit.by), text, edit)
        )
    editor = await actor(work.session, edit.by)
    newer = message.edited_at is None or edit.edited_at >= message.edited_at
    if not (_wrote(editor, message) and newer) or message.deleted_at is not None:
        return False
    work.actor = editor.label
    await reword(work, message, clean(edit.text))
    message.edited_at = edit.edited_at
    return True


async def deleted(work: Work, deletion: IncomingDeletion) -> bool:
    """A post was deleted: what it became is taken back, wherever it was passed on to.

    Whether it is. The row stays, marked; a deletion by somebody known who is not the author does
    nothing.
    """
    await serialise(work.session, str(deletion.address))
    message = await find.message_seen(work.session, deletion.address, deletion.external_id)
    if message is None:
        by = str(deletion.by) if deletion.by else None
        return deletion.to_us and await _keep_early(
            work, deletion.address, deletion.external_id, _Early(by, None, None)
        )
    if deletion.by is not None:
        deleter = await actor(work.session, deletion.by)
        if not _wrote(deleter, message):
            return False
        work.actor = deleter.label
    await take_back(work, message)
    return True


async def reacted(work: Work, reaction: IncomingReaction) -> bool:
    """Somebody put an emoji on a post or took it away: so it is on the other posts of the message.

    Whether it is taken over. To the customer go only those of whoever may answer them; reactions
    to notes never do.
    """
    await serialise(work.session, str(reaction.address))
    message, place = await _message_behind(work, reaction.address, reaction.external_id)
    if message is None or message.ticket_id is None or message.deleted_at is not None:
        return False
    emoji = clean(reaction.emoji)[:40]
    if not emoji or emoji.startswith(":"):
        return False
    reacting = await actor(work.session, reaction.by)
    ticket = await work.session.get_one(Ticket, message.ticket_id)
    is_customer = ticket.customer_id == reacting.customer_id and message.kind is not Kind.NOTE
    if not (is_customer or reacting.agent is not None):
        return False
    if not await _noted(work, message, replace(reaction, address=place), emoji):
        return True
    work.actor = reacting.label
    work.emit(
        ReactionChanged(
            ticket_id=ticket.id,
            message_id=message.id,
            emoji=emoji,
            added=reaction.added,
            at=str(place),
            for_customer=is_customer or _answers(reacting, ticket),
        )
    )
    return True


async def reword(work: Work, message: Message, text: str) -> None:
    """Give a message another text; the one before is kept."""
    if text == message.text:
        return
    work.session.add(Wording(message_id=message.id, text=message.text, until=work.now))
    message.text = text
    message.edits += 1
    await _ask_anew(work, message)
    if message.ticket_id is not None:
        about = MessageEdited(
            ticket_id=message.ticket_id, message_id=message.id, edits=message.edits
        )
        work.emit(about)


async def take_back(work: Work, message: Message) -> None:
    """Mark a message as deleted."""
    if message.deleted_at is not None:
        return
    message.deleted_at = work.now
    await _ask_anew(work, message)
    if message.ticket_id is not None:
        work.emit(MessageDeleted(ticket_id=message.ticket_id, message_id=message.id))


async def apply_early(work: Work, message: Message, sender: Who) -> None:
    """Do to a message that has just come in what was done to it before it came."""
    found = select(EarlyChange).where(
        EarlyChange.channel == message.channel,
        EarlyChange.workspace == message.workspace,
        EarlyChange.external_id == message.external_id,
    )
    early = (await work.session.scalars(found)).one_or_none()
    if early is None:
        return
    await work.session.delete(early)
    if early.by not in {None, str(sender)}:
        return
    if early.text is None:
        message.deleted_at = work.now
    else:
        message.text, message.edited_at = early.text, early.changed_at


@dataclass(frozen=True)
class _Early:
    by: str | None
    text: str | None
    edit: IncomingEdit | None


async def _keep_early(work: Work, address: Address, external_id: str, early: _Early) -> bool:
    """Keep a change for its message, which may still come; the newest one wins."""
    await work.session.execute(
        delete(EarlyChange).where(
            (EarlyChange.received_at < work.now - EARLY_FOR)
            | (
                (EarlyChange.channel == address.channel)
                & (EarlyChange.workspace == address.workspace)
                & (EarlyChange.external_id == external_id)
                & EarlyChange.text.is_not(None)
            )
        )
    )
    await work.session.execute(
        insert_or_leave(work.session, EarlyChange, unique=["channel", "workspace", "external_id"]),
        {
            "channel": address.channel,
            "workspace": address.workspace,
            "external_id": external_id,
            "by": early.by,
            "text": early.text,
            "changed_at": early.edit.edited_at if early.edit else work.now,
            "received_at": work.now,
        },
    )
    return True


async def _ask_anew(work: Work, message: Message) -> None:
    """What is still a question is the words as they stand."""
    if message.enquiry_id is None:
        return
    enquiry = await work.session.get_one(Enquiry, message.enquiry_id)
    if enquiry.stage is Stage.ASKED:
        await work.session.flush()
        said = await find.said_in(work.session, enquiry)
        enquiry.question = "\n".join(each.words for each in said if each.deleted_at is None)


async def _message_behind(
    work: Work, address: Address, external_id: str
) -> tuple[Message | None, Address]:
    """The message that a post is, or that a post of ours carries; and the post's own conversation,
    which not every platform tells with a reaction."""
    own = await find.message_seen(work.session, address, external_id)
    if own is not None:
        return own, own.address
    carried = select(Delivery).where(
        Delivery.channel == address.channel,
        Delivery.workspace == address.workspace,
        Delivery.external_id == external_id,
        Delivery.message_id.is_not(None),
    )
    ours = (await work.session.scalars(carried.limit(1))).one_or_none()
    if ours is None or ours.message_id is None:
        return None, address
    return await work.session.get(Message, ours.message_id), ours.address


async def _noted(work: Work, message: Message, reaction: IncomingReaction, emoji: str) -> bool:
    """Whether this changes who has reacted how."""
    by = str(reaction.by)[:230]
    if reaction.added:
        into = insert_or_leave(work.session, Reaction, unique=["message_id", "emoji", "by"])
        place = reaction.address
        values = {
            "message_id": message.id,
            "emoji": emoji,
            "by": by,
            "channel": place.channel,
            "workspace": place.workspace,
            "conversation": place.conversation,
            "at": work.now,
        }
        written = await work.session.execute(into.returning(Reaction.id), values)
        return written.first() is not None
    gone = delete(Reaction).where(
        Reaction.message_id == message.id, Reaction.emoji == emoji, Reaction.by == by
    )
    return (await work.session.execute(gone.returning(Reaction.id))).first() is not None


def _wrote(who: Actor, message: Message) -> bool:
    if message.agent_id is not None:
        return who.agent is not None and who.agent.id == message.agent_id
    return message.customer_id is not None and who.customer_id == message.customer_id


def _answers(who: Actor, ticket: Ticket) -> bool:
    holds = who.agent is not None and ticket.assignee_id == who.agent.id
    return holds or who.role >= Role.LEAD
