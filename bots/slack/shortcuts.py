"""What is chosen in the menu of a message: send it to the customer, or open a ticket from it."""

from collections.abc import Awaitable, Mapping
from typing import Any

from bots.commands import COMMANDS, spoken_to
from bots.commands.parse import Call
from bots.commands.table import Said
from bots.slack import reading, words
from bots.slack.attached import with_files
from bots.slack.reception import Asker, Reception
from bots.slack.translate import NAME, files_of, is_to_us, unnamed
from core.channels import Address, Who
from core.errors import Conflict, Forbidden, Invalid
from core.speaking import Sentence
from core.vocabulary import Role

Body = Mapping[str, Any]


class NotBeneathACard(Invalid):
    """The shortcut was used elsewhere."""

    def __init__(self) -> None:
        super().__init__(Sentence("Use this on what a colleague wrote beneath a ticket's card."))


class SentAlready(Conflict):
    """The customer has it."""

    def __init__(self) -> None:
        super().__init__("That message was sent to the customer already.")


class NotTheirs(Forbidden):
    """A customer tried to open a ticket from somebody else's words."""

    def __init__(self) -> None:
        super().__init__(Sentence("You can open a ticket from your own messages only."))


async def sent_on(reception: Reception, by: Who, body: Body) -> None:
    """Somebody chose "Send to customer" on a colleague's post in the staff channel."""
    await _answered(reception, by, body, _send_on(reception, by, body))


async def created(reception: Reception, by: Who, body: Body) -> None:
    """Somebody chose "Create ticket" on a message."""
    await _answered(reception, by, body, _create(reception, by, body))


async def _answered(
    reception: Reception, by: Who, body: Body, work: Awaitable[Said | None]
) -> None:
    place = Asker(
        user=by.user, channel=body["channel"]["id"], response_url=body.get("response_url")
    )

    async def spoken() -> Said | None:
        async with spoken_to(reception.desk, by):
            return await work

    await reception.answers.give(place, spoken())


async def _send_on(reception: Reception, by: Who, body: Body) -> Said:
    channel, post = body["channel"]["id"], body["message"]
    root = post.get("thread_ts")
    if channel != reception.staff_channel or not root or post.get("bot_id"):
        raise NotBeneathACard
    room = Address(NAME, reception.home.team, channel)
    number = await reception.desk.ticket_discussed_at(room, f"{channel}:{root}")
    if number is None:
        raise NotBeneathACard
    text = post.get("text") or ""
    names = await reception.names.of(unnamed(text))
    call = Call(COMMANDS["ticket reply"], {"ticket": number, "text": reading.markdown(text, names)})
    files = files_of(post, reception.home)
    done = f"sent on:{channel}:{post['ts']}"
    if not reception.once.first(done):
        raise SentAlready
    try:
        return await with_files(reception.desk, by, call, files)
    except BaseException:
        reception.once.forget(done)
        raise


async def _create(reception: Reception, by: Who, body: Body) -> Said:
    channel = body["channel"]["id"]
    post = {**body["message"], "type": "message", "channel": channel}
    is_staff = (await reception.desk.whoever(by)).role is not Role.CUSTOMER
    if post.get("user") != by.user and not is_staff:
        raise NotTheirs
    room = Address(NAME, reception.home.team, channel)
    number = await reception.desk.ticket_of_post(room, f"{channel}:{post.get('ts')}")
    if number is not None and not is_to_us(post, reception.home):
        raise Conflict(Sentence("That is on ticket #{number} already.", number=number))
    return await words.created(reception, post)
