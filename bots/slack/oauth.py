"""Installing the app in a workspace: to Slack's page, and back with a code that becomes a token.

https://docs.slack.dev/authentication/installing-with-oauth. The way back is open only to the
browser that went: a state that is used up once, and a cookie with the same state.
"""

import html
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import aiohttp
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bots.slack import faults
from bots.slack.edge import BACK, INSTALL
from bots.slack.installs import Installs, TooMany
from bots.slack.manifest import HELPFUL, NEEDED
from bots.slack.setup import SlackSettings
from bots.slack.workspaces import Workspaces, exchanged, installation_in

log = logging.getLogger(__name__)

AUTHORIZE = "https://slack.com/oauth/v2/authorize"
COOKIE = "slack_install"
GOOD_FOR = 600  # seconds

PAGE = """<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<title>Switchboard</title><body style="font-family: system-ui; max-width: 32rem; margin: 4rem auto">
<h1>{title}</h1><p>{text}</p></body>"""


def routes(
    settings: SlackSettings,
    http: aiohttp.ClientSession,
    store: Installs,
    workspaces: Workspaces,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Route]:
    """``GET /slack/install`` and ``GET /slack/oauth_redirect``."""
    back = f"{settings.site.rstrip('/')}{BACK}"

    async def install(_: Request) -> Response:
        try:
            state = await store.issue_state(clock())
        except TooMany:
            return _page(429, "Not now", "Too many have begun. Try it again in ten minutes.")
        asked = {
            "client_id": settings.client_id,
            "scope": ",".join(sorted({*NEEDED, *HELPFUL})),
            "state": state,
            "redirect_uri": back,
        }
        answer = RedirectResponse(f"{AUTHORIZE}?{urlencode(asked)}", status_code=302)
        answer.set_cookie(
            COOKIE,
            state,
            max_age=GOOD_FOR,
            path="/slack",
            httponly=True,
            secure=back.startswith("https:"),
            samesite="lax",
        )
        return answer

    async def returned(request: Request) -> Response:
        state = request.query_params.get("state", "")
        ours = secrets.compare_digest(
            state.encode("utf-8", "replace"),
            request.cookies.get(COOKIE, "").encode("utf-8", "replace"),
        )
        if not state or not ours or not await store.use_state(state, clock()):
            return _page(400, "Not installed", "This link was used already, or is too old.")
        code = request.query_params.get("code")
        if not code:
            return _page(200, "Not installed", "Nothing was changed in your workspace.")
        try:
            answer = await exchanged(settings, http, {"code": code, "redirect_uri": back})
            installation = installation_in(answer, str(answer.get("bot_id") or ""), clock())
        except (*faults.FAILURES, KeyError) as error:
            log.warning("an installation failed: %s", type(error).__name__)
            return _page(502, "Not installed", "Slack did not answer as expected. Try it again.")
        await workspaces.installed(installation)
        log.info("the app was installed in the workspace %s", installation.team)
        name = html.escape(installation.name or installation.team)
        return _page(200, "Installed", f"{name} is connected. Write to the app in Slack.")

    return [Route(INSTALL, install, methods=["GET"]), Route(BACK, returned, methods=["GET"])]


def _page(status: int, title: str, text: str) -> Response:
    answer = HTMLResponse(PAGE.format(title=title, text=text), status_code=status)
    answer.delete_cookie(COOKIE, path="/slack")
    answer.headers["cache-control"] = "no-store"
    return answer
