"""The commands about teams: ``/team …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Manned, Role

Args = Mapping[str, Any]


async def list_teams(desk: Desk, by: Who, _: Args) -> Said:
    text = "\n".join(map(_line, await desk.teams(by)))
    return Said(Card(title="👥 Teams", text=text or "There are none. /team add makes one."))


async def add(desk: Desk, by: Who, args: Args) -> Said:
    team = await desk.add_team(by, args["name"])
    return _said(f"There is a team {team.name} now. /agent edit puts people into it.")


async def rename(desk: Desk, by: Who, args: Args) -> Said:
    team = await desk.rename_team(by, args["from"], args["to"])
    return _said(f"It is called {team.name} now, also in the rules, macros and views that name it.")


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    team = await desk.remove_team(by, args["name"])
    return _said(
        f"There is no team {team.name} any more. Its agents and live tickets are in no team."
    )


def _said(text: str) -> Said:
    return Said(Card(text=text))


def _line(listed: Manned) -> str:
    agents = "1 agent" if listed.agents == 1 else f"{listed.agents} agents"
    return f"{listed.team.name} · {agents}"


NAME = Param(name="name", kind=Kind.TEXT, help="the name of a team", asked=True)

COMMANDS = (
    Command(
        name="team list",
        role=Role.AGENT,
        help="The teams, and how many work in each.",
        example="/team list",
        run=list_teams,
    ),
    Command(
        name="team add",
        role=Role.ADMIN,
        help="Make a team.",
        example="/team add returns",
        run=add,
        params=(NAME,),
    ),
    Command(
        name="team rename",
        role=Role.ADMIN,
        help="Call a team otherwise.",
        example='/team rename from:returns to:"returns and refunds"',
        run=rename,
        params=(
            Param(name="from", kind=Kind.WORD, help="the name of a team", named=True, asked=True),
            Param(name="to", kind=Kind.WORD, help="its new name", named=True, asked=True),
        ),
    ),
    Command(
        name="team remove",
        role=Role.ADMIN,
        help="Remove a team that nothing names any more.",
        example="/team remove returns",
        run=remove,
        params=(NAME,),
    ),
)
