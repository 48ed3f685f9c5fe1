"""What the customer is told: every sentence that a customer reads is in this file."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.cards import Button, Card, Excerpt, Tone

SOLVED = "👍 That solved it"
PERSON = "🙋 Talk to a person"
NOT_SOLVED = "It is not solved"


def greeting() -> Card:
    return Card(text="Hello! What can we help you with? Just write it here.")


def thanks() -> Card:
    return Card(text="You are welcome! Write here any time.")


def farewell() -> Card:
    return Card(text="Goodbye! Write here any time.")


def offer(enquiry_id: int, offered: Sequence[dict[str, Any]], *, sure: bool) -> Card:
    """The best article as the answer, or a choice of guesses, with a way to a person."""
    text = "This should help:" if sure else "I am not certain. Did you mean one of these?"
    return Card(
        text=text,
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        buttons=(
            *_solved_by(enquiry_id, offered),
            Button(PERSON, "enquiry person", str(enquiry_id)),
        ),
    )


def offer_ended(offered: Sequence[dict[str, Any]], outcome: str) -> Card:
    """The offer once its buttons were used: what it said, and what came of it."""
    return Card(
        text="This was suggested:",
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        footnote=outcome,
    )


def solved() -> str:
    return "👍 Solved. Glad that helped!"


def went_to_person(number: int) -> str:
    return f"🙋 A person takes over: ticket #{number}."


def opened(number: int, *, assignee: str | None, place: int) -> Card:
    """The acknowledgement: the number, and what happens next."""
    if assignee is not None:
        next_step = f"{assignee} has it and will answer you here."
    elif place <= 1:
        next_step = "Everybody is busy at the moment. You are next in line; we answer you here."
    else:
        next_step = (
            f"Everybody is busy at the moment. You are number {place} in line; we answer you here."
        )
    return Card(
        text=f"Got it. This is ticket #{number}. {next_step}",
        footnote="Anything you add here goes onto the ticket.",
    )


def taken(number: int, assignee: str) -> Card:
    return Card(text=f"{assignee} has taken your ticket #{number} and will answer you here.")


def waiting_again(number: int) -> Card:
    return Card(
        text=f"Your ticket #{number} is waiting for the next free colleague. It is not forgotten."
    )


def reply(number: int, author: str, text: str) -> Card:
    return Card(text=text, title=author, footnote=f"Ticket #{number}")


def resolved(number: int, resolution: str, *, author: str | None, closes_in: timedelta) -> Card:
    return Card(
        title=author or "",
        text=resolution or f"Your ticket #{number} is resolved.",
        footnote=f"✅ Ticket #{number} is resolved. If it is not solved, say so here; "
        f"otherwise it closes in {_span(closes_in)}.",
        buttons=(
            Button(SOLVED, "request confirm", str(number), Tone.PRIMARY),
            Button(NOT_SOLVED, "request reopen", str(number)),
        ),
    )


def resolved_ended(number: int, resolution: str, outcome: str) -> Card:
    return Card(text=resolution or f"Your ticket #{number} is resolved.", footnote=outcome)


def reopened(number: int) -> Card:
    return Card(text=f"Your ticket #{number} is open again.")


def closed(number: int) -> str:
    return f"✅ Ticket #{number} is closed. Write here any time."


def open_again(number: int) -> str:
    return f"♻️ Ticket #{number} is open again."


def _solved_by(enquiry_id: int, offered: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    """A button for the answer; for several guesses one each, so that we learn which it was."""
    if len(offered) == 1:
        return (Button(SOLVED, "enquiry solved", str(enquiry_id), Tone.PRIMARY),)
    return tuple(
        Button(f"👍 {_cut(each['title'])}", "enquiry solved", f"{enquiry_id} {place}")
        for place, each in enumerate(offered, 1)
    )


def _cut(title: str) -> str:
    return title if len(title) <= 60 else title[:59] + "…"


def _span(time: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    hours = round(time.total_seconds() / 3600)
    count, unit = (
        (hours // 24, "day") if hours >= 48 and hours % 24 == 0 else (max(hours, 1), "hour")
    )
    return f"{count} {unit}{'s' * (count != 1)}"
