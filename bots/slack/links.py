"""Links to our own tickets, shown as what they are about: to staff, where staff meet.

A preview is seen by everybody in the channel, so there is one only in the staff channel.
https://docs.slack.dev/messaging/unfurling-links-in-messages
"""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed
from bots.slack import faults, render
from bots.slack.reception import Reception
from core.errors import DeskError

log = logging.getLogger(__name__)

_TICKET = re.compile(r"/(?:desk/)?tickets?/([0-9]{1,9})/?")
MOST = 5  # previews of one message


async def unfurl(reception: Reception, event: Mapping[str, Any]) -> None:
    """Show the tickets that a message links to; nothing, elsewhere or to others than staff."""
    user, channel = event.get("user"), event.get("channel")
    if not isinstance(user, str) or channel is None or channel != reception.staff_channel:
        return
    links = [str(link.get("url")) for link in event.get("links") or ()]
    shown = {}
    by = reception.home.who(user, event.get("user_team"))
    for url in links[:MOST]:
        number = ticket_in(url, reception.site)
        if number is None:
            continue
        try:
            call = pressed(COMMANDS, "ticket show", str(number), by=by)
            said = await carry_out(reception.desk, by, call)
        except DeskError:
            continue
        shown[url] = {"blocks": list(render.posts(said.card)[0].blocks)}
    if shown:
        await _show(reception, event, shown)


def ticket_in(url: str, site: str) -> int | None:
    """The number of the ticket that a link to our own pages leads to; None for any other link."""
    link, ours = urlsplit(url), urlsplit(site)
    found = _TICKET.fullmatch(link.path.removeprefix(ours.path.rstrip("/")))
    same = bool(ours.netloc) and (link.scheme, link.netloc) == (ours.scheme, ours.netloc)
    return int(found[1]) if found and same else None


async def _show(reception: Reception, event: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    place = {"channel": event["channel"], "ts": event.get("message_ts")}
    try:
        await reception.client.api_call("chat.unfurl", json={**place, "unfurls": dict(shown)})
    except faults.FAILURES as error:
        log.info("a link was not shown: %s", faults.meaning(error))
