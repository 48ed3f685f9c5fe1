"""Who is on call: a weekly rota, and what was agreed otherwise."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment


class Rota(Base):
    """People who are on call in turn, a week each; the last row is the one that holds.

    ``people`` are ids of agents in order. The first of them had the week that began with the hand-over
    on ``anchor``. ``minute`` counts from midnight on the wall of ``zone``.
    """

    __tablename__ = "rotas"

    id: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[list[int]] = mapped_column(Json)
    weekday: Mapped[int]
    minute: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    anchor: Mapped[date] = mapped_column(Date)
    set_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("minute between 0 and 1439", name="minute"),
    )


class Cover(Base):
    """Somebody is on call from one moment until another, whoever's week it is."""

    __tablename__ = "covers"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    begins_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="order"),
        Index(
            "ix_covers_ahead",
            "ends_at",
            sqlite_where=text("removed_at is null"),
            postgresql_where=text("removed_at is null"),
        ),
    )
