"""What sort of matter a ticket is: the kinds that every desk has, and those that this one made."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Table, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment

KIND_LENGTH = 20
ABOUT_LENGTH = 120


class BuiltIn(StrEnum):
    """The kinds whose meaning is in the code: a return needs one, and a question is what nobody
    said more of. They are rows, too."""

    QUESTION = "question"
    PROBLEM = "problem"
    RETURN = "return"
    OTHER = "other"


ABOUT = {
    BuiltIn.QUESTION: "Somebody wants to know something.",
    BuiltIn.PROBLEM: "Something does not work.",
    BuiltIn.RETURN: "Something that was bought goes back.",
    BuiltIn.OTHER: "Anything else.",
}


class TicketKind(Base):
    """A sort of matter. One that was removed stays on the tickets that had it, and is given to no
    other."""

    __tablename__ = "ticket_kinds"

    name: Mapped[str] = mapped_column(String(KIND_LENGTH), primary_key=True)
    about: Mapped[str] = mapped_column(String(ABOUT_LENGTH))
    place: Mapped[int] = mapped_column(default=len(BuiltIn))  # in lists; then by name
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_ticket_kinds_place", "place", "name"),)

    @property
    def is_built_in(self) -> bool:
        return self.name in set(BuiltIn)


def _built_in_rows() -> str:
    """The statement that puts the built-in kinds into their empty table, in either database."""
    rows = ", ".join(
        f"('{kind.value}', '{ABOUT[kind]}', {place})" for place, kind in enumerate(BuiltIn)
    )
    return f"INSERT INTO ticket_kinds (name, about, place) VALUES {rows}"  # noqa: S608 - our words


@event.listens_for(TicketKind.__table__, "after_create")
def _fill(_table: Table, connection: Connection, **_: Any) -> None:
    connection.exec_driver_sql(_built_in_rows())
