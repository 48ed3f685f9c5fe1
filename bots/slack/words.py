"""Commands without a slash: ``?resolve`` in a thread, where Slack has no slash commands, and emojis.

Both name the ticket by where they are said. Whoever may not give the command is told so alone;
what customers say is never one.
"""

import re
from collections.abc import Mapping
from typing import Any

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed
from bots.commands.table import Said
from bots.slack import reading
from bots.slack.posts import incoming_of, post_at
from bots.slack.reactions import CREATE
from bots.slack.reception import Asker, Reception
from bots.slack.translate import NAME, unnamed
from core import catalogue
from core.channels import Address, Who
from core.errors import Conflict, NotFound
from core.speaking import Sentence
from core.vocabulary import Role

Event = Mapping[str, Any]

_WORD = re.compile(r"\?([a-z]+)(?:\s+(.*))?", re.DOTALL)


class NotOnATicket(NotFound):
    """The word or the emoji stands where there is no ticket."""

    def __init__(self) -> None:
        super().__init__("This belongs to no ticket. 🎫 on a customer's message opens one.")


async def were_said(reception: Reception, event: Event, by: Who) -> bool:
    """Whether a post is a command such as ``?resolve it is on its way``; it is carried out then."""
    root = event.get("thread_ts")
    found = _WORD.fullmatch((event.get("text") or "").strip())
    if not found or not root or f"ticket {found[1]}" not in COMMANDS:
        return False
    if (await reception.desk.whoever(by)).role is Role.CUSTOMER:
        return False
    if not reception.once.first(f"word:{event['channel']}:{event['ts']}"):
        return True
    names = await reception.names.of(unnamed(found[2] or ""))
    rest = reading.markdown(found[2] or "", names)
    number = await _ticket_of(reception, event["channel"], root)
    asker = Asker(user=by.user, channel=event["channel"], thread=root)
    command = f"ticket {found[1]}"
    await reception.answers.give(asker, _carried_out(reception, by, command, number, rest))
    return True


async def was_command(reception: Reception, event: Event) -> bool:
    """Whether an emoji is a command of somebody's; it is carried out then.

    Taking it away again takes nothing back.
    """
    on, meaning = event.get("item") or {}, reception.reactions.get(_name(event))
    user = event.get("user")
    if meaning is None or on.get("type") != "message" or not isinstance(user, str):
        return False
    by = reception.home.who(user, event.get("user_team"), reception.names.known(user))
    if (await reception.desk.whoever(by)).role is Role.CUSTOMER:
        return False
    key = f"emoji:{user}:{event.get('reaction')}:{on['channel']}:{on['ts']}"
    if event["type"] == "reaction_removed":
        reception.once.forget(key)
    elif reception.once.first(key):
        asker = Asker(user=user, channel=on["channel"])
        reception.errands.start(
            reception.answers.give(asker, _meant(reception, by, meaning, on["channel"], on["ts"]))
        )
    return True


def _name(event: Event) -> str:
    """What the emoji is called, whatever the tone of its skin."""
    return str(event.get("reaction") or "").partition("::")[0]


async def _meant(reception: Reception, by: Who, meaning: str, channel: str, ts: str) -> Said | None:
    """What came of an emoji; nothing, where it stands on what is no ticket's, as most do."""
    number = await _ticket_of(reception, channel, ts)
    if meaning != CREATE:
        if number is None:
            return None
        reason = "by emoji" if meaning == "escalate" else ""
        return await _carried_out(reception, by, f"ticket {meaning}", number, reason)
    if number is not None:
        raise Conflict(f"That is on ticket #{number} already.")
    return await created(reception, await post_at(reception, channel, ts))


async def created(reception: Reception, post: Event) -> Said:
    """Open a ticket from somebody's message, for whoever wrote it."""
    incoming = await incoming_of(reception, post)
    if incoming is None:
        raise Conflict(Sentence("Only what a person wrote becomes a ticket."))
    received = await reception.desk.ask(incoming)
    number = received.ticket
    if number is None and received.enquiry is not None:
        number = (await reception.desk.hand_over(incoming.sender, received.enquiry)).id
    return Said(catalogue.made_of_words(number))


async def _carried_out(
    reception: Reception, by: Who, command: str, number: int | None, rest: str
) -> Said:
    if number is None:
        raise NotOnATicket
    value = f"{number} {rest}".strip()
    return await carry_out(reception.desk, by, pressed(COMMANDS, command, value, by=by))


async def _ticket_of(reception: Reception, channel: str, ts: str) -> int | None:
    room = Address(NAME, reception.home.team, channel)
    return await reception.desk.ticket_of_post(room, f"{channel}:{ts}")
