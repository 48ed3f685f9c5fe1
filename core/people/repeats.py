"""Repeated requests of programs: the first is carried out, the others get its answer."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from core.errors import Conflict, Invalid
from core.model import Repeat
from core.model.repeat import NAME_LENGTH
from core.storage.serial import serialise
from core.work import Work

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=2)  # who began and did not end by then has crashed
FORGOTTEN_AT_ONCE = 5_000


class OtherRequest(Invalid):
    """The same key came before with something else."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request. Take a new key for each."
        )


class UnderWay(Conflict):
    """The first request with this key is not answered yet."""

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is under way. Ask again.")


@dataclass(frozen=True)
class Answer:
    """What was answered to the first request."""

    status: int
    body: bytes


async def begin(work: Work, key_id: int, name: str, fingerprint: str) -> Answer | None:
    """Begin a request, or the answer that it got before. Raises `OtherRequest`, `UnderWay`.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
    """
    if not 0 < len(name) <= NAME_LENGTH:
        raise Invalid(f"An Idempotency-Key has 1 to {NAME_LENGTH} characters.")
    await serialise(work.session, f"repeat:{key_id}:{name}")
    known = await _known(work, key_id, name)
    if known is None:
        begun = Repeat(key_id=key_id, name=name, fingerprint=fingerprint, begun_at=work.now)
        work.session.add(begun)
        return None
    if known.fingerprint != fingerprint:
        raise OtherRequest
    if known.status is not None:
        return Answer(known.status, known.body or b"")
    if work.now - known.begun_at < GIVEN_UP:
        raise UnderWay
    known.begun_at = work.now
    return None


async def end(work: Work, key_id: int, name: str, answer: Answer) -> None:
    """Keep the answer for whoever asks again; a fault of ours is not kept, so that it can be tried
    again."""
    mine = (Repeat.key_id == key_id, Repeat.name == name)
    if answer.status >= 500:
        await work.session.execute(delete(Repeat).where(*mine))
        return
    kept = update(Repeat).where(*mine).values(status=answer.status, body=answer.body)
    await work.session.execute(kept)


async def forget_repeats(work: Work) -> int:
    """The sweep: what is a day old is asked for anew; how many were forgotten."""
    work.actor = "sweep: repeats"
    old = select(Repeat.id).where(Repeat.begun_at < work.now - KEPT).limit(FORGOTTEN_AT_ONCE)
    gone = await work.session.scalars(delete(Repeat).where(Repeat.id.in_(old)).returning(Repeat.id))
    return len(gone.all())


async def _known(work: Work, key_id: int, name: str) -> Repeat | None:
    wanted = select(Repeat).where(Repeat.key_id == key_id, Repeat.name == name)
    found = (await work.session.scalars(wanted.with_for_update())).one_or_none()
    if found is not None and work.now - found.begun_at > KEPT:
        await work.session.delete(found)
        await work.session.flush()
        return None
    return found
