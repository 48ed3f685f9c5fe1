"""Running: every part that was asked for, together, until a signal; then a drain, then the end."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Any

from app import languages, verbs
from app.control import ControlServer
from app.lock import FileLock, sqlite_warning
from app.migrate import require_current
from app.networks import Networks, connected
from app.opening import opened
from app.schedule import heartbeat, sweep_all
from app.serve import listen
from app.settings import Settings
from app.wiring import Switchboard
from core.storage.wake import Wake

log = logging.getLogger(__name__)

DRAIN = 10.0  # seconds to deliver what is due before the process ends


class Part(StrEnum):
    """What a process may do; together they are the whole desk.

    Every process delivers and sweeps: both are safe in any number of them.
    """

    WEB = "web"  # pages, the console, Slack over HTTP
    SLACK = "slack"  # Slack over Socket Mode
    DISCORD = "discord"  # Discord's gateway: in one process only
    WORKER = "worker"  # none of these: it only delivers and sweeps


async def run(settings: Settings, parts: frozenset[Part], *, say: Callable[[str], None]) -> None:
    """Run the desk until SIGINT or SIGTERM. Raises `CannotStart`."""
    async with AsyncExitStack() as stack:
        database, lock = await stack.enter_async_context(opened(settings))
        await require_current(database)
        only = next(iter(parts)).value if len(parts) == 1 else ""
        networks = await stack.enter_async_context(connected(settings, database, only=only))
        listening = listen(settings.host, settings.port) if Part.WEB in parts else None
        if listening is not None:
            stack.callback(listening.close)
            settings = settings.model_copy(update={"port": listening.getsockname()[1]})
        app = Switchboard(settings, database, staff_rooms=networks.staff_rooms)
        await app.refresh_knowledge()
        networks.attach(app.desk)
        await stack.enter_async_context(_answering_command_line(app, lock))
        jobs = [
            *_jobs(app, networks, listening),
            *networks.listening(
                slack=Part.SLACK in parts, discord=Part.DISCORD in parts, alone=bool(only)
            ),
        ]
        reading = asyncio.create_task(asyncio.to_thread(languages.prepare))
        if listening is not None:
            from web.desk.mount import running

            await stack.enter_async_context(running())
        scheduler = heartbeat(app)
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        await sweep_all(app)
        await reading
        for line in await banner(app, networks, parts):
            say(line)
        await _until_stopped(jobs)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(app.desk.courier.deliver_due(), DRAIN)


async def banner(app: Switchboard, networks: Networks, parts: frozenset[Part]) -> list[str]:
    """Where to look, and how the first admin comes in."""
    url = app.settings.url
    lines = [f"Switchboard is running ({', '.join(sorted(parts))})."]
    if Part.WEB in parts:
        lines.append(f"  Health    {url}/health/ready")
    if Part.WEB in parts and app.settings.console:
        lines.append(f"  Console   {url}/console")
    if Part.WEB in parts:
        lines.append(f"  Help      {url}/help, for customers; {url}/widget.js for other sites")
        lines.append(f"  API       {url}/api/v1, for programs: /key add makes a key")
        lines.append(f"  Desk      {url}/desk, for staff: /desk in chat gives each their link")
    lines.append(f"  Articles  {await app.articles()}, {app.deflector.tier} matching")
    lines += networks.described()
    if not await app.desk.any_admin():
        link = await verbs.admin_link(app)
        page = f"{link['url']} (works once), or in chat: " if Part.WEB in parts else ""
        lines.append(f"  Admin     {page}{link['command']}")
    return lines


@asynccontextmanager
async def _answering_command_line(app: Switchboard, lock: FileLock | None) -> AsyncIterator[None]:
    """While this process has the SQLite file, the command line works through it."""
    if lock is None:
        yield
        return
    warning = sqlite_warning()
    if warning:
        log.info(warning)
    control = ControlServer({name: partial(verb, app) for name, verb in verbs.VERBS.items()})
    lock.announce(await control.open())
    try:
        yield
    finally:
        await control.close()


def _jobs(
    app: Switchboard, networks: Networks, listening: socket.socket | None
) -> list[Coroutine[Any, Any, None]]:
    """What this process does all day, beside the heartbeat."""
    jobs = [app.desk.courier.run(), app.desk.fetcher.run()]
    if not app.database.is_sqlite:
        wake = Wake(app.database)
        app.desk.when_owing(wake.notify)
        jobs.append(wake.run(app.desk.courier.wake))
    if listening is not None:
        from app.pages import serving

        jobs += serving(app, networks, listening)
    return jobs


async def _until_stopped(jobs: list[Coroutine[Any, Any, None]]) -> None:
    """Until a signal comes, or a job ends, which none should: its error is then ours."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    running = [asyncio.create_task(job) for job in jobs]
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*running, waiting):
            task.cancel()
        ends = await asyncio.gather(*running, waiting, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end
    if not stopped.is_set():
        raise RuntimeError("a part of the desk ended by itself")
