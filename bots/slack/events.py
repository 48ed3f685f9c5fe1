"""Posts on Slack, and to which of the desk's ears each one goes."""

from collections.abc import Mapping
from typing import Any

from bots.slack.reception import Reception
from bots.slack.translate import is_direct, mentions, to_incoming, unnamed
from core.channels import IncomingMessage

HEARD = {"message", "app_mention"}


async def take_in(reception: Reception, event: Mapping[str, Any]) -> None:
    """Store what somebody said. Whoever calls acknowledges only once this has returned.

    A post may come several times, as two kinds of event and redelivered; its external id is the
    same each time, and the desk takes it in once.
    """
    if event.get("type") not in HEARD or to_incoming(event, reception.home) is None:
        return
    to_us = _to_us(reception, event)
    if not to_us and not event.get("thread_ts"):
        return  # a new post in a channel belongs to nothing that we are answering
    names = await reception.names.of([event["user"], *unnamed(event.get("text") or "")])
    incoming = to_incoming(event, reception.home, names)
    if incoming is None or await _among_staff(reception, event, incoming):
        return
    if to_us:
        await reception.desk.receive(incoming)
    else:
        await reception.desk.overhear(incoming)


def _to_us(reception: Reception, event: Mapping[str, Any]) -> bool:
    mentioned = event["type"] == "app_mention" or mentions(event, reception.home.bot_user)
    return mentioned or is_direct(event)


async def _among_staff(
    reception: Reception, event: Mapping[str, Any], incoming: IncomingMessage
) -> bool:
    """Whether it was said beneath a ticket's card, and so stays in the house."""
    channel, root = event["channel"], event.get("thread_ts")
    if channel != reception.staff_channel or not root or root == event["ts"]:
        return False
    return await reception.desk.hear(incoming, root=f"{channel}:{root}") is not None
