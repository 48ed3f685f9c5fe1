"""The staff pages of leads over ever more tickets on PostgreSQL: ``make bench-web``.

Tables are filled by SQL: a year of tickets on four channels for five teams and fifty agents, two of a hundred open,
each with two promises and a delivery; and the figures of reports, as their sweep would keep them. A page
is asked for over HTTP within the process, with all that its answer needs of the database.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.page_commands import PageCommands
from benchmarks.databases import fresh
from core.channels import Who
from core.desk import Desk
from core.reports.buckets import GROWTH
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Role
from web.desk.mount import running, staff_pages
from web.live import Live
from web.site import site

SIZES = (1_000, 100_000, 1_000_000)
LOOKS = 9
ORIGIN = "http://127.0.0.1:8080"
LEAD = Who("console", "local", "lead", "Lead")
PAGES = {
    "dashboard": "/desk/dashboard",
    "trends, 28 days": "/desk/trends",
    "trends, a quarter": "/desk/trends?since={quarter}",
    "trends, a year": "/desk/trends?since={year}",
    "trends of a team": "/desk/trends?team=1",
    "trends as CSV": "/desk/trends.csv",
    "queue": "/desk/",
}

TICKETS = """
insert into tickets (subject, status, priority, customer_id, assignee_id, team_id, tier, channel,
  workspace, conversation, created_at, updated_at, waiting_since, first_response_at, resolved_at,
  closed_at, resolutions, kind, category, advice, version, escalated_at)
select 'ticket ' || i, case when i % 50 = 0 then 'open' when i % 50 = 25 then 'new' else 'closed' end,
  1 + i % 4, 1, case when i % 50 = 25 then null else 2 + i % 50 end, 1 + i % 5, 1,
  (array['slack', 'discord', 'web', 'email'])[1 + i % 4], 'w', 'c' || i, at, at, at,
  case when i % 50 = 25 then null else at + (30 + i * 7919 % 9000) * interval '1 second' end,
  case when i % 25 = 0 then null else at + (600 + i * 104729 % 90000) * interval '1 second' end,
  case when i % 25 = 0 then null else at + interval '3 days' end,
  case when i % 25 = 0 then 0 else 1 end, 'question',
  (array['billing','returns','delivery','account','products','orders','lamps','plants','',
  'other'])[1 + i * 31 % 10], '[]', 1, case when i % 5000 = 0 then at end
from (select i, now() - i * (interval '31536000 seconds' / :size) as at
  from generate_series(1::bigint, :size) as i) as n"""
AGENTS = """
insert into agents (name, role, tier, capacity, held, tongues, time_zone, availability, idle_since,
  created_at, availability_by, availability_why, version)
select 'Agent ' || i, 1, 1, 1, 0, 0, '', 'available', now(), now(), 'command', '', 1
from generate_series(1, 51) as i"""
TARGETS = """
insert into ticket_targets (ticket_id, kind, ordinal, policy, priority, allowed, started_at, ran, due_at,
  stretches, warned, met_at, breached_at, running_since)
select id, kinds.what, 1, 'normal', priority, 3600000000, created_at, 0, created_at + interval '1 hour', '[]',
  case when id % 100 = 0 then 90 else 0 end, case when id % 25 = 0 then null else created_at end,
  case when id % 200 = 50 then created_at end, case when id % 25 = 0 then created_at end
from tickets, (values ('first response'), ('resolution')) as kinds (what)"""
DELIVERIES = """
insert into deliveries (key, act, ticket_id, channel, workspace, conversation, lane, card, files,
  progress, created_at, due_at, attempts, uncertain, rest)
select 'k' || id, 'say', id, channel, 'w', conversation, '', '{}', '[]',
  case when id % 20000 = 7 then 'dead' when id % 5000 = 3 then 'waiting' else 'sent' end,
  created_at, created_at, 1, false, '[]' from tickets"""
TALLY = """
insert into report_tallies (day, figure, channel, team_id, part, count)
select {at}::date, '{figure}', channel, team_id, {part}, count(*) from tickets
where {at} is not null and {part} is not null group by 1, 3, 4, 5"""
BUCKET = (
    "ceil(ln(greatest(extract(epoch from {at} - created_at), 1)) / ln({growth}::float8))::int::text"
)
FIGURES = (
    ("opened", "created_at", "category"),
    ("hour", "created_at", "extract(isodow from created_at) - 1 || to_char(created_at, '-HH24')"),
    ("first response", "first_response_at", BUCKET.format(at="first_response_at", growth=GROWTH)),
    ("resolution", "resolved_at", BUCKET.format(at="resolved_at", growth=GROWTH)),
    ("resolved", "resolved_at", "assignee_id::text"),
    ("assigned", "created_at", "assignee_id::text"),
    ("met", "created_at", "case when id % 25 <> 0 then 'first response:' || priority end"),
    ("breached", "created_at", "case when id % 200 = 50 then 'resolution:' || priority end"),
)
ROLLUP = """
insert into report_rollups (tier, day, figure, channel, team_id, part, count)
select '{tier}', {day}, figure, {channel}, {team}, {part}, sum(count)
from report_tallies where {where} group by 1, 2, 3, 4, 5, 6"""
TIERS = (
    ("month", "date_trunc('month', day)::date", "channel", "team_id", "part", "true"),
    ("all", "day", "channel", "0", "''", "figure = 'opened'"),
    ("all", "day", "''", "0", "part", "figure in ('first response', 'resolution')"),
)


async def measure(sizes: tuple[int, ...]) -> dict[str, dict[str, float]]:
    """The median of each page in milliseconds at each size, and the largest over the smallest."""
    found: dict[str, dict[str, float]] = {name: {} for name in PAGES}
    for size in sizes:
        async with fresh("postgresql") as database:
            desk = Desk(database)
            await desk.add_agent(OPERATOR, LEAD, Details(capacity=0, role=Role.LEAD))
            await _fill(database, size)
            for name, took in (await _pages(desk)).items():
                found[name][f"{size:,}"] = round(took, 1)
            rows = await _tallies(database)
            found.setdefault("(rows of figures)", {})[f"{size:,}"] = rows
    small, large = f"{sizes[0]:,}", f"{sizes[-1]:,}"
    for name in PAGES:
        found[name]["ratio"] = round(found[name][large] / found[name][small], 2)
    return found


async def _pages(desk: Desk) -> dict[str, float]:
    app = site(
        desk, channels=dict, console=False, routes=[staff_pages(desk, Live(desk), PageCommands())]
    )
    today = time.time()
    days = {
        name: time.strftime("%Y-%m-%d", time.gmtime(today - n * 86_400))
        for name, n in (("quarter", 91), ("year", 364))
    }
    at = httpx.ASGITransport(app)
    async with running(), httpx.AsyncClient(transport=at, base_url=ORIGIN, timeout=120) as client:
        code = await desk.sign_in_link(LEAD)
        await client.post(f"/sign-in/{code}", headers={"origin": ORIGIN})
        return {name: await _median(client, path.format(**days)) for name, path in PAGES.items()}


async def _median(client: httpx.AsyncClient, path: str) -> float:
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        answer = await client.get(path, headers={"accept": "text/html"})
        took.append((time.perf_counter() - began) * 1e3)
        assert answer.status_code == 200, answer.text
    return sorted(took)[len(took) // 2]


async def _fill(database: Database, size: int) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("set local statement_timeout = 0"))
        await _people(connection)
        await connection.execute(text(TICKETS), {"size": size})
        for statement in (TARGETS, DELIVERIES):
            await connection.execute(text(statement))
        for figure, at, part in FIGURES:
            await connection.execute(text(TALLY.format(figure=figure, at=at, part=part)))
        for tier, day, channel, team, part, where in TIERS:
            told = {"tier": tier, "day": day, "channel": channel, "team": team, "part": part}
            await connection.execute(text(ROLLUP.format(where=where, **told)))
    async with database.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("set statement_timeout = 0"))
        await alone.execute(text("vacuum analyze"))


async def _people(connection: AsyncConnection) -> None:
    for n in range(1, 6):
        await connection.execute(text("insert into teams (name) values (:name)"), {"name": f"t{n}"})
    await connection.execute(text(AGENTS))
    await connection.execute(
        text("insert into customers (name, language, created_at) values ('Ana', 'en', now())")
    )


async def _tallies(database: Database) -> int:
    async with database.reading() as session:
        return int(await session.scalar(text("select count(*) from report_tallies")) or 0)


def table(found: dict[str, dict[str, Any]]) -> Table:
    """A row a page."""
    columns = list(next(iter(found.values())))
    shown = Table("page, ms (median)", *columns)
    for name, values in found.items():
        shown.add_row(name, *(f"{values[each]:,}" if each in values else "" for each in columns))
    return shown


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, default=Path("bench-web.json"))
    arguments.add_argument("--up-to", type=int, default=SIZES[-1], help="the most tickets")
    chosen = arguments.parse_args()
    found = asyncio.run(measure(tuple(size for size in SIZES if size <= chosen.up_to)))
    chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    Console().print(table(found))


if __name__ == "__main__":
    main()
