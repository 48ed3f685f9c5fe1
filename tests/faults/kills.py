"""kill -9 at a random moment, again and again, on the desk that the last kill left behind."""

import asyncio
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from core.desk import Desk
from core.storage.database import Database
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.faults.stories import HOUSE
from tests.faults.victim import Posts
from tests.scene import CHANNEL

MOST_WORDS = 40  # a victim lives for up to so many acknowledgements,
LAST_BREATH = 0.05  # and so many seconds more
START_WITHIN = 60  # seconds


@dataclass
class Toll:
    """What became of all of it.

    ``in_the_window`` are the deliveries that the platform had taken when the process was killed,
    and that we did not know of: each was looked for, and not sent again.
    """

    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    sent: int = 0
    in_the_window: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


async def kill_again_and_again(url: str, posts: Path, *, times: int, seed: int) -> Toll:
    """Start a victim, kill it, look at what it left; ``times`` over, on one database."""
    chance = random.Random(seed)
    toll = Toll()
    for life in range(times):
        toll.acknowledged |= await _one_life(url, posts, seed * 100_000 + life, chance)
        toll.kills += 1
        database = Database(url)
        toll.broken += await violations(database, acknowledged=toll.acknowledged)
        toll.in_the_window |= await _taken_but_unsettled(database, posts)
        await database.close()
    await _settle_all(url, posts, toll)
    return toll


async def _one_life(url: str, posts: Path, seed: int, chance: random.Random) -> set[str]:
    """What a victim had acknowledged when it was killed."""
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.victim", url, str(posts), str(seed)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert victim.stdout is not None
    said = await asyncio.wait_for(victim.stdout.readline(), START_WITHIN)
    assert said == b"ready\n", said
    acknowledged = []
    for _ in range(chance.randrange(MOST_WORDS)):
        acknowledged.append(await asyncio.wait_for(victim.stdout.readline(), START_WITHIN))
    await asyncio.sleep(chance.uniform(0, LAST_BREATH))
    assert victim.returncode is None, "the victim died before it was killed"
    victim.kill()
    acknowledged += (await victim.stdout.read()).splitlines()
    await victim.wait()
    return {line.decode().strip() for line in acknowledged}


async def _taken_but_unsettled(database: Database, posts: Path) -> set[str]:
    """Deliveries that the platform took and we do not know of."""
    taken = set(Posts(posts, can_find=True).taken())
    async with database.reading() as session:
        waiting = await session.execute(
            text("select key from deliveries where progress = 'waiting'")
        )
        return taken & {row.key for row in waiting}


async def _settle_all(url: str, posts: Path, toll: Toll) -> None:
    """The last restart: everything owed is delivered, and every promise looked at."""
    platform = Posts(posts, can_find=True)
    database, clock = Database(url), FakeClock(datetime.now(UTC) + timedelta(minutes=5))
    desk = Desk(database, HOUSE, channels={CHANNEL: platform}, clock=clock)
    for _ in range(3):
        await desk.courier.deliver_due()
        clock.advance(timedelta(minutes=10))
    toll.broken += await violations(database, acknowledged=toll.acknowledged, drained=True)
    taken = platform.taken()
    toll.sent = len(taken)
    toll.repeated = sorted({key for key in taken if taken.count(key) > 1}) if taken else []
    await database.close()
