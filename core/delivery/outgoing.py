"""Owing a card: the row that the courier will carry out, written with what caused it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from core import cards
from core.cards import Card
from core.channels import Address
from core.model import Act, Attachment, Delivery, Holding, Identity, Message
from core.model.delivery import TICKET
from core.storage.upsert import insert_or_leave
from core.work import Work


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The message that a card carries, with its files; ``awaited`` says that some are not here yet."""

    message_id: int
    files: tuple[int, ...] = ()
    awaited: bool = False


async def carrying(work: Work, message: Message, *, files: bool = True) -> Carried:
    """A message to be carried, with the files that were not refused."""
    if not (message.files and files):
        return Carried(message_id=message.id)
    with_it = (
        select(Attachment.id, Attachment.holding)
        .where(Attachment.message_id == message.id, Attachment.holding != Holding.REFUSED)
        .order_by(Attachment.id)
    )
    rows = (await work.session.execute(with_it)).all()
    return Carried(
        message_id=message.id,
        files=tuple(row.id for row in rows),
        awaited=any(row.holding is Holding.AWAITED for row in rows),
    )


def owe(  # noqa: PLR0913 - a delivery is as much as this
    work: Work,
    key: str,
    to: Address,
    card: Card,
    *,
    ticket_id: int | None = None,
    under: str | None = None,
    replaces: str | None = None,
    carries: Carried | None = None,
    tracks: str | None = None,
) -> None:
    """Say that ``card`` is to be sent to ``to``; the same key is owed once.

    ``under``, ``replaces`` and ``tracks`` are keys of other deliveries: of the post to answer
    beneath, of the one to edit in place, and of the one whose end is shown on the card. In a branch
    everything stands beneath the post that began it.
    """
    row = _row(work, key, to, ticket_id)
    if to.branch and under is None and replaces is None and key != opened_key(to.branch):
        under = opened_key(to.branch)
    row |= {"card": cards.to_json(card), "under_key": under, "replaces_key": replaces}
    row["tracks_key"] = tracks
    if carries is not None:
        row |= {"message_id": carries.message_id, "files": list(carries.files)}
        if carries.awaited:
            row["due_at"] = work.now + work.house.policy.file_wait
    work.owed.setdefault(key, row)


def owe_deletion(work: Work, said: Delivery, card: Card) -> None:
    """Say that a post is to be taken back; where that cannot be, ``card`` is put in its place."""
    key = f"{said.key}:gone"
    row = _row(work, key, said.address, said.ticket_id, lane=said.lane)
    row |= {"act": Act.DELETE, "replaces_key": said.key, "card": cards.to_json(card)}
    row["message_id"] = said.message_id
    work.owed.setdefault(key, row)


def owe_reaction(work: Work, on: Delivery | Message, emoji: str, *, added: bool) -> None:
    """Say that an emoji is to be put on a post, or taken away again."""
    key = f"reaction:{uuid.uuid4().hex}"
    row = _row(work, key, on.address, on.ticket_id)
    if isinstance(on, Delivery):
        row |= {"lane": on.lane, "replaces_key": on.key, "message_id": on.message_id}
    else:
        row |= {"on_post": on.external_id, "message_id": on.id}
    work.owed[key] = row | {"act": Act.REACT if added else Act.UNREACT, "emoji": emoji}


def _row(
    work: Work, key: str, to: Address, ticket_id: int | None, *, lane: str | None = None
) -> dict[str, Any]:
    """A row with all its columns, since rows are written by one statement.

    Beneath ticket cards each ticket keeps an order of its own, so that what one of them waits for
    holds up no other; and so it does in its branch of a conversation.
    """
    if lane is None:
        owner = to.branch or (ticket_id if to in work.house.staff_rooms else None)
        lane = f"{TICKET}{owner}" if owner else ""
    return {
        "key": key,
        "act": Act.SAY,
        "ticket_id": ticket_id,
        "message_id": None,
        "transcript_id": None,
        "channel": to.channel,
        "workspace": to.workspace,
        "conversation": to.conversation,
        "lane": lane,
        "card": {},
        "files": [],
        "under_key": None,
        "replaces_key": None,
        "tracks_key": None,
        "on_post": None,
        "emoji": None,
        "created_at": work.now,
        "due_at": work.now,
    }


def opened_key(ticket_id: int) -> str:
    """The key under which a customer learns of their ticket: what begins its branch, if it has one."""
    return f"opened:{ticket_id}"


async def write_owed(work: Work) -> None:
    """Write what this use case owes, but for what was owed before: one statement for all."""
    if work.owed:
        into_ledger = insert_or_leave(work.session, Delivery, unique=["key"])
        await work.session.execute(into_ledger, list(work.owed.values()))


async def direct_address(work: Work, agent_id: int) -> Address | None:
    """Where an agent is reached alone: on the channel they joined last."""
    joined = (await work.session.execute(_JOINED_LAST, {"agent": agent_id})).one_or_none()
    return Address(joined.channel, joined.workspace, joined.user) if joined else None


_JOINED_LAST = (
    select(Identity.channel, Identity.workspace, Identity.user)
    .where(Identity.agent_id == bindparam("agent"))
    .order_by(Identity.id.desc())
    .limit(1)
)


def clock(moment: datetime) -> str:
    """A moment as staff read it."""
    return moment.strftime("%d %b %H:%M UTC")
