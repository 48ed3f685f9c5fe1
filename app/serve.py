"""The web server: uvicorn on a socket of ours, stopped by us."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from app.errors import CannotStart

DRAIN_SECONDS = 8


class WebServer(uvicorn.Server):
    """uvicorn, but the signals are ours: the whole desk stops together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve_until_cancelled(
        self, listening: socket.socket, *, hang_up: Callable[[], None]
    ) -> None:
        """Serve; when cancelled, ``hang_up`` on what never ends and let the other requests end."""
        serving = asyncio.create_task(self.serve([listening]))
        try:
            await asyncio.shield(serving)
        finally:
            hang_up()
            self.should_exit = True
            await serving


def web_server(app: Starlette, *, proxies: str = "") -> WebServer:
    """A server for the site; it logs through our logging and adds no header of its own.

    Who asks is whoever connects, or for what comes from one of the ``proxies`` (addresses and
    networks, with commas) the last in X-Forwarded-For that is none of them; nobody else can say.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    config.load()  # now, since NiceGUI looks at what the servers of this process serve
    return WebServer(config)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises `CannotStart` where the address or the port is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"Port {port} on {host} cannot be opened ({error.strerror or error}). "
            "Stop what uses it, or set PORT to another."
        ) from error
    return listening
