"""Every crash point and many kills, with figures: what `make faults` runs.

    python -m tests.faults.run [--full] [--json FILE] [--kills N]

The short run takes a part of the steps and 10 kills; ``--full`` all steps and 200 kills, on each
database. The exit status is 1 where a promise was broken.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import track
from rich.table import Table

from core.desk import Desk
from core.storage.database import Database
from tests.faults import warnings
from tests.faults.claims import CLAIMS, claim_at_once
from tests.faults.crash_points import every_step
from tests.faults.invariants import violations
from tests.faults.kills import kill_again_and_again
from tests.faults.scenes import PostgresScenes, Scenes, SqliteScenes
from tests.faults.steps import finish, kill_sweepers, lay_out, sum_up
from tests.faults.stories import STORIES
from tests.postgres import Postgres
from tests.tables import TEMPLATE, make_tables, postgres_with_template

SOME = 10
TABLE_WIDTH = 120
SEED = 20260105
DATABASES = ("sqlite", "postgresql")
ROUNDS = {"sqlite": 10, "postgresql": 100}
STEPS, SWEEPERS, DESKS = 1_000, 50, 8
TARGETS = 1_000


@dataclass(frozen=True)
class Figures:
    """One line of the table. ``repeated`` are deliveries sent twice within the known window."""

    what: str
    database: str
    crashes: int
    acknowledged: int | None
    sent: int | None
    repeated: int
    broken: list[str]
    seconds: float


@dataclass(frozen=True)
class Job:
    """A story by its number, the claims or the kills, on a database; how many at most."""

    story: int | Literal["claims", "kills", "steps", "warnings"]
    database: str
    can_find: bool
    at_most: int | None


def main() -> int:
    """Run it all; 1 where a promise was broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--full", action="store_true", help="all steps, 200 kills")
    asked.add_argument("--json", type=Path, help="write the figures to this file")
    asked.add_argument("--kills", type=int, help="how many kills on each database")
    options = asked.parse_args()
    kills = options.kills if options.kills is not None else (200 if options.full else SOME)
    figures = run(at_most=None if options.full else SOME, kills=kills)
    show(figures)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n")
    return 1 if any(each.broken for each in figures) else 0


def run(*, at_most: int | None, kills: int) -> list[Figures]:
    """Every story and the kills, on each database; two at a time."""
    last = len(STORIES) - 1  # delivery: also on a channel that cannot look for what it sent
    told = [*((n, True) for n in range(len(STORIES))), (last, False)]
    jobs = [Job(n, each, find, at_most) for n, find in reversed(told) for each in DATABASES]
    jobs += [Job("claims", each, True, 10 if at_most else ROUNDS[each]) for each in DATABASES]
    jobs += [Job("kills", each, True, kills) for each in DATABASES]
    jobs += [Job("steps", each, True, at_most) for each in DATABASES]
    jobs += [Job("warnings", each, True, at_most) for each in DATABASES]
    fresh = multiprocessing.get_context("spawn")
    with (
        postgres_with_template() as server,
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        ProcessPoolExecutor(max_workers=2, mp_context=fresh) as pool,
    ):
        top = Path(folder)
        asyncio.run(make_tables(f"sqlite:///{top / 'template.db'}"))
        done = [pool.submit(carry_out, job, server, top) for job in jobs]
        progress = Console(stderr=True)
        for each in track(as_completed(done), "crashing…", len(done), console=progress):
            line = each.result()
            progress.print(f"{line.what}, {line.database}: {line.crashes} in {line.seconds} s")
        return sorted((each.result() for each in done), key=lambda each: (each.what, each.database))


def carry_out(job: Job, server: Postgres, top: Path) -> Figures:
    """One job, in a process of its own."""
    folder = Path(tempfile.mkdtemp(dir=top))
    if job.story == "kills":
        return asyncio.run(_kills(job, server, folder))
    if job.story == "steps":
        return asyncio.run(_steps(job, server, folder))
    if job.story == "warnings":
        return asyncio.run(_warnings(job, server, folder))
    if job.story == "claims":
        return asyncio.run(_claims(job, server, folder))
    return asyncio.run(_crashes(job, job.story, server, top, folder))


async def _crashes(job: Job, story: int, server: Postgres, top: Path, folder: Path) -> Figures:
    begun = time.monotonic()
    scenes: Scenes = (
        SqliteScenes(top / "template.db", folder)
        if job.database == "sqlite"
        else PostgresScenes(server)
    )
    told = STORIES[story]
    crashes = every_step(told, await scenes.of(told), at_most=job.at_most, can_find=job.can_find)
    endings = [each async for each in crashes]
    return Figures(
        what=told.name if job.can_find else f"{told.name}, on a channel that cannot look",
        database=job.database,
        crashes=len(endings),
        acknowledged=None,
        sent=None,
        repeated=sum(len(each.repeated) for each in endings),
        broken=[f"{each.step}: {fault}" for each in endings for fault in each.broken],
        seconds=round(time.monotonic() - begun, 1),
    )


async def _claims(job: Job, server: Postgres, folder: Path) -> Figures:
    begun = time.monotonic()
    database = Database(await _empty_desk("claimed", job, server, folder))
    broken = await claim_at_once(Desk(database), rounds=job.at_most or 0)
    broken += await violations(database)
    await database.close()
    return Figures(
        what=f"{CLAIMS} claims at once, {job.at_most} rounds",
        database=job.database,
        crashes=0,
        acknowledged=None,
        sent=None,
        repeated=0,
        broken=broken,
        seconds=round(time.monotonic() - begun, 1),
    )


async def _empty_desk(name: str, job: Job, server: Postgres, folder: Path) -> str:
    if job.database == "postgresql":
        await server.create(name, like=TEMPLATE)
        return server.url(name)
    url = f"sqlite:///{folder / name}.db"
    await make_tables(url)
    return url


async def _kills(job: Job, server: Postgres, folder: Path) -> Figures:
    begun = time.monotonic()
    url = await _empty_desk("killed", job, server, folder)
    toll = await kill_again_and_again(url, folder / "posts", times=job.at_most or 0, seed=SEED)
    return Figures(
        what=f"kill -9 ({len(toll.in_the_window)} deliveries were in the window)",
        database=job.database,
        crashes=toll.kills,
        acknowledged=len(toll.acknowledged),
        sent=toll.sent,
        repeated=0,
        broken=[*toll.broken, *(f"{key} was sent twice" for key in toll.repeated)],
        seconds=round(time.monotonic() - begun, 1),
    )


async def _steps(job: Job, server: Postgres, folder: Path) -> Figures:
    """Escalation steps that are due while sweepers are killed, and then among many desks at once."""
    begun = time.monotonic()
    url = await _empty_desk("steps", job, server, folder)
    await lay_out(url, steps=STEPS)
    killed = await kill_sweepers(url, times=job.at_most or SWEEPERS, seed=SEED)
    databases = [Database(url) for _ in range(DESKS)]
    await asyncio.gather(*(Desk(each).escalate_due() for each in databases))
    for each in databases:
        await each.close()
    await finish(url)
    left = await sum_up(url)
    return Figures(
        what=f"{STEPS} escalation steps, {DESKS} desks, sweepers killed",
        database=job.database,
        crashes=killed,
        acknowledged=left.steps,
        sent=None,
        repeated=0,
        broken=[
            *(f"step {step} was taken twice" for step in left.taken_twice),
            *(f"ticket {number} was out of order" for number in left.out_of_order),
            *([f"{left.steps - left.ended} steps are left"] * (left.ended != left.steps)),
            *([f"{left.untold} notices are untold"] * bool(left.untold)),
        ],
        seconds=round(time.monotonic() - begun, 1),
    )


async def _warnings(job: Job, server: Postgres, folder: Path) -> Figures:
    """Targets to be warned of while sweepers are killed, then by many processes at once (on SQLite
    by one: it is one process's file)."""
    begun = time.monotonic()
    url = await _empty_desk("warnings", job, server, folder)
    await warnings.lay_out(url, targets=TARGETS)
    killed = await warnings.kill_sweepers(url, times=job.at_most or SWEEPERS, seed=SEED)
    await warnings.lay_out_more(url, targets=TARGETS)
    await warnings.sweep_together(url, processes=DESKS if job.database == "postgresql" else 1)
    await warnings.finish(url)
    left = await warnings.look(url)
    return Figures(
        what=f"{2 * TARGETS} warnings, {DESKS} processes, sweepers killed",
        database=job.database,
        crashes=killed,
        acknowledged=left.warnings,
        sent=None,
        repeated=0,
        broken=[
            *(f"ticket {number} was warned of twice" for number in left.twice),
            *([f"{left.targets} were warned of"] * (left.targets != 2 * TARGETS)),
            *([f"{left.untold} warnings are untold"] * bool(left.untold)),
        ],
        seconds=round(time.monotonic() - begun, 1),
    )


def show(figures: list[Figures]) -> None:
    """The table, and every broken promise beneath it."""
    table = Table(title="Crash, restart, look")
    for heading in ("what", "database", "crashes", "acknowledged", "sent", "repeated", "broken"):
        table.add_column(heading, justify="left" if heading in {"what", "database"} else "right")
    table.add_column("seconds", justify="right")
    for each in figures:
        row = asdict(each) | {"broken": len(each.broken)}
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    console = Console()
    console.width = max(console.width, TABLE_WIDTH)  # also where it is written to a file
    console.print(table)
    for each in figures:
        for fault in each.broken:
            console.print(f"{each.what}, {each.database}: {fault}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
