"""A line of the queue: one ticket, which changes in place as the ticket does."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from core.vocabulary import Status, Ticket
from web.desk.draw import age
from web.desk.drawing import Drawing, Node, Nodes, node, press_button
from web.sign_in import DESK_PATH

HEADINGS = ("", "Number", "Subject", "Customer", "Status", "Priority", "Assignee", "Due", "Updated")
SOON = timedelta(hours=1)
CLAIM, MARK = "claim", "mark"

Mark = Callable[[int, bool], Awaitable[None]]
Claim = Callable[[int], Awaitable[None]]


class Row:
    """One ticket in the table; `show` changes only what is different."""

    def __init__(self, ticket: Ticket, *, mark: Mark, claim: Claim) -> None:
        self._number = ticket.id
        self._mark = mark
        self._claim = claim
        self._drawing = Drawing("tr", pressed=self._pressed, data_row=ticket.id)

    async def _pressed(self, which: str, ticked: bool) -> None:
        if which == CLAIM:
            await self._claim(self._number)
        else:
            await self._mark(self._number, ticked)

    def show(self, ticket: Ticket, now: datetime) -> None:
        """Say how the ticket is now."""
        self._drawing.show(*_cells(ticket, now))

    def stand_at(self, place: int) -> None:
        """Move to this place of the table."""
        slot = self._drawing.parent_slot
        if slot is not None and slot.children.index(self._drawing) != place:
            self._drawing.move(target_index=place)

    def delete(self) -> None:
        """Leave the table."""
        self._drawing.delete()


def _cells(ticket: Ticket, now: datetime) -> Nodes:
    due, urgency = due_in_words(ticket, now)
    number, status, priority = ticket.id, ticket.status.value, ticket.priority.label
    box = node(
        "input", type="checkbox", press=MARK, data_key="x", aria_label=f"Mark ticket {number}"
    )
    address = f"{DESK_PATH}/tickets/{number}"
    subject = node("a", ticket.subject or "(no subject)", href=address, data_open=True)
    holder: list[Node] = [node("span", ticket.assignee.name if ticket.assignee else "nobody")]
    if ticket.status is Status.NEW:
        label = f"Claim ticket {number}"
        holder.append(press_button("Claim", CLAIM, "small", data_key="c", aria_label=label))
    return (
        node("td", box, classes="mark"),
        node("td", f"#{number}", classes="number"),
        node("td", subject, classes="subject"),
        node("td", ticket.customer.name, classes="customer"),
        node("td", status, classes=f"status {status.replace(' ', '-')}"),
        node("td", priority, classes=f"priority {priority}"),
        node("td", *holder, classes="assignee"),
        node("td", due, classes=f"due {urgency}"),
        node("td", age(ticket.updated_at, now), classes="updated"),
    )


def due_in_words(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """When the next promise is due, in words, and how urgent that is: late, soon, later or none."""
    if ticket.due_at is None:
        return "–", "none"
    said = age(ticket.due_at, now)
    if ticket.due_at < now:
        return f"late: {said}", "late"
    return said, "soon" if ticket.due_at - now < SOON else "later"
