"""A little load on a real server process: nothing is lost, and everybody sees everything once."""

from benchmarks.load.counting import NEVER
from benchmarks.load.plan import Plan
from benchmarks.load.run import measure

SECONDS = 3
RATE = 6


async def test_live_sessions_see_every_message_once_and_in_order() -> None:
    found = await measure(Plan("sqlite", sessions=4, rate=RATE, seconds=SECONDS))

    assert {name: found[name] for name in NEVER if found[name]} == {}
    assert found["messages stored"] == found["messages sent"] == SECONDS * RATE + 2
    assert found["shown to sessions"] > SECONDS * RATE / 2
