"""A run: windows are opened, messages are written at a steady pace, and everything is counted.

Half of the windows show a ticket each, into which customers write; the others show the queue, most
urgent or newest first, or the dashboard. Of ten messages, eight go on with a conversation, one
begins a new one, and one comes by the web chat. Two programs follow the API's event stream.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from benchmarks.databases import address
from benchmarks.load import house
from benchmarks.load.counting import counted, kept, unheard, unseen
from benchmarks.load.plan import STREAMS, Plan, Run, Sample
from benchmarks.load.windows import Window
from benchmarks.load.writers import Place, Writers

SAMPLE_EVERY = 10.0  # seconds
SETTLE_WITHIN = 60.0  # seconds after the last message in which everything has to be shown
OPENING_AT_ONCE = 4
FOR_EVER = httpx.Timeout(10, read=None)
KINDS = ("ticket", "newest", "ticket", "queue") * 4 + ("ticket", "dashboard")
PATHS = {
    "newest": "/desk/?filter=sort:-created",
    "queue": "/desk/",
    "dashboard": "/desk/dashboard",
}

Say = Callable[[str], None]


async def measure(plan: Plan, *, say: Say = lambda _: None) -> dict[str, Any]:
    """Run it; what was counted."""
    async with address(plan.database) as url:
        there = await house.furnished(url, sessions=plan.sessions, keys=plan.keys)
        with house.running(url) as server:
            run = Run(plan, server, Writers(server.url), there.keys)
            streams = [asyncio.create_task(_follow(run, key)) for key in there.keys[:STREAMS]]
            await _open(run, there.codes, say)
            await _load(run, say)
            took = await _settled(run)
            found = counted(run, took) | {"errors of the server": server.errors()[:5]}
            for stream in streams:
                stream.cancel()
            await asyncio.gather(*(each.close() for each in run.windows))
            await run.writers.close()
        return found | kept(run, await house.stored(url))


async def _open(run: Run, codes: Sequence[str], say: Say) -> None:
    """Open all windows, a few at a time; those with a ticket after it has begun."""
    began = time.perf_counter()
    opening = asyncio.Semaphore(OPENING_AT_ONCE)

    async def one(number: int, code: str) -> None:
        kind = KINDS[number % len(KINDS)]
        async with opening:
            path = PATHS.get(kind)
            if path is None:
                place = Place(f"talk-{number}", run.keys[number % len(run.keys)])
                first = await run.writers.write(place)
                path = f"/desk/tickets/{run.writers.sent.ticket[first]}"
                run.places.append(place)
                kind = f"ticket:{place.conversation}"
            window = Window(run.server.url, path, kind)
            await window.open(code)
            run.windows.append(window)

    await asyncio.gather(*(one(number, code) for number, code in enumerate(codes)))
    run.visitors = [await run.writers.visitor() for _ in range(run.plan.visitors)]
    say(f"{len(run.windows)} windows opened in {time.perf_counter() - began:.0f} s")


async def _load(run: Run, say: Say) -> None:
    """Write at a steady pace, whatever the answers take."""
    began = time.perf_counter()
    sampling = asyncio.create_task(_sample(run, began, say))
    writing = []
    for n in range(round(run.plan.rate * run.plan.seconds)):
        await asyncio.sleep(max(0.0, began + n / run.plan.rate - time.perf_counter()))
        writing.append(asyncio.create_task(_write(run, n)))
    await asyncio.gather(*writing)
    sampling.cancel()
    run.samples.append(_look(run, began))


async def _write(run: Run, n: int) -> None:
    if n % 10 == 0:
        place = Place(f"new-{n}", run.keys[n // 10 % len(run.keys)])
        run.fresh.append(await run.writers.write(place))
    elif n % 10 == 5 or not run.places:
        await run.writers.write(run.visitors[n // 10 % len(run.visitors)])
    else:
        await run.writers.write(run.places[n % len(run.places)])


async def _sample(run: Run, began: float, say: Say) -> None:
    while True:
        run.samples.append(_look(run, began))
        last, before = run.samples[-1], run.samples[-2] if len(run.samples) > 1 else None
        share = (last.busy - before.busy) / (last.at - before.at) if before else 0.0
        waiting = len(run.writers.sent.at) - len(run.writers.sent.took)
        say(f"{last.at:4.0f} s  {last.resident:6.1f} MB  {share:4.0%} CPU  {waiting} unanswered")
        await asyncio.sleep(SAMPLE_EVERY)


def _look(run: Run, began: float) -> Sample:
    at = time.perf_counter() - began
    return Sample(at, run.server.resident(), run.server.busy())


async def _follow(run: Run, key: str) -> None:
    """What a program hears of messages on tickets, as it comes."""
    heard: list[tuple[int, int]] = []
    run.heard.append(heard)
    headers = {"authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=run.server.url, headers=headers, timeout=FOR_EVER) as client,
        client.stream("GET", "/api/v1/events") as answer,
    ):
        event = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == "MessageReceived":
                said = json.loads(line[6:])
                heard.append((said["ticket"], said["facts"]["message_id"]))


async def _settled(run: Run) -> float:
    """Wait until everything is shown, or it takes too long; the seconds it took."""
    began = time.perf_counter()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_WITHIN):
            while unseen(run) or unheard(run):  # noqa: ASYNC110 - they are counted from outside
                await asyncio.sleep(0.2)
    return time.perf_counter() - began
