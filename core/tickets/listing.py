"""Lists of tickets for whoever asks, with their rights: by filter, by words, by saved view."""

from dataclasses import dataclass, replace

from core.channels import Who
from core.model import Priority, Status
from core.people.actors import actor
from core.tickets import filters, search
from core.tickets.filters import Filter
from core.tickets.search import Page
from core.work import Work


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list of tickets is narrowed to: a filter (`core.tickets.filters`), and what a program
    may say apart from it. Live ones only, unless a status or ``any_status`` is asked for."""

    filter: str = ""
    status: Status | None = None
    priority: Priority | None = None
    assignee: Who | None = None
    after: int | None = None  # the number of the last ticket seen
    any_status: bool = False

    @property
    def words(self) -> str:
        """All of it in the language of filters."""
        parts = [self.filter.strip()]
        if self.status is not None:
            parts.append(f'status:"{self.status.value}"')
        if self.priority is not None:
            parts.append(f"priority:{self.priority.label}")
        if self.assignee is not None:
            parts.append('assignee:"' + str(self.assignee).replace('"', "") + '"')
        if self.after is not None:
            parts.append(f"after:{self.after}")
        return " ".join(part for part in parts if part)


async def tickets(work: Work, by: Who, wanted: Wanted | None = None) -> Page:
    """A page of tickets: staff see all, customers their own.

    Raises `BadFilter`, `OnlyStaff` where a customer asks by how staff file, `UnknownInFilter`.
    """
    wanted = wanted or Wanted()
    asking = await actor(work.session, by)
    return await search.page(work, asking, by, reading(work, wanted))


def reading(work: Work, wanted: Wanted) -> Filter:
    """What is wanted, read. Raises `BadFilter`."""
    read = filters.read(wanted.words, work.now)
    if wanted.any_status and "status" not in read.names:
        read = replace(read, any_status=True, names=read.names | {"status"})
    return read


def without_cursor(text: str) -> str:
    """A filter as it was before a page of it was turned."""
    return " ".join(word for word in filters.words(text) if not word.lower().startswith("after:"))


def next_page(text: str, page: Page) -> str:
    """The filter of the page after this one; empty where there is none."""
    if page.next is None:
        return ""
    return " ".join(each for each in (without_cursor(text), f"after:{page.next}") if each)
