"""Socket Mode: events come over a WebSocket that we open; no address of ours need be reachable.

Two things differ from Bolt's own runner: a wrong token fails at once instead of being tried for
ever, and closing lets what runs finish and be acknowledged.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=8)
DRAIN_LOOK = 0.01  # seconds
CONNECTIONS_EXPECTED = 2  # ours, and for a moment the one it replaces


class SocketRunner(AsyncSocketModeHandler):
    """One Socket Mode connection, reconnected by the SDK as often as it breaks."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        web_client: AsyncWebClient,
        *,
        ping: float = 10,
        on_return: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(
            app, app_token, logger=app.logger, web_client=web_client, ping_interval=ping
        )
        self._running: set[asyncio.Task[Any]] = set()
        self.client.message_listeners += [_count_connections, self._greeted]
        self._on_return = on_return
        self._greetings = 0

    async def _greeted(self, _: Any, message: Mapping[str, Any], __: str | None = None) -> None:
        """Slack says hello on every new connection; the first is no return."""
        if message.get("type") == "hello":
            self._greetings += 1
            if self._greetings > 1:
                self._on_return()

    async def open(self) -> None:
        """Connect. Raises `SlackApiError` where the token is refused, and waits out all else."""
        self.client.wss_uri = await self._address()
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def _address(self) -> str:
        while True:
            try:
                answer = await self.client.web_client.apps_connections_open(
                    app_token=self.app_token
                )
                return str(answer["url"])
            except faults.FAILURES as error:
                if isinstance(error, SlackApiError) and faults.is_refusal(error):
                    raise
                log.warning("Socket Mode cannot be opened yet: %s", faults.meaning(error))
            await asyncio.sleep(self.client.ping_interval)

    @property
    def is_open(self) -> bool:
        """Whether the WebSocket stands right now."""
        session = self.client.current_session
        return session is not None and not session.closed and not self.client.stale

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Take in one envelope. The SDK gives each a task of its own; closing waits for them."""
        taking = asyncio.ensure_future(super().handle(client, req))
        self._running.add(taking)
        taking.add_done_callback(self._running.discard)
        await taking

    async def close(self, grace: timedelta = GRACE) -> None:
        """Take nothing more, let what runs be stored and acknowledged, then hang up."""
        client = self.client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        watching = [client.message_receiver, client.current_session_monitor]
        tasks = [task for task in watching if task is not None]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace.total_seconds()):
                await self._drain()
        for taking in self._running:
            taking.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.close_async()  # type: ignore[no-untyped-call]
        await asyncio.gather(*tasks, client.message_processor, return_exceptions=True)

    async def _drain(self) -> None:
        """Until all that came in before has been taken in."""
        while True:
            await asyncio.sleep(DRAIN_LOOK)  # what left the queue becomes a task meanwhile
            if self.client.message_queue.empty() and not self._running:
                return


async def _count_connections(_: Any, message: Mapping[str, Any], __: str | None = None) -> None:
    """Slack spreads events over all connections of an app: a forgotten copy takes its share."""
    count = message.get("num_connections", 0)
    if message.get("type") == "hello" and count > CONNECTIONS_EXPECTED:
        log.warning(
            "%s Socket Mode connections of this app are open; each gets a share of the events. "
            "Is another copy running with the same SLACK_APP_TOKEN?",
            count,
        )
