"""A site that is not ours, on a port of its own, with a policy that allows as little as can be."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

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
