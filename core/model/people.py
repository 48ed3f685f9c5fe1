"""The people: customers who ask, agents who answer, and who they are on each channel."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.channels import Address, Who
from core.policy import HandBack
from core.storage.base import Base, Json, Moment, Ranked, named
from core.storage.room import HAS_ROOM

TEAM_LENGTH = 60


class Role(IntEnum):
    """What somebody may do; each role includes those below it."""

    CUSTOMER = 0
    AGENT = 1
    LEAD = 2  # reassigns, handles escalations
    ADMIN = 3  # people and settings

    @property
    def label(self) -> str:
        return self.name.lower()


class Availability(StrEnum):
    """Whether an agent takes new work."""

    AVAILABLE = "available"
    BUSY = "busy"
    ON_BREAK = "on break"
    OFFLINE = "offline"


class SetBy(StrEnum):
    """What put an agent into their availability."""

    COMMAND = "command"  # themselves, or somebody for them
    SCHEDULE = "schedule"  # their working hours
    PRESENCE = "presence"  # no sign of life


class Team(Base):
    """A group of agents that tickets can be given to. A removed one stays as a row, since tickets that
    ended and figures speak of it."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(TEAM_LENGTH), unique=True)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


def _with_room(name: str, ability: str) -> Index:
    """Finds those of an ability and level who have room, those first who hold least."""
    where = text("free_since is not null")
    columns = (ability, "level", "held", "free_since")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Skill(Base):
    """One thing an agent knows, and how well (1–3).

    ``held`` and ``free_since`` are the agent's, repeated by the database: `core.storage.room`.
    """

    __tablename__ = "agent_skills"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    level: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    free_since: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (_with_room("ix_agent_skills_room", "name"),)


class Language(Base):
    """A language an agent answers in (an ISO 639 code), and how well (1–3).

    ``held`` and ``free_since`` are the agent's, repeated by the database: `core.storage.room`.
    """

    __tablename__ = "agent_languages"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)
    level: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    free_since: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (_with_room("ix_agent_languages_room", "code"),)


def _free(name: str, *columns: str, but: str = "") -> Index:
    """Finds agents with room, in the order of the columns."""
    where = text(HAS_ROOM + but)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Agent(Base):
    """Somebody who answers. Removed agents stay as rows, since history speaks of them.

    ``held`` (slots taken) and ``tongues`` (languages stated) are kept by the database:
    `core.storage.room`.
    """

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(Ranked(Role), default=Role.AGENT)
    availability: Mapped[Availability] = mapped_column(
        named(Availability), default=Availability.AVAILABLE
    )
    capacity: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    tongues: Mapped[int] = mapped_column(default=0)
    tier: Mapped[int] = mapped_column(default=1)
    time_zone: Mapped[str] = mapped_column(String(64), default="")  # IANA; empty: UTC
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    idle_since: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    availability_since: Mapped[datetime | None] = mapped_column(Moment)  # in this availability
    availability_by: Mapped[SetBy] = mapped_column(named(SetBy), default=SetBy.COMMAND)
    availability_why: Mapped[str] = mapped_column(String(120), default="")
    edge_at: Mapped[datetime | None] = mapped_column(Moment, index=True)  # of their working hours
    hand_back: Mapped[HandBack | None] = mapped_column(named(HandBack))  # none: as the desk does
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team | None] = relationship(lazy="raise")
    skills: Mapped[list[Skill]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=Skill.name
    )
    languages: Mapped[list[Language]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=Language.code
    )

    __table_args__ = (
        CheckConstraint("capacity between 0 and 100", name="capacity"),
        CheckConstraint("tier between 1 and 9", name="tier"),
        Index("ix_agents_free", "availability", "idle_since"),
        _free("ix_agents_room", "tier", "held", "idle_since"),
        _free("ix_agents_room_team", "team_id", "held", "idle_since"),
        _free("ix_agents_room_unstated", "held", "idle_since", but=" and tongues = 0"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Customer(Base):
    """Somebody who asks. Who is blocked is answered once, politely, and opens nothing more."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(12), default="")  # empty: not known
    email: Mapped[str] = mapped_column(String(254), default="", index=True)  # in lower case
    phone: Mapped[str] = mapped_column(String(40), default="", index=True)
    company: Mapped[str] = mapped_column(String(120), default="")
    time_zone: Mapped[str] = mapped_column(String(40), default="")  # of the IANA data base
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    is_vip: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    told_blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        Index(
            "ix_customers_vip",
            "id",
            sqlite_where=text("is_vip"),
            postgresql_where=text("is_vip"),
        ),
    )


class CustomerNote(Base):
    """What agents should know of a customer; no customer sees it."""

    __tablename__ = "customer_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    by: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Identity(Base):
    """Who somebody is on a channel: customer, agent, or an agent who also asks."""

    __tablename__ = "identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(120), default="")
    picture: Mapped[str] = mapped_column(String(500), default="")
    wrong_codes: Mapped[int] = mapped_column(default=0)  # typed since ``wrong_since``
    wrong_since: Mapped[datetime | None] = mapped_column(Moment)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)

    customer: Mapped[Customer | None] = relationship(lazy="raise")
    agent: Mapped[Agent | None] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("channel", "workspace", "user"),)

    @property
    def who(self) -> Who:
        return Who(self.channel, self.workspace, self.user, self.name)

    @property
    def direct(self) -> Address:
        """Where this person is reached alone: every channel takes a user's id for a DM."""
        return Address(self.channel, self.workspace, self.user)


class Invitation(Base):
    """A one-time code that makes whoever sends it back an admin, or one with a known agent.

    Only its hash is kept.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class LinkCode(Base):
    """A one-time code by which a customer says on another channel that they are the same person.

    Only its hash is kept.
    """

    __tablename__ = "link_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
