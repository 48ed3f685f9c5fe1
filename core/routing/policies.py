"""The policies of routing as they are kept: the defaults, and what an admin has set of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import KeptPolicy
from core.routing.policy import DEFAULT, RoutingPolicy, checked, read, written


async def current(session: AsyncSession) -> tuple[RoutingPolicy, ...]:
    """The policies as they are now, whoever set them in whichever process."""
    kept = {row.name: row.knobs for row in await session.execute(_KEPT)}
    return merged(kept) if kept else DEFAULT


def merged(kept: Mapping[str, Mapping[str, Any]]) -> tuple[RoutingPolicy, ...]:
    """The defaults with what was set. Raises `Invalid` where that makes no sense."""
    rows = {policy.name: written(policy) for policy in DEFAULT}
    for name, knobs in kept.items():
        row = rows.get(name, {"name": name, "weights": {}})
        weights = {**row["weights"], **knobs.get("weights", {})}
        rows[name] = {**row, **knobs, "weights": weights}
    return checked(read(list(rows.values())))


_KEPT = select(KeptPolicy.name, KeptPolicy.knobs).order_by(KeptPolicy.name)
