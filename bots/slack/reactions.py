"""What an emoji of staff on Slack means."""

from collections.abc import Mapping

CREATE = "create"
REACTIONS: Mapping[str, str] = {
    "ticket": CREATE,
    "eyes": "claim",
    "white_check_mark": "resolve",
    "rotating_light": "escalate",
}
"""What an emoji on a message or a card means, unless the settings say otherwise."""
