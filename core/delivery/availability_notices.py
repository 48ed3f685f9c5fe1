"""What agents are told about their own availability: asked for a sign of life, put on break."""

from datetime import datetime

from core.cards import Button, Card, Tone
from core.delivery.outgoing import clock, direct_address, owe
from core.events import AgentWentQuiet, AvailabilityChanged, CoverMade, CoverRemoved
from core.model import Availability, SetBy
from core.work import Work


async def ask_for_sign(work: Work, event: AgentWentQuiet) -> None:
    """A word to an agent who is available and quiet, with a button that says that they are there."""
    address = await direct_address(work, event.agent_id)
    if address is not None:
        grace = round(work.house.policy.presence_grace.total_seconds() / 60)
        card = Card(
            text=f"👋 Are you there? I have not seen you for {event.minutes} minutes. "
            f"In {grace} minute{'s' * (grace != 1)} I put you on break, so that no ticket waits for you.",
            buttons=(Button("🙋 I am here", "agent here", "", Tone.PRIMARY),),
        )
        owe(work, f"quiet:{event.agent_id}:{int(work.now.timestamp())}", address, card)


async def tell_who_was_quiet(work: Work, event: AvailabilityChanged) -> None:
    """A word to an agent who was put on break for silence."""
    if event.by != SetBy.PRESENCE or event.availability != Availability.ON_BREAK:
        return
    address = await direct_address(work, event.agent_id)
    if address is not None:
        card = Card(
            text=f"⏸ You are on break: {event.why}. Anything you do here brings you back.",
            buttons=(Button("🙋 I am here", "agent here", "", Tone.PRIMARY),),
        )
        owe(work, f"on-break:{event.agent_id}:{int(work.now.timestamp())}", address, card)


async def tell_who_covers(work: Work, event: CoverMade | CoverRemoved) -> None:
    """A word to whoever is put on call out of turn, or no longer is."""
    address = await direct_address(work, event.agent_id)
    if address is None:
        return
    text, step = "📟 You are no longer on call out of turn: it was taken back.", "removed"
    if isinstance(event, CoverMade):
        begins, ends = (datetime.fromisoformat(each) for each in (event.begins, event.ends))
        text, step = f"📟 You are on call from {clock(begins)} until {clock(ends)}.", "made"
    owe(work, f"cover:{event.cover_id}:{step}", address, Card(text=text))
