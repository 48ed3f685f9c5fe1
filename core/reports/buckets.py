"""Times in buckets that can be added up, and quantiles read from them.

The buckets grow by the same factor each, so that a quantile is at most `ERROR` (a share of it) off,
whatever was added and in whichever order: the sketch of Masson, Rim and Lee, "DDSketch" (VLDB 2019),
without its limit on the number of buckets. Times below a second count as one.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

ERROR = 0.05
GROWTH = (1 + ERROR) / (1 - ERROR)
_LOG = math.log(GROWTH)


def bucket(time: timedelta) -> int:
    """The bucket of a time: number *i* holds what is longer than ``GROWTH ** (i - 1)`` seconds, and
    not longer than ``GROWTH ** i``."""
    return math.ceil(math.log(max(time.total_seconds(), 1)) / _LOG)


def middle(number: int) -> timedelta:
    """The time that stands for a bucket: no time in it is farther from it than `ERROR`."""
    return timedelta(seconds=2 * GROWTH**number / (GROWTH + 1))


def quantile(counts: Mapping[int, int], share: float) -> timedelta | None:
    """The time that a ``share`` (0–1) of the times in these buckets do not exceed, by nearest rank; None
    without any."""
    wanted = max(1, math.ceil(share * sum(counts.values())))
    seen = 0
    for number in sorted(counts):
        seen += counts[number]
        if counts[number] > 0 and seen >= wanted:
            return middle(number)
    return None


def interval(hits: int, of: int) -> tuple[float, float]:
    """Between which shares (0–1) the true one lies with 95 % confidence. Wilson's score interval:
    E. B. Wilson, JASA 22 (1927)."""
    if of <= 0:
        return 0.0, 1.0
    z = 1.959964
    share, extra = hits / of, z * z / of
    centre = share + extra / 2
    spread = z * math.sqrt(share * (1 - share) / of + extra / (4 * of))
    low, high = (centre - spread) / (1 + extra), (centre + spread) / (1 + extra)
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)
