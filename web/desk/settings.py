"""Settings: what is promised, followed, written and weighed on this desk, each with its help."""

from fastapi import Request

from core.vocabulary import Role
from web.desk.frame import Here, frame
from web.desk.notice import Notice
from web.desk.topics import Topic, Topics

TOPICS = (
    Topic(
        "Promises of times",
        "How soon customers are answered, by what a ticket is. The first policy that fits counts.",
        "sla list",
        "sla",
        but=("sla why", "sla danger", "sla report"),
    ),
    Topic("Business hours", "When promised times run.", "hours list", "hours"),
    Topic("Rules", "What happens to a new ticket by itself.", "rule list", "rule", Role.LEAD),
    Topic(
        "Escalation",
        "What is done, step by step, when something goes wrong with a ticket.",
        "escalation list",
        "escalation",
        but=("escalation tickets", "escalation end"),
    ),
    Topic(
        "Routing",
        "How much each signal weighs when a ticket looks for its agent.",
        "routing list",
        "routing",
        Role.LEAD,
        but=("routing replay",),
    ),
    Topic("Macros", "What is said again and again.", "macro list", "macro", but=("macro use",)),
    Topic("Kinds of tickets", "What sorts of matter there are.", "kind list", "kind"),
    Topic("Fields", "What a ticket has beside what all have.", "field list", "field"),
    Topic("Saved views", "Filters under a name.", "view list", "view"),
    Topic("Deliveries", "What could not be sent, and why.", "delivery list", "delivery"),
    Topic(
        "Webhooks", "Programs that are told what happens.", "webhook list", "webhook", Role.ADMIN
    ),
    Topic("Sessions", "Where people are signed in.", "session list", "session"),
    Topic("Keys", "For programs that use the API.", "key list", "key", Role.ADMIN),
)


async def show(request: Request) -> None:
    """``/desk/settings``"""
    here = Here.of(request)
    with frame(here, "Settings"):
        await Topics(here, Notice(here), TOPICS).look()
