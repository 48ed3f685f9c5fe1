"""Giving a ticket to somebody on the dashboard: chosen from a list, or dragged onto them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from core.vocabulary import Availability, Choice, Ticket
from web.desk.draw import element, words

TICKET = "application/x-switchboard-ticket"
DRAGGED = """(e) => {
  e.dataTransfer.setData("%s", "%d");
  e.dataTransfer.effectAllowed = "move";
  document.body.classList.add("dragging");
}"""
LET_GO = """() => document.body.classList.remove("dragging")"""
OVER = """(e) => {
  if (!e.dataTransfer.types.includes("%s")) return;
  e.preventDefault();
  e.currentTarget.classList.add("over");
}"""
LEFT = """(e) => e.currentTarget.classList.remove("over")"""
DROPPED = """(e) => {
  e.preventDefault();
  e.currentTarget.classList.remove("over");
  emit(e.dataTransfer.getData("%s"));
}"""

Give = Callable[[int, Choice], Awaitable[None]]
"""Is told the number of a ticket, and to whom it is to go."""


def draggable(drawn: ui.element, number: int) -> None:
    """Let a ticket be dragged by what is drawn of it."""
    drawn.props["draggable"] = "true"
    drawn.on("dragstart", js_handler=DRAGGED % (TICKET, number))
    drawn.on("dragend", js_handler=LET_GO)


def draw_agents(agents: Sequence[Choice], give: Give) -> None:
    """Everybody, with what they hold; a ticket that is dropped on one is given to them."""
    if not agents:
        words("Nobody works here yet.", "p", "soft")
        return
    with element("ul", "agents"):
        for each in agents:
            _agent(each, give)


def _agent(agent: Choice, give: Give) -> None:
    async def dropped(event: Any) -> None:
        if str(event.args).isdecimal():
            await give(int(event.args), agent)

    with element("li", "agent", data_agent=agent.agent_id) as place:
        element("span", f"dot {agent.availability.name.lower()}", aria_hidden="true")
        words(agent.name, classes="name")
        words(f"{agent.availability.value} · {agent.holds} of {agent.capacity}", classes="soft")
    place.on("dragover", js_handler=OVER % TICKET)
    place.on("dragleave", js_handler=LEFT)
    place.on("drop", dropped, js_handler=DROPPED % TICKET)


def draw_choice(ticket: Ticket, agents: Sequence[Choice], give: Give) -> None:
    """The same by a list, for the keyboard and for fingers."""
    others = {each.agent_id: each for each in agents if each.agent_id != ticket.assignee_id}

    async def chosen(event: Any) -> None:
        to = others.get(int(event.args or 0))
        if to is not None:
            await give(ticket.id, to)

    with element("select", aria_label=f"Give #{ticket.id} to") as select:
        words("Give to …", "option").props["value"] = ""
        for each in others.values():
            option = words(f"{each.name} ({each.availability.value})", "option")
            option.props["value"] = str(each.agent_id)
    select.on("change", chosen, js_handler="(e) => emit(e.target.value)")


def draw_availability(counts: Mapping[Availability, int]) -> None:
    """How many are there, in one line."""
    words(" · ".join(f"{count} {word.value}" for word, count in counts.items()), "p", "soft")
