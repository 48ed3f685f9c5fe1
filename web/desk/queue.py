"""The queue: tickets by filter, as a table that stays up to date."""

from fastapi import Request
from nicegui import ui

from core.errors import DeskError
from core.vocabulary import Ticket, Wanted
from web.desk.frame import Here, frame
from web.sign_in import DESK_PATH


async def show(request: Request, filter: str = "") -> None:  # noqa: A002 - the address says so
    """``/desk/?filter=…``"""
    here = Here.of(request)
    with frame(here, "Queue"):
        await _table(here, filter)


async def _table(here: Here, words: str) -> None:
    try:
        page = await here.desk.tickets(here.visit.who, Wanted(filter=words))
    except DeskError as refusal:
        ui.label(str(refusal)).props("role=alert").classes("fault")
        return
    with ui.element("ul").classes("tickets"):
        for ticket in page.tickets:
            _row(ticket)


def _row(ticket: Ticket) -> None:
    with (
        ui.element("li"),
        ui.element("a").props(f'href="{DESK_PATH}/tickets/{ticket.id}"'),
    ):
        ui.label(f"#{ticket.id}").classes("number")
        ui.label(ticket.subject).classes("subject")
        ui.label(ticket.status.value).classes("status")
