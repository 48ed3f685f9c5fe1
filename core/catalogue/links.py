"""What a customer is told who has lost the links to their requests."""

from collections.abc import Sequence

from core.cards import Card
from core.speaking import say


def links_mail(links: Sequence[tuple[str, Sequence[str]]]) -> Card:
    """The mail with new links, each beneath what was asked there; its title is the subject."""
    parts = (
        say(
            "Here you can read your requests and go on writing. Keep the links to yourself: whoever "
            "has one can do so."
        ),
        *("\n".join([*asked, link]) for link, asked in links),
        say("If you did not ask for it, do nothing, and give it to nobody."),
    )
    return Card(title=say("Links to your requests"), text="\n\n".join(parts))
