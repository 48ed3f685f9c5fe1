"""The desk: one typed line for each thing that anybody can do with it, in the part of its noun."""

from collections.abc import Mapping

from core.channels import Channel, Who
from core.delivery.courier import Courier
from core.delivery.fetcher import Fetcher
from core.desk.access import Access
from core.desk.agents import Agents
from core.desk.customers import Customers
from core.desk.deliveries import Deliveries
from core.desk.enquiries import Enquiries
from core.desk.escalations import Escalations
from core.desk.filing import Filing
from core.desk.lists import Lists
from core.desk.macros import Macros
from core.desk.messages import Messages
from core.desk.orders import Orders
from core.desk.promises import Promises
from core.desk.reports import Reports
from core.desk.routing import Routing
from core.desk.tickets import Tickets
from core.door import Clock, utc_now
from core.storage.database import Database
from core.tickets.live_orders import LiveOrders, OrderSource
from core.work import House


class Desk(
    Enquiries,
    Tickets,
    Messages,
    Lists,
    Routing,
    Promises,
    Escalations,
    Filing,
    Macros,
    Orders,
    Customers,
    Agents,
    Access,
    Reports,
    Deliveries,
):
    """The support desk: everything that anybody can do with it."""

    def __init__(
        self,
        database: Database,
        house: House | None = None,
        *,
        channels: Mapping[str, Channel] | None = None,
        clock: Clock = utc_now,
        order_source: OrderSource | None = None,
    ) -> None:
        super().__init__(database, house, clock=clock)
        self.live_orders = LiveOrders(order_source, self.transact, self.compare_orders, clock)
        self._welcomed: set[Who] = set()
        self.courier = Courier(self.transact, self.looking, channels or {})
        self.when_owing(self.courier.wake)
        self.fetcher = Fetcher(
            self.transact, self.looking, self.courier.channels, self.house, self.courier.wake
        )
        self.when_owing(self.fetcher.wake)
