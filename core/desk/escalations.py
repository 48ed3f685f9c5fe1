"""The part of the desk that is about escalations."""

from core import views
from core.door import Door, question, use_case
from core.escalation import climbing
from core.escalation import keeping as keeping_escalations
from core.tickets import passing_on


class Escalations(Door):
    """What is done when a ticket needs more weight."""

    escalate = use_case(passing_on.escalate)
    calm = use_case(keeping_escalations.calm)
    set_ladder = use_case(keeping_escalations.set_ladder)
    reset_ladder = use_case(keeping_escalations.reset_ladder)
    ladders = question(keeping_escalations.show)
    escalated = question(views.escalated)
    escalations = question(keeping_escalations.escalated)
    _climb = use_case(climbing.climb)
    _tell_escalations = use_case(climbing.tell)

    async def escalate_due(self) -> int:
        """Take every step of an escalation that is due, a few in each transaction, and tell each
        receiver of all of it in one message; how many steps ended."""
        ended = 0
        while count := await self._climb():
            ended += count
        await self._tell_escalations()
        return ended
