"""Saved replies with actions, in as many languages as somebody wrote them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment

NAME_LENGTH = 40
LONGEST = 3_000  # characters, as many as a form has room for on every channel


class Macro(Base):
    """A saved reply with actions: somebody's own, or everybody's where ``agent_id`` is None.

    ``does`` are its actions by name (`core.tickets.macros.Doing`); those that it does not have are
    left out.
    """

    __tablename__ = "macros"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str] = mapped_column(Text)
    does: Mapped[dict[str, Any]] = mapped_column(Json)
    written_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("agent_id", "name"),
        Index(
            "uq_macros_shared",
            "name",
            unique=True,
            sqlite_where=literal_column("agent_id is null"),
            postgresql_where=literal_column("agent_id is null"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MacroTranslation(Base):
    """What a macro says in another language (``language``: a code)."""

    __tablename__ = "macro_translations"

    macro_id: Mapped[int] = mapped_column(
        ForeignKey("macros.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
