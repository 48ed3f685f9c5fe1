"""What somebody makes of an article that they found by themselves, on a page: an enquiry that is
asked and answered at once, so that it counts like any other."""

from dataclasses import dataclass

from core.channels import Address, Who
from core.events import ArticleJudged
from core.model import Enquiry, Stage
from core.model.enquiry import Fate, OfferedArticle
from core.people import customers
from core.people.customers import identity_of
from core.storage.text import clean
from core.work import Work

LONGEST_QUESTION = 2_000


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
