"""What stands in a conversation, both sides of it, for a channel that shows it itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select, true, union_all

from core import cards
from core.cards import Author, Card
from core.channels import Address
from core.delivery import ledger, marks, transcripts
from core.model import (
    Act,
    Agent,
    Attachment,
    Customer,
    Delivery,
    Holding,
    Kind,
    Message,
    Progress,
    Transcript,
)
from core.work import Work

PULSE_REACHES_BACK = 1_000  # rows; a row may become visible after one with a higher number


@dataclass(frozen=True)
class PostedFile:
    """A file of a post; ``state`` is awaited, kept or refused, ``reason`` why it was refused."""

    public_id: str
    name: str
    content_type: str
    size: int | None
    state: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Post:
    """One thing said in a conversation, by a person or by the desk, as it stands now.

    ``author`` is "them" or "desk", ``name`` what a person is called. ``under`` is the id of the
    post it stands beneath, ``external_id`` what the channel calls it, and ``sent`` says that the
    channel has it. ``branch`` is the number of the ticket that has this part of the conversation to
    itself. ``reactions`` are the emoji that the desk put on it.
    """

    id: str
    at: datetime
    author: str
    card: Card
    under: str | None
    sent: bool
    name: str = ""
    external_id: str | None = None
    edited: bool = False
    branch: int = 0
    files: tuple[PostedFile, ...] = ()
    reactions: tuple[str, ...] = ()


async def said_at(
    work: Work,
    address: Address,
    *,
    last: int | None = None,
    since: datetime | None = None,
    with_forms: bool = False,
) -> Sequence[Post]:
    """A conversation, both sides, oldest first; edited posts as they stand, without deleted ones.

    ``last`` is how far to look back, in messages and in deliveries, and ``since`` in time; None is to
    the beginning.
    ``with_forms`` shows what somebody filled into a form, which stands in no chat, as theirs, too.
    """
    is_shown = true() if with_forms else ~Message.external_id.startswith("own:")
    heard = (
        select(Message, func.coalesce(Agent.name, Customer.name, ""))
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .outerjoin(Customer, Customer.id == Message.customer_id)
        .where(
            Message.channel == address.channel,
            Message.workspace == address.workspace,
            Message.conversation == address.conversation,
            is_shown,
            true() if since is None else Message.received_at > since,
            Message.deleted_at.is_(None),
        )
        .order_by(Message.id.desc())
        .limit(last)
    )
    said = (await work.session.execute(heard)).all()[::-1]
    deliveries = await ledger.said_at(work.session, address, last=last, since=since)
    files = await _files(work, [each for each, _ in said if each.files], deliveries)
    reactions = _reactions(deliveries)
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
            card=Card(text=message.text, author=Author(name)),
            under=roots.get(message.ticket_id or 0)
            if message.kind is Kind.NOTE or message.branch
            else None,
            sent=True,
            name=name,
            external_id=message.external_id,
            edited=message.edits > 0,
            branch=(message.ticket_id or 0) if message.branch else 0,
            files=tuple(shown for row, shown in files if row.message_id == message.id),
            reactions=reactions.get(message.external_id, ()),
        )
        for message, name in said
    ]
    by_id = {row.id: shown for row, shown in files}
    written = await _transcripts(work, deliveries)
    posts += [
        replace(
            post,
            card=await _marked(work, newest),
            files=(
                *(by_id[each] for each in first.files if each in by_id),
                *written.get(first.transcript_id or 0, ()),
            ),
            reactions=reactions.get(post.id, ()),
        )
        for post, first, newest in _as_they_stand(deliveries)
    ]
    return sorted(posts, key=lambda post: post.at)


def _as_they_stand(deliveries: Sequence[Delivery]) -> list[tuple[Post, Delivery, Delivery]]:
    """Each post of ours, with the row that posted it and the one that changed it last."""
    newest = {
        each.replaces_key or each.key: each
        for each in deliveries
        if each.act in {Act.SAY, Act.DELETE}
    }
    return [
        (
            Post(
                id=each.key,
                at=each.created_at,
                author="desk",
                card=cards.from_json(each.card),
                under=each.under_key,
                sent=each.progress is Progress.SENT,
                external_id=each.external_id,
                branch=each.address.branch,
            ),
            each,
            newest[each.key],
        )
        for each in deliveries
        if each.act is Act.SAY
        and each.replaces_key is None
        and each.progress is not Progress.WITHDRAWN
        and newest[each.key].act is Act.SAY
    ]


async def _marked(work: Work, row: Delivery) -> Card:
    card = cards.from_json(row.card)
    return (await marks.marked(work, row.tracks_key, card))[1] if row.tracks_key else card


async def _files(
    work: Work, messages: Sequence[Message], deliveries: Sequence[Delivery]
) -> Sequence[tuple[Attachment, PostedFile]]:
    wanted = {number for each in deliveries for number in each.files}
    own = {message.id for message in messages}
    if not (wanted or own):
        return []
    rows = select(Attachment).where(or_(Attachment.id.in_(wanted), Attachment.message_id.in_(own)))
    return [
        (
            each,
            PostedFile(
                each.public_id,
                each.name,
                each.content_type,
                each.size,
                each.holding.value,
                each.reason,
            ),
        )
        for each in await work.session.scalars(rows.order_by(Attachment.id))
    ]


async def _transcripts(
    work: Work, deliveries: Sequence[Delivery]
) -> Mapping[int, tuple[PostedFile]]:
    """The transcripts that were sent there, by their ids."""
    ids = {each.transcript_id for each in deliveries if each.transcript_id}
    if not ids:
        return {}
    rows = await work.session.scalars(select(Transcript).where(Transcript.id.in_(ids)))
    return {
        each.id: (
            PostedFile(
                each.public_id,
                transcripts.file_name(each),
                transcripts.ENDINGS[each.form][1],
                None,
                Holding.KEPT.value,
            ),
        )
        for each in rows
    }


def _reactions(deliveries: Sequence[Delivery]) -> Mapping[str, tuple[str, ...]]:
    """The emoji that stand on each post, by its key or its external id."""
    standing: dict[str, dict[str, None]] = {}
    for each in deliveries:
        post = standing.setdefault(each.replaces_key or each.on_post or "", {})
        if each.act is Act.REACT:
            post[each.emoji or ""] = None
        elif each.act is Act.UNREACT:
            post.pop(each.emoji or "", None)
    return {post: tuple(emoji) for post, emoji in standing.items() if emoji}


@dataclass(frozen=True)
class Pulse:
    """Where the conversations of a channel stand, to tell later in which of them something moved.

    ``said`` is what was heard and owed of late, ``waiting`` what is not sent yet, ``awaited`` the files
    that are not fetched yet; each with the conversation it is in.
    """

    said: frozenset[tuple[str, int, str]]
    waiting: frozenset[tuple[int, str]]
    awaited: frozenset[tuple[int, str]]

    def moved_since(self, before: "Pulse") -> frozenset[str]:
        """The conversations in which something was said, changed, sent or fetched."""
        said = {conversation for _, _, conversation in self.said - before.said}
        changed = (self.waiting ^ before.waiting) | (self.awaited ^ before.awaited)
        return frozenset(said | {conversation for _, conversation in changed})


async def pulse(work: Work, channel: str, workspace: str) -> Pulse:
    """The channel's pulse now: a few short looks, however much was said before."""
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
    return Pulse(frozenset(said), waiting, await _awaited(work, channel, workspace))


async def _awaited(work: Work, channel: str, workspace: str) -> frozenset[tuple[int, str]]:
    """The files that are being fetched, wherever their message is shown."""
    shown = union_all(
        *(
            select(Attachment.id, kind.conversation)
            .join(kind, message == Attachment.message_id)
            .where(
                Attachment.holding == Holding.AWAITED,
                kind.channel == channel,
                kind.workspace == workspace,
            )
            for kind, message in ((Message, Message.id), (Delivery, Delivery.message_id))
        )
    )
    return frozenset((row.id, row.conversation) for row in await work.session.execute(shown))
