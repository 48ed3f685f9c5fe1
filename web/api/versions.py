"""Versions: a ticket's ETag, and changes that are refused where somebody was faster."""

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
    str | None, Header(description='the ETag that was read, as "3": refused where it has changed')
]


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
    version = version_of(if_match)
    desk = caller.desk if version is None else caller.desk.expecting(number, version)
    return Change(desk, caller.who, number, response)


Changing = Annotated[Change, Depends(_change)]


def version_of(tag: str | None) -> int | None:
    """The version that an If-Match names; None for any. Raises `Invalid`."""
    if tag is None or tag.strip() == "*":
        return None
    version = tag.strip().removeprefix("W/").strip('"')
    if not version.isdecimal() or len(version) > 9:
        raise Invalid('If-Match is an ETag that was read, such as "3".')
    return int(version)


def answer(ticket: StoredTicket, response: Response) -> shapes.Ticket:
    """A ticket as it is answered, with its version as the ETag."""
    response.headers["etag"] = f'"{ticket.version}"'
    return shapes.Ticket.of(ticket)
