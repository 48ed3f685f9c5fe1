"""The commands about webhooks: ``/webhook …``."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card, Field
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Role, Webhook, WebhookStanding, event_names

Args = Mapping[str, Any]
NUMBER = Param(name="webhook", kind=Kind.NUMBER, help="its number in the list")


async def add(desk: Desk, by: Who, args: Args) -> Said:
    made, secret = await desk.add_webhook(by, args["url"], wanted(args["events"] or ""))
    return Said(
        Card(
            title=f"Webhook {made.id}",
            text=secret,
            fields=(Field("Address", made.url), Field("Told", _events(made))),
            footnote="What signs every request. It is shown this once.",
        )
    )


async def list_webhooks(desk: Desk, by: Who, _: Args) -> Said:
    lines = [
        f"{each.webhook.id} · {each.webhook.url} · {_state(each)}"
        for each in await desk.webhooks(by)
    ]
    return Said(Card(title="Webhooks", text="\n".join(lines) or "There are none."))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    number = args["webhook"]
    await desk.webhook_deliveries(by, number)
    (found,) = [each for each in await desk.webhooks(by) if each.webhook.id == number]
    fields = (
        Field("Address", found.webhook.url),
        Field("Told", _events(found.webhook)),
        Field("State", _state(found)),
        Field("Since", f"{found.webhook.created_at:%d %b %Y}"),
    )
    return Said(Card(title=f"Webhook {number}", text="", fields=fields))


async def pause(desk: Desk, by: Who, args: Args) -> Said:
    paused = await desk.pause_webhook(by, args["webhook"])
    return Said(Card(text=f"Webhook {paused.id} is paused. What happens is kept for it."))


async def resume(desk: Desk, by: Who, args: Args) -> Said:
    resumed = await desk.resume_webhook(by, args["webhook"])
    return Said(Card(text=f"Webhook {resumed.id} goes on where it was paused."))


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    removed = await desk.remove_webhook(by, args["webhook"])
    return Said(Card(text=f"Webhook {removed.id}, {removed.url}, is told nothing any more."))


async def test(desk: Desk, by: Who, args: Args) -> Said:
    tested = await desk.test_webhook(by, args["webhook"])
    return Said(Card(text=f"A test is on its way. /webhook deliveries {tested.id} shows its end."))


async def deliveries(desk: Desk, by: Who, args: Args) -> Said:
    lines = [
        f"{each.id} · {each.card['title']} · {each.progress.value}"
        + (f" · tried {each.attempts} times" if each.attempts > 1 else "")
        + (f" · {each.error}" if each.error else "")
        for each in await desk.webhook_deliveries(by, args["webhook"])
    ]
    title = f"What webhook {args['webhook']} was told"
    return Said(Card(title=title, text="\n".join(lines) or "Nothing yet."))


async def resend(desk: Desk, by: Who, args: Args) -> Said:
    again = await desk.resend_to_webhook(by, args["webhook"], args["delivery"])
    return Said(Card(text=f"Delivery {again.id} is sent again."))


def wanted(text: str) -> frozenset[str]:
    """Events as they are typed, with commas or spaces; none for all. Raises `Invalid`."""
    known = {each.lower(): each for each in event_names()}
    said = text.replace(",", " ").split()
    for each in said:
        if each.lower() not in known:
            near = get_close_matches(each.lower(), known, n=1, cutoff=0.6)
            hint = f"Did you mean {known[near[0]]}? " if near else ""
            raise Invalid(f"“{each[:60]}” is no event. {hint}One is TicketOpened.")
    return frozenset(known[each.lower()] for each in said)


def _events(webhook: Webhook) -> str:
    return ", ".join(webhook.events) or "everything"


def _state(standing: WebhookStanding) -> str:
    paused = f"paused ({standing.webhook.paused_why})"
    state = "active" if standing.webhook.paused_at is None else paused
    counts = ((standing.waiting, "waiting"), (standing.dead, "dead"))
    return " · ".join([state, *(f"{count} {what}" for count, what in counts if count)])


COMMANDS = (
    Command(
        name="webhook add",
        role=Role.ADMIN,
        help="Tell a program elsewhere what happens here.",
        example="/webhook add https://shop.example/hooks events:TicketOpened,TicketResolved",
        run=add,
        params=(
            Param(name="url", kind=Kind.WORD, help="its address, https://…"),
            Param(
                name="events",
                kind=Kind.WORD,
                help="which events, with commas; all without",
                required=False,
                named=True,
                asked=True,
            ),
        ),
    ),
    Command(
        name="webhook list",
        role=Role.ADMIN,
        help="The webhooks there are.",
        example="/webhook list",
        run=list_webhooks,
    ),
    Command(
        name="webhook show",
        role=Role.ADMIN,
        help="One webhook, and how it stands.",
        example="/webhook show 2",
        run=show,
        params=(NUMBER,),
    ),
    Command(
        name="webhook pause",
        role=Role.ADMIN,
        help="Tell it nothing for now.",
        example="/webhook pause 2",
        run=pause,
        params=(NUMBER,),
    ),
    Command(
        name="webhook resume",
        role=Role.ADMIN,
        help="Go on where it was paused.",
        example="/webhook resume 2",
        run=resume,
        params=(NUMBER,),
    ),
    Command(
        name="webhook remove",
        role=Role.ADMIN,
        help="Tell it nothing any more.",
        example="/webhook remove 2",
        run=remove,
        params=(NUMBER,),
    ),
    Command(
        name="webhook test",
        role=Role.ADMIN,
        help="Send it something of no meaning.",
        example="/webhook test 2",
        run=test,
        params=(NUMBER,),
    ),
    Command(
        name="webhook deliveries",
        role=Role.ADMIN,
        help="What it was or is to be told, and how that went.",
        example="/webhook deliveries 2",
        run=deliveries,
        params=(NUMBER,),
    ),
    Command(
        name="webhook resend",
        role=Role.ADMIN,
        help="Tell it once more what it was not told.",
        example="/webhook resend 2 41",
        run=resend,
        params=(NUMBER, Param(name="delivery", kind=Kind.NUMBER, help="its number")),
    ),
)
