"""Why a ticket is with whom it is, or what it waits for, in sentences for staff."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands import enriched
from core.cards import Card
from core.vocabulary import States, Ticket, Waits, Why

FREE = "available"
RELAXED = {
    "skill": " among those who have the skill",
    "team": " in its team, for want of the skill",
    "language": " among those who speak the language",
    "tier above": " in a tier above, for want of anybody nearer",
}
"""How the steps of the relaxation are told, but for the first one."""


def reasons(why: Why) -> Card:
    """Each assignment with its reasons; for a ticket in the queue, which need is not met."""
    ticket = why.ticket
    lines = [
        line for each in why.assignments for line in _reason(each.why, each.agent.name, each.ending)
    ]
    if why.waits is not None:
        lines += _waiting(ticket, why.waits)
    elif not lines and ticket.assignee is not None:
        lines.append(f"{ticket.assignee.name} resolved it while nobody had it.")
    elif not lines:
        lines.append(f"Nobody has held it; it is {ticket.status.value}.")
    return Card(
        title=f"Why #{ticket.id} is where it is",
        text="\n".join(lines),
        footnote=" ".join(enriched.sentences(ticket)),
    )


def why_it_waits(ticket: Ticket, waits: Waits) -> str:
    """What a ticket in the queue waits for, in a few words."""
    needs = {name: states for name, states in waits.needs.items() if states}
    missing = [
        f"{_wanted(ticket, name)}: {_states(states)}"
        for name, states in needs.items()
        if FREE not in states
    ]
    if missing:
        return f"Waits for {'; '.join(missing)}."
    return _who_is_free(waits, needs)


def _who_is_free(waits: Waits, needs: Mapping[str, States]) -> str:
    if not waits.agents:
        return "There are no agents yet."
    if FREE not in waits.agents:
        return f"Nobody is free: {_states(waits.agents)}."
    if waits.resting:
        names = ", ".join(waits.resting)
        return f"Not given back at once to who gave it away a moment ago: {names}."
    if needs:
        return "Nobody who is free has all of that, or they have a ticket that is due at once."
    return (
        "Somebody is free: it is given out within a minute, unless they have a ticket that is due "
        "at once."
    )


def _reason(why: Mapping[str, Any], name: str, ending: str | None) -> list[str]:
    """An assignment with what was weighed, and what would have had to be different."""
    ended = f"; then {ending}" if ending else ""
    considered = why.get("considered", ())
    if "weights" not in why:
        others = [each["agent"] for each in considered if each["agent"] != name]
        behind = f" ahead of {', '.join(others)}" if others else ""
        return [f"{name} got it: {why['rule']}{behind}{ended}."]
    step = RELAXED.get(why["rung"], "")
    lines = [f"{name} got it: {why['rule']}{step}, by the policy “{why['policy']}”{ended}."]
    lines += why["because"]
    alike = _alike(considered)
    telling = {name: weight for name, weight in why["weights"].items() if name not in alike}
    lines += [_points(each, telling) for each in considered]
    if alike:
        lines.append(f"The same for all: {', '.join(alike).replace('_', ' ')}.")
    if len(considered) > 1:
        lines += [f"For another: {each}" for each in why["unless"]]
    return lines


def _alike(considered: Sequence[Mapping[str, Any]]) -> list[str]:
    """The signals in which several candidates do not differ."""
    if len(considered) < 2:
        return []
    first, *others = (each["signals"] for each in considered)
    return sorted(name for name in first if all(other[name] == first[name] for other in others))


def _points(each: Mapping[str, Any], weights: Mapping[str, float]) -> str:
    """A candidate, with each signal times its weight."""
    worth = {name: value * weights.get(name, 0) for name, value in each["signals"].items()}
    parts = [
        f"{name.replace('_', ' ')} {each['signals'][name]:.2f}×{weights[name]:g}"
        for name in sorted(worth, key=lambda name: (-worth[name], name))
        if worth[name]
    ]
    other = f" (got #{each['elsewhere']})" if "elsewhere" in each else ""
    return f"• {each['agent']} {each['score']:.2f}{other}: {' + '.join(parts) or 'nothing else'}"


def _waiting(ticket: Ticket, waits: Waits) -> list[str]:
    lines = [f"Now it waits, number {waits.place} in the queue."]
    needs = {name: states for name, states in waits.needs.items() if states}
    lines += [
        _need(ticket, name, states)
        for name, states in waits.needs.items()
        if states or name != "language"
    ]
    if FREE not in waits.agents or all(FREE in states for states in needs.values()):
        lines.append(_who_is_free(waits, needs))
    if waits.pressed and needs:
        lines.append("Time presses: whoever is free with some of that may get it.")
    return lines


def _need(ticket: Ticket, name: str, states: States) -> str:
    """One thing that the ticket asks for, and how those stand who have it."""
    wanted = _wanted(ticket, name)
    if not states:
        return f"It asks for {wanted}, which nobody on the desk has, so anybody may get it."
    return f"It needs {wanted}. Those who have it: {_states(states)}."


def _wanted(ticket: Ticket, name: str) -> str:
    team = ticket.team.name if ticket.team else ""
    return {
        "tier": f"tier {ticket.tier} or above",
        "team": f"the team {team}",
        "skill": f"the skill {ticket.skill}",
        "language": f"the language {ticket.language}",
    }[name]


def _states(states: States) -> str:
    return ", ".join(f"{count} {state}" for state, count in states.items())
