"""What happens on Slack, and to which of the desk's ears each event goes."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bots.slack import homes, links, translate, words
from bots.slack.posts import incoming_of
from bots.slack.reception import Reception
from bots.slack.translate import is_to_us, unnamed
from core.channels import IncomingMessage

Event = Mapping[str, Any]


async def take_in(reception: Reception, event: Event) -> None:
    """Store what somebody said or did. Whoever calls acknowledges only once this has returned.

    An event may come several times, and a post as two kinds of event; its external id is the same
    each time, and the desk takes it in once.
    """
    ear = _EARS.get(event.get("type") or "")
    if ear is not None:
        await ear(reception, event)


async def _said(reception: Reception, event: Event) -> None:
    """A post, or what was done to one."""
    if event.get("subtype") == "message_changed" and not translate.is_tombstone(event):
        await _edited(reception, event)
    elif event.get("subtype") in {"message_changed", "message_deleted"}:
        await _deleted(reception, event)
    elif translate.said_by_a_person(event, reception.home):
        await _heard(reception, event)


async def _heard(reception: Reception, event: Event) -> None:
    to_us = event["type"] == "app_mention" or is_to_us(event, reception.home)
    if not to_us and not event.get("thread_ts"):
        return  # a new post in a channel belongs to nothing that we are answering
    incoming = await incoming_of(reception, event)
    if incoming is None or await words.were_said(reception, event, incoming.sender):
        return
    if await _among_staff(reception, event, incoming):
        return
    if to_us:
        await reception.desk.receive(incoming)
    else:
        await reception.desk.overhear(incoming)


async def _among_staff(reception: Reception, event: Event, incoming: IncomingMessage) -> bool:
    """Whether it was said beneath a ticket's card, and so stays in the house."""
    channel, root = event["channel"], event.get("thread_ts")
    if channel != reception.staff_channel or not root or root == event["ts"]:
        return False
    return await reception.desk.hear(incoming, root=f"{channel}:{root}") is not None


async def _edited(reception: Reception, event: Event) -> None:
    if translate.to_edit(event, reception.home) is None:
        return
    post = event["message"]
    names = await reception.names.of([post["user"], *unnamed(post.get("text") or "")])
    edit = translate.to_edit(event, reception.home, names)
    if edit is not None:
        await reception.desk.message_edited(edit)


async def _deleted(reception: Reception, event: Event) -> None:
    deletion = translate.to_deletion(event, reception.home)
    if deletion is not None:
        await reception.desk.message_deleted(deletion)


async def _reacted(reception: Reception, event: Event) -> None:
    """An emoji was put on a post: a command, where it is one, else something said without words."""
    if await words.was_command(reception, event):
        return
    reaction = translate.to_reaction(event, reception.home)
    if reaction is not None:
        await reception.desk.reacted(reaction)


async def _came_home(reception: Reception, event: Event) -> None:
    """Somebody opened the app; what they see there is drawn afterwards."""
    if event.get("tab") == "home" and isinstance(event.get("user"), str):
        who = reception.home.who(event["user"], None, reception.names.known(event["user"]))
        reception.errands.start(homes.opened(reception, who))


async def _linked(reception: Reception, event: Event) -> None:
    reception.errands.start(links.unfurl(reception, event))


_EARS: Mapping[str, Callable[[Reception, Event], Awaitable[None]]] = {
    "message": _said,
    "app_mention": _said,
    "reaction_added": _reacted,
    "reaction_removed": _reacted,
    "app_home_opened": _came_home,
    "link_shared": _linked,
}
