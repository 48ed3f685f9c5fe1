"""What the console's page asks, beside what every page does: who speaks, and where."""

import re

from starlette.requests import Request

from bots.browser import asked
from bots.browser.asked import LARGEST_BODY, Unreadable
from bots.console.channel import NAME, WORKSPACE
from core.channels import Address, Who
from core.errors import Invalid
from core.speaking import Sentence

STAFF_ROOM = Address(NAME, WORKSPACE, "staff")

_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class BadHandle(Invalid):
    """Nobody can be called that."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "A name here is 1 to 40 letters, digits, dots or dashes, and not “staff”: customer-1."
            )
        )


class Asked(asked.Asked):
    """The fields of a request, with the people of the console."""

    def place(self, who: Who) -> Address:
        """The conversation that it is about: their own, or the staff room."""
        room = self.text("room")
        if room not in {who.user, STAFF_ROOM.conversation}:
            raise Unreadable("“room” has to be one's own, or “staff”.")
        return Address(NAME, WORKSPACE, room)

    def who(self) -> Who:
        """Whoever speaks. Raises `BadHandle`."""
        return person(self.text("as"))

    def post_id(self, who: Who) -> str:
        """The id of what they post: made by the page, so that a repeated request is known."""
        return f"said:{who.user}:{self.post()}"


async def read_body(request: Request, *, at_most: int = LARGEST_BODY) -> Asked:
    """The body as fields, of so many bytes at most. Raises `Unreadable`."""
    return Asked((await asked.read_body(request, at_most=at_most)).fields)


def person(handle: str) -> Who:
    """Somebody on the console. Raises `BadHandle`."""
    who = mentioned(handle.strip())
    if who is None:
        raise BadHandle
    return Who(NAME, WORKSPACE, who.user)


def mentioned(text: str) -> Who | None:
    """A person as the console spells them: ``@agent-1`` or ``agent-1``."""
    handle = text.removeprefix("@")
    if not _HANDLE.fullmatch(handle) or handle.lower() == STAFF_ROOM.conversation:
        return None
    return Who(NAME, WORKSPACE, handle, handle)
