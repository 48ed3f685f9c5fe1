"""Who is asking, and what they may do: every use case begins here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Forbidden, Invalid, NotFound
from core.model import Agent, ApiKey, Identity, Role, WebSession
from core.people import signs
from core.people.customers import identity_of, see
from core.speaking import Sentence
from core.storage.text import clean
from core.work import Work

DESK, PROGRAM = "desk", "api"
"""Where agents act who are known already: the staff pages, by a session, and the API, by a key.
Their user is the number of the agent; only whoever checked the secret makes such a `Who`."""

_BEHIND: Mapping[str, type[WebSession | ApiKey]] = {DESK: WebSession, PROGRAM: ApiKey}
_NUMBER = re.compile(r"[0-9]{1,9}")

OPERATOR = Who("operator", "", "operator", "the operator")
"""Whoever sits at the machine itself: may do everything, holds no tickets."""


@dataclass(frozen=True)
class Actor:
    """Somebody acting. ``agent`` is None for customers and the operator."""

    who: Who
    role: Role
    agent: Agent | None
    identity: Identity | None

    @property
    def customer_id(self) -> int | None:
        return self.identity.customer_id if self.identity else None

    @property
    def name(self) -> str:
        return self.agent.name if self.agent else self.who.name or self.who.user

    @property
    def label(self) -> str:
        """How history names them: stable, and readable without a look-up."""
        kind = f"agent {self.agent.id}" if self.agent else self.role.label
        return clean(f"{kind} {self.name} ({self.who})")[:160]


class NotStaff(Forbidden):
    """A customer tried a staff command."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("That is for the support team. To ask us something, just write it here.")
        )


class RoleTooLow(Forbidden):
    """An agent tried what leads or admins do."""

    def __init__(self, needed: Role) -> None:
        super().__init__(
            f"Only {needed.label}s may do that. Ask one of them: /agent list role:admin"
        )


class UnknownAgent(NotFound):
    """Nobody of that name works here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no agent {clean(name)[:60]}. /agent list shows them; an admin can /agent add one."
        )


async def actor(session: AsyncSession, who: Who, *, known: bool = True) -> Actor:
    """Whoever is asking, with the role they have now; looked up unless they are not ``known``."""
    if who == OPERATOR:
        return Actor(who, Role.ADMIN, None, None)
    if who.channel in {DESK, PROGRAM}:
        behind = await _behind(session, who)
        return Actor(who, behind.role if behind else Role.CUSTOMER, behind, None)
    identity = await identity_of(session, who) if known else None
    agent = identity.agent if identity else None
    if agent is not None and agent.removed_at is not None:
        agent = None
    return Actor(who, agent.role if agent else Role.CUSTOMER, agent, identity)


async def staff(session: AsyncSession, who: Who, *, at_least: Role = Role.AGENT) -> Actor:
    """The staff member asking. Raises `NotStaff` or `RoleTooLow`."""
    found = await actor(session, who)
    if found.role is Role.CUSTOMER:
        raise NotStaff
    if found.role < at_least:
        raise RoleTooLow(at_least)
    return found


async def acting(work: Work, who: Who, *, at_least: Role = Role.AGENT) -> Actor:
    """`staff`, and what happens from here on is theirs in history."""
    found = await staff(work.session, who, at_least=at_least)
    work.actor = found.label
    if found.identity is not None:
        see(found.identity, who)
    if found.agent is not None and who.channel != PROGRAM:
        await signs.keep(work, found.agent)
    return found


async def agent_acting(work: Work, who: Who) -> tuple[Actor, Agent]:
    """`acting`, for what only somebody who holds tickets can do."""
    found = await acting(work, who)
    if found.agent is None:
        raise Invalid("The operator holds no tickets. Say who does it: --as AGENT.")
    return found, found.agent


async def agent_meant(session: AsyncSession, meant: Who) -> Agent:
    """The agent that somebody named: by identity, else by handle or name on any channel.

    Raises `UnknownAgent`, or `Invalid` where the name fits several.
    """
    behind = await _behind(session, meant)
    if behind is not None:
        return behind
    identity = await identity_of(session, replace(meant, user=clean(meant.user)))
    if identity is not None and identity.agent is not None and identity.agent.removed_at is None:
        return identity.agent
    name = clean(meant.user).casefold()
    fitting = (
        select(Agent)
        .distinct()
        .outerjoin(Identity, Identity.agent_id == Agent.id)
        .where(
            Agent.removed_at.is_(None),
            or_(
                func.lower(Identity.user) == name,
                func.lower(Identity.name) == name,
                func.lower(Agent.name) == name,
            ),
        )
        .limit(2)
    )
    found = (await session.scalars(fitting)).all()
    if not found:
        raise UnknownAgent(f"@{meant.name or meant.user}")
    if len(found) > 1:
        raise Invalid(f"Several agents are called {meant.user}. Mention the one you mean.")
    return found[0]


async def _behind(session: AsyncSession, who: Who) -> Agent | None:
    """The agent who acts on a page or through the API, while their session or key is good."""
    table = _BEHIND.get(who.channel)
    _, _, number = who.workspace.rpartition("-")
    if table is None or not all(_NUMBER.fullmatch(each) for each in (who.user, number)):
        return None
    there = (
        select(Agent)
        .join(table, table.agent_id == Agent.id)
        .where(
            Agent.id == int(who.user),
            Agent.removed_at.is_(None),
            table.id == int(number),
            table.ended_at.is_(None),
        )
    )
    return (await session.scalars(there)).one_or_none()
