"""A line of the queue: one ticket, which changes in place as the ticket does."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from core.vocabulary import Status, Ticket
from web.desk.draw import age, button, element, words
from web.sign_in import DESK_PATH

HEADINGS = ("", "Number", "Subject", "Customer", "Status", "Priority", "Assignee", "Due", "Updated")
SOON = timedelta(hours=1)

Mark = Callable[[int, bool], Awaitable[None]]
Claim = Callable[[int], Awaitable[None]]


class Row:
    """One ticket in the table; `show` changes only what is different."""

    def __init__(self, ticket: Ticket, *, mark: Mark, claim: Claim) -> None:
        self._number = ticket.id
        self._claim = claim
        self._place = -1
        self._cells: dict[str, TextElement] = {}
        self._element = element("tr", data_row=ticket.id)
        address = f"{DESK_PATH}/tickets/{ticket.id}"
        with self._element:
            with element("td", "mark"):
                box = element(
                    "input", type="checkbox", data_key="x", aria_label=f"Mark ticket {ticket.id}"
                )

                async def marked(event: GenericEventArguments) -> None:
                    await mark(ticket.id, bool(event.args))

                box.on("change", marked, js_handler="(e) => emit(e.target.checked)")
            with element("td", "number"):
                words(f"#{ticket.id}")
            with element("td", "subject"), element("a", href=address, data_open=True):
                self._cells["subject"] = words("")
            for name in ("customer", "status", "priority"):
                self._cells[name] = words("", "td", name)
            with element("td", "assignee"):
                self._cells["assignee"] = words("")
                self._button = button(
                    "Claim",
                    self._pressed,
                    "small",
                    data_key="c",
                    aria_label=f"Claim ticket {ticket.id}",
                )
            for name in ("due", "updated"):
                self._cells[name] = words("", "td", name)

    async def _pressed(self) -> None:
        await self._claim(self._number)

    def show(self, ticket: Ticket, now: datetime) -> None:
        """Say how the ticket is now."""
        due, urgency = due_in_words(ticket, now)
        said = {
            "subject": ticket.subject or "(no subject)",
            "customer": ticket.customer.name,
            "status": ticket.status.value,
            "priority": ticket.priority.label,
            "assignee": ticket.assignee.name if ticket.assignee else "nobody",
            "due": due,
            "updated": age(ticket.updated_at, now),
        }
        for name, text in said.items():
            if self._cells[name].text != text:
                self._cells[name].text = text
        self._cells["due"].classes(replace=f"due {urgency}")
        self._cells["priority"].classes(replace=f"priority {ticket.priority.label}")
        self._cells["status"].classes(replace=f"status {ticket.status.value.replace(' ', '-')}")
        self._button.set_visibility(ticket.status is Status.NEW)

    def stand_at(self, place: int) -> None:
        """Move to this place of the table."""
        slot = self._element.parent_slot
        if slot is not None and slot.children.index(self._element) != place:
            self._element.move(target_index=place)

    def delete(self) -> None:
        """Leave the table."""
        self._element.delete()


def due_in_words(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """When the next promise is due, in words, and how urgent that is: late, soon, later or none."""
    if ticket.due_at is None:
        return "–", "none"
    said = age(ticket.due_at, now)
    if ticket.due_at < now:
        return f"late: {said}", "late"
    return said, "soon" if ticket.due_at - now < SOON else "later"
