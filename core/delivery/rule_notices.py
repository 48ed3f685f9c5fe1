"""What leads are told of rules: that one is broken."""

from sqlalchemy import select

from core.cards import Button, Card
from core.channels import Address
from core.delivery.about import place_key
from core.delivery.outgoing import owe
from core.events import RuleBroke
from core.model import Agent, Identity, Role
from core.work import Work

LEADS_AT_MOST = 50


async def tell_leads_of_rule(work: Work, event: RuleBroke) -> None:
    """To every lead, where they joined last; to the staff rooms, where no lead is reached."""
    card = Card(
        title=f"🧭 The rule “{event.name}” is skipped",
        text=event.why,
        footnote="It is tried again once it is edited.",
        buttons=(Button("Show it", "rule show", str(event.rule_id)),),
    )
    stamp = int(work.now.timestamp())
    for place in await _leads(work) or work.house.staff_rooms:
        owe(work, f"rule-broke:{event.rule_id}:{stamp}:{place_key(place)}", place, card)


async def _leads(work: Work) -> list[Address]:
    joined = (
        select(Identity)
        .join(Agent, Agent.id == Identity.agent_id)
        .where(Agent.role >= Role.LEAD, Agent.removed_at.is_(None))
        .order_by(Identity.id)
        .limit(LEADS_AT_MOST)
    )
    last = {identity.agent_id: identity.direct for identity in await work.session.scalars(joined)}
    return list(last.values())
