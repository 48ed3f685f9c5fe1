"""What came of a run: what was shown, heard and stored of what was sent, and how long it took."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from benchmarks.load.plan import Run, Sample
from benchmarks.load.windows import TOKEN, Window, of_kind

NEWEST = 10  # the last new tickets; a page of the queue has twenty

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


def unseen(run: Run) -> int:
    """Messages that a window with their ticket has not shown, and new tickets that one with the
    newest has not, as far as they are among the newest still."""
    order = run.writers.sent.order
    tickets = (set(order[_talk(each)]) - set(each.seen) for each in of_kind(run.windows, "ticket"))
    last = sorted(run.fresh, key=lambda each: run.writers.sent.ticket.get(each, 0))[-NEWEST:]
    newest = (set(last) - set(each.seen) for each in of_kind(run.windows, "newest"))
    return sum(map(len, tickets)) + sum(map(len, newest))


def _talk(window: Window) -> str:
    return window.name.partition(":")[2]


def unheard(run: Run) -> int:
    """Messages on open tickets of which a stream has not told."""
    expected = sum(len(run.writers.sent.order[each.conversation]) - 1 for each in run.places)
    return sum(max(0, expected - len(set(heard))) for heard in run.heard)


def counted(run: Run, took: float) -> dict[str, Any]:
    """All of it, by what it is called; ``took`` are the seconds until everything was shown."""
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
        "not shown": unseen(run),
        "shown twice": sum(len(each.twice) for each in tickets),
        "shown out of order": sum(not _in_order(run, each) for each in tickets),
        "until shown, p50 ms": _ms(shown, 0.5),
        "until shown, p99 ms": _ms(shown, 0.99),
        "not in the event streams": unheard(run),
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


def kept(run: Run, rows: Sequence[tuple[int, str]]) -> dict[str, Any]:
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
