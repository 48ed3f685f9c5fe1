"""Pages of lists: how much of one comes at once, and what the next page goes on after."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

MOST = 200
T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MOST)]
Name = Annotated[str, Query(max_length=60, description="``next`` of a page")]
Number = Annotated[int, Query(ge=0, lt=2**31, description="``next`` of a page")]


def page(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """What fits a page, of one more than that; and its last where more follow."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None
