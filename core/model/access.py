"""Access: how staff come onto the pages, and programs to the API. Of every secret only a hash is kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.people import Agent
from core.storage.base import Base, Json, Moment

DEVICE_LENGTH = 200
KEY_NAME_LENGTH = 60


class Scope(StrEnum):
    """What an API key may be used for; within that it may do what its maker may."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ARTICLES_READ = "articles:read"
    ARTICLES_WRITE = "articles:write"
    REPORTS_READ = "reports:read"
    WEBHOOKS = "webhooks"
    INTAKE = "intake"  # hands in what customers wrote on a channel of one's own


class SignInLink(Base):
    """A one-time link by which an agent comes onto the staff pages."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInState(Base):
    """A secret that a browser took along to the page of a platform, by its hash; used up when it
    comes back."""

    __tablename__ = "sign_in_states"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class WebSession(Base):
    """An agent signed in on a browser, until it ends or has not been seen for too long."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    device: Mapped[str] = mapped_column(String(DEVICE_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    agent: Mapped[Agent] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "ix_web_sessions_open",
            "agent_id",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )


class ApiKey(Base):
    """A key by which a program acts for whoever made it, within its scopes."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(KEY_NAME_LENGTH))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    scopes: Mapped[list[str]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    agent: Mapped[Agent] = relationship(lazy="raise")


class LinkMail(Base):
    """Somebody asked for new secret links to the requests of an e-mail address, whether anybody is
    known by it or not. Kept for an hour, to be counted; of the address there is only a hash."""

    __tablename__ = "link_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Visitor(Base):
    """Somebody on the public pages or on the widget of a site, who has a conversation by a secret of
    their own. ``account`` is who they are on the channel: a number of ours, or, where their site
    vouches for them, that site's own id."""

    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(String(128), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    page: Mapped[str] = mapped_column(String(300), default="")  # where they came from
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
