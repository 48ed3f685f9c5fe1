"""The commands about what articles lack and how they do: ``/kb gaps``, ``/kb stats``, and so on."""

from collections.abc import Mapping
from typing import Any

from bots.commands import article_cards
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role
from knowledge_base.gaps import MOST_DAYS
from knowledge_base.library import Library

Args = Mapping[str, Any]
WEEKS = 8
DAYS = 90


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


PROPOSAL = Param(name="proposal", kind=Kind.NUMBER, help="the number of a proposal")

COMMANDS = (
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
        params=(TICKET,),
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
)
