"""Files that come with a message: noted at once, fetched later, refused where they are too much."""

import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from core.channels import IncomingFile
from core.delivery import fetching, transcripts
from core.errors import NotFound
from core.events import FileRefused
from core.model import Attachment, Holding, Message
from core.speaking import Sentence
from core.storage.text import clean
from core.work import Work

ID_BYTES = 16  # 128 bits
LONGEST_NAME = 120
LONGEST_SOURCE = 2_000

_NEVER_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069\ufeff]+')
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,50}")


class UnknownFile(NotFound):
    """There is no such file, or it is not here."""

    def __init__(self) -> None:
        super().__init__(Sentence("That file is not here."))


@dataclass(frozen=True)
class KeptFile:
    """A file that we keep; ``read`` gives its content."""

    name: str
    content_type: str
    size: int
    read: Callable[[], Awaitable[bytes]]


async def kept(work: Work, public_id: str) -> KeptFile:
    """The file of that id: whoever knows all its 128 bits may have it. Raises `UnknownFile`."""
    wanted = select(Attachment).where(
        Attachment.public_id == public_id, Attachment.holding == Holding.KEPT
    )
    found = (await work.session.scalars(wanted)).one_or_none()
    if found is None:
        return await _transcript(work, public_id)
    read = partial(work.house.files.read, found.public_id)
    return KeptFile(found.name, found.content_type, found.size or 0, read)


async def _transcript(work: Work, public_id: str) -> KeptFile:
    """What is no file of a message may be a transcript, which is written when it is wanted."""
    written = await transcripts.promised(work, public_id)
    if written is None:
        raise UnknownFile

    async def read() -> bytes:
        return written.content

    return KeptFile(written.name, written.content_type, len(written.content), read)


async def take_in(work: Work, message: Message, files: Sequence[IncomingFile]) -> None:
    """Note the files of a message: what is too much is refused at once."""
    if not files:
        return
    work.session.add(message)
    message.files = min(len(files), 100)
    await work.session.flush()
    refused: list[Attachment] = []
    for number, file in enumerate(files[:100]):
        row = Attachment(
            public_id=secrets.token_hex(ID_BYTES),
            message_id=message.id,
            channel=message.channel,
            name=safe_name(file.name),
            content_type=safe_type(file.content_type),
            size=file.size,
            source=clean(file.source)[:LONGEST_SOURCE],
            holding=Holding.AWAITED,
            created_at=work.now,
            due_at=work.now,
        )
        reason = _too_much(work, file, number)
        if reason is not None:
            row.holding, row.reason, row.settled_at = Holding.REFUSED, reason, work.now
            refused.append(row)
        work.session.add(row)
    await work.session.flush()
    for row in refused:
        about = FileRefused(attachment_id=row.id, message_id=message.id, reason=row.reason or "")
        work.emit(about)


def safe_name(name: str) -> str:
    """A name that is one on every system and leads to no other folder, with its ending kept."""
    bare = _NEVER_IN_A_NAME.sub("_", unicodedata.normalize("NFC", clean(name)))
    bare = bare.strip(" ._") or "file"
    if len(bare) <= LONGEST_NAME:
        return bare
    stem, dot, ending = bare.rpartition(".")
    kept = f".{ending[:10]}" if dot and stem else ""
    return (stem if kept else bare)[: LONGEST_NAME - len(kept)] + kept


def safe_type(content_type: str) -> str:
    """What the platform calls its kind, if that is a kind at all."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"


def _too_much(work: Work, file: IncomingFile, number: int) -> str | None:
    policy = work.house.policy
    if number >= policy.files_at_once:
        return f"at most {policy.files_at_once} files go with one message."
    if file.size is not None and file.size > policy.file_size:
        return fetching.too_large(policy.file_size)
    return None
