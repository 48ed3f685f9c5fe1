"""The frame around each staff page: where one is, who one is, and the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from nicegui import ui

from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, Visit
from web.desk.commands import Commands
from web.desk.looks import Looks
from web.desk.presence import Presence
from web.live import Live
from web.sign_in import DESK_PATH


@dataclass(frozen=True)
class Place:
    """A page in the bar at the top, and from which role on it is there."""

    title: str
    path: str
    role: Role = Role.AGENT


PLACES = (
    Place("Queue", "/"),
    Place("Dashboard", "/dashboard", Role.LEAD),
    Place("Trends", "/trends", Role.LEAD),
    Place("People", "/people"),
    Place("Knowledge", "/knowledge"),
    Place("Settings", "/settings"),
)


@dataclass(frozen=True)
class Common:
    """What all pages of a process share."""

    desk: Desk
    live: Live
    commands: Commands
    presence: Presence
    looks: Looks


@dataclass(frozen=True)
class Here:
    """What a page stands on: what all share, and who is signed in."""

    common: Common
    visit: Visit

    @classmethod
    def of(cls, request: Request) -> "Here":
        """What the gate found for this request."""
        return cls(cast("Common", request.state.common), cast("Visit", request.state.visit))

    @property
    def desk(self) -> Desk:
        return self.common.desk

    @property
    def who(self) -> Who:
        return self.visit.who

    async def is_out(self) -> bool:
        """Whether the session has ended meanwhile."""
        return (await self.desk.whoever(self.who)).role is Role.CUSTOMER


@contextmanager
def frame(here: Here, title: str) -> Iterator[None]:
    """Draw the bar, and open the page's own part under a heading."""
    ui.page_title(f"{title} · Switchboard")
    ui.add_head_html(
        f'<link rel="stylesheet" href="{DESK_PATH}/static/desk.css">'
        f'<script type="module" src="{DESK_PATH}/static/desk.js"></script>'
    )
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
    with ui.element("div").props('id="main" tabindex="-1"'):  # within the page's own <main>
        with ui.element("h1"):
            ui.label(title)
        yield


def _link(place: Place, *, current: bool) -> None:
    with ui.element("a").props(f'href="{DESK_PATH}{place.path}"') as link:
        ui.label(place.title)
    if current:
        link.props('aria-current="page"')
