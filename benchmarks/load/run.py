"""A run: windows are opened, messages are written at a steady pace, and everything is counted.

Half of the windows show a ticket each, into which customers write; the others show the queue, most
urgent or newest first, or the dashboard. Of ten messages, eight go on with a conversation, one
begins a new one, and one comes by the web chat. Two programs follow the API's event stream.
"""

import asyncio
import contextlib
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.databases import address
from benchmarks.load import house
from benchmarks.load.windows import TOKEN, Window, of_kind
from benchmarks.load.writers import Place, Writers

A_KEY = 4.0  # messages a second, well below what the API allows each
VISITORS_EACH = 0.8  # messages a second, below what the web chat allows each
SAMPLE_EVERY = 10.0  # seconds
SETTLE_WITHIN = 60.0  # seconds after the last message in which everything has to be shown
OPENING_AT_ONCE = 4
STREAMS = 2
NEWEST = 10  # the last new tickets; a page of the queue has twenty
FOR_EVER = httpx.Timeout(10, read=None)
KINDS = ("ticket", "newest", "ticket", "queue") * 4 + ("ticket", "dashboard")
PATHS = {
    "newest": "/desk/?filter=sort:-created",
    "queue": "/desk/",
    "dashboard": "/desk/dashboard",
}

NEVER = (
    "sessions lost",
    "faults of sessions",
    "faults of intake",
    "not shown",
    "shown twice",
    "shown out of order",
    "not in the event streams",
    "twice in an event stream",
    "out of order in an event stream",
    "errors of the server",
    "lost",
    "stored twice",
    "conversations stored out of order",
)
"""What may not happen, whatever the load."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much, for how long (seconds), and on which database."""

    database: str
    sessions: int
    rate: float
    seconds: float

    @property
    def keys(self) -> int:
        return max(STREAMS, round(self.rate / A_KEY + 0.5))

    @property
    def visitors(self) -> int:
        return max(1, round(self.rate / 10 / VISITORS_EACH + 0.5))


@dataclass
class Sample:
    """The server at a moment: seconds since the first message, megabytes, CPU seconds."""

    at: float
    resident: float
    busy: float


@dataclass
class Run:
    """What is there while it lasts."""

    plan: Plan
    server: house.Server
    writers: Writers
    keys: list[str]
    windows: list[Window] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    visitors: list[Place] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    heard: list[list[tuple[int, int]]] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)


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
            found = _counted(run, took) | {"errors of the server": server.errors()[:5]}
            for stream in streams:
                stream.cancel()
            await asyncio.gather(*(each.close() for each in run.windows))
            await run.writers.close()
        return found | _kept(run, await house.stored(url))


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
            while _unseen(run) or _unheard(run):  # noqa: ASYNC110 - they are counted from outside
                await asyncio.sleep(0.2)
    return time.perf_counter() - began


def _unseen(run: Run) -> int:
    """Messages that a window with their ticket has not shown, and new tickets that one with the
    newest has not, as far as they are among the newest still."""
    order = run.writers.sent.order
    tickets = (set(order[_talk(each)]) - set(each.seen) for each in of_kind(run.windows, "ticket"))
    last = sorted(run.fresh, key=lambda each: run.writers.sent.ticket.get(each, 0))[-NEWEST:]
    newest = (set(last) - set(each.seen) for each in of_kind(run.windows, "newest"))
    return sum(map(len, tickets)) + sum(map(len, newest))


def _talk(window: Window) -> str:
    return window.name.partition(":")[2]


def _unheard(run: Run) -> int:
    """Messages on open tickets of which a stream has not told."""
    expected = sum(len(run.writers.sent.order[each.conversation]) - 1 for each in run.places)
    return sum(max(0, expected - len(set(heard))) for heard in run.heard)


def _counted(run: Run, took: float) -> dict[str, Any]:
    sent = run.writers.sent
    tickets = list(of_kind(run.windows, "ticket"))
    answered = sorted(sent.took.values())
    shown = sorted(
        at - sent.at[number]
        for each in run.windows
        for number, at in each.seen.items()
        if number > len(run.places)
    )
    after = [each for each in run.samples if each.at >= run.plan.seconds / 3]
    return {
        "database": run.plan.database,
        "sessions": len(run.windows),
        "sessions lost": sum(not each.alive for each in run.windows),
        "faults of sessions": [each.fault for each in run.windows if each.fault][:5],
        "messages sent": len(sent.at),
        "messages a second": round((len(sent.at) - len(run.places)) / run.plan.seconds, 1),
        "faults of intake": sent.faults[:5],
        "handed in again": sent.again,
        "intake, p50 ms": _ms(answered, 0.5),
        "intake, p99 ms": _ms(answered, 0.99),
        "shown to sessions": len(shown),
        "not shown": _unseen(run),
        "shown twice": sum(len(each.twice) for each in tickets),
        "shown out of order": sum(not _in_order(run, each) for each in tickets),
        "until shown, p50 ms": _ms(shown, 0.5),
        "until shown, p99 ms": _ms(shown, 0.99),
        "not in the event streams": _unheard(run),
        "twice in an event stream": sum(len(each) - len(set(each)) for each in run.heard),
        "out of order in an event stream": sum(not _rising(each) for each in run.heard),
        "seconds until all was shown": round(took, 1),
        "updates to sessions": sum(each.frames for each in run.windows),
        "megabytes to sessions": round(sum(each.octets for each in run.windows) / 1e6),
        "share of a CPU": round(_cpu(run.samples), 2),
        "resident MB, first and last": [
            round(run.samples[0].resident),
            round(run.samples[-1].resident),
        ],
        "MB a minute after a third": _slope(after),
        "resident MB": [round(each.resident) for each in run.samples],
    }


def _kept(run: Run, rows: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """How what is stored compares with what was sent."""
    numbers = [int(found[1]) for _, text in rows if (found := TOKEN.search(text))]
    tickets: dict[int, list[int]] = defaultdict(list)
    for ticket, text in rows:
        if found := TOKEN.search(text):
            tickets[ticket].append(int(found[1]))
    orders = {tuple(each) for each in run.writers.sent.order.values()}
    return {
        "messages stored": len(numbers),
        "lost": len(set(run.writers.sent.at) - set(numbers)),
        "stored twice": sum(count > 1 for count in Counter(numbers).values()),
        "conversations stored out of order": sum(tuple(e) not in orders for e in tickets.values()),
    }


def _in_order(run: Run, window: Window) -> bool:
    order = [each for each in run.writers.sent.order[_talk(window)] if each in window.seen]
    return order == list(window.seen)


def _rising(heard: Sequence[tuple[int, int]]) -> bool:
    """Whether the messages of each ticket came in the order in which they were stored."""
    by_ticket: dict[int, list[int]] = defaultdict(list)
    for ticket, message in heard:
        by_ticket[ticket].append(message)
    return all(each == sorted(each) for each in by_ticket.values())


def _ms(times: Sequence[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1e3, 1) if times else 0.0


def _cpu(samples: Sequence[Sample]) -> float:
    first, last = samples[0], samples[-1]
    return (last.busy - first.busy) / max(last.at - first.at, 0.001)


def _slope(samples: Sequence[Sample]) -> float:
    """Megabytes a minute, by least squares."""
    if len(samples) < 3:
        return 0.0
    minutes = [each.at / 60 for each in samples]
    return round(statistics.linear_regression(minutes, [e.resident for e in samples]).slope, 1)
