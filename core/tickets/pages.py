"""What somebody makes of an article that they found by themselves, on a page: an enquiry that is
asked and answered at once, so that it counts like any other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, select

from core.channels import Address, Who
from core.events import ArticleJudged
from core.model import Enquiry, Stage, Ticket
from core.model.enquiry import Fate, OfferedArticle
from core.people import customers
from core.people.customers import identity_of
from core.storage.text import clean
from core.work import Work

LONGEST_QUESTION = 2_000
MOST_TICKETS = 20


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """An article that was read, by its slug, in a language, and whether it helped."""

    article: str
    title: str
    language: str
    helpful: bool


async def opine(work: Work, by: Who, question: str, opinion: Opinion) -> None:
    """Somebody says whether an article answered what they looked for."""
    customer = customers.meet(work, by, await identity_of(work.session, by))
    work.actor = f"customer {by.name} ({by})"[:160]
    await work.session.flush()
    address = Address(by.channel, by.workspace, by.user)
    asked = clean(question).strip()[:LONGEST_QUESTION] or opinion.title
    offered = {"article": opinion.article, "title": opinion.title, "answer": "", "offer": 1}
    enquiry = Enquiry(
        customer=customer,
        ticket=None,
        channel=address.channel,
        workspace=address.workspace,
        conversation=address.conversation,
        stage=Stage.SOLVED if opinion.helpful else Stage.SILENT,
        question=asked,
        offered=[{**offered, "confidence": 1.0}],
        offers=1,
        misses=0,
        solved_by=opinion.article if opinion.helpful else None,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(enquiry)
    await work.session.flush()
    read = OfferedArticle(
        enquiry_id=enquiry.id,
        offer=1,
        place=1,
        article=opinion.article,
        language=opinion.language,
        confidence=1.0,
        is_answer=True,
        fate=Fate.HELPFUL if opinion.helpful else Fate.UNHELPFUL,
        offered_at=work.now,
    )
    work.session.add(read)
    judged = ArticleJudged(enquiry_id=enquiry.id, article=opinion.article, helpful=opinion.helpful)
    work.emit(judged)


@dataclass(frozen=True)
class Reach:
    """How far back a conversation is shown to whoever has its link: to ``since``, or, where that is
    None, to its beginning. ``is_over`` says that no ticket came after that."""

    since: datetime | None = None
    is_over: bool = False


def reach_of(
    spans: Iterable[tuple[datetime, datetime | None]], rest: timedelta, now: datetime
) -> Reach:
    """The reach of a conversation whose tickets were opened and closed then, in the order in which
    they were opened: its link ends where all of them have been closed for longer than ``rest``, and
    what comes later begins anew."""
    since, ended = None, None
    for opened, closed in spans:
        if ended is not None and opened - ended > rest:
            since = ended + rest
        ended = max(filter(None, (ended, closed or _NOT_YET)))
    if ended is not None and now - ended > rest:
        return Reach(ended + rest, is_over=True)
    return Reach(since)


_NOT_YET = datetime.max.replace(tzinfo=UTC)


async def reach(work: Work, address: Address) -> Reach:
    """How far back a conversation is shown now; one without tickets is never over."""
    rest = work.house.policy.request_link
    if not rest:
        return Reach()
    lives = select(Ticket.created_at, Ticket.closed_at).where(*_at(address)).order_by(Ticket.id)
    return reach_of(
        [(each[0], each[1]) for each in await work.session.execute(lives)], rest, work.now
    )


async def is_over(work: Work, address: Address) -> bool:
    """Whether everything in a conversation has been closed for so long that its link opens it no
    more."""
    return (await reach(work, address)).is_over


async def tickets_at(work: Work, address: Address) -> Sequence[Ticket]:
    """The tickets of a conversation as far back as it is shown, the newest first; for whoever the
    conversation belongs to."""
    since = (await reach(work, address)).since
    there = select(Ticket).where(*_at(address))
    if since is not None:
        there = there.where(Ticket.created_at > since)
    newest = there.order_by(Ticket.id.desc()).limit(MOST_TICKETS)
    return (await work.session.scalars(newest)).all()


def _at(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        Ticket.channel == address.channel,
        Ticket.workspace == address.workspace,
        Ticket.conversation == address.conversation,
    )
