"""What follows when a file is here, or will not come: what waited for it goes, and who sent it is told."""

from sqlalchemy import select, update

from core import catalogue
from core.delivery.about import place_key, root_key
from core.delivery.outgoing import Carried, owe
from core.events import FileKept, FileRefused
from core.model import Act, Attachment, Delivery, Holding, Kind, Message, Progress
from core.work import Work


async def send_late_file(work: Work, event: FileKept | FileRefused) -> None:
    """The file by itself, wherever the words went without it.

    The rows are locked, so that whoever is about to send the words either sees the file or is seen.
    """
    file = await work.session.get_one(Attachment, event.attachment_id)
    carrying = (
        select(Delivery)
        .where(
            Delivery.message_id == event.message_id,
            Delivery.act == Act.SAY,
            Delivery.replaces_key.is_(None),
            Delivery.attempts > 0,
            Delivery.progress.in_([Progress.WAITING, Progress.SENT]),
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    for said in await work.session.scalars(carrying):
        if file.id in said.files or said.key.startswith("late:"):
            continue
        owe(
            work,
            f"late:{file.id}:{said.id}",
            said.address,
            catalogue.file_late(file.name, file.reason),
            ticket_id=said.ticket_id,
            under=said.under_key,
            carries=Carried(
                message_id=event.message_id,
                files=(file.id,) if file.holding is Holding.KEPT else (),
            ),
        )


async def let_words_go(work: Work, event: FileKept | FileRefused) -> None:
    """What waited for files goes once none of them is awaited any more."""
    awaited = select(Attachment.id).where(
        Attachment.message_id == event.message_id, Attachment.holding == Holding.AWAITED
    )
    if (await work.session.scalars(awaited.limit(1))).first() is None:
        await work.session.execute(
            update(Delivery)
            .where(
                Delivery.message_id == event.message_id,
                Delivery.progress == Progress.WAITING,
                Delivery.attempts == 0,
                Delivery.due_at > work.now,
            )
            .values(due_at=work.now)
            .execution_options(synchronize_session=False)
        )


async def tell_sender(work: Work, event: FileRefused) -> None:
    """Whoever sent a file that is not taken hears of it, where they sent it."""
    file = await work.session.get_one(Attachment, event.attachment_id)
    message = await work.session.get_one(Message, event.message_id)
    room = message.address
    in_room = message.kind is not Kind.MESSAGE and room in work.house.staff_rooms
    under = root_key(message.ticket_id, room) if in_room and message.ticket_id else None
    owe(
        work,
        f"file-refused:{file.id}:{place_key(room)}"[:120],
        room,
        catalogue.file_refused(file.name, event.reason),
        ticket_id=message.ticket_id,
        under=under,
    )
