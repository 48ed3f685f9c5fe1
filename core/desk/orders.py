"""The part of the desk that is about orders and returns."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from core import views
from core.channels import Address, Who
from core.desk.evenly import evenly
from core.door import Door, question, use_case
from core.errors import NotFound
from core.model import Order, Return, Role
from core.tickets import deciding, on_behalf, orders, proofs, returns
from core.tickets.live_orders import LiveOrders, ShopDoesNotAnswer
from core.tickets.proofs import Begun
from core.tickets.returns import Returnable
from core.tickets.returns import Wanted as ReturnWanted

R = TypeVar("R")


class Orders(Door):
    """What was bought, whose it is, and what comes back."""

    live_orders: LiveOrders

    take_in_orders = use_case(orders.take_in)
    keep_orders = use_case(orders.keep)
    compare_orders = question(orders.compare)
    latest_orders = question(orders.orders)
    _find_order = question(orders.order)
    _whoever = question(views.whoever)

    _prove_order = use_case(proofs.begin)

    use_order_code = use_case(proofs.use_code)
    forget_codes = use_case(proofs.tidy)

    _returnable = question(returns.returnable)
    _request_return = use_case(returns.request_return)
    _request_return_for = use_case(on_behalf.request_return)
    returns_of = question(returns.returns_of)
    accept_return = use_case(deciding.accept)
    ask_of_return = use_case(deciding.ask)
    refuse_return = use_case(deciding.refuse)
    receive_return = use_case(deciding.receive)
    refund_return = use_case(deciding.refund)

    async def find_order(self, by: Who, number: str) -> Order:
        """An order: any for staff, their own for customers. Raises `NotFound`,
        `ShopDoesNotAnswer`."""
        return await self._looked_up(by, number, partial(self._find_order, by, number))

    async def prove_order(
        self, by: Who, number: str, email: str, at: Address | None = None
    ) -> Begun:
        """Somebody says which address an order was placed with. Whatever is found, the answer is the
        same and comes after the same time. Raises `BadAddress`."""
        async with evenly():
            return await self._prove_order(by, number, email, at)

    async def returnable(self, by: Who, number: str) -> Returnable:
        """What of their order a customer can return now. Raises as `returns.returnable` does, and
        `ShopDoesNotAnswer`."""
        return await self._looked_up(by, number, partial(self._returnable, by, number))

    async def request_return(
        self, by: Who, number: str, wanted: ReturnWanted, at: Address | None = None
    ) -> Return:
        """Ask to send parts of an order back. Raises as `returns.request_return` does, and
        `ShopDoesNotAnswer`."""
        asked = partial(self._request_return, by, number, wanted, at)
        return await self._looked_up(by, number, asked)

    async def request_return_for(
        self, by: Who, whom: Who, number: str, wanted: ReturnWanted, at: Address | None = None
    ) -> Return:
        """Ask for a return as a customer of theirs would, for staff. Raises as `request_return`."""
        asked = partial(self._request_return_for, by, whom, number, wanted, at)
        return await self._looked_up(by, number, asked)

    async def _looked_up(self, by: Who, number: str, look: Callable[[], Awaitable[R]]) -> R:
        """Look at an order as the shop has it now, or as it was known where the shop is silent."""
        why = await self.live_orders.fetch(number)
        try:
            return await look()
        except NotFound as unknown:
            if not why:
                raise
            is_staff = (await self._whoever(by)).role is not Role.CUSTOMER
            raise ShopDoesNotAnswer(number, why if is_staff else None) from unknown
