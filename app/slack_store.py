"""The workspaces that installed the Slack app, in the database, their tokens sealed."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.sealed import Seal, WrongKey
from bots.slack.installs import Installation, TooMany
from core.storage.base import Base, Json, Moment
from core.storage.database import Database

log = logging.getLogger(__name__)

STATE_GOOD_FOR = timedelta(minutes=10)
ROTATION = timedelta(minutes=1)
MOST = 1_000  # states at once: anybody may ask for one


class SlackInstallation(Base):
    """The app in one workspace. ``tokens`` are sealed; ``rotating_until`` is the lease of the
    process that is getting new ones."""

    __tablename__ = "slack_installations"

    team: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    enterprise: Mapped[str | None] = mapped_column(String(64))
    bot_user: Mapped[str] = mapped_column(String(64))
    bot_id: Mapped[str] = mapped_column(String(64))
    bot_token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    scopes: Mapped[list[str]] = mapped_column(Json)
    installed_by: Mapped[str] = mapped_column(String(64))
    installed_at: Mapped[datetime] = mapped_column(Moment)
    rotating_until: Mapped[datetime | None] = mapped_column(Moment)


class SlackState(Base):
    """A secret that somebody took along to Slack's page, by its hash; used once."""

    __tablename__ = "slack_states"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SlackStore:
    """`bots.slack.installs.Installs` on a database."""

    def __init__(self, database: Database, secret_key: str) -> None:
        self._database = database
        self._seal = Seal(secret_key, purpose="slack tokens")

    async def keep(self, installation: Installation) -> None:
        """Remember an installation; whoever installs it again replaces it."""
        refresh = installation.refresh_token
        row = SlackInstallation(
            team=installation.team,
            name=installation.name[:200],
            enterprise=installation.enterprise,
            bot_user=installation.bot_user,
            bot_id=installation.bot_id,
            bot_token=self._seal.seal(installation.bot_token),
            refresh_token=self._seal.seal(refresh) if refresh else None,
            expires_at=installation.expires_at,
            scopes=sorted(installation.scopes),
            installed_by=installation.installed_by,
            installed_at=installation.installed_at,
            rotating_until=None,
        )
        async with self._database.transaction() as session:
            await session.merge(row)

    async def of(self, team: str) -> Installation | None:
        """The installation in a workspace; None where there is none that can be opened."""
        async with self._database.reading() as session:
            row = await session.get(SlackInstallation, team)
        return self._opened(row) if row else None

    async def every(self) -> Sequence[Installation]:
        """All that can be opened."""
        async with self._database.reading() as session:
            rows = await session.scalars(select(SlackInstallation).order_by(SlackInstallation.team))
            opened = [self._opened(row) for row in rows]
        return [each for each in opened if each is not None]

    async def forget(self, team: str) -> None:
        """Keep nothing of it."""
        async with self._database.transaction() as session:
            await session.execute(delete(SlackInstallation).where(SlackInstallation.team == team))

    async def begin_rotation(self, seen: Installation, at: datetime) -> bool:
        """One conditional UPDATE: whoever changes the row gets the new token."""
        free = or_(
            SlackInstallation.rotating_until.is_(None), SlackInstallation.rotating_until < at
        )
        taken = (
            update(SlackInstallation)
            .where(
                SlackInstallation.team == seen.team,
                SlackInstallation.expires_at == seen.expires_at,
                free,
            )
            .values(rotating_until=at + ROTATION)
            .returning(SlackInstallation.team)
        )
        async with self._database.transaction() as session:
            return (await session.execute(taken)).one_or_none() is not None

    async def issue_state(self, at: datetime) -> str:
        """A new state; those that nobody came back with are removed on the way. Raises `TooMany`."""
        state = secrets.token_urlsafe(32)
        async with self._database.transaction() as session:
            await session.execute(delete(SlackState).where(SlackState.expires_at < at))
            if (await session.scalar(select(func.count()).select_from(SlackState)) or 0) >= MOST:
                raise TooMany
            session.add(SlackState(state_hash=_hash(state), expires_at=at + STATE_GOOD_FOR))
        return state

    async def use_state(self, state: str, at: datetime) -> bool:
        """One DELETE … RETURNING: it is true for one of those who race."""
        used = (
            delete(SlackState)
            .where(SlackState.state_hash == _hash(state))
            .returning(SlackState.expires_at)
            .execution_options(synchronize_session=False)
        )
        async with self._database.transaction() as session:
            row = (await session.execute(used)).one_or_none()
        return row is not None and row.expires_at > at

    def _opened(self, row: SlackInstallation) -> Installation | None:
        try:
            return Installation(
                team=row.team,
                name=row.name,
                enterprise=row.enterprise,
                bot_user=row.bot_user,
                bot_id=row.bot_id,
                bot_token=self._seal.open(row.bot_token),
                refresh_token=self._seal.open(row.refresh_token) if row.refresh_token else None,
                expires_at=row.expires_at,
                scopes=frozenset(row.scopes),
                installed_by=row.installed_by,
                installed_at=row.installed_at,
            )
        except WrongKey:
            log.error("the Slack workspace %s was kept under another SECRET_KEY", row.team)  # noqa: TRY400
            return None


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
