"""A site that is not ours, on a port of its own, with a policy that allows as little as can be."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

POLICY = (
    "default-src 'none'; script-src {desk}; connect-src {desk}; img-src {desk}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
SHOP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lumen</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{desk}/widget.js" {attributes} async></script></head>
<body><main><h1>Lamps</h1><p>And plants.</p></main></body></html>"""


def shop(desk: str, attributes: str = "") -> Starlette:
    """A page of the site with the widget of the desk at that address."""

    async def page(_: Request) -> Response:
        policy = {"content-security-policy": POLICY.format(desk=desk)}
        return HTMLResponse(SHOP.format(desk=desk, attributes=attributes), headers=policy)

    async def nothing(_: Request) -> Response:
        return Response(status_code=204)

    return Starlette(routes=[Route("/", page), Route("/favicon.ico", nothing)])


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Where an app is served for real."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listening.close()
