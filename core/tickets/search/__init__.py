"""Finding tickets by a filter: what it asks for becomes conditions, and a page costs the same anywhere."""

from core.tickets.search.by_person import UnknownInFilter
from core.tickets.search.finding import OnlyStaff, Page, count, numbers, page, refuse_unknown

__all__ = ["OnlyStaff", "Page", "UnknownInFilter", "count", "numbers", "page", "refuse_unknown"]
