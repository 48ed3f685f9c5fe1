"""Intake and claim through the door, against the same rows by bare SQL in the same run."""

from datetime import UTC, datetime
from typing import Any

from benchmarks.databases import fresh
from benchmarks.floor import Floor
from benchmarks.measure import Measured, interleaved
from core.channels import Address, IncomingMessage, Who
from core.desk import Desk
from core.vocabulary import OPERATOR, Availability, Details, House

ROUNDS, BATCH = 8, 40
STAFF = Address("console", "local", "staff")


async def measure(kind: str, *, at_once: int) -> dict[str, Any]:
    """Rates, CPU and ratios of intake and claim on one kind of database."""
    async with fresh(kind) as database:
        desk = Desk(database, House(staff_rooms=(STAFF,)))
        floor = Floor(database)
        await desk.receive(_message(-1))
        intakes = await interleaved(
            {"desk": lambda n: desk.receive(_message(n)), "floor": floor.intake},
            rounds=ROUNDS,
            batch=BATCH,
            at_once=at_once,
        )
        claims = await _claims(desk, floor)
        return {"intake": _compared(intakes), "claim": _compared(claims)}


async def _claims(desk: Desk, floor: Floor) -> dict[str, Measured]:
    """Agents claim the tickets that the intakes left waiting, one after the other."""
    numbers = iter(range(1, ROUNDS * BATCH * 2))
    agents = []
    for n in range(8):
        who = Who("console", "local", f"agent-{n}", f"agent-{n}")
        agent = await desk.add_agent(OPERATOR, who, Details(capacity=0))
        await desk.set_availability(who, Availability.BUSY)
        await desk.edit_agent(OPERATOR, who, Details(capacity=100))
        agents.append((who, agent.id))

    async def ours(n: int) -> None:
        await desk.claim(agents[n % 4][0], next(numbers))

    async def bare(n: int) -> None:
        await floor.claim(next(numbers), agents[4 + n % 4][1], 1 + n)

    return await interleaved(
        {"desk": ours, "floor": bare}, rounds=ROUNDS, batch=BATCH // 2, at_once=1
    )


def _compared(measured: dict[str, Measured]) -> dict[str, float]:
    ours, floor = measured["desk"], measured["floor"]
    return {
        "per_second": round(ours.rate, 1),
        "floor_per_second": round(floor.rate, 1),
        "share_of_floor": round(ours.rate / floor.rate, 3),
        "cpu_us": round(ours.cpu_each),
        "floor_cpu_us": round(floor.cpu_each),
        "p50_ms": round(ours.percentile(0.5), 2),
        "floor_p50_ms": round(floor.percentile(0.5), 2),
        "p50_over_floor": round(ours.percentile(0.5) / floor.percentile(0.5), 2),
    }


def _message(number: int) -> IncomingMessage:
    who = Who("console", "local", f"customer-{number}", f"customer-{number}")
    return IncomingMessage(
        address=Address("console", "local", who.user),
        sender=who,
        external_id=f"m{number}",
        text="my lamp is broken",
        sent_at=datetime.now(UTC),
    )
