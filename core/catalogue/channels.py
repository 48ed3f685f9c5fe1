"""What a customer is told who writes on several channels: what moves, and who is who."""

from core.cards import Button, Card, Tone
from core.speaking import say


def channel_name(channel: str) -> str:
    """A channel as people call it."""
    return channel.capitalize()


def live_elsewhere(number: int, subject: str, channel: str, enquiry_id: int) -> Card:
    """Asked where somebody writes while their ticket is live on another channel."""
    return Card(
        text=say(
            "Your ticket #{number} is open on {channel}: {subject}. Is this about it?",
            number=number,
            channel=channel_name(channel),
            subject=subject,
        ),
        buttons=(
            Button(say("➡️ Yes, continue here"), "request move", str(number), Tone.PRIMARY),
            Button(say("No, something else"), "enquiry other", str(enquiry_id)),
        ),
    )


def went_here(number: int) -> str:
    return say("➡️ Ticket #{number} continues here.", number=number)


def moved_here(number: int) -> Card:
    return Card(
        text=say(
            "Ticket #{number} continues here from now on. We answer you in this conversation.",
            number=number,
        ),
    )


def moved_away(number: int, channel: str) -> Card:
    return Card(
        text=say(
            "➡️ Ticket #{number} continues on {channel}.",
            number=number,
            channel=channel_name(channel),
        )
    )


def link_code(code: str, minutes: int) -> Card:
    """How somebody becomes known on another channel as the same person."""
    return Card(
        text=say(
            "Send {code} to us on the other channel, within {minutes} minutes. It works once. "
            "Show it to nobody else: whoever sends it sees your tickets.",
            code=code,
            minutes=minutes,
        )
    )


def linked() -> Card:
    return Card(
        text=say("🔗 Done. You are the same person to us here and there; /ticket list shows all.")
    )


def not_linked(why: str) -> Card:
    """Why a code did nothing."""
    reasons = {
        "too many": say("Too many codes were wrong. Please try again in an hour."),
        "already": say("You are the same person to us here and there already."),
    }
    wrong = say("That code is not good, or too old, or was used. /link gives a new one.")
    return Card(text=reasons.get(why, wrong))
