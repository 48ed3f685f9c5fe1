"""Every staff page, by its path under ``/desk``."""

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
FAVICON = HERE.parent / "favicon.svg"


def register() -> None:
    """Tell NiceGUI the pages and their files; once a process."""
    app.add_static_files("/static", HERE / "page")
    app.get("/files/{public_id}")(files.show)
    ui.page("/", title="Queue")(queue.show)
    ui.page("/tickets/{number}", title="Ticket")(ticket.show)
    ui.page("/dashboard", title="Dashboard")(dashboard.show)
    ui.page("/trends", title="Trends")(trends.show)
    app.get("/trends.csv")(sheet.download)
    ui.page("/people", title="People")(people.show)
    ui.page("/knowledge", title="Knowledge")(knowledge.show)
    ui.page("/knowledge/{slug}", title="Article")(knowledge.show_article)
    ui.page("/knowledge/{slug}/edit", title="Article")(editor.show)
    ui.page("/settings", title="Settings")(settings.show)
