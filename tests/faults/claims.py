"""A hundred claims at once for one ticket, over and over: how often there was not one winner."""

import asyncio
from collections import Counter

from core.channels import Who
from core.desk import Desk
from core.routing.assignment import AlreadyClaimed, AtCapacity
from core.vocabulary import OPERATOR, Availability, Details, Ticket
from tests.scene import hire, open_ticket

AGENTS = 50
CLAIMS = 100


async def claim_at_once(desk: Desk, *, rounds: int) -> list[str]:
    """Play the rounds; each broken promise as a sentence."""
    agents = [await _ready_to_claim(desk, f"agent-{number}") for number in range(AGENTS)]
    broken = []
    for number in range(rounds):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        claims = (desk.claim(agent, ticket) for agent in agents * (CLAIMS // AGENTS))
        results = await asyncio.gather(*claims, return_exceptions=True)
        came = Counter(type(each) for each in results)
        if came[Ticket] != 1 or set(came) - {Ticket, AlreadyClaimed, AtCapacity}:
            broken.append(f"round {number}: {came}")
        await desk.resolve(OPERATOR, ticket)
    return broken


async def _ready_to_claim(desk: Desk, name: str) -> Who:
    """An agent who has room, and is given nothing by itself."""
    agent = await hire(desk, name, capacity=0)
    await desk.set_availability(agent, Availability.BUSY)
    await desk.edit_agent(OPERATOR, agent, Details(capacity=1))
    return agent
