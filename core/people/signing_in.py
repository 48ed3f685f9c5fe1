"""Signing in: staff come onto the pages by a one-time link, and stay until their session ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from core.channels import Who
from core.errors import Conflict, Forbidden, NotFound
from core.events import SessionEnded, SignedIn, SignInLinkMade
from core.model import Agent, Role, SignInLink, SignInState, WebSession
from core.model.access import DEVICE_LENGTH
from core.people.actors import DESK, acting, actor, agent_acting, staff
from core.people.secret import hashed, new_secret
from core.storage.text import clean
from core.work import Work

SHOWN = 50
MOST_STATES = 1_000  # at once: anybody may ask for one


class BadLink(Forbidden):
    """The link is wrong, used or too old, or whoever it was for has left."""

    def __init__(self) -> None:
        super().__init__("This link was used, or is too old. /desk in your chat gives a new one.")


class TooManySigningIn(Conflict):
    """More have gone to a platform's page than can be."""

    def __init__(self) -> None:
        super().__init__("Too many are signing in. Try it again in ten minutes.")


class NobodyHere(Forbidden):
    """A platform says who somebody is, and they do not work here."""

    def __init__(self) -> None:
        super().__init__(
            "No agent of this desk has that account. An admin adds you with /agent add; if you are "
            "an agent elsewhere, link your accounts with /agent link."
        )


class UnknownSession(NotFound):
    """There is no such session, or it is somebody else's."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no session {number}. /session list shows yours.")


@dataclass(frozen=True)
class Visit:
    """Who is signed in: by which session, and as whom. ``who`` is what the desk is asked as."""

    session: int
    agent: int
    name: str
    role: Role
    stale: bool  # seen long enough ago to be worth a line

    @property
    def who(self) -> Who:
        return Who(DESK, f"session-{self.session}", str(self.agent), self.name)


async def sign_in_link(work: Work, by: Who) -> str:
    """A code that signs whoever asks in, once and soon."""
    _, agent = await agent_acting(work, by)
    code = new_secret()
    work.session.add(
        SignInLink(
            code_hash=hashed(code),
            agent_id=agent.id,
            expires_at=work.now + work.house.policy.sign_in,
        )
    )
    work.emit(SignInLinkMade(agent_id=agent.id))
    return code


async def whose_link(work: Work, code: str) -> str:
    """The name of whom a link would sign in, without using it. Raises `BadLink`."""
    named = (
        select(Agent.name)
        .join(SignInLink, SignInLink.agent_id == Agent.id)
        .where(
            SignInLink.code_hash == hashed(code),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > work.now,
            Agent.removed_at.is_(None),
        )
    )
    name = (await work.session.scalars(named)).one_or_none()
    if name is None:
        raise BadLink
    return name


async def sign_in(work: Work, code: str, device: str) -> str:
    """Use a link: the secret of a new session. One atomic UPDATE, so a link works once whoever
    races. Raises `BadLink`."""
    used = (
        update(SignInLink)
        .where(
            SignInLink.code_hash == hashed(code),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(SignInLink.agent_id)
        .execution_options(synchronize_session=False)
    )
    agent_id = (await work.session.scalars(used)).one_or_none()
    agent = await work.session.get(Agent, agent_id) if agent_id else None
    if agent is None or agent.removed_at is not None:
        raise BadLink
    return await _begin(work, agent, device)


async def begin_sign_in(work: Work) -> str:
    """A state for a browser that goes to the page of a platform to say who it is; those that did not
    come back are removed on the way. Raises `TooManySigningIn`."""
    session = work.session
    await session.execute(delete(SignInState).where(SignInState.expires_at <= work.now))
    if (await session.scalar(select(func.count()).select_from(SignInState)) or 0) >= MOST_STATES:
        raise TooManySigningIn
    state = new_secret()
    expires_at = work.now + work.house.policy.sign_in
    session.add(SignInState(state_hash=hashed(state), expires_at=expires_at))
    return state


async def sign_in_as(work: Work, who: Who, state: str, device: str) -> str:
    """Let in whom a platform named, where they are an agent: the secret of a new session. The state
    is used up in one DELETE, whoever races. Raises `BadLink`, `NobodyHere`."""
    used = (
        delete(SignInState)
        .where(SignInState.state_hash == hashed(state), SignInState.expires_at > work.now)
        .returning(SignInState.state_hash)
        .execution_options(synchronize_session=False)
    )
    if (await work.session.scalars(used)).one_or_none() is None:
        raise BadLink
    named = await actor(work.session, who)
    if named.agent is None:
        raise NobodyHere
    return await _begin(work, named.agent, device)


async def _begin(work: Work, agent: Agent, device: str) -> str:
    secret = new_secret()
    begun = WebSession(
        token_hash=hashed(secret),
        agent_id=agent.id,
        device=clean(device)[:DEVICE_LENGTH],
        created_at=work.now,
        seen_at=work.now,
    )
    work.session.add(begun)
    await work.session.flush()
    work.actor = f"agent {agent.id} {agent.name} ({DESK}:session-{begun.id}:{agent.id})"[:160]
    work.emit(SignedIn(agent_id=agent.id, session_id=begun.id))
    return secret


async def visit(work: Work, secret: str) -> Visit | None:
    """Who is behind a session's secret; None where it ended, slept too long, or they left."""
    found = await _open_session(work, secret)
    if found is None:
        return None
    return Visit(
        session=found.id,
        agent=found.agent_id,
        name=found.agent.name,
        role=found.agent.role,
        stale=work.now - found.seen_at > work.house.policy.session / 100,
    )


async def stay(work: Work, secret: str) -> None:
    """Note that a session is in use, so that it goes on."""
    found = await _open_session(work, secret)
    if found is not None:
        found.seen_at = work.now


async def sessions(work: Work, by: Who) -> Sequence[WebSession]:
    """One's own open sessions, for admins everybody's; the last seen first."""
    asking = await staff(work.session, by)
    there = (
        select(WebSession)
        .where(
            WebSession.ended_at.is_(None),
            WebSession.seen_at > work.now - work.house.policy.session,
        )
        .options(joinedload(WebSession.agent))
        .order_by(WebSession.seen_at.desc())
        .limit(SHOWN)
    )
    if asking.role < Role.ADMIN:
        there = there.where(WebSession.agent_id == (asking.agent.id if asking.agent else 0))
    return (await work.session.scalars(there)).all()


async def end_session(work: Work, by: Who, number: int) -> None:
    """End one of one's own sessions, or as admin anybody's. Raises `UnknownSession`."""
    asking = await acting(work, by)
    found = await work.session.get(WebSession, number)
    mine = found is not None and asking.agent is not None and found.agent_id == asking.agent.id
    if found is None or found.ended_at is not None or not (mine or asking.role >= Role.ADMIN):
        raise UnknownSession(number)
    found.ended_at = work.now
    work.emit(SessionEnded(agent_id=found.agent_id, session_id=found.id))


async def _open_session(work: Work, secret: str) -> WebSession | None:
    kept = (
        select(WebSession)
        .join(WebSession.agent)
        .where(
            WebSession.token_hash == hashed(secret),
            WebSession.ended_at.is_(None),
            WebSession.seen_at > work.now - work.house.policy.session,
            Agent.removed_at.is_(None),
        )
        .options(joinedload(WebSession.agent))
    )
    return (await work.session.scalars(kept)).one_or_none()
