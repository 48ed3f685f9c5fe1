"""Enquiries: a question is answered from the knowledge base, or handed over to a person."""

from collections.abc import Sequence

from sqlalchemy import select

from core.channels import Who
from core.deflection import Suggestions, Verdict
from core.errors import Conflict, NotFound
from core.events import ArticlesOffered, EnquirySolved, EnquiryWentSilent
from core.model import Customer, Delivery, Enquiry, Message, Progress, Stage, Ticket
from core.model.enquiry import Fate, OfferedArticle
from core.people.actors import actor
from core.speaking import Sentence
from core.tickets import find
from core.tickets.opening import open_for
from core.tickets.outcome import Outcome, Received
from core.tickets.phrases import asks_for_person, says_no, wants_to_return
from core.work import Work

MISSES_AT_MOST = 2
SWEPT_AT_ONCE = 200


class UnknownEnquiry(NotFound):
    """There is no such question, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(Sentence("That question is not here any more. Just ask it again."))


class HandedOver(Conflict):
    """A person is on it already."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "This is ticket #{number} by now; we will tell you when it is resolved.",
                number=number,
            )
        )


async def ask(
    work: Work, customer: Customer, message: Message, enquiry: Enquiry | None
) -> Received:
    """Answer a question that belongs to no ticket, or make it one.

    A first question is looked up. Where an ``enquiry`` is open, what the customer wrote before
    they could see the offer is part of the same question; what they write after it is a miss, and
    the second miss, like a plea for a person or a question that no article fits, goes to a person.
    """
    work.session.add(message)
    if enquiry is None:
        message.enquiry = begin(work, customer, message)
        return await _offer_or_hand_over(work, message.enquiry, message, said=[message])
    message.enquiry = enquiry
    enquiry.question = f"{enquiry.question}\n{message.words}"
    enquiry.updated_at = work.now
    reacts = asks_for_person(message.words) or says_no(message.words)
    if not reacts and await _before_the_answer(work, enquiry, message):
        return await _look_again(work, enquiry)
    enquiry.misses += 1
    await _settle_offer(work, enquiry, answer=Fate.UNHELPFUL)
    said = await find.said_in(work.session, enquiry)
    return await _offer_or_hand_over(work, enquiry, message, said=said)


async def solve(work: Work, by: Who, enquiry_id: int, place: int = 1) -> Enquiry:
    """The customer says that an article did it: the one at this place of the latest offer.

    Raises `UnknownEnquiry`, `HandedOver`.
    """
    enquiry = await _theirs(work, by, enquiry_id)
    if enquiry.stage is Stage.HANDED_OVER and enquiry.ticket_id is not None:
        raise HandedOver(enquiry.ticket_id)
    if enquiry.stage is not Stage.SOLVED:
        enquiry.stage = Stage.SOLVED
        latest = enquiry.latest_offer
        enquiry.solved_by = (
            latest[min(max(place, 1), len(latest)) - 1]["article"] if latest else None
        )
        enquiry.updated_at = work.now
        await _settle_offer(work, enquiry, answer=Fate.PASSED_OVER)
        work.emit(EnquirySolved(enquiry_id=enquiry.id))
    return enquiry


async def hand_over(work: Work, by: Who, enquiry_id: int) -> Ticket:
    """The customer wants a person. Asked twice, it is the same ticket.

    Raises `UnknownEnquiry`, or `HandedOver` where another ticket is live in the conversation.
    """
    enquiry = await _theirs(work, by, enquiry_id)
    if enquiry.ticket_id is not None:
        return await work.session.get_one(Ticket, enquiry.ticket_id)
    live = await find.live_ticket_at(work.session, enquiry.address)
    if live is not None:
        raise HandedOver(live.id)
    await _settle_offer(work, enquiry, answer=Fate.UNHELPFUL)
    return await open_for(work, enquiry, await find.said_in(work.session, enquiry))


async def look_up(work: Work, by: Who, enquiry_id: int) -> Received:
    """Answer a question that was only kept so far. Raises `UnknownEnquiry`, `HandedOver`."""
    enquiry = await _theirs(work, by, enquiry_id)
    if enquiry.stage is Stage.HANDED_OVER and enquiry.ticket_id is not None:
        raise HandedOver(enquiry.ticket_id)
    if enquiry.stage is not Stage.ASKED or enquiry.offers:
        return Received(outcome=Outcome.SUGGESTED, enquiry=enquiry.id, suggestions=enquiry.offered)
    said = await find.said_in(work.session, enquiry)
    return await _offer_or_hand_over(work, enquiry, said[-1], said=said)


async def close_silent(work: Work) -> int:
    """Close the enquiries whose offer was never answered; how many."""
    work.actor = "sweep: silent enquiries"
    old = (
        select(Enquiry)
        .where(
            Enquiry.stage == Stage.ASKED,
            Enquiry.updated_at < work.now - work.house.policy.silence,
        )
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    silent = (await work.session.scalars(old)).all()
    for enquiry in silent:
        enquiry.stage = Stage.SILENT
        await _settle_offer(work, enquiry, answer=Fate.PASSED_OVER)
        work.emit(EnquiryWentSilent(enquiry_id=enquiry.id))
    return len(silent)


def begin(work: Work, customer: Customer, message: Message) -> Enquiry:
    """A question that belongs to no ticket, with nothing offered for it yet. It shows in which
    language the customer is spoken to, if it can be told.
    """
    customer.language = work.house.language_of(message.words) or customer.language or ""
    enquiry = Enquiry(
        customer=customer,
        ticket=None,
        channel=message.channel,
        workspace=message.workspace,
        conversation=message.conversation,
        stage=Stage.ASKED,
        question=message.words or ("📎 a file" if message.files else ""),
        offered=[],
        offers=0,
        misses=0,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(enquiry)
    return enquiry


async def _offer_or_hand_over(
    work: Work, enquiry: Enquiry, message: Message, *, said: Sequence[Message]
) -> Received:
    if enquiry.misses < MISSES_AT_MOST and not asks_for_person(message.words):
        found = await _new_suggestions(work, enquiry, message.words)
        if found.verdict is not Verdict.QUIET:
            return await _offer(work, enquiry, found)
    ticket = await open_for(work, enquiry, said)
    return Received(outcome=Outcome.TICKET, ticket=ticket.id, enquiry=enquiry.id)


async def _look_again(work: Work, enquiry: Enquiry) -> Received:
    """More of the same question came in: offer anew only if that changes the best answer."""
    found = await _new_suggestions(work, enquiry, enquiry.question)
    if found.verdict is Verdict.SURE:
        return await _offer(work, enquiry, found)
    return Received(outcome=Outcome.SUGGESTED, enquiry=enquiry.id, suggestions=enquiry.offered)


async def _new_suggestions(work: Work, enquiry: Enquiry, question: str) -> Suggestions:
    """What the knowledge base says, without what was offered before."""
    language = enquiry.customer.language or None
    found = await work.house.deflector.suggest(question, language=language)
    known = {offer["article"] for offer in enquiry.offered}
    fresh = [each for each in found.suggestions if each.article not in known]
    if not fresh or (known and fresh[0] is not found.suggestions[0]):
        return Suggestions(verdict=Verdict.QUIET)
    return Suggestions(verdict=found.verdict, suggestions=fresh)


async def _offer(work: Work, enquiry: Enquiry, found: Suggestions) -> Received:
    is_answer = found.verdict is Verdict.SURE
    shown = found.suggestions[:1] if is_answer else found.suggestions[:3]
    await _settle_offer(work, enquiry, answer=Fate.PASSED_OVER)
    enquiry.offers += 1
    offered = [
        {
            "article": each.article,
            "title": each.title,
            "answer": each.answer,
            "confidence": round(each.confidence, 3),
            "offer": enquiry.offers,
            "returns": wants_to_return(each.title),
        }
        for each in shown
    ]
    enquiry.offered = offered + enquiry.offered
    await work.session.flush()
    work.session.add_all(
        OfferedArticle(
            enquiry_id=enquiry.id,
            offer=enquiry.offers,
            place=place,
            article=each.article,
            language=each.language,
            confidence=each.confidence,
            is_answer=is_answer,
            offered_at=work.now,
        )
        for place, each in enumerate(shown, 1)
    )
    work.emit(ArticlesOffered(enquiry_id=enquiry.id, sure=is_answer))
    return Received(outcome=Outcome.SUGGESTED, enquiry=enquiry.id, suggestions=offered)


async def _settle_offer(work: Work, enquiry: Enquiry, *, answer: Fate) -> None:
    """Say what became of the latest offer: of what solved it, of an answer, of mere guesses."""
    if not enquiry.offers:
        return
    still_open = select(OfferedArticle).where(
        OfferedArticle.enquiry_id == enquiry.id, OfferedArticle.fate == Fate.OPEN
    )
    for each in await work.session.scalars(still_open):
        if enquiry.stage is Stage.SOLVED and each.article == enquiry.solved_by:
            each.fate = Fate.HELPFUL
        else:
            each.fate = answer if each.is_answer else Fate.PASSED_OVER


async def _before_the_answer(work: Work, enquiry: Enquiry, message: Message) -> bool:
    """Whether the customer wrote this before our last offer reached them."""
    card = select(Delivery).where(Delivery.key == enquiry.offer_key)
    offer = (await work.session.scalars(card)).one_or_none()
    if offer is None or offer.progress is Progress.DEAD:
        return False
    return offer.settled_at is None or message.sent_at <= offer.settled_at


async def _theirs(work: Work, by: Who, enquiry_id: int) -> Enquiry:
    asking = await actor(work.session, by)
    work.actor = asking.label
    if not 0 < enquiry_id < 2**31:
        raise UnknownEnquiry
    enquiry = await find.enquiry(work.session, enquiry_id)
    if enquiry is None or enquiry.customer_id != asking.customer_id:
        raise UnknownEnquiry
    return enquiry
