"""What a customer is told of their orders, and of whose an order is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.cards import Button, Card, Tone
from core.speaking import day, say


def orders(lines: Sequence[str]) -> Card:
    """The latest orders of whoever asks."""
    none = say("We know of no orders of yours on this channel.")
    return Card(title=say("Your orders") if lines else "", text="\n".join(lines) or none)


def order(title: str, lines: Sequence[str], *, until: datetime) -> Card:
    return Card(
        title=title, text="\n".join(lines), footnote=say("Returns until {day}.", day=day(until))
    )


def proof_offered(number: str) -> Card:
    """How an order that is not known to be theirs can be; the same for one that does not exist."""
    return Card(
        text=say(
            "To return something of order {number} here, show that it is yours: we send a code to "
            "the e-mail address it was ordered with.",
            number=number,
        ),
        buttons=(Button(say("✉️ It is mine"), "orders prove", number, Tone.PRIMARY),),
    )


def proof_asked(how: str, number: str, *, ticket: int | None, life: timedelta) -> Card:
    """Said once they named an address: the same whether it is the order's or not."""
    if how == "person":
        return Card(
            text=say(
                "We send no codes here. A person looks whether order {number} is yours: ticket "
                "#{ticket}.",
                number=number,
                ticket=ticket,
            )
        )
    if how == "too many":
        return Card(
            text=say(
                "Too many codes were asked for. Please try again in an hour, or just write, and a "
                "person answers."
            )
        )
    return Card(
        text=say(
            "If order {number} was placed with that address, a code is on its way there. Type it "
            "here within {minutes} minutes.",
            number=number,
            minutes=round(life.total_seconds() / 60),
        ),
        buttons=(Button(say("🔑 Type the code"), "orders code", number, Tone.PRIMARY),),
    )


def proof_ended(end: str, number: str) -> Card:
    """What came of a code."""
    if end == "proved":
        return Card(
            text=say("✓ Thank you: order {number} is yours. What comes back?", number=number),
            buttons=(Button(say("↩️ Return something"), "return", number, Tone.PRIMARY),),
        )
    if end == "too many":
        return Card(
            text=say(
                "Too many codes were wrong. Ask for a new one: /orders prove {number}",
                number=number,
            )
        )
    return Card(
        text=say(
            "That code is not good, or too old, or was used. /orders prove {number} asks for a new "
            "one.",
            number=number,
        )
    )


def code_mail(code: str, number: str, life: timedelta) -> Card:
    """The mail with a code; its title is the subject."""
    return Card(
        title=say("Your code for order {number}", number=number),
        text=say(
            "{code} is your code for order {number}. Type it where you asked for it, within "
            "{minutes} minutes. It works once.",
            code=code,
            number=number,
            minutes=round(life.total_seconds() / 60),
        ),
        footnote=say("If you did not ask for it, do nothing, and give it to nobody."),
    )
