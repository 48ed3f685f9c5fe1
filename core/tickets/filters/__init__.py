"""The filter language: how tickets are asked for in words, everywhere where they are.

``status:open priority:high,urgent -tag:old created:>2026-11-01 "charged twice" sort:-updated``: names
with values, a comma for or, a minus for not; all else is looked for in what was said. Reading it is
pure: what comes out are values, checked against what there is, and never a piece of a statement.
"""

from core.tickets.filters.reading import named, read, with_value, words
from core.tickets.filters.terms import (
    FIELD,
    BadFilter,
    Cursor,
    Filter,
    NotThere,
    Order,
    Sort,
    Span,
    Term,
    Value,
)
from core.tickets.filters.values import EXAMPLES, FOR_CUSTOMERS, NAMES

__all__ = [
    "EXAMPLES",
    "FIELD",
    "FOR_CUSTOMERS",
    "NAMES",
    "BadFilter",
    "Cursor",
    "Filter",
    "NotThere",
    "Order",
    "Sort",
    "Span",
    "Term",
    "Value",
    "named",
    "read",
    "with_value",
    "words",
]
