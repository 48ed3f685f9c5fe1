"""Escalation steps that are due while the sweeping processes are killed, again and again.

    python -m tests.faults.steps DATABASE_URL

is one such process: it takes what is due, over and over, and says so, until it is killed.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from core.desk import Desk
from core.model import (
    EscalationNotice,
    EscalationStep,
    History,
    Measure,
    Priority,
    Ticket,
    Trigger,
)
from core.storage.database import Database
from core.vocabulary import Role
from tests.faults.stories import HOUSE
from tests.scene import CHANNEL, WORKSPACE, hire, open_ticket

START_WITHIN = 60  # seconds
LIVES = 0.5  # seconds, at most, that a process lives
RUNGS = (
    (Measure.PRIORITY, "urgent"),
    (Measure.NOTIFY, "lead"),
    (Measure.NOTIFY, "assignee"),
    (Measure.ON_CALL, ""),
    (Measure.ADMIN, ""),
)


@dataclass(frozen=True)
class Sum:
    """What became of the steps: how many there are, ended, how often each stands in history, and how
    many messages each receiver got for how many notices that nobody told."""

    steps: int
    ended: int
    taken_twice: list[int]
    untold: int
    out_of_order: list[int]


async def lay_out(url: str, *, steps: int) -> None:
    """A desk with so many steps, all of them due, five a ticket; a lead and an admin to be told."""
    database = Database(url)
    desk = Desk(database, HOUSE)
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await hire(desk, "ada", role=Role.ADMIN, capacity=0)
    first = await open_ticket(desk)
    now = datetime.now(UTC)
    async with desk.work() as work:
        pattern = await work.session.get_one(Ticket, first)
        tickets = steps // len(RUNGS) - 1
        await work.session.execute(
            insert(Ticket),
            [
                {
                    "subject": f"ticket {n}",
                    "customer_id": pattern.customer_id,
                    "channel": CHANNEL,
                    "workspace": WORKSPACE,
                    "conversation": f"many-{n}",
                    "priority": Priority.NORMAL,
                    **dict.fromkeys(("created_at", "updated_at", "waiting_since"), now),
                }
                for n in range(tickets)
            ],
        )
        numbers = (await work.session.scalars(select(Ticket.id).order_by(Ticket.id))).all()
        await work.session.execute(
            insert(EscalationStep),
            [
                {
                    "ticket_id": number,
                    "trigger": Trigger.BY_HAND,
                    "occurrence": "1",
                    "rank": rank,
                    "measure": measure,
                    "value": value,
                    "due_at": now - timedelta(days=3) + timedelta(minutes=rank),
                }
                for number in numbers
                for rank, (measure, value) in enumerate(RUNGS)
            ],
        )
    await database.close()


async def sum_up(url: str) -> Sum:
    """Look at what is left behind."""
    database = Database(url)
    async with database.reading() as session:
        taken = (
            await session.execute(
                select(History.ticket_id, History.facts)
                .where(History.event == "EscalationStepTaken")
                .order_by(History.id)
            )
        ).all()
        counted = Counter(row.facts["step_id"] for row in taken)
        by_ticket: dict[int, list[int]] = {}
        for row in taken:
            by_ticket.setdefault(row.ticket_id, []).append(row.facts["step_id"])
        found = Sum(
            steps=await session.scalar(select(func.count(EscalationStep.id))) or 0,
            ended=await session.scalar(
                select(func.count()).where(EscalationStep.ended_at.is_not(None))
            )
            or 0,
            taken_twice=[step for step, times in counted.items() if times > 1],
            untold=await session.scalar(
                select(func.count()).where(EscalationNotice.told_at.is_(None))
            )
            or 0,
            out_of_order=[n for n, steps in by_ticket.items() if steps != sorted(steps)],
        )
    await database.close()
    return found


async def kill_sweepers(url: str, *, times: int, seed: int) -> int:
    """Start a sweeping process and kill it, over and over; how many were killed in the middle."""
    chance = random.Random(seed)
    killed = 0
    for _ in range(times):
        sweeper = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.steps", url), stdout=asyncio.subprocess.PIPE
        )
        assert sweeper.stdout is not None
        said = await asyncio.wait_for(sweeper.stdout.readline(), START_WITHIN)
        assert said == b"ready\n", said
        await asyncio.sleep(chance.uniform(0, LIVES))
        assert sweeper.returncode is None, "the sweeper died before it was killed"
        sweeper.kill()
        await sweeper.wait()
        killed += 1
    return killed


async def sweep(url: str) -> None:
    """Take what is due until killed."""
    desk = Desk(Database(url), HOUSE)
    os.write(sys.stdout.fileno(), b"ready\n")
    while True:
        await desk.escalate_due()
        await asyncio.sleep(0.01)


async def finish(url: str) -> int:
    """The last restart takes and tells the rest; how many steps that were."""
    database = Database(url)
    ended = await Desk(database, HOUSE).escalate_due()
    await database.close()
    return ended


if __name__ == "__main__":
    asyncio.run(sweep(sys.argv[1]))
