"""Values written into the statement itself, so that a partial index can be seen to fit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal
from sqlalchemy.orm import InstrumentedAttribute

# A bound value hides from SQLite always, and from PostgreSQL's generic plans, that
# "status = ?" is the "status = 'new'" of a partial index.


def equals(column: InstrumentedAttribute[Any], value: Any) -> ColumnElement[bool]:
    """``column = 'value'``, spelled out."""
    return column == literal(value, column.type, literal_execute=True)


def differs(column: InstrumentedAttribute[Any], value: Any) -> ColumnElement[bool]:
    """``column != 'value'``, spelled out."""
    return column != literal(value, column.type, literal_execute=True)


def among(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """``column in ('a', 'b')``, spelled out in this order."""
    listed = bindparam(None, list(values), column.type, expanding=True, literal_execute=True)
    return column.in_(listed)
