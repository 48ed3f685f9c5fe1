"""What a customer is told of their ticket, from its opening to its end."""

from datetime import timedelta

from core.cards import Author, Button, Card, Tone
from core.speaking import say, span


def opened(number: int, *, assignee: str | None, place: int, branch: str = "") -> Card:
    """The acknowledgement: the number, and what happens next. ``branch`` is what a ticket is about
    that has a branch of the conversation to itself, which begins with this."""
    if assignee is not None:
        next_step = say("{assignee} has it and will answer you here.", assignee=assignee)
    elif place <= 1:
        next_step = say(
            "Everybody is busy at the moment. You are next in line; we answer you here."
        )
    else:
        next_step = say(
            "Everybody is busy at the moment. You are number {place} in line; we answer you here.",
            place=place,
        )
    if branch:
        this = say("This is ticket #{number}, about: {subject}", number=number, subject=branch)
        return Card(
            text=f"✂️ {this}\n{next_step}",
            footnote=say("What you answer to this message goes onto this ticket."),
        )
    got_it = say("Got it. This is ticket #{number}.", number=number)
    return Card(
        text=f"{got_it} {next_step}",
        footnote=say("Anything you add here goes onto the ticket."),
    )


def taken(number: int, assignee: str) -> Card:
    return Card(
        text=say(
            "{assignee} has taken your ticket #{number} and will answer you here.",
            assignee=assignee,
            number=number,
        )
    )


def waiting_again(number: int) -> Card:
    return Card(
        text=say(
            "Your ticket #{number} is waiting for the next free colleague. It is not forgotten.",
            number=number,
        )
    )


def reply(number: int, author: Author, text: str) -> Card:
    return Card(
        text=text, title=author.name, author=author, footnote=say("Ticket #{number}", number=number)
    )


def resolved(number: int, resolution: str, *, author: Author | None, closes_in: timedelta) -> Card:
    return Card(
        title=author.name if author else "",
        author=author,
        text=resolution or say("Your ticket #{number} is resolved.", number=number),
        footnote=say(
            "✅ Ticket #{number} is resolved. If it is not solved, say so here; otherwise it closes "
            "in {time}.",
            number=number,
            time=span(closes_in),
        ),
        buttons=(
            Button(say("👍 That solved it"), "request confirm", str(number), Tone.PRIMARY),
            Button(say("It is not solved"), "request reopen", str(number)),
        ),
    )


def resolved_ended(number: int, resolution: str, outcome: str) -> Card:
    author = Author("Support") if resolution else None
    text = resolution or say("Your ticket #{number} is resolved.", number=number)
    return Card(text=text, author=author, footnote=outcome)


def open_again(number: int) -> str:
    return say("♻️ Ticket #{number} is open again.", number=number)


def closed(number: int) -> str:
    return say("✅ Ticket #{number} is closed. Write here any time.", number=number)


def merged(number: int, into: int) -> Card:
    """Said once, in the conversation of a ticket that went into another one."""
    return Card(
        text=say(
            "Ticket #{number} goes on as part of ticket #{into}, which is about the same. What you "
            "write here reaches us there.",
            number=number,
            into=into,
        )
    )


def unmerged(number: int) -> Card:
    return Card(text=say("Ticket #{number} goes on by itself. We answer you here.", number=number))


def split_off(into: int, subject: str) -> Card:
    """Where something else that a customer wrote goes on by itself."""
    return Card(
        text=say(
            "What you wrote about “{subject}” is a matter of its own now: ticket #{into}. "
            "It has its own message; please answer that one about it.",
            subject=subject,
            into=into,
        )
    )
