"""Measuring: the same number of operations of ours and of a floor, interleaved in one run.

Machines are noisy, so figures are only ever compared inside a run, and CPU time an operation is
told beside the rate.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Operation = Callable[[int], Awaitable[object]]


@dataclass
class Measured:
    """What a number of operations took. Times in seconds."""

    name: str
    took: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Operations a second."""
        return len(self.took) / self.elapsed

    @property
    def cpu_each(self) -> float:
        """CPU microseconds an operation, of this process."""
        return self.cpu / len(self.took) * 1e6

    def percentile(self, share: float) -> float:
        """A quantile of the single operations, in milliseconds."""
        return (
            statistics.quantiles(self.took, n=100, method="inclusive")[round(share * 100) - 1] * 1e3
        )


async def interleaved(
    operations: dict[str, Operation],
    *,
    rounds: int,
    batch: int,
    at_once: int,
    between: Callable[[], Awaitable[object]] | None = None,
) -> dict[str, Measured]:
    """Run a batch of each operation in turn, ``at_once`` at a time, for some rounds.

    Every operation is given a number that is never used twice. ``between`` batches is not
    measured: what one left running does not slow the next.
    """
    measured = {name: Measured(name) for name in operations}
    number = 0
    for _ in range(rounds):
        for name, operation in operations.items():
            numbers = range(number, number + batch)
            number += batch
            await _batch(operation, numbers, at_once, measured[name])
            if between is not None:
                await between()
    return measured


async def _batch(operation: Operation, numbers: range, at_once: int, into: Measured) -> None:
    waiting = iter(numbers)

    async def worker() -> None:
        for number in waiting:
            began = time.perf_counter()
            await operation(number)
            into.took.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    into.elapsed += time.perf_counter() - began
    into.cpu += time.process_time() - cpu
