"""Slack, connected: made from settings at the start, and given the desk once there is one."""

import asyncio
import logging
from datetime import timedelta

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bots.slack import edge, faults, setup
from bots.slack.channel import SlackChannel
from bots.slack.listeners import listen
from bots.slack.names import Names
from bots.slack.pace import Pacer
from bots.slack.reception import Answers, Errands, Reception
from bots.slack.setup import Introduced, SlackSettings, SlackSetupError
from bots.slack.socket_mode import SocketRunner
from bots.slack.translate import NAME, Home
from core.channels import Address
from core.desk import Desk

__all__ = ["Slack", "SlackSetupError", "connect", "diagnose"]

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=8)
PING = 10.0  # seconds between signs of life on the socket


class Slack:
    """A workspace of Slack: `channel` to send by, and, once it is attached to a desk, ears.

    ``staff_room`` is the address for `core.vocabulary.House.staff_rooms`, where one is set.
    """

    def __init__(
        self,
        settings: SlackSettings,
        introduced: Introduced,
        http: aiohttp.ClientSession,
        pacer: Pacer | None = None,
    ) -> None:
        self.home: Home = introduced.home
        self.staff_room: Address | None = None
        if settings.staff_channel:
            self.staff_room = Address(NAME, self.home.team, settings.staff_channel)
        self._settings = settings
        self._http = http
        self._client: AsyncWebClient = setup.client_for(settings, http)
        self.channel = SlackChannel(self._client, pacer)
        self._app = _app(self._client, introduced)
        self._errands = Errands()
        self._socket: SocketRunner | None = None

    @property
    def description(self) -> str:
        """Where this is, in a line."""
        ways = [
            *(["Socket Mode"] if self._settings.app_token else []),
            *([f"HTTP at {edge.PATH}"] if self._settings.signing_secret else []),
        ]
        return f"workspace {self.home.name or self.home.team}, {' and '.join(ways)}"

    @property
    def is_connected(self) -> bool:
        """Whether events can reach this process, as far as it is asked to take them."""
        return self._socket is None or self._socket.is_open

    def attach(self, desk: Desk) -> None:
        """Give the desk what Slack sends from here on. Once, before `routes` or `run_socket`."""
        listen(
            self._app,
            Reception(
                desk=desk,
                home=self.home,
                client=self._client,
                names=Names(self._client),
                answers=Answers(self._client, self._http),
                errands=self._errands,
                staff_channel=self._settings.staff_channel,
            ),
        )

    def routes(self) -> list[Route]:
        """What to serve for Slack's HTTP requests; nothing without a signing secret."""
        secret = self._settings.signing_secret
        return [edge.route(self._app, secret)] if secret else []

    async def run_socket(self, *, ping: float = PING) -> None:
        """Stay connected by Socket Mode until cancelled; what runs then is finished first.

        Without an app token there is nothing to open, and only the waiting is left. Raises
        `SlackSetupError` where Slack does not take the token.
        """
        token = self._settings.app_token
        if token is None:
            await asyncio.Event().wait()
            return
        self._socket = SocketRunner(self._app, token, self._client, ping=ping)
        try:
            await self._socket.open()
            log.info("connected to Slack by Socket Mode")
            await asyncio.Event().wait()
        except faults.FAILURES as error:
            raise SlackSetupError(setup.app_token_refused(error, self._settings)) from error
        finally:
            await self._socket.close(GRACE)

    async def settle(self, within: timedelta = GRACE) -> None:
        """Until everything that was acknowledged is done."""
        await self._errands.finish(within)

    async def close(self) -> None:
        """Finish what was acknowledged and is still being done, then hang up."""
        await self.settle()
        await self._http.close()


async def connect(
    *,
    bot_token: str,
    app_token: str | None = None,
    signing_secret: str | None = None,
    staff_channel: str | None = None,
    api_url: str | None = None,
    pacer: Pacer | None = None,
) -> Slack:
    """Connect to a workspace. Raises `SlackSetupError`, one sentence, where that cannot work.

    One of ``app_token`` (Socket Mode) and ``signing_secret`` (HTTP) is needed; ``staff_channel``
    is a channel's id, ``api_url`` another server that speaks the Web API.
    """
    settings = SlackSettings(bot_token, app_token, signing_secret, staff_channel, api_url)
    http = aiohttp.ClientSession(timeout=setup.TIMEOUT, trust_env=True)
    try:
        client = setup.client_for(settings, http)
        introduced = await setup.introduce(client, settings)
        for finding in await setup.examine(client, settings, introduced):
            if finding.is_fault:
                raise SlackSetupError(finding.text)
            log.log(logging.INFO if finding.is_well else logging.WARNING, "%s", finding.text)
        return Slack(settings, introduced, http, pacer)
    except BaseException:
        await http.close()
        raise


async def diagnose(
    *,
    bot_token: str,
    app_token: str | None = None,
    signing_secret: str | None = None,
    staff_channel: str | None = None,
    api_url: str | None = None,
) -> list[tuple[str, str]]:
    """What is well (✓), left out (–) and at fault (✗) in the set-up, a sentence each."""
    settings = SlackSettings(bot_token, app_token, signing_secret, staff_channel, api_url)
    async with aiohttp.ClientSession(timeout=setup.TIMEOUT, trust_env=True) as http:
        client = setup.client_for(settings, http)
        try:
            introduced = await setup.introduce(client, settings)
        except SlackSetupError as error:
            return [("✗", str(error))]
        found = await setup.examine(client, settings, introduced)
        return [(finding.mark, finding.text) for finding in found]


def _app(client: AsyncWebClient, introduced: Introduced) -> AsyncApp:
    """A Bolt app that asks Slack nothing: who we are is known, and signatures are checked at the
    edge before it."""
    home = introduced.home
    known = AuthorizeResult(
        enterprise_id=home.enterprise,
        team_id=home.team,
        bot_token=client.token,
        bot_id=introduced.bot_id,
        bot_user_id=home.bot_user,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return AsyncApp(
        client=client,
        authorize=authorize,
        logger=faults.quiet("bots.slack.bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
