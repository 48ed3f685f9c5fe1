"""Targets that have to be warned of while the sweeping processes are killed, again and again.

    python -m tests.faults.warnings DATABASE_URL

is one such process: it sweeps over promises, over and over, until it is killed; with ``once`` behind
it, until nothing is left.
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
from core.model import History, SlaPolicy, Target, TargetKind, TargetWarning, Ticket
from core.storage.database import Database
from core.vocabulary import OPERATOR, Role
from tests.faults.stories import HOUSE
from tests.scene import CHANNEL, WORKSPACE, hire, open_ticket

START_WITHIN = 60  # seconds
LIVES = 0.25  # seconds, at most, that a process lives
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Warned:
    """What is left behind: how many warnings there are, of how many targets history has one or more,
    those that it has twice, and what nobody was told of."""

    warnings: int
    targets: int
    twice: list[int]
    untold: int


async def lay_out(url: str, *, targets: int) -> None:
    """A desk with so many tickets, on each of which half of the time has passed; a lead."""
    database = Database(url)
    desk = Desk(database, HOUSE)
    await desk.ship_promises()
    await desk.edit_hours(OPERATOR, "default", {"hours": "24/7"})
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await open_ticket(desk)
    await database.close()
    await lay_out_more(url, targets=targets)


async def lay_out_more(url: str, *, targets: int) -> None:
    """So many tickets more, on each of which half of the time has passed."""
    database = Database(url)
    desk = Desk(database, HOUSE)
    started = datetime.now(UTC) - 2.5 * HOUR
    async with desk.work() as work:
        session = work.session
        pattern = await session.get_one(Ticket, 1)
        last = await session.scalar(select(func.max(Ticket.id))) or 0
        named = select(SlaPolicy.id).where(SlaPolicy.name == "normal")
        policy = await session.scalar(named)
        rows = [
            {
                "subject": f"ticket {n}",
                "customer_id": pattern.customer_id,
                "channel": CHANNEL,
                "workspace": WORKSPACE,
                "conversation": f"many-{last + n}",
                **dict.fromkeys(("created_at", "updated_at", "waiting_since"), started),
            }
            for n in range(targets)
        ]
        await session.execute(insert(Ticket), rows)
        numbers = await session.scalars(select(Ticket.id).where(Ticket.id > last))
        target = {
            "kind": TargetKind.FIRST_RESPONSE,
            "policy": "normal",
            "policy_id": policy,
            "priority": 2,
            "allowed": 4 * HOUR,
            "started_at": started,
            "ran": timedelta(0),
            "running_since": started,
            "due_at": started + 4 * HOUR,
            "next_at": started + 2 * HOUR,
        }
        await session.execute(insert(Target), [target | {"ticket_id": n} for n in numbers])
    await database.close()


async def look(url: str) -> Warned:
    """Count what is left behind."""
    database = Database(url)
    async with database.reading() as session:
        kept = select(History.ticket_id).where(History.event == "TargetWarned")
        counted = Counter(await session.scalars(kept))
        untold = select(func.count()).where(TargetWarning.told_at.is_(None))
        found = Warned(
            warnings=await session.scalar(select(func.count(TargetWarning.id))) or 0,
            targets=len(counted),
            twice=[number or 0 for number, times in counted.items() if times > 1],
            untold=await session.scalar(untold) or 0,
        )
    await database.close()
    return found


async def kill_sweepers(url: str, *, times: int, seed: int) -> int:
    """Start a sweeping process and kill it, over and over; how many were killed at work."""
    chance = random.Random(seed)
    for _ in range(times):
        sweeper = await _started(url)
        await asyncio.sleep(chance.uniform(0, LIVES))
        assert sweeper.returncode is None, "the sweeper died before it was killed"
        sweeper.kill()
        await sweeper.wait()
    return times


async def sweep_together(url: str, *, processes: int) -> None:
    """So many processes sweep at once, until nothing is left for each of them."""
    sweepers = await asyncio.gather(*(_started(url, "once") for _ in range(processes)))
    for each in sweepers:
        assert each.stdin is not None
        each.stdin.close()  # all are ready: go
    assert [await each.wait() for each in sweepers] == [0] * processes


async def finish(url: str) -> None:
    """The last restart sweeps and tells the rest."""
    database = Database(url)
    desk = Desk(database, HOUSE)
    while await desk.sweep_promises():
        pass
    await desk.tell_of_promises()
    await database.close()


async def _started(url: str, *once: str) -> asyncio.subprocess.Process:
    sweeper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.warnings", url, *once),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert sweeper.stdout is not None
    said = await asyncio.wait_for(sweeper.stdout.readline(), START_WITHIN)
    assert said == b"ready\n", said
    return sweeper


async def sweep(url: str, *, once: bool) -> None:
    """Sweep until killed; or ``once``, when told to, until nothing is left."""
    database = Database(url)
    desk = Desk(database, HOUSE)
    os.write(sys.stdout.fileno(), b"ready\n")
    if once:
        await asyncio.to_thread(sys.stdin.read)
    while await desk.sweep_promises() or not once:  # noqa: ASYNC110 - as the heartbeat does
        await asyncio.sleep(0.01)
    await database.close()


if __name__ == "__main__":
    asyncio.run(sweep(sys.argv[1], once="once" in sys.argv[2:]))
