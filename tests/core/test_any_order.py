"""Whatever is done with a desk, in whatever order, it does what the model says and breaks nothing.

Ten thousand steps on SQLite and a thousand on PostgreSQL; `make fuzz` takes a million.
"""

import asyncio
import itertools
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from core.storage.database import Database
from tests.any_order.everything import AnyOrder
from tests.postgres import Postgres
from tests.tables import TEMPLATE

STEPS = int(os.environ.get("ANY_ORDER_STEPS", "10000"))
ON_POSTGRES = STEPS // 10
LENGTH = 50  # steps on one desk
PARTS = 5
PATIENCE = 900 if STEPS <= 10_000 else 0  # seconds; none is for ever

_desks = itertools.count(1)


def drive(machine: type[AnyOrder], steps: int, part: int) -> None:
    """So many steps, the same ones each time; a fault is shown by the shortest way to it."""
    for again in itertools.count():
        left = steps - machine.taken
        if left <= 0:
            return
        run_state_machine_as_test(
            seed(1000 * part + again)(machine),
            settings=settings(
                max_examples=-(-left // LENGTH),
                stateful_step_count=LENGTH,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )


@pytest.mark.timeout(PATIENCE)
@pytest.mark.parametrize("part", range(PARTS))
def test_on_sqlite(sqlite_template: Path, tmp_path: Path, part: int) -> None:
    class OnSqlite(AnyOrder):
        def open_database(self) -> Database:
            path = tmp_path / f"{next(_desks)}.db"
            shutil.copyfile(sqlite_template, path)
            return Database(f"sqlite:///{path}")

    drive(OnSqlite, STEPS // PARTS, part)


@pytest.mark.timeout(PATIENCE)
def test_on_postgresql(postgres_server: Postgres) -> None:
    class OnPostgres(AnyOrder):
        def open_database(self) -> Database:
            name = f"any_order_{os.getpid()}_{next(_desks)}"
            asyncio.run(postgres_server.create(name, like=TEMPLATE))
            return Database(postgres_server.url(name))

    drive(OnPostgres, ON_POSTGRES, PARTS)
