"""The commands that find and show articles: ``/kb search``, ``/kb list``, ``/kb show``, ``/kb send``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import article_cards
from bots.commands.params import ARTICLE, TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.deflection import Verdict
from core.desk import Desk
from core.vocabulary import Role
from knowledge_base.article import Publication
from knowledge_base.library import Library

Args = Mapping[str, Any]


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


async def send(desk: Desk, by: Who, args: Args) -> Said:
    article = await Library.beside(desk).for_customer(by, args["ticket"], args["article"])
    text = f"**{article.title}**\n\n{article.body}"
    ticket = await desk.reply(by, args["ticket"], text, article=args["article"])
    return Said(Card(text=f"📚 “{article.title}” was sent to {ticket.customer.name}."))


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
            Param(name="category", kind=Kind.WORD, help="a category", required=False, named=True),
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
        name="kb send",
        role=Role.AGENT,
        help="Send an article to a ticket's customer.",
        example="/kb send 42 return-an-item",
        run=send,
        params=(
            TICKET,
            ARTICLE,
        ),
    ),
)
