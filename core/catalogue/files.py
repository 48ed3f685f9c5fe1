"""What a customer is told of files, and of posts that are gone."""

from core.cards import Card
from core.speaking import say


def file_missing(name: str, reason: str | None) -> str:
    """The line in place of a file: refused for a reason, or not here yet."""
    return f"📎 {name}: {reason}" if reason else say("📎 {name} follows.", name=name)


def file_late(name: str, reason: str | None) -> Card:
    """A file that came after the words it belongs to, or will not come."""
    return Card(text=file_missing(name, reason) if reason else f"📎 {name}")


def file_refused(name: str, reason: str) -> Card:
    return Card(
        text=say(
            "📎 {name} did not reach us: {reason} Please send it another way.",
            name=name,
            reason=reason,
        )
    )


def post_gone() -> Card:
    """What stands in the place of a deleted post where a platform cannot delete."""
    return Card(text=say("🗑 This message was deleted."))


def transcript(number: int) -> Card:
    """What goes with the file."""
    return Card(text=say("📄 This is what was said on ticket #{number}.", number=number))


def transcript_comes(number: int) -> Card:
    return Card(
        text=say("📄 The transcript of ticket #{number} is on its way to you.", number=number)
    )
