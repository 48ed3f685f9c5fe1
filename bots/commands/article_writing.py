"""The commands that write articles: ``/kb add``, ``/kb edit``, ``/kb publish``, and so on."""

from collections.abc import Mapping
from typing import Any

from bots.commands import article_cards
from bots.commands.params import ARTICLE
from bots.commands.table import Command, Kind, Param, Said
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role
from knowledge_base.article import Audience
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from knowledge_base.written import listed

Args = Mapping[str, Any]
EMPTIED = "-"


async def add(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).add(by, _fields(args))
    return Said(article_cards.draft(article, "📝 Kept as a draft. Nobody is answered with it yet."))


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    library = Library.beside(desk)
    seen = None if args["version"] is None else {args["version"]}
    article = await library.edit(by, args["article"], _fields(args), seen)
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

COMMANDS = (
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
)
