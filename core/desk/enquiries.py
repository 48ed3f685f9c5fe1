"""The part of the desk that is about enquiries."""

from core import views
from core.channels import IncomingMessage
from core.door import Door, question, use_case
from core.tickets import enquiries, intake, opinions
from core.tickets.live_orders import LiveOrders
from core.tickets.outcome import Received


class Enquiries(Door):
    """What customers write, before there is a ticket and until they are known."""

    live_orders: LiveOrders

    _receive = use_case(intake.receive)
    ask = use_case(intake.ask)
    overhear = use_case(intake.overhear)
    solve_enquiry = use_case(enquiries.solve)
    hand_over = use_case(enquiries.hand_over)
    look_up_enquiry = use_case(enquiries.look_up)
    open_enquiry = question(views.open_enquiry)
    opine = use_case(opinions.opine)
    close_silent = use_case(enquiries.close_silent)
    deflection = question(views.deflection)

    async def receive(self, incoming: IncomingMessage) -> Received:
        """Take in what was written to the bot; an order that it names is looked up before."""
        await self.live_orders.fetch_meant(incoming.text)
        return await self._receive(incoming)
