"""Drafting an article from a ticket that is resolved: its question, and what the agent answered."""

from collections.abc import Sequence

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid
from core.model import Agent, Kind, Message, Status, Ticket
from core.people.actors import acting
from core.storage.serial import serialise
from core.tickets import find
from core.work import Work
from knowledge_base import private
from knowledge_base.article import TITLE_LENGTH, Article, Publication
from knowledge_base.keeping import LOCK, keep, new_article
from knowledge_base.learning import LONGEST, SHORTEST
from knowledge_base.writing import new_slug
from knowledge_base.written import BODY_LENGTH, Written, tidy

MOST_PHRASINGS = 5


class NotResolved(Conflict):
    """The ticket has no answer yet."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            f"Ticket #{ticket.id} is {ticket.status.value}. "
            "An article can be made of it once it is resolved."
        )


async def draft(work: Work, by: Who, number: int) -> Article:
    """Propose an article made of a resolved ticket, as a draft for somebody to read and publish.

    Names, addresses and numbers of the people concerned are replaced by marks such as ``[name]``.
    Raises `NotResolved`, `UnknownTicket`, or `Invalid` where nobody answered in words.
    """
    await serialise(work.session, LOCK)
    writer = await acting(work, by)
    ticket = await find.ticket_for(work.session, writer, number, to_look=True)
    if ticket.status not in {Status.RESOLVED, Status.CLOSED}:
        raise NotResolved(ticket)
    said = await _said_on(work, number)
    names = await _names(work, ticket, said)
    questions = [private.phrasing(each.text, names) for each in said if each.kind is Kind.MESSAGE]
    answers = [private.redact(each.text, names) for each in said if each.kind is Kind.REPLY]
    if ticket.resolution:
        answers.append(private.redact(ticket.resolution, names))
    body = "\n\n".join(dict.fromkeys(answer for answer in answers if answer))
    if not body:
        raise Invalid(f"Nobody answered ticket #{number} in words. There is nothing to draft from.")
    title = private.phrasing(ticket.subject, names) or f"Ticket {number}"
    proposed = Written(
        slug=await new_slug(work, title),
        title=title[:TITLE_LENGTH],
        body=tidy(body[:BODY_LENGTH]),
        phrasings=_worth_keeping(questions),
        publication=Publication.DRAFT,
    )
    article = new_article(work)
    await keep(work, [(article, proposed)], "drafted", writer.agent)
    return article


async def _said_on(work: Work, number: int) -> Sequence[Message]:
    """What customer and agents said to each other, in order; no notes."""
    public = (
        select(Message)
        .where(Message.ticket_id == number, Message.kind.in_([Kind.MESSAGE, Kind.REPLY]))
        .order_by(Message.id)
    )
    return (await work.session.scalars(public)).all()


async def _names(work: Work, ticket: Ticket, said: Sequence[Message]) -> list[str]:
    agents = {each.agent_id for each in said if each.agent_id}
    named = select(Agent.name).where(Agent.id.in_(sorted(agents)))
    return [ticket.customer.name, *await work.session.scalars(named)]


def _worth_keeping(questions: Sequence[str]) -> tuple[str, ...]:
    fit = (each for each in questions if SHORTEST <= len(each) <= LONGEST)
    return tuple(dict.fromkeys(fit))[:MOST_PHRASINGS]
