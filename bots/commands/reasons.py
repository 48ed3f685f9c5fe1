"""Why a ticket is with whom it is, or what it waits for, in sentences for staff."""

from collections.abc import Mapping
from typing import Any

from core.cards import Card
from core.vocabulary import States, Ticket, Waits, Why

FREE = "available"


def reasons(why: Why) -> Card:
    """Each assignment with its reasons; for a ticket in the queue, which need is not met."""
    ticket = why.ticket
    lines = [_reason(each.why, each.agent.name, each.ending) for each in why.assignments]
    if why.waits is not None:
        lines += _waiting(ticket, why.waits)
    elif not lines and ticket.assignee is not None:
        lines.append(f"{ticket.assignee.name} resolved it while nobody had it.")
    elif not lines:
        lines.append(f"Nobody has held it; it is {ticket.status.value}.")
    return Card(title=f"Why #{ticket.id} is where it is", text="\n".join(lines))


def _reason(why: Mapping[str, Any], name: str, ending: str | None) -> str:
    considered = [each["agent"] for each in why.get("considered", ()) if each["agent"] != name]
    behind = f" ahead of {', '.join(considered)}" if considered else ""
    ended = f"; then {ending}" if ending else ""
    return f"{name} got it: {why['rule']}{behind}{ended}."


def _waiting(ticket: Ticket, waits: Waits) -> list[str]:
    lines = [f"Now it waits, number {waits.place} in the queue."]
    needs = [_need(ticket, name, states) for name, states in waits.needs.items()]
    lines += needs
    if not waits.agents:
        lines.append("There are no agents yet.")
    elif FREE not in waits.agents:
        lines.append(f"Nobody is free: {_states(waits.agents)}.")
    elif waits.resting:
        names = ", ".join(waits.resting)
        lines.append(f"Not given back at once to who gave it away a moment ago: {names}.")
    elif not needs:
        lines.append("Somebody is free: it is given out within a minute.")
    elif all(FREE in states for states in waits.needs.values() if states):
        lines.append("Nobody who is free has all of that.")
    return lines


def _need(ticket: Ticket, name: str, states: States) -> str:
    """One thing that the ticket asks for, and how those stand who have it."""
    team = ticket.team.name if ticket.team else ""
    wanted = {
        "tier": f"tier {ticket.tier} or above",
        "team": f"the team {team}",
        "skill": f"the skill {ticket.skill}",
    }.get(name, name)
    if not states:
        return f"It asks for {wanted}, which nobody on the desk has, so anybody may get it."
    return f"It needs {wanted}. Those who have it: {_states(states)}."


def _states(states: States) -> str:
    return ", ".join(f"{count} {state}" for state, count in states.items())
