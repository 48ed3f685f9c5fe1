"""People and commands as the console's page reads them."""

from collections.abc import Mapping

from bots.browser.translate import Json
from bots.commands.table import Command
from bots.console.channel import NAME
from core.vocabulary import Listed


def agent(listed: Listed) -> Json | None:
    """Somebody on the roster whom the console knows, as the page's picker shows them."""
    if listed.who is None or listed.who.channel != NAME:
        return None
    return {
        "handle": listed.who.user,
        "name": listed.agent.name,
        "role": listed.agent.role.label,
        "rank": int(listed.agent.role),
        "availability": listed.agent.availability.value,
        "holds": list(listed.holds),
        "capacity": listed.agent.capacity,
    }


def commands(table: Mapping[str, Command]) -> list[Json]:
    """What can be typed, for completion."""
    return [
        {
            "name": command.name,
            "usage": command.usage,
            "help": command.help,
            "example": command.example,
            "rank": int(command.role),
            "takes": bool(command.params),
        }
        for command in table.values()
        if command.listed
    ]
