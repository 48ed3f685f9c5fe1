"""What a return makes us say: to the customer at each step, to staff with what can be done next."""

from core import catalogue
from core.cards import Button, Card, Field, Tone
from core.delivery.about import agent_author, place_key, root_key, ticket_of
from core.delivery.outgoing import owe
from core.events import (
    OrderCodeSaid,
    OrderProofOffered,
    ReturnMoved,
    ReturnOffered,
    ReturnRequested,
    ShopFellSilent,
)
from core.model import Message, Order, Return, Step, Wish
from core.model.order import WHOLE_RETURN
from core.work import Work


async def offer_return(work: Work, event: ReturnOffered) -> None:
    """A button beneath the customer's words, which opens the form."""
    message = await work.session.get_one(Message, event.message_id)
    order = await work.session.get_one(Order, event.order_id)
    card = catalogue.return_offered(order.number, order.returnable_until)
    owe(work, f"return-offered:{message.id}", message.address, card)


async def offer_proof(work: Work, event: OrderProofOffered) -> None:
    """A way to show that the order is theirs, whether there is such an order or not."""
    message = await work.session.get_one(Message, event.message_id)
    card = catalogue.proof_offered(event.number)
    owe(work, f"proof-offered:{message.id}", message.address, card)


async def answer_code(work: Work, event: OrderCodeSaid) -> None:
    """What came of a code that was written into the conversation."""
    message = await work.session.get_one(Message, event.message_id)
    card = catalogue.proof_ended(event.end, event.number)
    owe(work, f"order-code:{message.id}", message.address, card)


async def show_silent_shop(work: Work, event: ShopFellSilent) -> None:
    """Staff learn that orders are as they were known before; once an hour, whichever process met it."""
    text = (
        f"🛒 The shop does not answer: {event.why} Orders are as we knew them. It is asked again in a "
        "minute; `switchboard doctor` looks at it now."
    )
    for room in work.house.staff_rooms:
        owe(work, f"shop:{work.now:%Y%m%d%H}:{place_key(room)}", room, Card(text=text))


async def show_return(work: Work, event: ReturnRequested | ReturnMoved) -> None:
    """The return beneath its ticket's card: posted once, then edited in place at each step."""
    found = await _return(work, event.return_id)
    card = return_card(found)
    for room in work.house.staff_rooms:
        root = f"return:{found.id}:{place_key(room)}"
        is_new = isinstance(event, ReturnRequested)
        owe(
            work,
            root if is_new else f"{root}:{found.version}",
            room,
            card,
            ticket_id=found.ticket_id,
            under=root_key(found.ticket_id, room) if is_new else None,
            replaces=None if is_new else root,
        )


async def tell_customer_of_return(work: Work, event: ReturnRequested | ReturnMoved) -> None:
    """What the step means for whoever sends it back."""
    found = await _return(work, event.return_id)
    ticket = await ticket_of(work, found.ticket_id)
    author = await agent_author(work, ticket.assignee_id) if found.refusal else None
    card = catalogue.return_step(
        found.step.value,
        number=found.id,
        order=found.order.number,
        what=found.what,
        wish=found.wish.value,
        refusal=found.refusal,
        author=author,
    )
    key = f"return:{found.id}:customer:{found.step.value}"
    owe(work, key, ticket.address, card, ticket_id=ticket.id)


def return_card(found: Return) -> Card:
    """A return at a glance, with the steps that can be taken."""
    fields = [
        Field("Step", found.step.value),
        Field("Reason", found.reason.value),
        Field("Wants", found.wish.value),
        Field("Possible until", found.order.returnable_until.strftime("%d %b %Y")),
    ]
    if found.refusal:
        fields.append(Field("Refused because", found.refusal[:200]))
    return Card(
        title=f"↩️ Return {found.id} · order {found.order.number}",
        text=found.what,
        quote=found.note,
        fields=tuple(fields),
        buttons=_next_steps(found),
    )


def _next_steps(found: Return) -> tuple[Button, ...]:
    number = str(found.id)
    refuse = Button("✋ Refuse", "returns refuse", number, Tone.DANGER)
    ask = Button("❓ Ask", "returns ask", number)
    ahead = {
        Step.REQUESTED: Button("✅ Accept", "returns accept", number, Tone.PRIMARY),
        Step.ACCEPTED: Button("📦 Received", "returns received", number, Tone.PRIMARY),
        Step.RECEIVED: Button("💶 Refunded", "returns refunded", number, Tone.PRIMARY)
        if found.wish is Wish.REFUND
        else Button("🔁 Exchanged", "returns refunded", number, Tone.PRIMARY),
    }.get(found.step)
    return (ahead, ask, refuse) if ahead else ()


async def _return(work: Work, number: int) -> Return:
    return await work.session.get_one(Return, number, options=WHOLE_RETURN)
