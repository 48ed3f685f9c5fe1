"""The question how it was, to the customer; and the answer, to staff."""

from core import catalogue
from core.delivery import to_staff
from core.delivery.about import beneath_card, place_key, ticket_of
from core.delivery.outgoing import owe
from core.events import SurveyAnswered, SurveyAsked, SurveyCommented
from core.model import Agent, Survey
from core.model.survey import LOW
from core.work import Work


async def ask_how_it_was(work: Work, event: SurveyAsked) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = catalogue.how_was_it(ticket.id, ticket.subject)
    owe(work, _question_key(ticket.id), ticket.address, card, ticket_id=ticket.id)


async def thank_for_score(work: Work, event: SurveyAnswered | SurveyCommented) -> None:
    """The question is edited: its buttons go once it is answered, and a word can be added."""
    ticket = await ticket_of(work, event.ticket_id)
    survey = await work.session.get_one(Survey, event.ticket_id)
    card = catalogue.rated(ticket.id, survey.score or 0, survey.comment)
    step = "commented" if survey.comment else "rated"
    root = _question_key(ticket.id)
    owe(work, f"{root}:{step}", ticket.address, card, ticket_id=ticket.id, replaces=root)


async def show_score(work: Work, event: SurveyAnswered | SurveyCommented) -> None:
    """Beneath the ticket's card; a low one also in the room itself, where leads see it."""
    ticket = await ticket_of(work, event.ticket_id)
    survey = await work.session.get_one(Survey, event.ticket_id)
    agent = await work.session.get(Agent, survey.agent_id) if survey.agent_id else None
    is_comment = isinstance(event, SurveyCommented)
    step = "comment" if is_comment else "score"
    said = to_staff.scored(ticket, survey.score or 0, survey.comment if is_comment else None)
    beneath_card(work, ticket.id, f"survey:{ticket.id}:{step}", said)
    if (survey.score or 0) > LOW:
        return
    card = to_staff.low_score(
        ticket, survey.score or 0, survey.comment, agent=agent.name if agent else None
    )
    for room in work.house.staff_rooms:
        root = f"survey-low:{ticket.id}:{place_key(room)}"
        key, replaces = (f"{root}:comment", root) if is_comment else (root, None)
        owe(work, key, room, card, ticket_id=ticket.id, replaces=replaces)


def _question_key(number: int) -> str:
    return f"survey:{number}"
