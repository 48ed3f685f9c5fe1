"""The list of open tickets at a thousand and at a hundred thousand: it should cost the same."""

import time
from typing import Any

from sqlalchemy import text

from benchmarks.databases import fresh
from core.channels import Who
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Wanted

SIZES = (1_000, 100_000)
LOOKS = 60
AGENT = Who("console", "local", "agent-1", "agent-1")


async def measure(kind: str) -> dict[str, Any]:
    """The median first page, and the page after it, in milliseconds, at each size."""
    medians: dict[str, float] = {}
    for size in SIZES:
        async with fresh(kind) as database:
            desk = Desk(database)
            await _fill(database, size)
            await desk.add_agent(OPERATOR, AGENT, Details(capacity=0))
            medians[f"first_page_ms_at_{size}"] = await _median(desk, Wanted())
            medians[f"later_page_ms_at_{size}"] = await _median(desk, Wanted(after=size // 2))
    small, large = SIZES
    for page in ("first", "later"):
        ratio = medians[f"{page}_page_ms_at_{large}"] / medians[f"{page}_page_ms_at_{small}"]
        medians[f"{page}_page_growth"] = round(ratio, 2)
    return {name: round(value, 3) for name, value in medians.items()}


async def _median(desk: Desk, wanted: Wanted) -> float:
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        await desk.tickets(AGENT, wanted)
        took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2] * 1e3


async def _fill(database: Database, size: int) -> None:
    """Customers with a ticket each, most of them live, in every priority."""
    numbers = (
        f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {size}) "
        if database.is_sqlite
        else f"with n as (select generate_series(1, {size}) as i) "
    )
    moment = "'2026-11-01 10:00:00'" if database.is_sqlite else "timestamptz '2026-11-01 10:00Z'"
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "insert into customers (name, language, created_at) "
                f"{numbers} select 'customer ' || i, 'en', {moment} from n"
            )
        )
        await connection.execute(
            text(
                "insert into tickets (subject, status, priority, customer_id, tier, channel, "
                "workspace, conversation, created_at, updated_at, waiting_since, resolutions, "
                f"version) {numbers} select 'ticket ' || i, "
                "case i % 5 when 0 then 'closed' when 1 then 'resolved' else 'new' end, "
                f"1 + i % 4, i, 1, 'console', 'local', 'c' || i, {moment}, {moment}, {moment}, "
                "0, 1 from n"
            )
        )
        await connection.execute(text("analyze"))
