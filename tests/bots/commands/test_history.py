"""`/ticket history`: a sentence for everything that can happen."""

import string
from dataclasses import fields

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.history import SENTENCES, sentence
from bots.commands.parse import read
from core import events
from core.desk import Desk
from core.events import Event
from core.people.actors import NotStaff
from core.subscribers import SUBSCRIBERS
from tests.scene import hire, open_ticket, person

MADE = {
    "agent": {"agent_id"},
    "urgency": {"priority"},
    "tags": {"added", "removed"},
    "because": {"why"},
}


def test_every_event_has_a_sentence_and_it_speaks_of_its_facts_only() -> None:
    kinds: dict[str, type[Event]] = {kind.__name__: kind for kind in SUBSCRIBERS}
    assert SENTENCES.keys() == kinds.keys()
    for name, kind in kinds.items():
        facts = {field.name for field in fields(kind)}
        for _, spoken_of, _, _ in string.Formatter().parse(SENTENCES[name]):
            assert spoken_of is None or MADE.get(spoken_of, {spoken_of}) <= facts, name


def test_what_is_not_known_any_more_is_told_by_its_name() -> None:
    assert sentence("ShelfDusted", {}, {}) == "shelf dusted."


def test_nobody_is_said_where_there_is_nobody() -> None:
    facts = {"agent_id": None, "message_id": 1, "seen_already": False}
    assert sentence(events.AgentReplied.__name__, facts, {}) == "answered the customer."


async def test_a_tickets_past_is_told_in_plain_sentences(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    for line in (f"priority {number} high", f"tag {number} +vip -old", f"category {number} billing",
                 f"reply {number} hello", f"resolve {number} done"):  # fmt: skip
        await carry_out(desk, grace, read(COMMANDS, f"/ticket {line}", by=grace))

    said = await carry_out(desk, grace, read(COMMANDS, f"/ticket history {number}", by=grace))

    told = [line.partition(" · ")[2] for line in said.card.text.splitlines()]
    assert told == [
        "Ana (console) opened the ticket.",
        "Ana (console) gave it to Grace (automatic).",
        "Grace (console) set the priority to high.",
        "Grace (console) changed the tags: +vip.",
        "Grace (console) filed it under billing.",
        "Grace (console) answered the customer.",
        "Grace (console) resolved it. done",
    ]
    with pytest.raises(NotStaff):
        await carry_out(
            desk, person("ana"), read(COMMANDS, f"/ticket history {number}", by=person("ana"))
        )
