"""What intake made of a ticket and why, in sentences for staff."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.cards import Field
from core.vocabulary import Priority, Ticket

NAMES: Mapping[str, str] = {
    "priority": "Priority",
    "category": "Category",
    "language": "Language",
    "complexity": "Complexity",
}
PLAIN: Mapping[str, int] = {"priority": Priority.NORMAL, "complexity": 1}
"""What needs no reason."""


def fields(ticket: Ticket) -> Sequence[Field]:
    """What a ticket was found to be, for its card: none of what is not known."""
    said = {
        "Category": ticket.category,
        "Language": ticket.language,
        "Complexity": f"{ticket.complexity} of 5" if ticket.complexity else "",
    }
    return [Field(label, value) for label, value in said.items() if value]


def sentences(ticket: Ticket) -> list[str]:
    """One for each thing: ``Priority high: the words “locked out”, a VIP customer.``"""
    made: Mapping[str, Any] = ticket.enriched
    lines = [
        _sentence(label, name, made[name])
        for name, label in NAMES.items()
        if name in made and (made[name]["value"] != PLAIN.get(name) or "corrected" in made[name])
    ]
    if "customer" in made:
        lines.append(f"Its customer: {', '.join(made['customer']['why'])}.")
    lines += [
        f"The rule “{each['name']}” gave it {each['changed']}." for each in made.get("rules", ())
    ]
    return lines


def _sentence(label: str, name: str, entry: Mapping[str, Any]) -> str:
    why = ", ".join(entry["why"])
    judged = f"{label} {_word(name, entry['value'])}{': ' * bool(why)}{why}."
    corrected = entry.get("corrected")
    if corrected is None:
        return judged
    return f"{judged} {corrected['by']} made it {_word(name, corrected['value'])}."


def _word(name: str, value: Any) -> str:
    if name == "priority":
        return Priority(value).label
    return str(value) or "none"
