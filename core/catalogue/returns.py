"""What a customer is told of sending something back."""

from collections.abc import Sequence
from datetime import datetime

from core.cards import Author, Button, Card, Tone
from core.speaking import day, say


def returnable(order: str, lines: Sequence[str], until: datetime) -> Card:
    """What of an order can come back."""
    return Card(
        title=say("Return of order {order}", order=order),
        text="\n".join([say("You can return:"), *lines]),
        footnote=say("Until {day}.", day=day(until)),
        buttons=(Button(say("↩️ Return something"), "return", order, Tone.PRIMARY),),
    )


def return_offered(order: str, until: datetime) -> Card:
    """Said to whoever writes that they want to return an order of theirs."""
    return Card(
        text=say(
            "You can return order {order} until {day}. Press the button and say what comes back, "
            "and why. Or just write on, and a person answers.",
            order=order,
            day=day(until),
        ),
        buttons=(Button(say("↩️ Return something"), "return", order, Tone.PRIMARY),),
    )


def return_asked(number: int, ticket: int, *, photo: bool) -> str:
    """Said once a return was asked for; ``photo`` is whether one would help."""
    asked = say(
        "↩️ Return {number} is on ticket #{ticket}. We look at it and tell you here.",
        number=number,
        ticket=ticket,
    )
    send_photo = say("Please send us a photo of it here.")
    return f"{asked} {send_photo}" if photo else asked


def return_step(  # noqa: PLR0913 - a sentence needs its words
    step: str,
    *,
    number: int,
    order: str,
    what: str,
    wish: str,
    refusal: str | None,
    author: Author | None,
) -> Card:
    """What a step of a return means for the customer."""
    is_exchange = wish == "exchange"
    said = {
        "requested": say(
            "↩️ We have your request to return {what}. An agent looks at it.", what=what
        ),
        "accepted": say(
            "↩️ You can send it back: {what}. Put the number {order} into the parcel.",
            what=what,
            order=order,
        ),
        "received": say("↩️ It has arrived: {what}. We send you another one.", what=what)
        if is_exchange
        else say("↩️ It has arrived: {what}. We refund you.", what=what),
        "refunded": say("↩️ You have been sent another one.")
        if is_exchange
        else say("↩️ The refund is on its way to you."),
        "refused": say("↩️ We cannot take it back: {what}.", what=what),
    }[step]
    about = say("Return {number} · order {order}", number=number, order=order)
    if refusal and author:
        return Card(title=said, author=author, text=refusal, footnote=about)
    return Card(text=said, footnote=about)
