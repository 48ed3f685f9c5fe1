"""Versions: a ticket's ETag, and changes that are refused where somebody was faster."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response
from fastapi import Path as InPath

from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Ticket as StoredTicket
from web.api import shapes
from web.api.caller import Writer

Number = Annotated[int, InPath(ge=1, lt=2**31, examples=[42])]
IfMatch = Annotated[
    list[str] | None,
    Header(
        description='ETags that were read, as "3": refused where it is in another version',
        examples=[['"3"']],
    ),
]
_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'  # RFC 9110, section 8.8.3
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_VERSION = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True)
class Change:
    """A ticket that somebody changes: for whoever says which version they looked at, by a desk that
    refuses any other."""

    desk: Desk
    who: Who
    number: int
    response: Response

    def answer(self, ticket: StoredTicket) -> shapes.Ticket:
        """The ticket as it is then."""
        return answer(ticket, self.response)


async def _change(
    caller: Writer, number: Number, response: Response, if_match: IfMatch = None
) -> Change:
    seen = versions_of(if_match)
    desk = caller.desk if seen is None else caller.desk.expecting(number, *seen)
    return Change(desk, caller.who, number, response)


Changing = Annotated[Change, Depends(_change)]


def versions_of(if_match: Sequence[str] | None) -> Collection[int] | None:
    """The versions that the lines of an If-Match name; None for any. Weak tags match none, and nor do
    those that no answer of ours had (RFC 9110, section 13.1.1). Raises `Invalid`."""
    if if_match is None:
        return None
    said = ",".join(if_match)
    if said.strip() == "*":
        return None
    if not _TAGS.fullmatch(said):
        raise Invalid('If-Match is * or ETags that were read, such as "3" or "3", "4".')
    tags = re.findall(_TAG, said)
    return {int(tag) for weak, tag in tags if not weak and _VERSION.fullmatch(tag)}


def answer(ticket: StoredTicket, response: Response) -> shapes.Ticket:
    """A ticket as it is answered, with its version as the ETag."""
    response.headers["etag"] = f'"{ticket.version}"'
    return shapes.Ticket.of(ticket)
