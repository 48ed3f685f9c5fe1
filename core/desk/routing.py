"""The part of the desk that is about routing."""

from core import views
from core.door import Door, question, use_case
from core.people import looking
from core.routing import challenging
from core.tickets import challenger, lease, lifecycle, line, policies, stuck


class Routing(Door):
    """Who gets a ticket, why, and how that is weighed."""

    queue = question(line.line)
    why = question(views.why)
    alarm_stuck = use_case(stuck.alarm)
    stuck = question(looking.stuck)
    assign_due = use_case(lifecycle.assign_due)
    take_back_unanswered = use_case(lease.take_back_unanswered)

    routing_policies = question(policies.policies)
    routing_policy = question(policies.policy)
    set_routing = use_case(policies.set_knob)
    reset_routing = use_case(policies.reset)
    routing_report = question(challenger.report)
    switch_challenger = use_case(challenger.switch)
    study_routing = use_case(challenging.study)
    routing_past = question(views.routing_past)
