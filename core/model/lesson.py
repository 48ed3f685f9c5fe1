"""What the desk learned from its own tickets, kept by its version."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment


class Lesson(Base):
    """One lesson; its ``id`` is its version, and the newest counts. It was learned from what had
    happened up to the history row ``up_to``, from so many ``tickets``. ``words`` are weights of words
    that agents corrected away; ``model`` tells categories, if there was enough to learn them from, as
    well as ``measures`` say (shares of 0–1 on tickets that it had not seen)."""

    __tablename__ = "lessons"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learned_at: Mapped[datetime] = mapped_column(Moment)
    up_to: Mapped[int]
    tickets: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(Json)
    measures: Mapped[dict[str, Any] | None] = mapped_column(Json)
    model: Mapped[bytes | None] = mapped_column(LargeBinary)
