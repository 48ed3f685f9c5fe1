"""Giving a ticket to somebody on the dashboard: chosen from a list, or dragged onto them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from core.vocabulary import Choice, Ticket
from web.desk.drawing import Drawing, Node, node

TICKET = "application/x-switchboard-ticket"
DRAGGED = """(e) => {
  e.dataTransfer.setData("%s", "%d");
  e.dataTransfer.effectAllowed = "move";
  document.body.classList.add("dragging");
}"""
LET_GO = """() => document.body.classList.remove("dragging")"""
OVER = """(e) => {
  const place = e.target.closest("[data-agent]");
  if (!place || !e.dataTransfer.types.includes("%s")) return;
  e.preventDefault();
  place.classList.add("over");
}"""
LEFT = """(e) => {
  const place = e.target.closest("[data-agent]");
  if (!place?.contains(e.relatedTarget)) place?.classList.remove("over");
}"""
DROPPED = """(e) => {
  const place = e.target.closest("[data-agent]");
  if (!place) return;
  e.preventDefault();
  place.classList.remove("over");
  emit(e.dataTransfer.getData("%s"), place.dataset.agent);
}"""

Give = Callable[[int, Choice], Awaitable[None]]
"""Is told the number of a ticket, and to whom it is to go."""


def draggable(drawn: ui.element, number: int) -> None:
    """Let a ticket be dragged by what is drawn of it."""
    drawn.props["draggable"] = "true"
    drawn.on("dragstart", js_handler=DRAGGED % (TICKET, number))
    drawn.on("dragend", js_handler=LET_GO)


class Agents:
    """Everybody, with what they hold; a ticket that is dropped on one is given to them."""

    def __init__(self, give: Give) -> None:
        self._give = give
        self._there: dict[str, Choice] = {}
        self._drawing = Drawing("div", "body", tabindex="0", role="region")
        self._drawing.props["aria-label"] = "Agents, to drop tickets on"
        self._drawing.on("dragover", js_handler=OVER % TICKET)
        self._drawing.on("dragleave", js_handler=LEFT)
        self._drawing.on("drop", self._dropped, js_handler=DROPPED % TICKET)

    def show(self, agents: Sequence[Choice]) -> None:
        """Show how they are now."""
        self._there = {str(each.agent_id): each for each in agents}
        if agents:
            self._drawing.show(node("ul", *map(_agent, agents), classes="agents"))
        else:
            self._drawing.show(node("p", "Nobody works here yet.", classes="soft"))

    async def _dropped(self, event: Any) -> None:
        number, agent = map(str, event.args)
        if number.isdecimal() and agent in self._there:
            await self._give(int(number), self._there[agent])


def _agent(agent: Choice) -> Node:
    looks = f"dot {agent.availability.name.lower()}"
    holds = f"{agent.availability.value} · {agent.holds} of {agent.capacity}"
    return node(
        "li",
        node("span", classes=looks, aria_hidden="true"),
        node("span", agent.name, classes="name"),
        node("span", holds, classes="soft"),
        classes="agent",
        data_agent=str(agent.agent_id),
    )


def draw_choice(ticket: Ticket, agents: Sequence[Choice], give: Give) -> None:
    """The same by a list, for the keyboard and for fingers."""
    others = {each.agent_id: each for each in agents if each.agent_id != ticket.assignee_id}

    async def chosen(event: Any) -> None:
        to = others.get(int(event.args or 0))
        if to is not None:
            await give(ticket.id, to)

    select = Drawing("select", aria_label=f"Give #{ticket.id} to")
    select.show(
        node("option", "Give to …", value=""),
        *(
            node("option", f"{each.name} ({each.availability.value})", value=str(each.agent_id))
            for each in others.values()
        ),
    )
    select.on("change", chosen, js_handler="(e) => emit(e.target.value)")
