"""The knowledge base for staff: the articles, each with its revisions, and what has no article."""

from collections.abc import Sequence
from difflib import unified_diff
from typing import Any
from urllib.parse import quote

from fastapi import Request

from core.cards import Card
from core.errors import DeskError
from core.vocabulary import Role
from knowledge_base.article import Article, Publication, Revision
from knowledge_base.library import Library
from knowledge_base.reading import A_PAGE, Shown
from knowledge_base.words import LONGEST
from web.desk.asking import Asking
from web.desk.draw import Press, button, element, go_to, labelled, link, search, words
from web.desk.drawing import Drawing
from web.desk.frame import Here, frame
from web.desk.notice import Notice
from web.desk.rich import markdown
from web.desk.topics import Topic, Topics
from web.sign_in import DESK_PATH

HEADINGS = ("Article", "Status", "Category", "Language", "For")
TOPICS = (
    Topic(
        "Gaps",
        "What customers asked and no article answers, the most frequent first.",
        "kb gaps",
        "gaps",
    ),
    Topic("Learned", "Questions that may lead to an article.", "kb learned", "learned"),
    Topic("Figures", "How the articles do.", "kb stats", "stats"),
)
CHANGES = {
    Publication.DRAFT: (
        ("kb publish", "Publish", Role.LEAD),
        ("kb archive", "Archive…", Role.LEAD),
    ),
    Publication.PUBLISHED: (("kb archive", "Archive…", Role.LEAD),),
    Publication.ARCHIVED: (("kb publish", "Publish", Role.LEAD),),
}
LOOKS = {"+": "added", "-": "removed", "@": "soft"}


async def show(request: Request, after: int | None = None, q: str = "") -> None:
    """``/desk/knowledge?q=…``"""
    here = Here.of(request)
    with frame(here, "Knowledge"):
        notice = Notice(here)
        asking = Asking(here, notice)
        with element("div", "buttons"):
            button("New article…", _ask(asking, "kb add", ""), "primary")
            button("Try a question…", _ask(asking, "kb search", ""))
        _draw_search(q)
        async with notice.refusals():
            library = Library.beside(here.desk)
            if q.strip():
                _draw_found(await library.containing(here.who, q))
            else:
                _draw_list(await library.articles(here.who, after=after))
        topics = Topics(here, notice, TOPICS)
        await topics.look()


def _draw_search(asked: str) -> None:
    """A form that works without a script; its address can be passed on."""
    with element("form", "filter", method="get", action=f"{DESK_PATH}/knowledge", role="search"):
        with labelled("Words in articles, drafts, and translations"):
            search("q", asked, data_key="/", maxlength=LONGEST)
        button("Search", None, "primary")
        if asked:
            link("All articles", f"{DESK_PATH}/knowledge", "button")


def _draw_found(articles: Sequence[Article]) -> None:
    if not articles:
        words("No article has all these words.", "p", "empty")
        return
    _draw_list(articles[:A_PAGE])
    words(f"{len(articles)} found", "p", "soft")


def _draw_list(articles: Sequence[Article]) -> None:
    with element("table", "tickets articles"):
        words("Articles", "caption", "away")
        with element("thead"), element("tr"):
            for heading in HEADINGS:
                words(heading, "th").props["scope"] = "col"
        with element("tbody"):
            for each in articles[:A_PAGE]:
                with element("tr"):
                    with element("td", "subject"):
                        link(each.title, _address(each.slug))
                    for text in (
                        each.publication.value,
                        each.category or "–",
                        each.language,
                        each.audience.value,
                    ):
                        words(text, "td")
    with element("div", "foot"):
        if len(articles) > A_PAGE:
            link("More", f"{DESK_PATH}/knowledge?after={articles[A_PAGE - 1].id}", "button")


async def show_article(request: Request, slug: str) -> None:
    """``/desk/knowledge/NAME``"""
    here = Here.of(request)
    try:
        shown = await Library.beside(here.desk).article(here.who, slug)
    except DeskError as refusal:
        with frame(here, "Article"):
            words(str(refusal), "p", "fault")
        return
    with frame(here, shown.article.title):
        _draw_article(here, shown)


def _draw_article(here: Here, shown: Shown) -> None:
    article = shown.article
    asking = Asking(here, Notice(here), done=_reload)
    with element("div", "ticket"):
        with element("section", "talk", aria_label="The article"):
            with element("div", "state"):
                for text in (article.publication.value, article.category, article.language):
                    if text:
                        words(text, classes="chip")
            with element("div", "buttons"):
                link("Edit", f"{_address(article.slug)}/edit", "button primary")
                button("Translate…", _ask(asking, "kb translate", article.slug))
                for action, label, role in CHANGES[article.publication]:
                    if here.visit.role >= role:
                        button(label, _ask(asking, action, article.slug))
            Drawing("article", "message page").show(markdown(article.body))
        with element("aside", "side", aria_label="About the article"):
            with element("section", "panel"):
                words("Leads here", "h2")
                for each in article.phrasings:
                    words(f"“{each.text}”", "p", "text")
            _draw_revisions(asking, shown)


def _draw_revisions(asking: Asking, shown: Shown) -> None:
    revisions = list(shown.revisions)
    with element("section", "panel"):
        words("Revisions", "h2")
        for place, each in enumerate(revisions):
            before = revisions[place + 1] if place + 1 < len(revisions) else None
            with element("details", "revision"):
                by = each.by.partition(" (")[0]
                words(f"{each.number} · {each.at:%d %b %Y} · {each.change} by {by}", "summary")
                with element("div", "difference"):
                    for line in difference(before, each):
                        words(line, "div", f"text {LOOKS.get(line[:1], '')}")
                if place:
                    value = f"{shown.article.slug} {each.number}"
                    button("Bring this back", _ask(asking, "kb restore", value), "small")


def difference(before: Revision | None, after: Revision) -> list[str]:
    """What a revision changed, line by line, as ``diff -u`` says it."""
    one, two = _lines(before.content if before else {}), _lines(after.content)
    return list(unified_diff(one, two, lineterm="", n=1))[2:] or ["(the same words)"]


def _lines(content: dict[str, Any]) -> list[str]:
    parts = ("title", "category", "audience", "publication", "language")
    said = [f"{part}: {content[part]}" for part in parts if content.get(part)]
    said += [f"leads here: {each}" for each in content.get("phrasings", ())]
    return [*said, *str(content.get("body", "")).splitlines()]


def _address(slug: str) -> str:
    return f"{DESK_PATH}/knowledge/{quote(slug, safe='')}"


async def _reload(_: Card) -> None:
    go_to("")


def _ask(asking: Asking, action: str, value: str) -> Press:
    async def press() -> None:
        await asking.ask(action, value)

    return press
