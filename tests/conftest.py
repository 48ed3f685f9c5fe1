"""What the tests stand on: both databases, a desk on them, a clock, and a channel that keeps all."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from app.cli import GARBAGE
from core.channels import Channel
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import House
from tests import compiled
from tests.clock import FakeClock
from tests.empty_desks import lending
from tests.left_open import LeftOpen
from tests.memory import in_memory
from tests.outbox import Outbox
from tests.postgres import Postgres
from tests.scene import CHANNEL, HOUSE
from tests.tables import make_tables, postgres_with_template

gc.set_threshold(GARBAGE)
compiled.once()
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", in_memory())  # where every tmp_path is


def pytest_collection_finish() -> None:
    """What is imported by now stays: nobody looks for garbage in it."""
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for each process that runs tests, with an empty desk to copy from."""
    with postgres_with_template() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty desk, to copy from."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    asyncio.run(make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty desk in a file of its own."""
    path = tmp_path / "desk.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def empty_desks(postgres_server: Postgres) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Lends the addresses of databases."""
    with lending(postgres_server) as lent:
        yield lent


@pytest.fixture
def postgres_url(empty_desks: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """An empty desk in a database of its own."""
    with empty_desks() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty desk, on each database in turn. A missing PostgreSQL is a failure."""
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture(scope="session")
async def left_open() -> AsyncIterator[LeftOpen]:
    """What stays connected between tests."""
    connections = LeftOpen()
    yield connections
    await connections.close()


@pytest.fixture
async def database(database_url: str, left_open: LeftOpen) -> AsyncIterator[Database]:
    """A connection to it."""
    async with left_open.opened(database_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(database: Database, clock: FakeClock, outbox: Outbox) -> OpenDesk:
    """Opens a desk on the database: for one with another house, or for a second process."""

    def opened(house: House = HOUSE, *, channel: Channel = outbox) -> Desk:
        return Desk(database, house, channels={CHANNEL: channel}, clock=clock)

    return opened


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """The desk, with one staff room and nobody in it yet."""
    return open_desk()
