"""One-time codes: the first admin comes in by one, and an agent joins a second channel by one."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Forbidden
from core.events import AgentAdded, AgentEdited, IdentityLinked, InvitationMade
from core.model import Agent, Availability, Identity, Invitation, Role
from core.people import roster
from core.people.actors import OPERATOR, acting, agent_acting
from core.people.customers import identity_of
from core.speaking import Sentence
from core.storage.text import clean
from core.work import House, Work

CODE_BYTES = 16  # 128 bits


class BadCode(Forbidden):
    """The code is wrong, used or too old."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "That code is not valid, or was used already. `switchboard admin-link` prints a new "
                "one; /agent link gives one for yourself."
            )
        )


class AlreadyLinked(Conflict):
    """The identity belongs to somebody else on the roster."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence("You are {name} here already.", name=name))


async def invite_admin(work: Work) -> str:
    """A new code that makes whoever sends it back an admin. For the operator only."""
    await acting(work, OPERATOR)
    return await _issue(work, agent_id=None)


async def invite_self(work: Work, by: Who) -> str:
    """A new code by which an agent becomes known on another channel."""
    _, agent = await agent_acting(work, by)
    return await _issue(work, agent_id=agent.id)


async def good(session: AsyncSession, code: str, now: datetime) -> bool:
    """Whether a code would be taken now, without using it."""
    kept = select(Invitation.id).where(
        Invitation.code_hash == _hash(code),
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
    )
    return (await session.scalars(kept)).first() is not None


async def join(work: Work, who: Who, code: str) -> Agent:
    """Use a code: become an admin, or be known here as the agent who asked for it.

    One atomic UPDATE uses the code, so it works once whoever races. Raises `BadCode`.
    """
    used = (
        update(Invitation)
        .where(
            Invitation.code_hash == _hash(code),
            Invitation.used_at.is_(None),
            Invitation.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(Invitation.id, Invitation.agent_id)
        .execution_options(synchronize_session=False)
    )
    row = (await work.session.execute(used)).one_or_none()
    if row is None:
        raise BadCode
    work.actor = f"invitation {row.id} ({who})"
    if row.agent_id is None:
        return await make_admin(work, who)
    return await _link(work, who, row.agent_id)


async def make_admin(work: Work, who: Who) -> Agent:
    """Put somebody on the roster as admin; admins take no tickets until they say so."""
    try:
        agent = await roster.enrol(work, who, role=Role.ADMIN)
    except roster.AlreadyAgent:
        identity = await identity_of(work.session, who)
        agent = await work.session.get_one(Agent, identity.agent_id if identity else 0)
        if agent.role is not Role.ADMIN:
            agent.role = Role.ADMIN
            work.emit(AgentEdited(agent_id=agent.id, changes="role admin"))
    else:
        agent.availability = Availability.OFFLINE
        work.emit(AgentAdded(agent_id=agent.id))
    return agent


async def welcome(work: Work, who: Who) -> None:
    """Make somebody admin whom the settings name as one, when they first appear."""
    if named_as_admin(work.house, who):
        work.actor = f"settings, ADMINS ({who})"
        await make_admin(work, who)


def named_as_admin(house: House, who: Who) -> bool:
    """Whether the settings name somebody as admin.

    A named admin without a workspace is meant in every workspace the desk is installed in.
    """
    return any(
        (who.channel, who.user) == (named.channel, named.user)
        and named.workspace in {"", who.workspace}
        for named in house.admins
    )


async def any_admin(session: AsyncSession) -> bool:
    """Whether the desk has an admin yet."""
    admins = select(func.count(Agent.id)).where(
        Agent.role == Role.ADMIN, Agent.removed_at.is_(None)
    )
    return bool(await session.scalar(admins))


async def _link(work: Work, who: Who, agent_id: int) -> Agent:
    agent = await work.session.get_one(Agent, agent_id)
    if agent.removed_at is not None:
        raise BadCode
    identity = await identity_of(work.session, who)
    if identity is None:
        identity = Identity(channel=who.channel, workspace=who.workspace, user=who.user)
        work.session.add(identity)
    elif identity.agent_id not in {None, agent_id}:
        other = await work.session.get_one(Agent, identity.agent_id)
        if other.removed_at is None:
            raise AlreadyLinked(other.name)
    identity.name = clean(who.name)[:120] or identity.name
    identity.agent_id = agent_id
    await work.session.flush()
    work.emit(IdentityLinked(agent_id=agent_id, who=str(who)))
    return agent


async def _issue(work: Work, *, agent_id: int | None) -> str:
    code = secrets.token_urlsafe(CODE_BYTES)
    made = Invitation(
        code_hash=_hash(code),
        agent_id=agent_id,
        expires_at=work.now + work.house.policy.invitation,
    )
    work.session.add(made)
    await work.session.flush()
    work.emit(InvitationMade(invitation_id=made.id, agent_id=agent_id))
    return code


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
