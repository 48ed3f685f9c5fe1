"""The commands by which customers say how it was, and leads look at it: ``/survey …``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, Scored

Args = Mapping[str, Any]
DAYS = 30


async def rate(desk: Desk, by: Who, args: Args) -> Said:
    survey = await desk.rate(by, args["ticket"], args["score"])
    return Said(catalogue.rated(survey.ticket_id, survey.score or 0, survey.comment))


async def comment(desk: Desk, by: Who, args: Args) -> Said:
    survey = await desk.comment_rating(by, args["ticket"], args["text"])
    return Said(Card(text=catalogue.comment_taken(survey.ticket_id)))


async def stats(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.satisfaction(by, days=DAYS if args["days"] is None else args["days"])
    title = f"CSAT of the last {found.days} days"
    if found.average is None or found.satisfied is None:
        return Said(Card(title=title, text=f"Nobody has answered yet; {found.asked} were asked."))
    bars = [f"{score} · {found.counts[score]}" for score in sorted(found.counts, reverse=True)]
    fields = [
        Field("Average", f"{found.average:.2f} of 5"),
        Field("Satisfied (4 or 5)", f"{found.satisfied:.0%}"),
        Field("Answered", f"{found.answered} of {found.asked}"),
        *_field("By agent", found.by_agent),
        *_field("By category", found.by_category),
        *_field("By article", found.by_article),
    ]
    return Said(Card(title=title, text="\n".join(bars), fields=tuple(fields)))


def _field(label: str, scored: Sequence[Scored]) -> list[Field]:
    shown = " · ".join(f"{each.name} {each.average:.2f} ({each.answered})" for each in scored[:10])
    return [Field(label, shown)] if shown else []


COMMANDS = (
    Command(
        name="survey rate",
        role=Role.CUSTOMER,
        help="Say how it was, from 1 (bad) to 5 (good).",
        example="/survey rate 42 5",
        run=rate,
        params=(TICKET, Param(name="score", kind=Kind.NUMBER, help="a number from 1 to 5")),
    ),
    Command(
        name="survey comment",
        role=Role.CUSTOMER,
        help="Add a word to your score.",
        example="/survey comment 42 so quick!",
        run=comment,
        params=(
            TICKET,
            Param(name="text", kind=Kind.TEXT, help="what was good, or was not", asked=True),
        ),
    ),
    Command(
        name="survey stats",
        role=Role.LEAD,
        help="How satisfied customers were.",
        example="/survey stats days:90",
        run=stats,
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
)
