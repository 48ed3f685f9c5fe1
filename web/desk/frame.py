"""The frame around each staff page: where one is, who one is, and the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from nicegui import ui

from core.desk import Desk
from core.vocabulary import Role, Visit
from web.live import Live
from web.sign_in import DESK_PATH


@dataclass(frozen=True)
class Place:
    """A page in the bar at the top, and from which role on it is there."""

    title: str
    path: str
    role: Role = Role.AGENT


PLACES = (Place("Queue", "/"),)


@dataclass(frozen=True)
class Here:
    """What a page stands on: the desk, who is signed in, and what happens meanwhile."""

    desk: Desk
    visit: Visit
    live: Live

    @classmethod
    def of(cls, request: Request) -> "Here":
        """What the gate found for this request."""
        state = request.state
        return cls(cast("Desk", state.desk), cast("Visit", state.visit), cast("Live", state.live))


@contextmanager
def frame(here: Here, title: str) -> Iterator[None]:
    """Draw the bar, and open the page's own part under a heading."""
    ui.page_title(f"{title} · Switchboard")
    ui.add_head_html(f'<link rel="stylesheet" href="{DESK_PATH}/static/desk.css">')
    with ui.element("a").props('href="#main"').classes("skip"):
        ui.label("Skip to the content")
    with ui.element("header").classes("bar"):
        ui.label("Switchboard").classes("brand")
        with ui.element("nav").props('aria-label="Pages"'):
            for place in PLACES:
                if here.visit.role >= place.role:
                    _link(place, current=place.title == title)
        ui.label(here.visit.name).classes("me")
        with ui.element("form").props('method="post" action="/sign-out"'):
            ui.element("button").classes("plain").props("type=submit").add_slot(
                "default", "Sign out"
            )
    with ui.element("main").props('id="main" tabindex="-1"'):
        with ui.element("h1"):
            ui.label(title)
        yield


def _link(place: Place, *, current: bool) -> None:
    with ui.element("a").props(f'href="{DESK_PATH}{place.path}"') as link:
        ui.label(place.title)
    if current:
        link.props('aria-current="page"')
