"""The commands about the knowledge base: ``/kb …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import article_cards
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.deflection import Verdict
from core.desk import Desk
from core.vocabulary import Role
from knowledge_base.article import Audience, Publication
from knowledge_base.gaps import MOST_DAYS
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from knowledge_base.written import listed

Args = Mapping[str, Any]
EMPTIED = "-"
WEEKS = 8
DAYS = 90


async def search(desk: Desk, by: Who, args: Args) -> Said:
    found = await Library.beside(desk).search(by, args["question"])
    if (await desk.whoever(by)).role is Role.CUSTOMER:
        titles = {each.article: each.title for each in found.nearest}
        return Said(catalogue.found(titles, sure=found.verdict is Verdict.SURE))
    return Said(article_cards.found(found))


async def list_articles(desk: Desk, by: Who, args: Args) -> Said:
    articles = await Library.beside(desk).articles(
        by,
        publication=Publication(args["status"]) if args["status"] else None,
        category=args["category"],
        after=args["after"],
    )
    return Said(article_cards.listed(articles))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    shown = await Library.beside(desk).article(by, args["article"])
    role = (await desk.whoever(by)).role
    return Said(article_cards.whole(shown, role))


async def add(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).add(by, _fields(args))
    return Said(article_cards.draft(article, "📝 Kept as a draft. Nobody is answered with it yet."))


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    library = Library.beside(desk)
    article = await library.edit(by, args["article"], _fields(args), args["version"])
    return Said(article_cards.said_of(article, "✏️ Changed."))


async def translate(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).translate(by, args["article"], _fields(args))
    languages = ", ".join([article.language, *(each.language for each in article.translations)])
    return Said(article_cards.said_of(article, f"🌍 It is there in {languages}."))


async def publish(desk: Desk, by: Who, args: Args) -> Said:
    article, warning = await Library.beside(desk).publish(by, args["article"])
    text = "📗 Published. Customers are answered with it in a few seconds."
    return Said(article_cards.said_of(article, text, warning=warning))


async def archive(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).archive(by, args["article"])
    return Said(article_cards.said_of(article, "📦 Archived. Nobody is answered with it any more."))


async def restore(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).restore(by, args["article"], args["revision"])
    return Said(
        article_cards.said_of(article, f"↩️ It says again what revision {args['revision']} said.")
    )


async def gaps(desk: Desk, by: Who, args: Args) -> Said:
    days = min(args["days"] or DAYS, MOST_DAYS)
    return Said(article_cards.gaps(await Library.beside(desk).gaps(by, days=days), days))


async def draft(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).draft(by, args["ticket"])
    text = (
        f"📝 Drafted from ticket #{args['ticket']}, without names, addresses and numbers. "
        "Read it before you publish it: what is private in another way only you can see."
    )
    return Said(article_cards.draft(article, text))


async def stats(desk: Desk, by: Who, args: Args) -> Said:
    figures = await Library.beside(desk).figures(by, weeks=min(args["weeks"] or WEEKS, 52))
    return Said(article_cards.figures(figures))


async def learned(desk: Desk, by: Who, _: Args) -> Said:
    return Said(article_cards.proposals(await Library.beside(desk).proposals(by)))


async def accept(desk: Desk, by: Who, args: Args) -> Said:
    proposal = await Library.beside(desk).decide(by, args["proposal"], accept=True)
    text = f"👍 “{proposal.text}” leads to “{proposal.article.title}” from now on."
    return Said(Card(text=text))


async def decline(desk: Desk, by: Who, args: Args) -> Said:
    proposal = await Library.beside(desk).decide(by, args["proposal"], accept=False)
    return Said(Card(text=f"👎 “{proposal.text}” is not asked about again."))


async def send(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).for_customer(by, args["ticket"], args["article"])
    text = f"**{article.title}**\n\n{article.body}"
    ticket = await desk.reply(by, args["ticket"], text, article=args["article"])
    return Said(Card(text=f"📚 “{article.title}” was sent to {ticket.customer.name}."))


async def begin_gap(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """The form of a new article for a gap: how customers asked."""
    if not args["gap"]:
        return {}
    gap = await Library.beside(desk).gap(by, args["gap"])
    return {"title": gap.question[:200], "phrasings": "\n".join(gap.examples)}


async def begin_edit(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """The form of an edit: what the article says now."""
    article = (await Library.beside(desk).article(by, args["article"])).article
    own = [each.text for each in article.phrasings if not each.language]
    return {
        "title": article.title,
        "body": article.body,
        "phrasings": "\n".join(own),
        "category": article.category,
        "tags": ", ".join(article.tags),
    }


def _fields(args: Args) -> Fields:
    """What was said of an article; a dash empties a part."""

    def several(name: str, text: str | None) -> tuple[str, ...] | None:
        if not text:
            return None
        lines = text.replace("|", "\n") if name == "phrasings" else text.replace(",", "\n")
        return () if text == EMPTIED else listed(lines)

    def one(name: str) -> str | None:
        said = (args.get(name) or "").strip()
        return ("" if said == EMPTIED else said) if said else None

    return Fields(
        title=one("title"),
        body=one("body"),
        phrasings=several("phrasings", args.get("phrasings")),
        category=one("category"),
        language=one("language"),
        tags=several("tags", args.get("tags")),
        related=several("related", args.get("related")),
        audience=Audience(args["audience"]) if args.get("audience") else None,
    )


def _said(name: str, help: str, *, asked: bool = True, required: bool = False) -> Param:  # noqa: A002
    kind = Kind.TEXT if name in {"body", "phrasings"} else Kind.WORD
    return Param(name=name, kind=kind, help=help, required=required, named=True, asked=asked)


ARTICLE = Param(name="article", kind=Kind.WORD, help="an article's name or number")
TITLE = "the title: the question it answers"
BODY = "the answer, in Markdown"
PHRASINGS = _said("phrasings", "how customers ask for it, one a line")
CATEGORY = _said("category", "a category")
LANGUAGE = _said("language", "its language, such as en")
TAGS = _said("tags", "tags, with commas", asked=False)
RELATED = _said("related", "names of related articles, with commas", asked=False)
AUDIENCE = Param(
    name="audience",
    kind=Kind.WORD,
    help="who may read it",
    required=False,
    named=True,
    choices=tuple(each.value for each in Audience),
)
PROPOSAL = Param(name="proposal", kind=Kind.NUMBER, help="the number of a proposal")

COMMANDS = (
    Command(
        name="kb search",
        role=Role.CUSTOMER,
        help="What the knowledge base says to a question.",
        example="/kb search how do I return something",
        run=search,
        params=(Param(name="question", kind=Kind.TEXT, help="a question", asked=True),),
    ),
    Command(
        name="kb list",
        role=Role.AGENT,
        help="The articles there are.",
        example="/kb list status:draft",
        run=list_articles,
        params=(
            Param(
                name="status",
                kind=Kind.WORD,
                help="a status",
                required=False,
                named=True,
                choices=tuple(each.value for each in Publication),
            ),
            _said("category", "a category", asked=False),
            Param(
                name="after",
                kind=Kind.NUMBER,
                help="the number of the last article seen",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="kb show",
        role=Role.CUSTOMER,
        help="An article, whole; for staff, with what became of it.",
        example="/kb show return-an-item",
        run=show,
        params=(ARTICLE,),
    ),
    Command(
        name="kb add",
        role=Role.AGENT,
        help="Write a new article. It is a draft until a lead publishes it.",
        example='/kb add title:"Can I pick it up?" body:"Yes, at Hill Street 5." '
        'phrasings:"pick up in the shop|collect my order"',
        run=add,
        params=(
            Param(
                name="gap",
                kind=Kind.NUMBER,
                help="the number of a gap that it closes",
                required=False,
                named=True,
            ),
            _said("title", TITLE, required=True),
            _said("body", BODY, required=True),
            PHRASINGS,
            CATEGORY,
            LANGUAGE,
            TAGS,
            RELATED,
            AUDIENCE,
        ),
        begin=begin_gap,
    ),
    Command(
        name="kb edit",
        role=Role.AGENT,
        help="Change an article: what is said replaces what was there, a dash empties it.",
        example='/kb edit return-an-item tags:"returns, money" category:returns',
        run=edit,
        params=(
            ARTICLE,
            Param(
                name="version",
                kind=Kind.NUMBER,
                help="the version that you looked at",
                required=False,
                named=True,
            ),
            _said("title", TITLE),
            _said("body", BODY),
            PHRASINGS,
            CATEGORY,
            _said("tags", "tags, with commas"),
            RELATED,
            AUDIENCE,
            _said("language", "its language, such as en", asked=False),
        ),
        opens_form=True,
        begin=begin_edit,
    ),
    Command(
        name="kb translate",
        role=Role.AGENT,
        help="Say an article in one more language.",
        example='/kb translate return-an-item language:de title:"Etwas zurückgeben" '
        'body:"Innerhalb von 30 Tagen." phrasings:"wie gebe ich etwas zurück"',
        run=translate,
        params=(
            ARTICLE,
            _said("language", "the language, such as de", required=True),
            _said("title", "the title in that language", required=True),
            _said("body", "the answer in that language", required=True),
            PHRASINGS,
        ),
    ),
    Command(
        name="kb publish",
        role=Role.LEAD,
        help="Let customers be answered with an article.",
        example="/kb publish return-an-item",
        run=publish,
        params=(ARTICLE,),
    ),
    Command(
        name="kb archive",
        role=Role.LEAD,
        help="Put an article away.",
        example="/kb archive return-an-item",
        run=archive,
        params=(ARTICLE,),
    ),
    Command(
        name="kb restore",
        role=Role.AGENT,
        help="Go back to an earlier revision of an article.",
        example="/kb restore return-an-item 2",
        run=restore,
        params=(
            ARTICLE,
            Param(name="revision", kind=Kind.NUMBER, help="the number of a revision"),
        ),
    ),
    Command(
        name="kb gaps",
        role=Role.AGENT,
        help="What customers ask and no article answers, the most frequent first.",
        example="/kb gaps days:30",
        run=gaps,
        params=(
            Param(
                name="days",
                kind=Kind.NUMBER,
                help="how many days to look back",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="kb draft",
        role=Role.AGENT,
        help="Draft an article from a resolved ticket, without what is private.",
        example="/kb draft 42",
        run=draft,
        params=(Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket"),),
    ),
    Command(
        name="kb stats",
        role=Role.AGENT,
        help="How the knowledge base does, by week and by article.",
        example="/kb stats weeks:4",
        run=stats,
        params=(
            Param(
                name="weeks",
                kind=Kind.NUMBER,
                help="how many weeks",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="kb learned",
        role=Role.AGENT,
        help="Questions that an article solved, and that may become its phrasings.",
        example="/kb learned",
        run=learned,
    ),
    Command(
        name="kb accept",
        role=Role.LEAD,
        help="Let a question become a phrasing.",
        example="/kb accept 7",
        run=accept,
        params=(PROPOSAL,),
        listed=False,
    ),
    Command(
        name="kb decline",
        role=Role.LEAD,
        help="Do not let a question become a phrasing.",
        example="/kb decline 7",
        run=decline,
        params=(PROPOSAL,),
        listed=False,
    ),
    Command(
        name="kb send",
        role=Role.AGENT,
        help="Send an article to a ticket's customer.",
        example="/kb send 42 return-an-item",
        run=send,
        params=(
            Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket"),
            ARTICLE,
        ),
    ),
)
