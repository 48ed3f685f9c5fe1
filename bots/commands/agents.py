"""The commands about people: ``/agent …``."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import NO_TEAM, Agent, Availability, Details, Role

Args = Mapping[str, Any]
ROLES = tuple(role.label for role in Role if role is not Role.CUSTOMER)
VERBS = {
    "available": Availability.AVAILABLE,
    "busy": Availability.BUSY,
    "break": Availability.ON_BREAK,
    "offline": Availability.OFFLINE,
}
DETAILS = (
    Param(name="skills", kind=Kind.LEVELS, help="skills", required=False, named=True, asked=True),
    Param(
        name="languages", kind=Kind.LEVELS, help="languages", required=False, named=True, asked=True
    ),
    Param(
        name="capacity",
        kind=Kind.NUMBER,
        help="how many tickets at once",
        required=False,
        named=True,
        asked=True,
    ),
    Param(
        name="tier",
        kind=Kind.NUMBER,
        help="a tier from 1 to 9",
        required=False,
        named=True,
        asked=True,
    ),
    Param(
        name="team", kind=Kind.WORD, help="a team, or none", required=False, named=True, asked=True
    ),
    Param(
        name="role",
        kind=Kind.WORD,
        help="a role",
        required=False,
        named=True,
        asked=True,
        choices=ROLES,
    ),
    Param(
        name="timezone",
        kind=Kind.WORD,
        help="a time zone, such as Europe/Berlin",
        required=False,
        named=True,
        asked=True,
    ),
)


def details(args: Args) -> Details:
    return Details(
        skills=args["skills"],
        languages=args["languages"],
        capacity=args["capacity"],
        tier=args["tier"],
        team=_team(args["team"]) if args["team"] else None,
        role=Role[args["role"].upper()] if args["role"] else None,
        time_zone=args["timezone"] or None,
    )


def _team(name: str) -> str:
    return NO_TEAM if name == "-" else name.lower()


async def add(desk: Desk, by: Who, args: Args) -> Said:
    agent = await desk.add_agent(by, args["agent"], details(args))
    return _said(f"{agent.name} is on the desk: {_described(agent)}.")


async def begin_edit(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """What is known of the agent now, as it would be typed."""
    meant: Who = args["agent"]
    for each in await desk.agents(by):
        handle = each.who.user if each.who else ""
        if each.who == meant or meant.user.casefold() in {each.agent.name.casefold(), handle}:
            return _known(each.agent)
    return {}


def _known(agent: Agent) -> Mapping[str, str]:
    return {
        "skills": ",".join(f"{each.name}:{each.level}" for each in agent.skills),
        "languages": ",".join(f"{each.code}:{each.level}" for each in agent.languages),
        "capacity": str(agent.capacity),
        "tier": str(agent.tier),
        "team": agent.team.name if agent.team else "",
        "role": agent.role.label,
        "timezone": agent.time_zone,
    }


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    agent = await desk.edit_agent(by, args["agent"], details(args))
    return _said(f"{agent.name} is now: {_described(agent)}.")


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    agent, numbers = await desk.remove_agent(by, args["agent"])
    back = ", ".join(f"#{number}" for number in numbers)
    given_back = f" Back in the queue: {back}." if back else ""
    return _said(f"{agent.name} has left the desk.{given_back}")


async def list_agents(desk: Desk, by: Who, args: Args) -> Said:
    role = Role[args["role"].upper()] if args["role"] else None
    return Said(answers.roster(await desk.agents(by, role=role, skill=args["skill"])))


async def set_availability(availability: Availability, desk: Desk, by: Who, _: Args) -> Said:
    agent = await desk.set_availability(by, availability)
    taking = "You get the next ticket that fits." * (availability is Availability.AVAILABLE)
    return _said(f"You are {agent.availability.value}. {taking}".strip())


async def link(desk: Desk, by: Who, _: Args) -> Said:
    code = await desk.invite_self(by)
    return _said(f"On your other channel, send: /agent join {code} (once, within a day).")


async def join(desk: Desk, by: Who, args: Args) -> Said:
    agent = await desk.join(by, args["code"])
    return _said(f"You are {agent.name}, {agent.role.label}. /ticket help shows what you can do.")


def _said(text: str) -> Said:
    return Said(Card(text=text))


def _described(agent: Agent) -> str:
    parts = [agent.role.label, f"capacity {agent.capacity}", f"tier {agent.tier}"]
    if agent.team is not None:
        parts.append(f"team {agent.team.name}")
    if agent.skills:
        parts.append("skills " + ", ".join(sorted(skill.name for skill in agent.skills)))
    if agent.languages:
        parts.append("languages " + ", ".join(sorted(each.code for each in agent.languages)))
    if agent.time_zone:
        parts.append(f"time zone {agent.time_zone}")
    return ", ".join(parts)


COMMANDS = (
    Command(
        name="agent add",
        role=Role.ADMIN,
        help="Put somebody on the desk.",
        example="/agent add @agent-1 skills:billing,returns languages:en,de capacity:2 tier:1",
        run=add,
        params=(Param(name="agent", kind=Kind.PERSON, help="the person", asked=True), *DETAILS),
    ),
    Command(
        name="agent edit",
        role=Role.ADMIN,
        help="Change an agent's skills, languages, capacity, tier, team, role or time zone.",
        example="/agent edit @agent-1 capacity:3 role:lead",
        run=edit,
        params=(Param(name="agent", kind=Kind.AGENT, help="the agent"), *DETAILS),
        opens_form=True,
        begin=begin_edit,
    ),
    Command(
        name="agent remove",
        role=Role.ADMIN,
        help="Take somebody off the desk; their tickets go back to the queue.",
        example="/agent remove @agent-1",
        run=remove,
        params=(Param(name="agent", kind=Kind.AGENT, help="the agent"),),
    ),
    Command(
        name="agent list",
        role=Role.AGENT,
        help="Everybody on the desk, with what they hold.",
        example="/agent list skill:billing",
        run=list_agents,
        params=(
            Param(
                name="role",
                kind=Kind.WORD,
                help="a role",
                required=False,
                named=True,
                choices=ROLES,
            ),
            Param(name="skill", kind=Kind.WORD, help="a skill", required=False, named=True),
        ),
    ),
    *(
        Command(
            name=f"agent {verb}",
            role=Role.AGENT,
            help=f"Say that you are {availability.value}.",
            example=f"/agent {verb}",
            run=partial(set_availability, availability),
        )
        for verb, availability in VERBS.items()
    ),
    Command(
        name="agent link",
        role=Role.AGENT,
        help="A one-time code to be known on another channel, too.",
        example="/agent link",
        run=link,
    ),
    Command(
        name="agent join",
        role=Role.CUSTOMER,
        help="Use a one-time code: from /agent link, or from switchboard admin-link.",
        example="/agent join 8yXh2vQm4kS0",
        run=join,
        params=(Param(name="code", kind=Kind.WORD, help="the one-time code"),),
    ),
)
