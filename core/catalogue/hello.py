"""What a customer is told who just speaks to us, or cannot be answered."""

from core.cards import Button, Card, Tone
from core.speaking import say


def greeting() -> Card:
    return Card(text=say("Hello! What can we help you with? Just write it here."))


def thanks() -> Card:
    return Card(text=say("You are welcome! Write here any time."))


def blocked() -> Card:
    """The one sentence that somebody gets whom we answer no more."""
    return Card(text=say("We cannot help you here any more. Thank you for your understanding."))


def farewell() -> Card:
    return Card(text=say("Goodbye! Write here any time."))


def panel() -> Card:
    """The message with a button beneath which anybody can ask."""
    return Card(
        title=say("Do you need help?"),
        text=say("Press the button and tell us what it is about. We answer you in private."),
        buttons=(Button(say("💬 Get help"), "support", "", Tone.PRIMARY),),
    )


def cannot_read() -> Card:
    """Said where the platform does not show us what is written, but for mentions of us."""
    return Card(
        text=say(
            "I can only read messages here that mention me. Please write it again with my name in "
            "front, or send it to me directly."
        )
    )


def place_for(name: str) -> str:
    """What the private place of a customer's matter is called."""
    return say("Support for {name}", name=name)
