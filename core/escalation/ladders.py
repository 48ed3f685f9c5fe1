"""Ladders, pure: the ordered steps of a trigger, read from words and said in them.

``priority high; notify lead; 30m reassign; 1h on-call; 2h admin``: a delay since the trigger, and what is
done then.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import Invalid
from core.model.escalation import Measure, Trigger

NONE = ("off", "none")
LONGEST = 300  # characters
RUNGS_AT_MOST = 10
LATEST = timedelta(days=30)
EXAMPLE = "/escalation set breached priority high; notify lead; 30m reassign; 1h on-call; 2h admin"
VALUES: Mapping[Measure, Sequence[str]] = {
    Measure.PRIORITY: ("high", "urgent"),
    Measure.NOTIFY: ("assignee", "lead", "team"),
}
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_RUNG = re.compile(r"(?:([0-9]{1,5}) ?([mhd]) )?([a-z-]+)(?: (.+))?")


class BadLadder(Invalid):
    """What was written is no ladder; the sentence names the step and says what would do."""

    def __init__(self, said: str, why: str) -> None:
        super().__init__(f"“{said.strip()[:40] or '…'}”: {why} For example: {EXAMPLE}")


@dataclass(frozen=True)
class Rung:
    """A step: so long after the trigger, a measure with its value."""

    after: timedelta
    measure: Measure
    value: str = ""


def read(text: str) -> tuple[Rung, ...]:
    """The rungs of ``notify lead; 30m reassign``, or none for ``off``. Raises `BadLadder`."""
    said = " ".join(text.lower().split())
    if said in NONE:
        return ()
    if len(said) > LONGEST:
        raise BadLadder(said, f"a ladder has {LONGEST} characters at most.")
    rungs = tuple(_rung(each.strip()) for each in said.split(";"))
    if len(rungs) > RUNGS_AT_MOST:
        raise BadLadder(said, f"more than {RUNGS_AT_MOST} steps are too many.")
    for before, after in itertools.pairwise(rungs):
        if after.after < before.after:
            raise BadLadder(
                _in_words(after), f"a step comes after the one before it, {_in_words(before)}."
            )
    if len(set(rungs)) < len(rungs):
        raise BadLadder(said, "a step is there twice at the same time.")
    return rungs


def in_words(rungs: Sequence[Rung]) -> str:
    """A ladder as it is written."""
    return "; ".join(_in_words(each) for each in rungs) or "off"


def as_json(rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    """Plain values, to be kept."""
    return [
        {
            "minutes": round(each.after.total_seconds() / 60),
            "measure": each.measure.value,
            "value": each.value,
        }
        for each in rungs
    ]


def from_json(steps: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """What `as_json` made."""
    return tuple(
        Rung(timedelta(minutes=each["minutes"]), Measure(each["measure"]), each["value"])
        for each in steps
    )


def _rung(said: str) -> Rung:
    found = _RUNG.fullmatch(said)
    if found is None:
        raise BadLadder(said, "that is no step. A step is a delay, such as 30m, and a measure.")
    known = {each.value: each for each in Measure}
    if found[3] not in known:
        raise BadLadder(found[3], f"that is no measure. There is {', '.join(known)}.")
    measure, value = known[found[3]], found[4] or ""
    values = VALUES.get(measure, ())
    if values and value not in values:
        raise BadLadder(said, f"say {measure.value} with one of {', '.join(values)}.")
    if not values and value:
        raise BadLadder(value, f"nothing comes after {measure.value}.")
    after = int(found[1]) * _UNITS[found[2]] if found[1] else timedelta(0)
    if after > LATEST:
        raise BadLadder(said, "30 days after the trigger is the latest.")
    return Rung(after, measure, value)


def _in_words(rung: Rung) -> str:
    minutes = round(rung.after.total_seconds() / 60)
    size, unit = next((n, u) for n, u in ((1440, "d"), (60, "h"), (1, "m")) if minutes % n == 0)
    delay = f"{minutes // size}{unit}" if minutes else ""
    return " ".join(filter(None, (delay, rung.measure.value, rung.value)))


DEFAULTS: Mapping[Trigger, tuple[Rung, ...]] = {
    Trigger.AT_RISK: (),
    Trigger.BREACHED: read("notify lead; 30m reassign; 1h on-call; 2h admin"),
    Trigger.REOPENED: read("notify lead"),
    Trigger.LOW_SCORE: read("notify lead"),
    Trigger.ANGRY: read("priority high; notify lead"),
    Trigger.TOO_HARD: read("reassign"),
    Trigger.BY_HAND: read("notify lead; 1h on-call; 2h admin"),
}
"""What we ship.

Warnings of promises go out by themselves. A higher priority has shorter promises, so it is raised only
where a ticket turns out to be more urgent, and not because one of its promises is late: that would break
the next one.
"""
