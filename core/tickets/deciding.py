"""Deciding on a return: accepted, asked about, refused, received, refunded."""

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import ReturnMoved
from core.model import Return, Step, Wish
from core.model.order import NEXT_STEPS, WHOLE_RETURN
from core.storage.text import clean
from core.tickets import conversation, lifecycle
from core.work import Work


class UnknownReturn(NotFound):
    """There is no such return, or it is not for this person."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no return {number}.")


class WrongStep(Conflict):
    """The table of steps does not have this one."""

    def __init__(self, found: Return, to: Step) -> None:
        super().__init__(f"Return {found.id} is {found.step.value}; it cannot become {to.value}.")


class Over(Conflict):
    """There is nothing to ask any more."""

    def __init__(self, found: Return) -> None:
        super().__init__(
            f"Return {found.id} is {found.step.value}. /ticket reply {found.ticket_id} still reaches "
            "the customer."
        )


async def accept(work: Work, by: Who, number: int, wish: Wish | None = None) -> Return:
    """Let a return come, for what the customer wants or, with ``wish``, for what the agent offers.

    Raises `UnknownReturn`, `WrongStep`, `NotYours`.
    """
    return await _move(work, by, number, Step.ACCEPTED, wish=wish)


async def ask(work: Work, by: Who, number: int, question: str) -> Return:
    """Ask the customer something before it goes on: a reply on the ticket, and it is their move.

    The return stays where it is. Raises `UnknownReturn`, `WrongStep` once it is over, `NotYours`.
    """
    found = await _found(work, by, number)
    if not NEXT_STEPS[found.step]:
        raise Over(found)
    if not clean(question).strip():
        raise Invalid(f"Say what: /returns ask {number} could you send a photo of it?")
    await conversation.reply(work, by, found.ticket_id, question)
    return found


async def refuse(work: Work, by: Who, number: int, why: str) -> Return:
    """Do not take a return, with the reason, which the customer is told."""
    reason = clean(why).strip()
    if not reason:
        raise Invalid(f"Say why: /returns refuse {number} it was opened and used")
    return await _move(work, by, number, Step.REFUSED, refusal=reason)


async def receive(work: Work, by: Who, number: int) -> Return:
    """What was returned is here."""
    return await _move(work, by, number, Step.RECEIVED)


async def refund(work: Work, by: Who, number: int) -> Return:
    """The customer has their money, or the other piece."""
    return await _move(work, by, number, Step.REFUNDED)


async def _move(
    work: Work,
    by: Who,
    number: int,
    to: Step,
    *,
    refusal: str | None = None,
    wish: Wish | None = None,
) -> Return:
    found = await _found(work, by, number)
    if to not in NEXT_STEPS[found.step]:
        raise WrongStep(found, to)
    found.step, found.refusal, found.updated_at = to, refusal, work.now
    found.wish = wish or found.wish
    if to is Step.REFUSED:
        for unit in found.units:
            unit.is_live = False
    await work.session.flush()
    work.emit(ReturnMoved(ticket_id=found.ticket_id, return_id=found.id, step=to.value))
    return found


async def _found(work: Work, by: Who, number: int) -> Return:
    """A return on a ticket that they hold. Raises `UnknownReturn`, `NotYours`."""
    found = await work.session.get(Return, number, options=WHOLE_RETURN) if number < 2**31 else None
    if found is None:
        raise UnknownReturn(number)
    await lifecycle.held_ticket(work, by, found.ticket_id)
    return found
