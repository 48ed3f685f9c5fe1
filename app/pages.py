"""The pages of this process: the site with everything on it, served on a socket."""

import socket
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from app.networks import Networks
from app.page_commands import PageCommands
from app.serve import web_server
from app.wiring import Switchboard
from bots.console.routes import routes as console_routes
from bots.webchat.acts import Acts
from bots.webchat.routes import routes as web_routes
from web.api.app import api
from web.desk.mount import staff_pages
from web.live import Live
from web.public.routes import routes as public_routes
from web.site import site


def serving(
    app: Switchboard, networks: Networks, listening: socket.socket
) -> list[Coroutine[Any, Any, None]]:
    """What serves them all day."""
    live = Live(app.desk)
    server = web_server(_site(app, networks, live), proxies=app.settings.trusted_proxies)

    def hang_up() -> None:
        app.console.close()
        app.web.close()
        live.close()

    return [live.run(), server.serve_until_cancelled(listening, hang_up=hang_up)]


def _site(app: Switchboard, networks: Networks, live: Live) -> Starlette:
    console: list[BaseRoute] = []
    if app.settings.console:
        names = [app.settings.host, urlsplit(app.settings.url).hostname or ""]
        console = console_routes(app.desk, app.console, hosts=names)
    return site(
        app.desk,
        channels=lambda: networks.health,
        console=app.settings.console,
        home="/help",
        ways=app.ways,
        routes=[
            *console,
            *public_routes(app.desk, Acts(app.desk), app.settings.theme),
            *web_routes(app.desk, app.web, origins=app.settings.sites),
            *(networks.slack.routes() if networks.slack else []),
            api(app.desk, live),
            staff_pages(app.desk, live, PageCommands()),
        ],
    )
