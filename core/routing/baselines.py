"""What desks do without a score: round robin, longest idle, least loaded, to be compared with."""

from collections.abc import Callable

from core.routing.matching import fits
from core.routing.policy import DEFAULT, policy_of
from core.routing.signals import Seeker, Taker
from core.routing.simulation import Choice, Chooser, Moment


def round_robin() -> Chooser:
    """Each ticket goes at once to whoever fits next in the circle, and waits in that agent's own
    line while they are busy: rotation without regard to load."""
    last = 0

    def choose(at: Moment) -> list[Choice]:
        nonlocal last
        choices = []
        for seeker in at.waiting:
            fitting = sorted(
                (taker.number <= last, taker.number)
                for taker in at.on_duty
                if able(seeker, taker, at)
            )
            if fitting:
                last = fitting[0][1]
                choices.append((seeker.number, last))
        return choices

    return choose


def longest_idle(*, urgent_first: bool = False) -> Chooser:
    """The oldest ticket that a free agent fits goes to the one of them who is idle the longest."""
    return _one_by_one(lambda taker: (taker.idle_since, taker.number), urgent_first=urgent_first)


def least_loaded() -> Chooser:
    """The oldest ticket goes to the free agent who holds the fewest, and was given the fewest today."""
    given: dict[int, int] = {}
    inner = _one_by_one(lambda taker: (taker.held, given.get(taker.number, 0), taker.number))

    def choose(at: Moment) -> list[Choice]:
        choices = list(inner(at))
        for _, agent in choices:
            given[agent] = given.get(agent, 0) + 1
        return choices

    return choose


def _one_by_one(
    order: Callable[[Taker], tuple[object, ...]], *, urgent_first: bool = False
) -> Chooser:
    def choose(at: Moment) -> list[Choice]:
        room = {taker.number: taker.room for taker in at.free}
        free = sorted(at.free, key=order)
        line = (
            sorted(at.waiting, key=lambda seeker: -seeker.priority) if urgent_first else at.waiting
        )
        choices = []
        for seeker in line:
            chosen = next((t for t in free if room[t.number] and able(seeker, t, at)), None)
            if chosen is not None:
                room[chosen.number] -= 1
                choices.append((seeker.number, chosen.number))
        return choices

    return choose


def able(seeker: Seeker, taker: Taker, at: Moment) -> bool:
    """Whether the agent has what the ticket cannot do without."""
    return fits(seeker, taker, now=at.now, policy=policy_of(seeker.priority, DEFAULT))
