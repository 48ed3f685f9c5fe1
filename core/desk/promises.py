"""The part of the desk that is about promises of times."""

from core.delivery import promise_notices
from core.door import Door, question, use_case
from core.sla import hours, promising, shipped, sweeping
from core.tickets import promised


class Promises(Door):
    """Promises of times: to whom, by which hours, and whether they are kept."""

    sla_policies = question(promising.listed)
    add_policy = use_case(promising.add)
    edit_policy = use_case(promising.edit)
    remove_policy = use_case(promising.remove)
    business_hours = question(hours.listed)
    add_hours = use_case(hours.add)
    edit_hours = use_case(hours.edit)
    remove_hours = use_case(hours.remove)

    clocks = question(promised.clocks)
    why_promised = question(promised.why)
    attainment = question(promised.attainment)
    promises_in_danger = question(promised.in_danger)

    ship_promises = use_case(shipped.ship)
    sweep_promises = use_case(sweeping.sweep)
    tell_of_promises = use_case(promise_notices.tell)
