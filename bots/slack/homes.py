"""The app's home page: a customer's tickets, an agent's work and week, a lead's worries.

It is drawn when somebody opens it and, as long as it may be open, drawn again after what happened
on the desk changed it. https://docs.slack.dev/surfaces/app-home
"""

import asyncio
import json
import logging
import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from bots.slack import faults, mrkdwn, render
from bots.slack.reception import Reception
from core.cards import Button, Tone
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Agent, Availability, Page, Role, Status, Ticket, Wanted, Week

log = logging.getLogger(__name__)

LOOK_EVERY = 3.0  # seconds; what happens in between is drawn once
SHOWN = 10
SUBJECT = 120
MARKS = {1: "🔽 ", 2: "", 3: "🔺 ", 4: "🚨 "}
BREAK = Button("☕ Break", "agent break", "")
AVAILABLE = Button("🟢 Available", "agent available", "")
BUSY = Button("⏸️ Busy", "agent busy", "")
OFFLINE = Button("🌙 Offline", "agent offline", "")
NEW_REQUEST = Button("✍️ New request", "support", "", Tone.PRIMARY)

Block = dict[str, Any]


async def opened(reception: Reception, who: Who) -> None:
    """Somebody opened the app: draw their home, whatever it looked like before."""
    reception.homes.forget(who.user)
    await draw(reception, who)


async def draw(reception: Reception, who: Who) -> None:
    """Publish somebody's home, if it looks different from the last time."""
    blocks = await home(reception.desk, who)
    look = zlib.crc32(json.dumps(blocks).encode())
    if not reception.homes.changes(who.user, look):
        return
    view = {"type": "home", "blocks": blocks}
    try:
        await reception.client.views_publish(user_id=who.user, view=view)
    except faults.FAILURES as error:
        reception.homes.forget(who.user)
        log.warning("the home of %s was not drawn: %s", who, faults.meaning(error))


class Opened(Protocol):
    """The workspaces in which somebody may have their home open."""

    def known_receptions(self) -> list[Reception]: ...


async def keep_fresh(slack: Opened, every: float = LOOK_EVERY) -> None:
    """Draw the open homes anew after whatever happened on the desk, in any process; for ever."""
    seen = 0
    while True:
        await asyncio.sleep(every)
        try:
            seen = await _draw_changed(slack.known_receptions(), seen)
        except Exception:
            log.exception("the homes on Slack could not be drawn; they are tried again")


async def _draw_changed(receptions: Sequence[Reception], seen: int) -> int:
    """Draw every open home, if anything has happened; the number of the last thing that did."""
    opened_ones = [each for each in receptions if each.homes.users]
    newest = await opened_ones[0].desk.newest_event() if opened_ones else seen
    if newest != seen:
        for reception in opened_ones:
            for user in reception.homes.users:
                await draw(reception, reception.home.who(user, None, reception.names.known(user)))
    return newest


async def home(desk: Desk, who: Who) -> list[Block]:
    """What somebody's home shows, as blocks."""
    asking = await desk.whoever(who)
    if asking.agent is not None:
        return await _of_agent(desk, who, asking.agent)
    page = await desk.tickets(who)
    return [
        _header("Your requests"),
        *(_tickets(page, own=True) or [_said("You have no open requests.")]),
        *_buttons(NEW_REQUEST),
    ]


async def _of_agent(desk: Desk, who: Who, agent: Agent) -> list[Block]:
    mine = await desk.tickets(who, Wanted(assignee=who))
    queue = await desk.tickets(who, Wanted(status=Status.NEW))
    switch = BREAK if agent.availability is Availability.AVAILABLE else AVAILABLE
    blocks = [
        _header(f"You are {agent.availability.value}"),
        *_buttons(switch, BUSY, OFFLINE, NEW_REQUEST),
        _header("Your tickets"),
        *(_tickets(mine) or [_said("Nothing. 🎉")]),
        _header("The queue"),
        *(_tickets(queue) or [_said("Nobody waits.")]),
        _header("Your last seven days"),
        _figures(await desk.week(who)),
    ]
    if agent.role >= Role.LEAD:
        escalated = await desk.escalated(who)
        blocks += [_header("Escalated"), *(_escalated(escalated) or [_said("Nothing.")])]
    return blocks


def _tickets(page: Page, *, own: bool = False) -> list[Block]:
    shown = [_ticket(ticket, own=own) for ticket in page.tickets[:SHOWN]]
    if page.more or len(page.tickets) > SHOWN:
        shown.append(_said("There are more: /ticket list"))
    return shown


def _escalated(tickets: Sequence[Ticket]) -> list[Block]:
    return [_ticket(ticket, own=False) for ticket in tickets[:SHOWN]]


def _ticket(ticket: Ticket, *, own: bool) -> Block:
    subject = mrkdwn.escaped(_cut(ticket.subject))
    holder = ticket.assignee.name if ticket.assignee else "nobody yet"
    about = ticket.status.value
    if not own:
        about = f"{about} · {ticket.customer.name} · {holder}"
    mark = "" if own else MARKS[ticket.priority]
    line = f"{mark}*#{ticket.id}* {subject}\n{mrkdwn.escaped(_cut(about))}"
    button = Button("Show", "ticket show", str(ticket.id))
    if ticket.status is Status.NEW and not own:
        button = Button("🙌 Claim", "ticket claim", str(ticket.id))
    accessory = render.button(button, ticket.id)
    return {"type": "section", "text": render.markup(line), "accessory": accessory}


def _figures(week: Week) -> Block:
    waited = "–" if week.first_response is None else _spelled(week.first_response)
    return _said(
        f"*{week.resolved}* resolved · *{week.replies}* replies · first response after *{waited}*"
    )


def _spelled(time: timedelta) -> str:
    minutes = max(1, round(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _cut(text: str) -> str:
    return text if len(text) <= SUBJECT else f"{text[: SUBJECT - 1]}…"


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": True}}


def _said(text: str) -> Block:
    return {"type": "section", "text": render.markup(text)}


def _buttons(*buttons: Button) -> list[Block]:
    shown = [render.button(button, number) for number, button in enumerate(buttons)]
    return [{"type": "actions", "elements": shown}]
