"""The part of the desk that is about deliveries."""

from core import views
from core.delivery import ledger, telling, webhooks
from core.delivery.courier import Courier
from core.door import Door, question, use_case
from core.views import Condition

WEBHOOK = webhooks.NAME


class Deliveries(Door):
    """What is to be sent, to people and to programs, and how that goes."""

    courier: Courier

    resend = use_case(ledger.resend)
    unsent = question(views.unsent)
    add_webhook = use_case(webhooks.add)
    pause_webhook = use_case(webhooks.pause)
    resume_webhook = use_case(webhooks.resume)
    remove_webhook = use_case(webhooks.remove)
    test_webhook = use_case(webhooks.test)
    resend_to_webhook = use_case(webhooks.resend)
    webhook_deliveries = question(webhooks.deliveries)
    webhook_receiver = question(webhooks.receiver)
    webhooks = question(webhooks.webhooks)
    tell_webhooks = use_case(telling.tell)
    _condition = question(views.condition)

    async def condition(self) -> Condition:
        """Whether the database answers, and how late the deliveries of this process are, but for
        those to programs elsewhere: that one of them is out of order is no fault of ours."""
        return await self._condition([each for each in self.courier.serves if each != WEBHOOK])
