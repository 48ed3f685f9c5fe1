"""What is shown of articles: one, many, what they are found by, and how they do."""

from collections.abc import Sequence

from core.cards import Button, Card, Excerpt, Field, Tone
from core.deflection import Verdict
from core.vocabulary import Role
from knowledge_base.article import Article, Audience, Proposal, Publication
from knowledge_base.figures import ArticleFigures, Figures, Week
from knowledge_base.gaps import Gap
from knowledge_base.reading import A_PAGE, Found, Shown

MARKS = {
    Publication.DRAFT: "📝",
    Publication.PUBLISHED: "📗",
    Publication.ARCHIVED: "📦",
}
VERDICTS = {
    Verdict.SURE: "Customers are answered with the first of these.",
    Verdict.UNSURE: "Customers are asked whether they mean one of these.",
    Verdict.QUIET: "Customers get no article for that; a person answers.",
}
BUTTONS = 5
LONGEST_VALUE = 60  # characters of an article's name that a button can carry


def found(found: Found) -> Card:
    """What the knowledge base says to a question."""
    if not found.nearest:
        return Card(text="There is no article for that.")
    lines = [f"{each.confidence:.0%} · {each.title} · {each.article}" for each in found.nearest]
    return Card(
        title="Articles",
        text="\n".join([VERDICTS[found.verdict], *lines]),
        buttons=tuple(
            Button(f"📄 {_cut(each.title, 60)}", "kb show", each.article)
            for each in found.nearest
            if len(each.article) <= LONGEST_VALUE
        ),
    )


def listed(articles: Sequence[Article]) -> Card:
    """A page of articles, a line each."""
    if not articles:
        return Card(text="There are no such articles. /kb add writes one.")
    page = articles[:A_PAGE]
    more = f"More: /kb list after:{page[-1].id}" if len(articles) > A_PAGE else ""
    return Card(title="Articles", text="\n".join(_line(each) for each in page), footnote=more)


def whole(shown: Shown, role: Role) -> Card:
    """An article; staff also see what became of it, and can change it."""
    article = shown.article
    excerpt = Excerpt(article.title, article.body)
    if role is Role.CUSTOMER:
        return Card(text="", excerpts=(excerpt,))
    changes = [
        f"{each.number} · {each.at:%d %b %Y} · {each.change} by {each.by.partition(' (')[0]}"
        for each in shown.revisions
    ]
    return Card(
        title=f"{MARKS[article.publication]} {article.slug}",
        text="",
        excerpts=(excerpt,),
        fields=_fields(article),
        buttons=_buttons(article, role),
        footnote="\n".join(changes),
    )


def draft(article: Article, text: str) -> Card:
    """An article that was just written, to be read and published."""
    return Card(
        title=f"{MARKS[article.publication]} {article.slug}",
        text=text,
        excerpts=(Excerpt(article.title, article.body),),
        fields=_fields(article),
        buttons=_buttons(article, Role.LEAD),
    )


def said_of(article: Article, text: str, *, warning: str = "") -> Card:
    """What happened to an article."""
    return Card(
        title=f"{MARKS[article.publication]} {article.title}",
        text=text,
        footnote=f"⚠️ {warning}" if warning else "",
        buttons=(Button("📄 Show", "kb show", _name(article)),),
    )


def gaps(found: Sequence[Gap], days: int) -> Card:
    """What no article answers, the largest group first."""
    if not found:
        return Card(text=f"Every question of the last {days} days has an article. ✓")
    lines = []
    for gap in found[:10]:
        who = f"{gap.customers} customer{'s' * (gap.customers != 1)}"
        lines.append(f"{gap.count}× · {gap.question} · {who}")
        lines += [f"      “{_cut(each, 120)}”" for each in gap.examples[1:3]]
    return Card(
        title=f"Not answered by any article, last {days} days",
        text="\n".join(lines),
        buttons=tuple(
            Button(f"✍️ Write this article: {_cut(gap.question, 40)}", "kb add", f"gap:{gap.number}")
            for gap in found[:BUTTONS]
        ),
    )


def proposals(waiting: Sequence[Proposal]) -> Card:
    """Questions that an article solved: may they lead to it?"""
    if not waiting:
        return Card(text="Nothing is proposed at the moment.")
    lines = [f"{each.id} · “{each.text}” → {each.article.title}" for each in waiting]
    buttons = [
        button
        for each in waiting[:BUTTONS]
        for button in (
            Button(f"👍 {each.id}", "kb accept", str(each.id), Tone.PRIMARY),
            Button(f"👎 {each.id}", "kb decline", str(each.id)),
        )
    ]
    return Card(
        title="Shall these questions lead to the article that solved them?",
        text="\n".join(lines),
        buttons=tuple(buttons),
        footnote="/kb accept and /kb decline take the number.",
    )


def figures(found: Figures) -> Card:
    """How the knowledge base does, by week and by article."""
    rate = found.deflection
    if rate.share is None or rate.interval is None:
        return Card(text="No question has ended yet, so there is nothing to count.")
    low, high = rate.interval
    weeks = [_week(each) for each in found.weeks if each.asked]
    articles = [_article(each) for each in found.articles]
    return Card(
        title="How the knowledge base does",
        text="\n".join(
            [
                f"{rate.share:.0%} of {rate.of} questions were solved by an article "
                f"(95 % interval: {low:.0%} to {high:.0%}).",
                "",
                *weeks,
                *(["", *articles] if articles else []),
            ]
        ),
    )


def _week(week: Week) -> str:
    return (
        f"Week of {week.begins:%d %b}: {week.asked} asked · {week.offered} offered · "
        f"{week.solved} solved · {week.handed_over} handed over · {week.silent} silent"
    )


def _article(each: ArticleFigures) -> str:
    opinions = f"{each.helpful} 👍 · {each.unhelpful} 👎"
    return f"{each.title}: offered {each.offered}× · {opinions}"


def _line(article: Article) -> str:
    more = [article.category] if article.category else []
    more += [each.language for each in article.translations]
    if article.audience is Audience.STAFF:
        more.append("staff only")
    about = f" · {' · '.join(more)}" if more else ""
    return f"{MARKS[article.publication]} {article.id} · {article.title} · {article.slug}{about}"


def _fields(article: Article) -> tuple[Field, ...]:
    languages = [article.language, *(each.language for each in article.translations)]
    opinions = f"{article.helpful} 👍 · {article.unhelpful} 👎"
    said = {
        "Number": str(article.id),
        "Status": article.publication.value,
        "For": "staff only" if article.audience is Audience.STAFF else "",
        "Category": article.category,
        "Tags": ", ".join(article.tags),
        "Languages": ", ".join(languages),
        "Phrasings": str(len(article.phrasings)),
        "Opinions": opinions + (" · only offered" if article.offered_only else ""),
        "Related": ", ".join(article.related),
    }
    return tuple(Field(label, value[:200]) for label, value in said.items() if value)


def _buttons(article: Article, role: Role) -> tuple[Button, ...]:
    name = _name(article)
    edit = Button("✏️ Edit", "kb edit", f"{name} version:{article.version}")
    may_edit = role >= Role.LEAD or article.publication is not Publication.PUBLISHED
    buttons = [edit] if may_edit else []
    if role >= Role.LEAD and article.publication is not Publication.PUBLISHED:
        buttons.insert(0, Button("📗 Publish", "kb publish", name, Tone.PRIMARY))
    if role >= Role.LEAD and article.publication is Publication.PUBLISHED:
        buttons.append(Button("📦 Archive", "kb archive", name))
    return tuple(buttons)


def _name(article: Article) -> str:
    """What a button calls an article."""
    return article.slug if len(article.slug) <= LONGEST_VALUE else str(article.id)


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
