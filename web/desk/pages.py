"""Every staff page, by its path under ``/desk``."""

from functools import partial
from pathlib import Path

from nicegui import app, ui

from web.desk import (
    dashboard,
    editor,
    files,
    knowledge,
    people,
    queue,
    settings,
    sheet,
    ticket,
    trends,
)

HERE = Path(__file__).parent
PATIENCE = 20.0  # seconds for a page to be drawn, on a busy machine
FAVICON = HERE.parent / "favicon.svg"


def register() -> None:
    """Tell NiceGUI the pages and their files; once a process."""
    page = partial(ui.page, response_timeout=PATIENCE)
    app.add_static_files("/static", HERE / "page")
    app.get("/files/{public_id}")(files.show)
    page("/", title="Queue")(queue.show)
    page("/tickets/{number}", title="Ticket")(ticket.show)
    page("/dashboard", title="Dashboard")(dashboard.show)
    page("/trends", title="Trends")(trends.show)
    app.get("/trends.csv")(sheet.download)
    page("/people", title="People")(people.show)
    page("/knowledge", title="Knowledge")(knowledge.show)
    page("/knowledge/{slug}", title="Article")(knowledge.show_article)
    page("/knowledge/{slug}/edit", title="Article")(editor.show)
    page("/settings", title="Settings")(settings.show)
