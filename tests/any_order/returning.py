"""The model of returns, and of customers who turn out to be one person."""

from dataclasses import dataclass

from core.errors import Conflict, Forbidden, NotFound
from core.model import Step
from core.vocabulary import Role
from tests.any_order.filing import Filing
from tests.any_order.model import Refused

PIECES = 4  # in the one order of each customer
NEXT = {
    Step.REQUESTED: {Step.ACCEPTED, Step.REFUSED},
    Step.ACCEPTED: {Step.RECEIVED, Step.REFUSED},
    Step.RECEIVED: {Step.REFUNDED, Step.REFUSED},
    Step.REFUNDED: set(),
    Step.REFUSED: set(),
}


@dataclass
class Returning(Filing):
    """The whole desk, as far as the steps in any order go."""

    def request_return(self, place: str, of: str, orders: dict[int, str]) -> None:
        """A piece of somebody's order; ``orders`` says whose each return is of."""
        if self.owners[place] != self.owners[of]:
            raise Refused(NotFound)
        coming = [
            key
            for ticket in self.tickets.values()
            for key, step in ticket.returns.items()
            if orders[key] == of and step is not Step.REFUSED
        ]
        if len(coming) >= PIECES:
            raise Refused(Conflict)
        onto = self.receive(place, polite=False)
        if onto is not None:
            onto.kind = "return"

    def move_return(self, agent: str, key: int, step: Step) -> None:
        found = next((each for each in self.tickets.values() if key in each.returns), None)
        if found is None:
            raise Refused(NotFound)
        ticket = self.held_by(agent, found.number)
        if step not in NEXT[ticket.returns[key]]:
            raise Refused(Conflict)
        ticket.returns = {**ticket.returns, key: step}

    def link_customers(self, agent: str, one: str, other: str) -> None:
        """The elder of the two is both from now on."""
        if self.agents[agent].role < Role.LEAD:
            raise Refused(Forbidden)
        stays, goes = sorted((self.owners[one], self.owners[other]))
        if stays == goes:
            raise Refused(Conflict)
        self.owners = {
            place: stays if owner == goes else owner for place, owner in self.owners.items()
        }
        for ticket in self.tickets.values():
            ticket.customer = stays if ticket.customer == goes else ticket.customer
