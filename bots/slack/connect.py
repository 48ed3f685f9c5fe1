"""Slack, connected: made from settings at the start, and given the desk once there is one."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bots.slack import backfill, edge, faults, homes, oauth, setup
from bots.slack.installs import Installation, Installs
from bots.slack.listeners import listen
from bots.slack.names import Names
from bots.slack.pace import Pacer
from bots.slack.reactions import REACTIONS
from bots.slack.reception import Answers, Errands, Homes, Reception
from bots.slack.setup import Introduced, SlackSettings, SlackSetupError
from bots.slack.socket_mode import SocketRunner
from bots.slack.translate import NAME, Home
from bots.slack.workspaces import Workspace, Workspaces
from core.channels import Address
from core.desk import Desk

__all__ = ["Slack", "SlackSettings", "SlackSetupError", "connect", "diagnose"]

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=8)
PING = 10.0  # seconds between signs of life on the socket


class Slack:
    """Slack: `channel` to send by in every workspace, and, once it is attached to a desk, ears.

    ``staff_room`` is the address for `core.vocabulary.House.staff_rooms`, where one is set.
    """

    def __init__(
        self,
        settings: SlackSettings,
        introduced: Introduced | None,
        http: aiohttp.ClientSession,
        *,
        pacer: Pacer | None = None,
        store: Installs | None = None,
        reactions: Mapping[str, str] = REACTIONS,
    ) -> None:
        self._settings = settings
        self._http = http
        self._store = store
        self._reactions = reactions
        self.channel = Workspaces(settings, http, store, pacer)
        if introduced is not None:
            self.channel.add_own(_own(settings, introduced))
        self.staff_room = _staff_room(settings, introduced)
        self._client: AsyncWebClient = setup.client_for(settings, http)
        self._app = _app(self._client)
        self._errands = Errands()
        self._socket: SocketRunner | None = None
        self._desk: Desk | None = None
        self._receptions: dict[str, Reception] = {}

    @property
    def home(self) -> Home:
        """The workspace of the token in the settings. Raises `LookupError` where there is none."""
        if self.channel.own is None:
            raise LookupError("SLACK_BOT_TOKEN is not set")
        return self.channel.own.home

    @property
    def description(self) -> str:
        """Where this is, in a line."""
        ways = [
            *(["Socket Mode"] if self._settings.app_token else []),
            *([f"HTTP at {edge.PATH}"] if self._settings.signing_secret else []),
        ]
        own = self.channel.own
        where = [
            *([f"workspace {own.home.name or own.home.team}"] if own else []),
            *([f"installable at {edge.INSTALL}"] if self._settings.installs else []),
        ]
        return f"{', '.join(where)}, {' and '.join(ways)}"

    @property
    def is_connected(self) -> bool:
        """Whether events can reach this process, as far as it is asked to take them."""
        return self._socket is None or self._socket.is_open

    def attach(self, desk: Desk) -> None:
        """Give the desk what Slack sends from here on. Once, before `routes` or `run_socket`."""
        self._desk = desk
        listen(self._app, self, self._errands)

    async def of(self, body: Mapping[str, Any]) -> Reception | None:
        """The reception of the workspace that something happened in.

        Slack says for whom an event is meant; the workspace of whoever pressed a button may be
        another one than ours, where a channel is shared.
        """
        for team in _teams_in(body):
            workspace = await self.channel.of(team)
            if workspace is not None:
                return self._reception(workspace)
        own = self.channel.own
        return self._reception(own) if own else None

    async def removed(self, body: Mapping[str, Any]) -> None:
        """The app was removed from a workspace, or its bot's token was revoked there."""
        event, team = body.get("event") or {}, str(body.get("team_id") or "")
        revoked = (event.get("tokens") or {}).get("bot")
        if event.get("type") == "app_uninstalled" or revoked:
            self._receptions.pop(team, None)
            await self.channel.removed(team)

    def _reception(self, workspace: Workspace) -> Reception:
        home = workspace.home
        found = self._receptions.get(home.team)
        if found is None or found.client is not workspace.client:
            if self._desk is None:
                raise RuntimeError("attach comes first")
            here = self.staff_room is not None and self.staff_room.workspace == home.team
            found = self._receptions[home.team] = Reception(
                desk=self._desk,
                home=home,
                client=workspace.client,
                names=Names(workspace.client),
                answers=Answers(workspace.client, self._http),
                errands=self._errands,
                homes=Homes(),
                staff_channel=self.staff_room.conversation if here and self.staff_room else None,
                reactions=self._reactions,
                site=self._settings.site,
            )
        return found

    def routes(self) -> list[Route]:
        """What to serve: Slack's signed requests, and the way through its page of installation."""
        secret = self._settings.signing_secret
        served = [edge.route(self._app, secret)] if secret else []
        if self._settings.installs and self._store is not None:
            served += oauth.routes(self._settings, self._http, self._store, self.channel)
        return served

    async def run(self) -> None:
        """What goes on beside the requests, for ever: homes are kept fresh, and what was said while
        nobody listened is read."""
        try:
            await backfill.catch_up(self)
        except Exception:
            log.exception("what was said on Slack meanwhile could not be read")
        await homes.keep_fresh(self)

    async def receptions(self) -> list[Reception]:
        """Every workspace that the app is in."""
        return [self._reception(workspace) for workspace in await self.channel.every()]

    def known_receptions(self) -> list[Reception]:
        """Those in which something happened since the start."""
        return list(self._receptions.values())

    async def run_socket(self, *, ping: float = PING) -> None:
        """Stay connected by Socket Mode until cancelled; what runs then is finished first.

        Without an app token there is nothing to open, and only the waiting is left. Raises
        `SlackSetupError` where Slack does not take the token.
        """
        token = self._settings.app_token
        if token is None:
            await asyncio.Event().wait()
            return
        self._socket = SocketRunner(
            self._app, token, self._client, ping=ping, on_return=self._read_on
        )
        try:
            await self._socket.open()
            log.info("connected to Slack by Socket Mode")
            await asyncio.Event().wait()
        except faults.FAILURES as error:
            raise SlackSetupError(setup.app_token_refused(error, self._settings)) from error
        finally:
            await self._socket.close(GRACE)

    def _read_on(self) -> None:
        """The socket is back: what was said meanwhile may not have been sent again."""
        self._errands.start(self._catch_up())

    async def _catch_up(self) -> None:
        await backfill.catch_up(self)

    async def settle(self, within: timedelta = GRACE) -> None:
        """Until everything that was acknowledged is done."""
        await self._errands.finish(within)

    async def close(self) -> None:
        """Finish what was acknowledged and is still being done, then hang up."""
        await self.settle()
        await self._http.close()


async def connect(
    settings: SlackSettings,
    *,
    pacer: Pacer | None = None,
    store: Installs | None = None,
    reactions: Mapping[str, str] = REACTIONS,
) -> Slack:
    """Connect by these settings. Raises `SlackSetupError`, one sentence, where that cannot work.

    One of ``app_token`` (Socket Mode) and ``signing_secret`` (HTTP) is needed, and a ``bot_token``
    or, with a ``store``, the id and secret by which workspaces install the app.
    """
    http = aiohttp.ClientSession(timeout=setup.TIMEOUT, trust_env=True)
    try:
        setup.refuse_unusable(settings)
        introduced = None
        if settings.bot_token:
            client = setup.client_for(settings, http)
            introduced = await setup.introduce(client, settings)
            for finding in await setup.examine(client, settings, introduced):
                if finding.is_fault:
                    raise SlackSetupError(finding.text)
                log.log(logging.INFO if finding.is_well else logging.WARNING, "%s", finding.text)
        return Slack(settings, introduced, http, pacer=pacer, store=store, reactions=reactions)
    except BaseException:
        await http.close()
        raise


async def diagnose(settings: SlackSettings) -> list[tuple[str, str]]:
    """What is well (✓), left out (–) and at fault (✗) in the set-up, a sentence each."""
    async with aiohttp.ClientSession(timeout=setup.TIMEOUT, trust_env=True) as http:
        client = setup.client_for(settings, http)
        try:
            setup.refuse_unusable(settings)
            if not settings.bot_token:
                return [("✓", f"Workspaces install the app at {edge.INSTALL}.")]
            introduced = await setup.introduce(client, settings)
        except SlackSetupError as error:
            return [("✗", str(error))]
        found = await setup.examine(client, settings, introduced)
        return [(finding.mark, finding.text) for finding in found]


def _own(settings: SlackSettings, introduced: Introduced) -> Installation:
    home = introduced.home
    return Installation(
        team=home.team,
        name=home.name,
        bot_user=home.bot_user,
        bot_id=introduced.bot_id,
        bot_token=settings.bot_token,
        enterprise=home.enterprise,
        scopes=frozenset(introduced.scopes or ()),
        installed_at=datetime.now(UTC),
    )


def _staff_room(settings: SlackSettings, introduced: Introduced | None) -> Address | None:
    """``C0123`` in our own workspace, or ``T0123:C0123`` in any."""
    if not settings.staff_channel:
        return None
    team, _, channel = settings.staff_channel.rpartition(":")
    own = introduced.home.team if introduced else ""
    return Address(NAME, team or own, channel)


def _teams_in(body: Mapping[str, Any]) -> list[str]:
    """The workspaces that a request names, the one it is meant for first."""
    meant = [each.get("team_id") for each in body.get("authorizations") or ()]
    view, team = body.get("view") or {}, body.get("team") or {}
    named = [*meant, view.get("app_installed_team_id"), body.get("team_id"), team.get("id")]
    return list(dict.fromkeys(str(each) for each in named if each))


def _app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that asks Slack nothing: who we are is known, and signatures are checked at the
    edge before it."""
    unasked = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token or "-")

    async def authorize() -> AuthorizeResult:
        return unasked

    return AsyncApp(
        client=client,
        authorize=authorize,
        logger=faults.quiet("bots.slack.bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
    )
