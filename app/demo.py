"""A small believable shop: Lumen & Leaf sells lamps and plants, and has had a busy week.

It is loaded through the desk's own door, with a clock that runs through the week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.migrate import require_current
from app.settings import Settings
from app.wiring import Switchboard
from core.channels import Address, IncomingMessage, Who
from core.desk import Desk
from core.model import Agent, Customer
from core.storage.database import Database
from core.vocabulary import (
    OPERATOR,
    Availability,
    Details,
    LineSaid,
    OrderSaid,
    OrderStatus,
    Outcome,
    Priority,
    Received,
    Role,
    Target,
)
from knowledge_base.files import read_folder

ARTICLES = Path(__file__).parent / "demo_shop" / "articles"

AGENTS: tuple[tuple[str, Details], ...] = (
    (
        "Maria Keller",
        Details(
            skills={"billing": 3, "returns": 2},
            languages={"en": 3, "de": 3},
            capacity=1,
            team="orders",
        ),
    ),
    (
        "Tom Okafor",
        Details(
            skills={"delivery": 3, "orders": 2},
            languages={"en": 3, "fr": 2},
            capacity=2,
            team="orders",
        ),
    ),
    ("Yuki Tanaka", Details(skills={"products": 3}, languages={"en": 2, "ja": 3}, team="products")),
    (
        "Ana Sousa",
        Details(
            skills={"returns": 3, "orders": 2}, languages={"en": 2, "pt": 3, "es": 2}, team="orders"
        ),
    ),
    (
        "Lars Berg",
        Details(
            skills={"billing": 2, "products": 2},
            languages={"en": 3, "de": 2},
            tier=2,
            role=Role.LEAD,
        ),
    ),
    (
        "Priya Nair",
        Details(skills={"delivery": 2, "account": 3}, languages={"en": 3, "hi": 3}, tier=2),
    ),
)

NAMES = (
    "Mia Lindqvist", "Jonas Weber", "Chloé Martin", "Ravi Patel", "Sofia Rossi",
    "Oliver Smith", "Hanna Nowak", "Diego Ramos", "Emma Jansen", "Noah Fischer",
    "Aisha Khan", "Liam Murphy", "Zoë de Vries", "Mateo Silva", "Freya Olsen",
    "Kenji Mori", "Nora Haddad", "Peter Novák", "Lucía Vega", "Samuel Cohen",
)  # fmt: skip


THINGS: Mapping[str, LineSaid] = {
    "lamp": LineSaid(
        sku="NORDLYS-1", name="Nordlys pendant lamp", quantity=1, cents=12_900, currency="EUR"
    ),
    "bulb": LineSaid(sku="BULB-E27", name="Bulb E27, warm", quantity=3, cents=650, currency="EUR"),
    "fern": LineSaid(sku="FERN-M", name="Boston fern", quantity=2, cents=1_450, currency="EUR"),
}

ORDERS: Mapping[str, tuple[str, int, Sequence[str]]] = {
    "A-1001": ("customer-1", 5, ("lamp", "bulb")),
    "A-1002": ("customer-2", 0, ("fern",)),
    "A-0877": ("customer-1", 45, ("fern",)),
}
"""By number: who bought, how many days ago it was delivered (0: not yet), and what."""


class Week:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) - timedelta(days=6)

    def __call__(self) -> datetime:
        return self.now

    def after(self, **time: float) -> None:
        self.now = min(self.now + timedelta(**time), datetime.now(UTC))


@dataclass
class Story:
    """The shop's week, told through the door."""

    desk: Desk
    week: Week
    said: int = 0

    async def write(self, customer: Who, text: str) -> Received:
        self.said += 1
        return await self.desk.receive(
            IncomingMessage(
                address=Address(customer.channel, customer.workspace, customer.user),
                sender=customer,
                external_id=f"demo:{self.said}",
                text=text,
                sent_at=self.week(),
            )
        )

    async def solved(self, customer: Who, question: str) -> None:
        """An article solves it: no ticket."""
        received = await self.write(customer, question)
        await self._deliver()
        if received.enquiry is not None and received.outcome is Outcome.SUGGESTED:
            await self.desk.solve_enquiry(customer, received.enquiry)
        await self._deliver()

    async def asked(self, customer: Who, question: str) -> int:
        """It needs a person; the number of the ticket."""
        received = await self.write(customer, question)
        await self._deliver()
        if received.ticket is None:
            received = await self.write(customer, "I would like to talk to a person, please")
            await self._deliver()
        if received.ticket is None:
            raise RuntimeError(f"{customer.name} got no ticket")
        return received.ticket

    async def answered(self, customer: Who, question: str, *said: str) -> int:
        """A ticket on which the agent and the customer speak in turn."""
        number = await self.asked(customer, question)
        await self._talked(number, customer, said)
        return number

    async def held_by(self, agent: Who, customer: Who, question: str, *said: str) -> int:
        """The same with the agent who is to have it, and who goes on having it: they answered."""
        number = await self.asked(customer, question)
        await self.pass_to(number, agent)
        await self._talked(number, customer, said)
        return number

    async def _talked(self, number: int, customer: Who, said: Sequence[str]) -> None:
        for turn, text in enumerate(said):
            self.week.after(minutes=7)
            if turn % 2:
                await self.write(customer, text)
            else:
                await self.desk.reply(await self.holder(number), number, text)
            await self._deliver()

    async def pass_to(self, number: int, agent: Who) -> None:
        if (await self.holder(number)) != agent:
            await self.desk.transfer(OPERATOR, number, Target(agent=agent))
            await self._deliver()

    async def resolved(self, number: int, resolution: str) -> None:
        self.week.after(minutes=12)
        await self.desk.resolve(await self.holder(number), number, resolution)
        await self._deliver()

    async def holder(self, number: int) -> Who:
        whole = await self.desk.ticket(OPERATOR, number)
        names = {who.name: who for who in STAFF}
        return names[whole.ticket.assignee.name] if whole.ticket.assignee else OPERATOR

    async def _deliver(self) -> None:
        self.week.after(seconds=20)
        await self.desk.courier.deliver_due()


async def load(settings: Settings, database: Database) -> str:
    """Fill an empty database; on one that has anybody in it, do nothing. Says what it did."""
    await require_current(database)
    async with database.reading() as session:
        people = await session.scalar(
            select(func.count(Agent.id) + select(func.count(Customer.id)).scalar_subquery())
        )
    if people:
        return "The database is not empty; the demonstration shop was not loaded."
    week = Week()
    app = Switchboard(settings.model_copy(update={"console": True}), database, clock=week)
    articles = read_folder(ARTICLES)
    await app.library.take_in(articles)
    await app.refresh_knowledge()
    await app.desk.take_in_orders([_order(number, *each) for number, each in ORDERS.items()])
    await app.desk.ship_promises()
    story = Story(app.desk, week)
    for who, details in zip(STAFF, DETAILS, strict=True):
        await app.desk.add_agent(OPERATOR, who, details)
    await _first_days(story)
    await _today(story)
    return (
        f"Loaded a demonstration shop: {len(STAFF)} agents, {len(articles)} articles, "
        f"{len(CUSTOMERS)} customers. DEMO=0 starts empty."
    )


def _order(number: str, customer: str, days: int, things: Sequence[str]) -> OrderSaid:
    """An order that was delivered so many days ago, or is on its way."""
    now = datetime.now(UTC)
    return OrderSaid(
        number=number,
        placed_at=now - timedelta(days=days + 3),
        delivered_at=now - timedelta(days=days) if days else None,
        status=OrderStatus.DELIVERED if days else OrderStatus.SHIPPED,
        identity=f"console:local:{customer}",
        lines=tuple(THINGS[each] for each in dict.fromkeys(things)),
    )


async def _first_days(story: Story) -> None:
    """What is over: questions that articles solved, tickets resolved and closed."""
    mia, jonas, chloe, ravi, sofia, oliver, hanna, diego, emma, noah, *_ = CUSTOMERS
    await story.solved(mia, "how do I reset my password?")
    await story.solved(jonas, "where is my refund")
    await story.solved(chloe, "how long does shipping take")
    number = await story.answered(
        ravi,
        "I was charged twice for order A-1041, please check",
        "I see both charges. The second is a reservation and disappears by Friday.",
        "it is gone now",
    )
    await story.resolved(number, "The reservation is gone. Thank you for your patience!")
    story.week.after(hours=6)
    number = await story.answered(
        sofia, "The parcel came without the lampshade", "I am sorry! A new one leaves today."
    )
    await story.resolved(number, "Your lampshade is on its way, it arrives on Thursday.")
    story.week.after(days=3)
    await story.desk.close_resolved()
    await story.solved(oliver, "can I pay by PayPal")
    number = await story.answered(
        hanna,
        "My company changed its name, can the invoice be corrected?",
        "Of course: to which name?",
    )
    await story.resolved(number, "The corrected invoice is in your account.")
    story.week.after(hours=20)
    number = await story.answered(
        diego, "Do you repair lamps that are out of warranty?", "We do, for 25 €."
    )
    await story.resolved(number, "Send it to us with the form I attached.")
    await story.write(emma, "hello!")
    await story.solved(noah, "my discount code does not work")


async def _today(story: Story) -> None:
    """What is going on: open, pending and waiting tickets, and colleagues on a break."""
    *_, aisha, liam, zoe, mateo, freya, kenji, nora, peter, lucia, samuel = CUSTOMERS
    jonas, emma = CUSTOMERS[1], CUSTOMERS[8]
    maria, tom, yuki, ana, lars, priya = STAFF
    story.week.now = datetime.now(UTC) - timedelta(hours=2)
    await story.desk.set_availability(lars, Availability.ON_BREAK)
    await story.desk.set_availability(priya, Availability.OFFLINE)
    await story.held_by(
        yuki,
        aisha,
        "The brass lamp hums whenever it is on, all night long",
        "Which bulb is in it?",
        "The one that came with it",
    )
    await story.held_by(
        tom,
        liam,
        "The courier left my parcel with a neighbour I do not know",
        "Which name is on the card?",
    )
    await story.held_by(
        ana,
        zoe,
        "Two of my three returns are missing from the refund",
        "Let me look at it. Which order is it?",
        "A-1102, and it is a lot of money",
    )
    await story.held_by(
        maria,
        mateo,
        "We want 40 desk lamps for our office, who makes us an offer?",
        "I do. By when do you need them?",
    )
    await story.held_by(
        tom,
        freya,
        "Is the glass of the Nordlys lamp safe with children?",
        "It is tempered. How high does it hang?",
    )
    number = await story.asked(kenji, "Water dripped from the pendant lamp and there was a spark!")
    await story.desk.set_priority(OPERATOR, number, Priority.URGENT)  # it waits: all have enough
    await story.solved(nora, "where do I find my invoice")
    await story.solved(peter, "cancel my order")
    await story.solved(lucia, "my plant has yellow leaves")
    await story.write(samuel, "good morning")
    await story.write(jonas, "thanks!")
    await story.write(emma, "hi")
    story.week.now = datetime.now(UTC)
    await story.desk.courier.deliver_due()


def _who(kind: str, names: Iterable[str]) -> tuple[Who, ...]:
    return tuple(Who("console", "local", f"{kind}-{n}", name) for n, name in enumerate(names, 1))


STAFF = _who("agent", (name for name, _ in AGENTS))
DETAILS = tuple(details for _, details in AGENTS)
CUSTOMERS = _who("customer", NAMES)
