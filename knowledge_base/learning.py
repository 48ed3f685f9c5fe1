"""Learning from customers: what they found helpful, and the words in which they asked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload, selectinload

from core.channels import Who
from core.errors import Conflict, NotFound
from core.events import ArticleDemoted, ArticlePromoted, PhrasingDecided
from core.model import Customer, Enquiry, Fate, OfferedArticle, Role
from core.people.actors import acting, staff
from core.storage.serial import serialise
from core.storage.upsert import insert_or_leave
from core.work import Work
from knowledge_base import private
from knowledge_base.article import WHOLE, Article, Decision, Phrasing, Proposal
from knowledge_base.keeping import LOCK, keep
from knowledge_base.written import written

AT_ONCE = 200
SHORTEST, LONGEST = 8, 200  # characters of a phrasing worth keeping
A_PAGE = 10


class UnknownProposal(NotFound):
    """There is no such proposal."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no proposal {number}. /kb learned shows what is proposed.")


class Decided(Conflict):
    """Somebody decided it before."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(f"{proposal.decided_by} has {proposal.decision.value} it already.")


async def digest(work: Work) -> int:
    """Take note of what customers said about articles since the last time; how much it was.

    What is solved is proposed as a phrasing of what solved it, or becomes one at once where the
    desk trusts it. An article that too few find helpful is no longer given as the answer.
    """
    work.actor = "sweep: learning"
    said = (
        select(OfferedArticle, Enquiry.question, Customer.name)
        .join(Enquiry, Enquiry.id == OfferedArticle.enquiry_id)
        .join(Customer, Customer.id == Enquiry.customer_id)
        .where(
            OfferedArticle.is_learned.is_(False),
            OfferedArticle.fate.in_([Fate.HELPFUL, Fate.UNHELPFUL]),
        )
        .order_by(OfferedArticle.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=OfferedArticle)
    )
    rows = (await work.session.execute(said)).all()
    if not rows:
        return 0
    await serialise(work.session, LOCK)
    articles = await _articles(work, {offered.article for offered, _, _ in rows})
    for offered, question, name in rows:
        offered.is_learned = True
        article = articles.get(offered.article)
        if article is None:
            continue
        await _count(work, article, helpful=offered.fate is Fate.HELPFUL)
        if offered.fate is Fate.HELPFUL:
            await _propose(work, article, offered, private.phrasing(question, [name]))
    for article in articles.values():
        await work.session.refresh(article, ["helpful", "unhelpful"])
        _judge(work, article)
    return len(rows)


async def proposals(work: Work, by: Who) -> Sequence[Proposal]:
    """The questions that may become phrasings, oldest first, at most ten; for staff."""
    await staff(work.session, by)
    waiting = (
        select(Proposal)
        .where(Proposal.decision == Decision.WAITING)
        .options(joinedload(Proposal.article))
        .order_by(Proposal.id)
        .limit(A_PAGE)
    )
    return (await work.session.scalars(waiting)).all()


async def decide(work: Work, by: Who, number: int, *, accept: bool) -> Proposal:
    """Let a question become a phrasing, or not. Raises `UnknownProposal`, `Decided`."""
    await serialise(work.session, LOCK)
    decider = await acting(work, by, at_least=Role.LEAD)
    meant = select(Proposal).where(Proposal.id == number)
    words = (selectinload(Article.phrasings), selectinload(Article.translations))
    whole = joinedload(Proposal.article).options(*words)
    proposal = (await work.session.scalars(meant.options(whole))).one_or_none()
    if proposal is None:
        raise UnknownProposal(number)
    if proposal.decision is not Decision.WAITING:
        raise Decided(proposal)
    proposal.decision = Decision.ACCEPTED if accept else Decision.DECLINED
    proposal.decided_by = decider.name
    if accept:
        await _learn(work, proposal.article, proposal.text, proposal.language)
    work.emit(PhrasingDecided(article_id=proposal.article_id, proposal_id=number, accepted=accept))
    return proposal


async def unlearn(work: Work, questions: Sequence[str], name: str) -> int:
    """Let go of what was proposed after these questions, since whoever asked is forgotten."""
    work.actor = "forgetting"
    texts = {private.phrasing(question, [name]) for question in questions}
    theirs = delete(Proposal).where(Proposal.text.in_(sorted(texts)))
    gone = await work.session.execute(theirs.returning(Proposal.id))
    return len(gone.all())


async def _articles(work: Work, slugs: set[str]) -> Mapping[str, Article]:
    named = select(Article).where(Article.slug.in_(sorted(slugs))).options(*WHOLE)
    return {article.slug: article for article in await work.session.scalars(named)}


async def _count(work: Work, article: Article, *, helpful: bool) -> None:
    """Count an opinion, without making it another version of the article."""
    column = Article.helpful if helpful else Article.unhelpful
    counted = update(Article).where(Article.id == article.id).values({column: column + 1})
    await work.session.execute(counted.execution_options(synchronize_session=False))


async def _propose(work: Work, article: Article, offered: OfferedArticle, text: str) -> None:
    known = {each.text.casefold() for each in article.phrasings} | {article.title.casefold()}
    if not SHORTEST <= len(text) <= LONGEST or text.casefold() in known:
        return
    language = "" if offered.language == article.language else offered.language
    if offered.confidence > work.house.policy.learn_above:
        await _learn(work, article, text, language)
        return
    into = insert_or_leave(work.session, Proposal, unique=["article_id", "text"])
    row = {
        "article_id": article.id,
        "language": language,
        "text": text,
        "confidence": offered.confidence,
        "decision": Decision.WAITING,
        "created_at": work.now,
    }
    await work.session.execute(into, [row])


async def _learn(work: Work, article: Article, text: str, language: str) -> None:
    if all(each.text != text for each in article.phrasings):
        article.phrasings.append(Phrasing(text=text, language=language))
        await keep(work, [(article, written(article))], "phrasing learned")


def _judge(work: Work, article: Article) -> None:
    """Demote an article that too few find helpful; promote it once enough do again."""
    policy = work.house.policy
    said = article.helpful + article.unhelpful
    if said < policy.helpful_after:
        return
    fails = article.helpful / said < policy.helpful_floor
    if fails and not article.offered_only:
        work.emit(
            ArticleDemoted(
                article_id=article.id,
                title=article.title,
                writer_id=article.writer_id,
                helpful=article.helpful,
                unhelpful=article.unhelpful,
            )
        )
    elif article.offered_only and not fails:
        work.emit(ArticlePromoted(article_id=article.id))
    if fails is not article.offered_only:
        article.offered_only = fails
        article.updated_at = work.now
