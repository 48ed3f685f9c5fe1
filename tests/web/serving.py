"""The API on a real socket, in a thread of its own, for clients that do not await."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.serve import listen, web_server
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import House
from tests.scene import STAFF_ROOM, open_ticket
from tests.web.api import key
from web.api.app import api
from web.live import Live
from web.site import site

FAST = 1_000_000  # requests a minute


@contextmanager
def served(database_url: str) -> Iterator[tuple[str, str]]:
    """The address of an API with a ticket in it, and a key of an admin."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ready = asyncio.run_coroutine_threadsafe(_begin(database_url), loop)
    url, secret, server, database = ready.result(60)
    try:
        yield url, secret
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, database), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _begin(database_url: str) -> tuple[str, str, asyncio.Task[None], Database]:
    database = Database(database_url)
    desk = Desk(database, House(staff_rooms=(STAFF_ROOM,)))
    secret = await key(desk)
    await open_ticket(desk)
    live = Live(desk)
    app = site(desk, channels=dict, console=False, routes=[api(desk, live, a_minute=FAST)])
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
    serving = web_server(app).serve_until_cancelled(listening, hang_up=live.close)
    return url, secret, asyncio.create_task(serving), database


async def _end(server: asyncio.Task[None], database: Database) -> None:
    server.cancel()
    with suppress(asyncio.CancelledError):
        await server
    await database.close()
