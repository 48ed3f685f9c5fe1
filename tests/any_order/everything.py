"""The whole machine: a ticket's life, how it is filed, what comes back, and who customers are."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from core.desk import Desk
from core.model import Step
from core.tickets.orders import LineSaid, OrderSaid
from core.vocabulary import (
    OPERATOR,
    BulkWhat,
    Doing,
    FieldType,
    FieldWanted,
    OrderStatus,
    Priority,
    Reason,
    ReturnWanted,
)
from tests.any_order.filing import FIELD, FIX, PARK
from tests.any_order.machine import (
    CREW,
    CUSTOMERS,
    Machine,
    agents,
    customers,
    priorities,
    which,
    who,
)
from tests.any_order.returning import NEXT, PIECES
from tests.scene import person

STEPS = {
    Step.ACCEPTED: Desk.accept_return,
    Step.RECEIVED: Desk.receive_return,
    Step.REFUNDED: Desk.refund_return,
}


class AnyOrder(Machine):
    """Every verb that the model knows."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[int] = []
        self.orders: dict[int, str] = {}  # whose order each return is of

    @initialize()
    def set_up(self) -> None:
        """A field, two macros, and an order of each customer."""
        self.runner.run(self._set_up())

    async def _set_up(self) -> None:
        await self.desk.add_field(OPERATOR, FIELD, FieldWanted(type=FieldType.TEXT, label="Batch"))
        await self.desk.add_macro(
            OPERATOR, FIX, "Mended.", Doing(tags="+a,-b", status="resolved"), shared=True
        )
        parked = Doing(priority="high", status="on hold", waits_for="a part")
        await self.desk.add_macro(OPERATOR, PARK, "", parked, shared=True)
        line = LineSaid(sku="LAMP", name="Lamp", quantity=PIECES, cents=100, currency="EUR")
        await self.desk.take_in_orders(
            [
                OrderSaid(
                    number=f"A-{each.upper()}-1",
                    placed_at=self.clock.now - timedelta(days=1),
                    lines=(line,),
                    status=OrderStatus.DELIVERED,
                    identity=str(person(each)),
                    return_days=3_000,
                )
                for each in CUSTOMERS
            ]
        )

    # how tickets are filed

    @rule(agent=who, number=which, kind=st.sampled_from(["question", "problem", "return", "odd"]))
    def set_kind(self, agent: int, number: int, kind: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.set_kind(person(name), number, kind)
        self.happens(said, "set_kind", name, number, kind)

    @rule(agent=who, number=which, value=st.sampled_from(["7", "x 1", "none"]))
    def set_field(self, agent: int, number: int, value: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        said = self.desk.set_field(person(name), number, FIELD, value)
        self.happens(said, "set_field", name, number, value)

    @rule(agent=who, number=which, macro=st.sampled_from([FIX, PARK]))
    def use_macro(self, agent: int, number: int, macro: str) -> None:
        number = self.number(number)
        name = self.agent(agent, number)
        used = self.desk.use_macro(person(name), macro, number)
        self.happens(used, "use_macro", name, macro, number)

    @rule(agent=agents, add=st.sampled_from("ab"), remove=st.sampled_from("cd"))
    def tag_all(self, agent: str, add: str, remove: str) -> None:
        done = self._on_all(agent, BulkWhat.TAG, f"+{add},-{remove}")
        self.happens(done, "tag_all", agent, add, remove)

    @rule(agent=agents, priority=priorities)
    def prioritise_all(self, agent: str, priority: Priority) -> None:
        done = self._on_all(agent, BulkWhat.PRIORITY, priority.label)
        self.happens(done, "prioritise_all", agent, priority)

    async def _on_all(self, agent: str, what: BulkWhat, value: str) -> None:
        proposed = await self.desk.propose_bulk(person(agent), what, value, "status:any")
        await self.desk.do_bulk(person(agent), proposed.bulk.id)
        self.operations.append(proposed.bulk.id)

    @rule(agent=agents, place=st.integers(0, 4))
    def undo(self, agent: str, place: int) -> None:
        there = place < len(self.operations)
        undone = self.desk.undo_bulk(person(agent), self.operations[place] if there else 999)
        self.happens(undone, "undo", agent, place)

    # what comes back, and from whom

    @rule(customer=customers, of=st.none() | customers)
    def request_return(self, customer: str, of: str | None) -> None:
        of = of or customer
        wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.DEFECTIVE)
        asked = self.desk.request_return(person(customer), f"A-{of.upper()}-1", wanted)
        self.happens(asked, "request_return", customer, of, self.orders)
        self.orders |= dict.fromkeys(self.model.new_returns, of)

    @rule(agent=who, place=st.integers(0, 9), step=st.sampled_from([*STEPS, Step.REFUSED]))
    def move_return(self, agent: int, place: int, step: Step) -> None:
        there = sorted(self.orders)[-4:]
        key = there[place % len(there)] if there and place else 999
        number = next((n for n, each in self.model.tickets.items() if key in each.returns), 0)
        name = self.agent(agent, number)
        steps = sorted(NEXT[self.model.tickets[number].returns[key]]) if number else []
        step = steps[place % len(steps)] if steps and place % 4 else step
        if step is Step.REFUSED:
            moved: Any = self.desk.refuse_return(person(name), key, "it was used")
        else:
            moved = STEPS[step](self.desk, person(name), key)
        self.happens(moved, "move_return", name, key, step)

    @rule(agent=agents, one=customers, other=customers, really=st.integers(0, 9))
    def link_customers(self, agent: str, one: str, other: str, really: int) -> None:
        lead = CREW[-1].name
        agent = agent if really or agent != lead else CREW[0].name
        linked = self.desk.link_customers(person(agent), person(one), person(other))
        self.happens(linked, "link_customers", agent, one, other)
