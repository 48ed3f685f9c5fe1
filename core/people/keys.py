"""API keys: a program acts for the admin who made its key, within the key's scopes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.channels import Who
from core.errors import Invalid, NotFound
from core.events import ApiKeyEnded, ApiKeyMade
from core.model import Agent, ApiKey, Role, Scope
from core.model.access import KEY_NAME_LENGTH
from core.people.actors import PROGRAM, acting, agent_acting, staff
from core.people.secret import hashed, new_secret
from core.storage.text import clean
from core.work import Work

PREFIX = "sbk_"  # so that scanners for secrets know one when they see it
LONGEST = timedelta(days=3660)
NOTED_EACH = timedelta(minutes=5)


class UnknownKey(NotFound):
    """There is no such key, or it ended before."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no key {number}. /key list shows them.")


@dataclass(frozen=True)
class Program:
    """Who is behind a key: ``who`` is what the desk is asked as, ``scopes`` what it may be for."""

    key: int
    agent: int
    name: str
    role: Role
    scopes: frozenset[Scope]
    stale: bool  # used long enough ago to be worth a line

    @property
    def who(self) -> Who:
        return Who(PROGRAM, f"key-{self.key}", str(self.agent), self.name)


async def make_key(
    work: Work, by: Who, name: str, scopes: Collection[Scope], lasts: timedelta | None
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown once. For admins. ``lasts`` None is for ever."""
    await acting(work, by, at_least=Role.ADMIN)
    _, agent = await agent_acting(work, by)
    called = clean(name).strip()
    if not called or len(called) > KEY_NAME_LENGTH:
        raise Invalid(f"A key has a name of 1 to {KEY_NAME_LENGTH} characters, for what it is for.")
    if not scopes:
        raise Invalid("A key without a scope can do nothing. There is " + ", ".join(Scope) + ".")
    if lasts is not None and not timedelta() < lasts <= LONGEST:
        raise Invalid("A key lasts from 1 to 3660 days; without a number it lasts until removed.")
    secret = new_secret(PREFIX)
    made = ApiKey(
        name=called,
        key_hash=hashed(secret),
        agent_id=agent.id,
        scopes=sorted(scopes),
        created_at=work.now,
        expires_at=work.now + lasts if lasts else None,
    )
    work.session.add(made)
    await work.session.flush()
    work.emit(ApiKeyMade(key_id=made.id, name=called, scopes=" ".join(made.scopes)))
    return made, secret


async def keys(work: Work, by: Who) -> Sequence[ApiKey]:
    """The keys that have not ended, for admins."""
    await staff(work.session, by, at_least=Role.ADMIN)
    there = select(ApiKey).where(ApiKey.ended_at.is_(None)).options(joinedload(ApiKey.agent))
    return (await work.session.scalars(there.order_by(ApiKey.id))).all()


async def end_key(work: Work, by: Who, number: int) -> ApiKey:
    """A key stops working, at once and for good. For admins. Raises `UnknownKey`."""
    await acting(work, by, at_least=Role.ADMIN)
    found = await work.session.get(ApiKey, number)
    if found is None or found.ended_at is not None:
        raise UnknownKey(number)
    found.ended_at = work.now
    work.emit(ApiKeyEnded(key_id=number))
    return found


async def program(work: Work, secret: str) -> Program | None:
    """Who is behind a key; None where it is unknown, too old or ended, or its maker has left."""
    found = await _working_key(work, secret)
    if found is None:
        return None
    return Program(
        key=found.id,
        agent=found.agent_id,
        name=found.name,
        role=found.agent.role,
        scopes=frozenset(map(Scope, found.scopes)),
        stale=found.used_at is None or work.now - found.used_at > NOTED_EACH,
    )


async def key_used(work: Work, secret: str) -> None:
    """Note when a key was last used."""
    found = await _working_key(work, secret)
    if found is not None:
        found.used_at = work.now


async def _working_key(work: Work, secret: str) -> ApiKey | None:
    kept = (
        select(ApiKey)
        .join(ApiKey.agent)
        .where(
            ApiKey.key_hash == hashed(secret),
            ApiKey.ended_at.is_(None),
            ApiKey.expires_at.is_(None) | (ApiKey.expires_at > work.now),
            Agent.removed_at.is_(None),
        )
        .options(joinedload(ApiKey.agent))
    )
    return (await work.session.scalars(kept)).one_or_none()
