"""Choosing among 10, 1,000, 10,000 and 100,000 agents: it should take the same at every size.

The time of a choice is that of who is looked at, with all that the score reads of them, and the
score; the statements are those of a whole assignment through the door. ``make bench-routing`` prints
both, ``python -m benchmarks.routing_choice`` as JSON.
"""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, text

from benchmarks.databases import fresh
from core.channels import Address, IncomingMessage, Who
from core.desk import Desk
from core.routing import candidates, matching
from core.routing.needs import Needs
from core.routing.signals import Seeker, Supply
from core.storage.database import Database
from core.work import Work

SIZES = (10, 1_000, 10_000, 100_000)
CHOICES = 200
WAITING = 2_000
ASKED = {
    "anybody": Needs(),
    "skill": Needs(skill="skill-3"),
    "skill_and_language": Needs(skill="skill-3", language="de"),
    "language": Needs(language="de"),
    "team": Needs(team=1),
    "tier": Needs(tier=2),
}


async def measure(kind: str) -> dict[str, Any]:
    """Milliseconds that the quickest tenth of choices take at each size, and by how much it grows."""
    figures: dict[str, Any] = {}
    for size in SIZES:
        async with fresh(kind) as database:
            await _fill(database, size)
            desk = Desk(database)
            for name, needs in ASKED.items():
                figures[f"{name}_ms_at_{size}"] = await _choices(desk, needs)
            figures[f"statements_at_{size}"] = await _statements(desk, database)
    for name in ASKED:
        small, large = figures[f"{name}_ms_at_{SIZES[0]}"], figures[f"{name}_ms_at_{SIZES[-1]}"]
        figures[f"{name}_growth"] = round(large / small, 2)
    return figures


async def _choices(desk: Desk, needs: Needs) -> float:
    took = []
    async with desk.looking() as work:
        for number in range(CHOICES):
            began = time.perf_counter()
            await _choose(work, needs, customer=1 + number % 10)
            took.append(time.perf_counter() - began)
    return round(sorted(took)[CHOICES // 10] * 1e3, 3)  # the machine has other things to do, too


async def _choose(work: Work, needs: Needs, *, customer: int) -> None:
    found = await candidates.candidates(work.session, needs, {customer}, now=work.now)
    takers = await candidates.with_facts(
        work.session, found.values(), categories={""}, customers={customer}
    )
    seeker = Seeker(
        number=1, priority=2, waiting_since=work.now, customer=customer, **needs.values()
    )
    assert matching.match([seeker], takers, now=work.now, supply=Supply())


async def _statements(desk: Desk, database: Database) -> int:
    """Of the second of two tickets that are opened and given, so that what is kept is there."""
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    await desk.receive(_message("first"))
    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    received = await desk.receive(_message("second"))
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)
    assert received.ticket is not None
    return len(counted)


def _message(user: str) -> IncomingMessage:
    return IncomingMessage(
        address=Address("console", "local", user),
        sender=Who("console", "local", user, user),
        external_id=user,
        text="my lamp is broken",
        sent_at=datetime.now(UTC),
    )


async def _fill(database: Database, size: int) -> None:
    """Agents in ten skills, two languages, two teams and two tiers, half of them full, and a queue."""

    def numbers(count: int) -> str:
        if database.is_sqlite:
            return f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) "
        return f"with n as (select generate_series(1, {count}) as i) "

    moment = "'2026-11-01 10:00:00'" if database.is_sqlite else "timestamptz '2026-11-01 10:00Z'"
    ticket = (
        "subject, status, priority, customer_id, assignee_id, skill, tier, channel, workspace, "
        "conversation, created_at, updated_at, waiting_since, resolutions, kind, category, advice, "
        "version"
    )
    rest = f"{moment}, {moment}, {moment}, 0, 'question', '', '[]', 1"
    for statement in (
        "insert into teams (id, name) values (1, 'one'), (2, 'two')",
        "insert into agents (name, role, availability, capacity, tier, time_zone, team_id, "
        f"idle_since, created_at, version) {numbers(size)} select 'agent ' || i, 1, 'available', 3, "
        f"1 + i % 2, '', 1 + i % 2, {moment}, {moment}, 1 from n",
        f"insert into agent_skills (agent_id, name, level) {numbers(size)} "
        "select i, 'skill-' || (i % 10), 1 + (i / 10) % 3 from n",
        f"insert into agent_skills (agent_id, name, level) {numbers(size)} "
        "select i, 'skill-3', 2 from n where i % 10 != 3",
        f"insert into agent_languages (agent_id, code, level) {numbers(size)} "
        "select i, case i % 2 when 0 then 'en' else 'de' end, 1 + i % 3 from n",
        "insert into customers (name, language, created_at) "
        f"{numbers(size)} select 'customer ' || i, 'en', {moment} from n",
        f"insert into tickets ({ticket}) {numbers(size // 2)} select 'held', 'open', 2, i, "
        f"i, null, 1, 'console', 'local', 'held' || i, {rest} from n",
        "insert into assignments (ticket_id, agent_id, slot, how, why, started_at) "
        f"select id, assignee_id, 1, 'automatic', '{{}}', {moment} from tickets "
        "where status = 'open'",
        f"insert into tickets ({ticket}) {numbers(WAITING)} select 'waits', 'new', 3, 1 + i % 10, "
        f"null, 'nobody', 1, 'console', 'local', 'waits' || i, {rest} from n",
        "update agents set capacity = 1 where held = 1",
    ):
        async with database.engine.begin() as connection:
            await connection.execute(text(statement))
    async with database.engine.begin() as connection:
        await connection.execute(text("analyze"))


def main() -> None:
    for kind in ("sqlite", "postgresql"):
        print(kind, json.dumps(asyncio.run(measure(kind)), indent=2))


if __name__ == "__main__":
    main()
