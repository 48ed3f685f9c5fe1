"""The commands about business hours: ``/hours …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands.params import given, parts
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Hours, ListedHours, Role, calendar_of, hours_in_words

Args = Mapping[str, Any]
HOURS = {
    "hours": 'days and hours: "mon-fri 9-12,13-17; sat 10-14", or 24/7',
    "zone": "a time zone, such as Europe/Berlin",
    "holidays": "whose public holidays are off: DE, DE-BE, none",
    "off": "days off: 2026-12-24,2026-12-27..2026-12-31; + and - for more and fewer; none",
    "team": "the teams that have them, or none",
}


async def list_hours(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.business_hours(by)
    lines = [_hours_line(each) for each in found]
    text = "\n".join(lines) or "There are none, so time counts around the clock."
    return Said(Card(title="🕘 Business hours", text=text))


def _hours_line(listed: ListedHours) -> str:
    used = [f"teams {', '.join(listed.teams)}"] if listed.teams else []
    used += [f"policies {', '.join(listed.policies)}"] if listed.policies else []
    of = f" · {'; '.join(used)}" if used else ""
    return f"{listed.hours.name} · {_in_words(listed.hours)}{of}"


def _in_words(hours: Hours) -> str:
    return hours_in_words(calendar_of(hours))


async def begin_hours(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    wanted = (args["name"] or "").lower()
    for each in await desk.business_hours(by):
        if each.hours.name == wanted:
            calendar = calendar_of(each.hours)
            region = "-".join(filter(None, (calendar.country, calendar.subdivision)))
            week = "24/7" if calendar.always else _in_words(each.hours).partition(" (")[0]
            return {
                "hours": week,
                "zone": calendar.zone,
                "holidays": region or "none",
                "off": ",".join(each.hours.days_off) or "none",
                "team": ",".join(each.teams) or "none",
            }
    return {}


async def add_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.add_hours(by, args["name"], given(args, HOURS))
    return Said(Card(text=f"{hours.name} · {_in_words(hours)}"))


async def edit_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.edit_hours(by, args["name"], given(args, HOURS))
    return Said(Card(text=f"{hours.name} · {_in_words(hours)}"))


async def remove_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.remove_hours(by, args["name"])
    return Said(Card(text=f"The hours {hours.name} are gone; their teams have the default ones."))


NAMED_HOURS = Param(name="name", kind=Kind.WORD, help="what the hours are called", asked=True)

COMMANDS = (
    Command(
        name="hours list",
        role=Role.AGENT,
        help="When people are at work.",
        example="/hours list",
        run=list_hours,
    ),
    Command(
        name="hours add",
        role=Role.ADMIN,
        help="Add business hours.",
        example='/hours add support hours:"mon-fri 9-12,13-17" zone:Europe/Berlin holidays:DE-BE',
        run=add_hours,
        params=(NAMED_HOURS, *parts(HOURS)),
    ),
    Command(
        name="hours edit",
        role=Role.ADMIN,
        help="Change business hours.",
        example="/hours edit default zone:Europe/Berlin holidays:DE off:+2026-12-24",
        run=edit_hours,
        params=(NAMED_HOURS, *parts(HOURS)),
        opens_form=True,
        begin=begin_hours,
    ),
    Command(
        name="hours remove",
        role=Role.ADMIN,
        help="Remove business hours that no policy counts by.",
        example="/hours remove support",
        run=remove_hours,
        params=(NAMED_HOURS,),
    ),
)
