"""Empty desks on PostgreSQL: what a test gives back is emptied, for the next one.

That takes a tenth of what it takes to drop a database and to copy another. A test finds no trace of
the one before: rows are as in a new one, numbers too, nobody is connected but by what
`tests.left_open` leaves open. A database whose tables were changed is dropped, and so is each after
a while, since nothing vacuums it.
"""

import asyncio
import contextlib
import itertools
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from tests.left_open import NAME
from tests.postgres import Postgres
from tests.tables import TEMPLATE

R = TypeVar("R")

USES = 20

ALONE = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid != pg_backend_pid()
    and not (application_name = $1 and state = 'idle')"""

# Every change of a table changes a row of these; no use of one does.
SHAPE = """
    select string_agg(what || ':' || number || ':' || changes, ' ') from (
        select 'table' as what, count(*) as number, sum(xmin::text::bigint) as changes from pg_class
        union all select 'column', count(*), sum(xmin::text::bigint) from pg_attribute
        union all select 'rule', count(*), sum(xmin::text::bigint) from pg_constraint
        union all select 'trigger', count(*), sum(xmin::text::bigint) from pg_trigger
        union all select 'function', count(*), sum(xmin::text::bigint) from pg_proc
    ) as catalogue"""

# Without its triggers, which are what keeps foreign keys: all of it goes, in whatever order. What a
# desk begins with comes back from copies that are made while it is new.
EMPTYING = """
    set session_replication_role = 'replica';
    create temporary table numbers as
        select format('%I.%I', schemaname, sequencename)::regclass as counter,
            coalesce(last_value, start_value) as next, last_value is not null as is_used
        from pg_sequences;
    create temporary table begins (said text, kept text);
    do $$
    declare each record; is_there boolean;
    begin
        for each in select tablename from pg_tables where schemaname = 'public' loop
            execute format('select exists (select from public.%I)', each.tablename) into is_there;
            if is_there then
                execute format(
                    'create temporary table %I as table public.%I',
                    'kept_' || each.tablename, each.tablename);
                insert into begins values (each.tablename, 'kept_' || each.tablename);
            end if;
        end loop;
    end $$;
    create function pg_temp.emptied() returns void language plpgsql as $$
    declare each record;
    begin
        for each in select tablename from pg_tables where schemaname = 'public' loop
            execute format('delete from public.%I', each.tablename);
        end loop;
        for each in select said, kept from begins loop
            execute format('insert into public.%I table pg_temp.%I', each.said, each.kept);
        end loop;
        perform setval(counter, next, is_used) from numbers
            join pg_sequences on counter = format('%I.%I', schemaname, sequencename)::regclass
            where last_value is distinct from case when is_used then next end;
    end $$"""


@dataclass
class Lent:
    """A database that a test has, and how many had it; ``watch`` stays connected meanwhile."""

    name: str
    watch: asyncpg.Connection
    shape: str
    uses: int = 0


class EmptyDesks:
    """Those of one server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._free: list[Lent] = []
        self._numbers = itertools.count(1)

    async def lend(self) -> Lent:
        """An empty desk, for nobody else until it is given back."""
        return self._free.pop() if self._free else await self._made()

    async def give_back(self, lent: Lent) -> None:
        """Empty it for the next, if it is worth it."""
        lent.uses += 1
        if lent.uses < USES and await _emptied(lent):
            self._free.append(lent)
        else:
            await self._drop(lent)

    async def close(self) -> None:
        """Let go of all."""
        while self._free:
            await self._drop(self._free.pop())

    async def _made(self) -> Lent:
        name = f"desk_{os.getpid()}_{next(self._numbers)}"
        await self._server.create(name, like=TEMPLATE)
        watch = await asyncpg.connect(self._server.url(name))
        await watch.execute(EMPTYING)
        return Lent(name, watch, await watch.fetchval(SHAPE))

    async def _drop(self, lent: Lent) -> None:
        lent.watch.terminate()
        await self._server.drop(lent.name)


async def _emptied(lent: Lent) -> bool:
    try:
        await lent.watch.execute(ALONE, NAME)
        if await lent.watch.fetchval(SHAPE) != lent.shape:
            return False
        await lent.watch.execute("select pg_temp.emptied()")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # the test cut every line
        return False
    return True


@contextlib.contextmanager
def lending(server: Postgres) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Hands out addresses of empty desks. The connections live in a thread of their own, since each
    test has its own event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="empty desks", daemon=True)
    thread.start()
    desks = EmptyDesks(server)

    def run(doing: Coroutine[Any, Any, R]) -> R:
        return asyncio.run_coroutine_threadsafe(doing, loop).result()

    @contextlib.contextmanager
    def lent() -> Iterator[str]:
        mine = run(desks.lend())
        try:
            yield server.url(mine.name)
        finally:
            run(desks.give_back(mine))

    try:
        yield lent
    finally:
        run(desks.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
