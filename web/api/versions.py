"""Versions: a ticket's ETag, and changes that are refused where somebody was faster."""

from typing import Annotated

from fastapi import Header, Response
from fastapi import Path as InPath

from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Ticket as StoredTicket
from web.api import shapes
from web.api.caller import Caller

Number = Annotated[int, InPath(ge=1, lt=2**31, examples=[42])]
IfMatch = Annotated[
    str | None, Header(description='the ETag that was read, as "3": refused where it has changed')
]


def expecting(caller: Caller, number: int, tag: str | None) -> Desk:
    """The desk; for whoever says which version they looked at, one that refuses any other."""
    version = version_of(tag)
    return caller.desk if version is None else caller.desk.expecting(number, version)


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
