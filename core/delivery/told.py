"""What programs elsewhere are told of an event: facts and numbers, and never what people wrote."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.cards import Card
from core.model import History

_AGENT = re.compile(r"agent \d+")
_WORDS = frozenset(
    {
        *("reason", "why", "resolution", "waits_for", "error", "value", "text", "title", "did"),
        *("who", "people", "to", "at", "left", "filter", "outcome"),
    }
)
"""Facts that people wrote, or who they are on a channel."""


def told(event: str, said: str) -> Card:
    """A body as the ledger keeps it."""
    return Card(title=event, text=said)


def body(
    event: str,
    *,
    at: datetime,
    number: int,
    ticket: int | None,
    by: str,
    facts: Mapping[str, Any],
) -> str:
    """The JSON of an event, on one line."""
    kept = {name: value for name, value in facts.items() if name not in _WORDS}
    if isinstance(kept.get("number"), str):  # of an order, as a customer wrote it
        del kept["number"]
    data = {"number": number, "ticket": ticket, "by": _who(by), "facts": kept}
    said = {"type": event, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def of(row: History) -> str:
    """The JSON of an event in history."""
    return body(
        row.event,
        at=row.at,
        number=row.id,
        ticket=row.ticket_id,
        by=row.actor,
        facts=row.facts,
    )


def _who(actor: str) -> str:
    """Who did it, without names: ``agent 3``, ``customer``, or the desk's own part."""
    agent = _AGENT.match(actor)
    if agent:
        return agent[0]
    return "customer" if actor.startswith("customer") else actor.partition(" ")[0].strip(":")
