"""What a delivery's row says, put together when it is sent: the posts it is about, its files, its mark."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import or_, select

from core import cards, catalogue
from core.channels import (
    OutgoingDeletion,
    OutgoingFile,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
)
from core.delivery import marks, transcripts
from core.model import Act, Attachment, Delivery, Holding
from core.model.delivery import TICKET
from core.work import Work

Does = OutgoingMessage | OutgoingDeletion | OutgoingReaction | None


async def compose(work: Work, row: Delivery) -> tuple[Does, OutgoingMessage | None]:
    """What there is to do, and what to do instead where the channel cannot."""
    if row.act is Act.SAY:
        return await _message(work, row), None
    if row.act is Act.DELETE:
        return await _deletion(work, row)
    return await _reaction(work, row), None


async def _message(work: Work, row: Delivery) -> OutgoingMessage:
    under = await _posted(work, row, row.under_key)
    replaces = await _posted(work, row, row.replaces_key)
    files = [] if row.replaces_key else await _files(work, row)
    card = cards.from_json(row.card)
    if row.tracks_key is not None:
        row.mark, card = await marks.marked(work, row.tracks_key, card)
    return OutgoingMessage(
        key=row.key,
        address=row.address,
        card=card,
        under=under.external_id if under else None,
        replaces=replaces.external_id if replaces else None,
        rest=replaces.rest if replaces else (),
        begins=row.lane.startswith(TICKET) and row.under_key is None and row.replaces_key is None,
        files=(
            *(
                OutgoingFile(
                    name=file.name,
                    content_type=file.content_type,
                    size=file.size or 0,
                    read=partial(work.house.files.read, file.public_id),
                )
                for file in files
            ),
            *([await transcripts.as_file(work, row.transcript_id)] if row.transcript_id else ()),
        ),
    )


async def _deletion(
    work: Work, row: Delivery
) -> tuple[OutgoingDeletion | None, OutgoingMessage | None]:
    posted = await _posted(work, row, row.replaces_key)
    if posted is None:
        return None, None
    ids = (posted.external_id, *posted.rest)
    instead = OutgoingMessage(
        key=row.key,
        address=row.address,
        card=cards.from_json(row.card),
        replaces=posted.external_id,
        rest=posted.rest,
    )
    return OutgoingDeletion(key=row.key, address=row.address, external_ids=ids), instead


async def _reaction(work: Work, row: Delivery) -> OutgoingReaction | None:
    post = row.on_post
    if post is None:
        posted = await _posted(work, row, row.replaces_key)
        post = posted.external_id if posted else None
    if post is None:
        return None
    return OutgoingReaction(
        key=row.key,
        address=row.address,
        external_id=post,
        emoji=row.emoji or "",
        added=row.act is Act.REACT,
    )


async def _files(work: Work, row: Delivery) -> Sequence[Attachment]:
    """The files that are here. The row lets go of the others for good, and says so: one that comes
    later is sent by itself (`core.delivery.mirror`)."""
    if not row.files:
        return []
    wanted = select(Attachment).where(Attachment.id.in_(row.files)).order_by(Attachment.id)
    files = (await work.session.scalars(wanted.execution_options(populate_existing=True))).all()
    kept = [file for file in files if file.holding is Holding.KEPT]
    if len(kept) < len(row.files):
        card = cards.from_json(row.card)
        missing = [
            catalogue.file_missing(each.name, each.reason) for each in files if each not in kept
        ]
        note = "\n".join(filter(None, [card.footnote, *missing]))
        row.card = cards.to_json(replace(card, footnote=note))
        row.files = [file.id for file in kept]
    return kept


async def _posted(work: Work, row: Delivery, key: str | None) -> Posted | None:
    """The posts of an earlier delivery here, or of what replaced it if it never arrived.

    The last one that arrived says which posts stand for it: where somebody deleted a post by hand,
    its next edit is another one.
    """
    if key is None:
        return None
    arrived = (
        select(Delivery.external_id, Delivery.rest)
        .where(
            or_(Delivery.key == key, Delivery.replaces_key == key),
            Delivery.external_id.is_not(None),
            Delivery.channel == row.channel,
            Delivery.workspace == row.workspace,
            Delivery.conversation == row.conversation,
        )
        .order_by(Delivery.id.desc())
    )
    last = (await work.session.execute(arrived)).first()
    return Posted(last.external_id, tuple(last.rest)) if last else None
