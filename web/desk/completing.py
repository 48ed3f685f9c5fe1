"""What the filter line completes: the names of the language, and the values that this desk has."""

import json

from core.channels import Who
from core.desk import Desk
from core.vocabulary import FILTER_EXAMPLES, Priority, Status

SORTS = ("priority", "created", "updated", "number", "due")


async def words_of(desk: Desk, who: Who) -> str:
    """Every word that can be completed, as JSON; the browser narrows it as somebody types."""
    agents = [each.agent for each in await desk.agents(who)]
    teams = [each.team.name for each in await desk.teams(who)]
    values: dict[str, list[str]] = {
        "status": [each.value.replace(" ", "_") for each in Status] + ["live", "any"],
        "priority": [each.label for each in Priority],
        "kind": [each.name for each in await desk.ticket_kinds(who)],
        "assignee": ["me", "nobody", *(each.name for each in agents)],
        "team": [*teams, "none"],
        "sort": [sign + each for each in SORTS for sign in ("", "-")],
        "vip": ["yes", "no"],
        "escalated": ["yes", "no"],
        "breached": ["yes", "no"],
        "due": ["<1h", "<4h", "<1d", "none"],
        "created": ["today", "<1d", "<7d", ">7d"],
        "updated": ["today", "<1d", ">1d"],
        "skill": sorted({skill.name for each in agents for skill in each.skills}),
    }
    names = {name: values.get(name, []) for name in FILTER_EXAMPLES}
    return json.dumps(
        [word for name, known in names.items() for word in _words(name, known)], ensure_ascii=False
    )


def _words(name: str, values: list[str]) -> list[str]:
    quoted = [f'"{each}"' if " " in each else each for each in values]
    return [f"{name}:", *(f"{name}:{each}" for each in quoted)]
