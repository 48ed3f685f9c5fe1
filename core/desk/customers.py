"""The part of the desk that is about customers."""

from core import views
from core.channels import Who
from core.door import Door, question, use_case
from core.people import (
    exporting,
    finding_customers,
    forgetting,
    keeping_customers,
    linking,
    profiles,
)
from core.people.forgetting import Forgotten
from core.tickets import surveys


class Customers(Door):
    """Who asks: what is known of them, on which channels, and how it was for them."""

    customer = question(profiles.profile)
    customers = question(finding_customers.customers)
    edit_customer = use_case(keeping_customers.edit)
    note_customer = use_case(keeping_customers.note)
    block_customer = use_case(keeping_customers.block)
    unblock_customer = use_case(keeping_customers.unblock)
    customer_data = question(exporting.customer_data)
    _forget = use_case(forgetting.forget)
    link_customers = use_case(linking.link)
    link_code = use_case(linking.link_code)
    use_link_code = use_case(linking.use_code)

    rate = use_case(surveys.rate)
    comment_rating = use_case(surveys.comment)
    satisfaction = question(surveys.satisfaction)

    whoever = question(views.whoever)
    reader = question(views.reader)

    async def forget_customer(self, by: Who, meant: str) -> Forgotten:
        """Erase a customer: the rows in one transaction, then the contents of their files. Broken
        off in between, it does the rest when it is asked for again."""
        forgotten = await self._forget(by, meant)
        for file_id in forgotten.files:
            await self.house.files.forget(file_id)
        return forgotten
