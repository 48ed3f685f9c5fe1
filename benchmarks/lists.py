"""Lists and searches of tickets at a thousand and at a hundred thousand: they should cost the same."""

import time
from collections.abc import Callable, Mapping
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


LOOKED_AT: Mapping[str, Callable[[int], Wanted]] = {
    "first_page": lambda _: Wanted(),
    "later_page": lambda size: Wanted(after=size // 2),
    "filtered": lambda _: Wanted(filter="status:new priority:high,urgent channel:console"),
    "newest_change": lambda _: Wanted(filter="sort:-updated"),
    "rare_tag": lambda _: Wanted(filter="tag:rare status:any"),
    "rare_word": lambda _: Wanted(filter="zebra", any_status=True),
    "rare_phrase": lambda _: Wanted(filter='"zebra crossing" status:any'),
    "word_in_all": lambda _: Wanted(filter="ticket", any_status=True),
    "word_in_all_later": lambda size: Wanted(filter=f"ticket after:{size // 2}", any_status=True),
    "word_in_all_live": lambda _: Wanted(filter="ticket -zebra"),
}
"""What is looked at, by the number of tickets there are: ten have the rare word and tag, at any size."""


async def measure(kind: str) -> dict[str, Any]:
    """The median of each in milliseconds at each size, and by how much it grows."""
    medians: dict[str, float] = {}
    for size in SIZES:
        async with fresh(kind) as database:
            desk = Desk(database)
            await _fill(database, size)
            await desk.add_agent(OPERATOR, AGENT, Details(capacity=0))
            for name, wanted in LOOKED_AT.items():
                medians[f"{name}_ms_at_{size}"] = await _median(desk, wanted(size))
    small, large = SIZES
    for name in LOOKED_AT:
        ratio = medians[f"{name}_ms_at_{large}"] / medians[f"{name}_ms_at_{small}"]
        medians[f"{name}_growth"] = round(ratio, 2)
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
                "kind, category, advice, "
                f"version) {numbers} select 'ticket ' || i || "
                f"case i % {size // 10} when 7 then ' zebra crossing' else '' end, "
                "case i % 5 when 0 then 'closed' when 1 then 'resolved' else 'new' end, "
                f"1 + i % 4, i, 1, 'console', 'local', 'c' || i, {moment}, {moment}, {moment}, "
                "0, 'question', '', '[]', 1 from n"
            )
        )
        await connection.execute(
            text(
                "insert into ticket_tags (ticket_id, tag) "
                f"{numbers} select i, 'rare' from n where i % {size // 10} = 7"
            )
        )
        await connection.execute(text("analyze"))
