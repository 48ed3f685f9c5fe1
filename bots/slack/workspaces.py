"""The workspaces that the app is in: each with its token, its channel and its ears."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults, setup
from bots.slack.channel import SlackChannel
from bots.slack.installs import Installation, Installs
from bots.slack.pace import Pacer
from bots.slack.setup import SlackSettings
from bots.slack.translate import Home
from core.channels import (
    Address,
    OutgoingDeletion,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Undeliverable,
)

log = logging.getLogger(__name__)

RENEW_BEFORE = timedelta(hours=2)  # of the twelve that a rotated token is good for
WAIT_FOR_OTHERS = 1.0  # seconds, while another process gets the new token


@dataclass
class Workspace:
    """One workspace, connected."""

    installation: Installation
    client: AsyncWebClient
    channel: SlackChannel

    @property
    def home(self) -> Home:
        kept = self.installation
        return Home(kept.team, kept.bot_user, kept.enterprise, kept.name)


class Workspaces:
    """Every workspace by its id. `core.channels.Channel` for all of them, by the address.

    ``own`` is the workspace of the token in the settings, if there is one; the others are in the
    store. Tokens that expire are renewed in time, by one process for all.
    """

    def __init__(
        self,
        settings: SlackSettings,
        http: aiohttp.ClientSession,
        store: Installs | None = None,
        pacer: Pacer | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.own: Workspace | None = None
        self._settings = settings
        self._http = http
        self._store = store
        self._pacer = pacer or Pacer()
        self._clock = clock
        self._known: dict[str, Workspace] = {}
        self._renewing: dict[str, asyncio.Lock] = {}

    def add_own(self, installation: Installation) -> Workspace:
        """The workspace of the settings."""
        self.own = self._known[installation.team] = self._connected(installation)
        return self.own

    async def of(self, team: str) -> Workspace | None:
        """The workspace of this id, with a token that is good; None where the app is not in it."""
        found = self._known.get(team)
        if found is None and self._store is not None:
            kept = await self._store.of(team)
            found = self._known.setdefault(team, self._connected(kept)) if kept else None
        if found is not None and self._expires_soon(found.installation):
            await self._renew(found)
        return found

    async def every(self) -> list[Workspace]:
        """All of them that have a token."""
        kept = await self._store.every() if self._store is not None else ()
        teams = dict.fromkeys([*self._known, *(each.team for each in kept)])
        found = [await self.of(team) for team in teams]
        return [each for each in found if each is not None]

    async def installed(self, installation: Installation) -> None:
        """The app was installed, or installed again; the settings' own token stays in use."""
        if self._store is not None:
            await self._store.keep(installation)
        if self.own is None or self.own.installation.team != installation.team:
            self._known.pop(installation.team, None)

    async def removed(self, team: str) -> None:
        """The app was removed from a workspace: its tokens go, and nothing is sent there."""
        if self._store is not None:
            await self._store.forget(team)
        self._known.pop(team, None)
        log.warning("the app was removed from the workspace %s", team)

    # `core.channels.Channel`

    async def send(self, message: OutgoingMessage) -> Posted:
        """Send in the workspace of the address. Raises as `SlackChannel.send` does."""
        return await (await self._channel(message.address)).send(message)

    async def find_sent(self, message: OutgoingMessage) -> Posted | None:
        return await (await self._channel(message.address)).find_sent(message)

    async def delete(self, deletion: OutgoingDeletion) -> None:
        await (await self._channel(deletion.address)).delete(deletion)

    async def react(self, reaction: OutgoingReaction) -> None:
        await (await self._channel(reaction.address)).react(reaction)

    async def fetch(self, source: str) -> AsyncIterator[bytes]:
        """The content of a file; ``source`` is the workspace and the id of the file."""
        team = source.partition(":")[0]
        async for chunk in (await self._in(team)).fetch(source):
            yield chunk

    async def _channel(self, address: Address) -> SlackChannel:
        return await self._in(address.workspace)

    async def _in(self, team: str) -> SlackChannel:
        found = await self.of(team)
        if found is None:
            raise Undeliverable("the app is not in this workspace any more")
        return found.channel

    # Tokens

    def _connected(self, installation: Installation) -> Workspace:
        client = setup.client_for(
            replace(self._settings, bot_token=installation.bot_token), self._http
        )
        channel = SlackChannel(client, self._pacer, http=self._http, scopes=installation.scopes)
        return Workspace(installation, client, channel)

    def _expires_soon(self, installation: Installation) -> bool:
        expires = installation.expires_at
        return expires is not None and expires - self._clock() < RENEW_BEFORE

    async def _renew(self, workspace: Workspace) -> None:
        """A new token in time: fetched by one process, read by the others."""
        team = workspace.installation.team
        async with self._renewing.setdefault(team, asyncio.Lock()):
            if self._store is None or not self._expires_soon(workspace.installation):
                return
            kept = await self._store.of(team)
            if kept is not None and self._expires_soon(kept):
                kept = await self._rotated(self._store, kept)
            if kept is not None:
                workspace.installation = kept
                workspace.client.token = kept.bot_token

    async def _rotated(self, store: Installs, kept: Installation) -> Installation:
        if not await store.begin_rotation(kept, self._clock()):
            await asyncio.sleep(WAIT_FOR_OTHERS)
            return await store.of(kept.team) or kept
        asked = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token}
        try:
            answer = await exchanged(self._settings, self._http, asked)
        except faults.FAILURES as error:
            log.warning("no new token for %s yet: %s", kept.team, faults.meaning(error))
            if kept.expires_at is not None and kept.expires_at < self._clock():
                raise TryLater("the token has expired, and Slack gave no new one") from error
            return kept
        rotated = replace(kept, **_tokens(answer, self._clock()))
        await store.keep(rotated)
        return rotated


async def exchanged(
    settings: SlackSettings, http: aiohttp.ClientSession, asked: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Slack's answer where a code or an old token is exchanged for a new one."""
    client = setup.client_for(replace(settings, bot_token=""), http)
    ours = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    answer = await client.api_call("oauth.v2.access", data={**ours, **asked})
    return answer.data if isinstance(answer.data, dict) else {}


def installation_in(answer: Mapping[str, Any], bot_id: str, at: datetime) -> Installation:
    """The installation that Slack's answer to a code describes."""
    team = answer.get("team") or {}
    return Installation(
        team=str(team["id"]),
        name=str(team.get("name") or ""),
        bot_user=str(answer["bot_user_id"]),
        bot_id=bot_id,
        enterprise=(answer.get("enterprise") or {}).get("id"),
        scopes=frozenset(filter(None, str(answer.get("scope") or "").split(","))),
        installed_at=at,
        installed_by=str((answer.get("authed_user") or {}).get("id") or ""),
        **_tokens(answer, at),
    )


def _tokens(answer: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    lives = answer.get("expires_in")
    return {
        "bot_token": str(answer["access_token"]),
        "refresh_token": answer.get("refresh_token"),
        "expires_at": at + timedelta(seconds=int(lives)) if lives else None,
    }
