"""Calls of Slack's Web API for the courier: each ends well, or in one of the ends of a channel."""

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults
from bots.slack.pace import Pacer
from core.channels import TryLater

READS = re.compile(r"(conversations\.(?!open)|files\.info|users\.)")


class Calls:
    """One workspace's Web API, with the pauses that Slack asks for."""

    def __init__(self, client: AsyncWebClient, pacer: Pacer) -> None:
        self.client = client
        self.pacer = pacer

    async def call(self, method: str, about: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Slack's answer. ``about`` is the channel whose pace it counts on.

        Raises `Undeliverable`, `TryLater` or `Uncertain`.
        """
        try:
            if READS.match(method):
                answer = await self.client.api_call(method, http_verb="GET", params=dict(args))
            else:
                answer = await self.client.api_call(method, json=dict(args))
        except faults.FAILURES as error:
            means = faults.meaning(error)
            if isinstance(means, TryLater) and means.after is not None:
                self.pacer.hold(method, about, means.after)
            raise means from error
        return answer.data if isinstance(answer.data, dict) else {}

    async def in_turn(self, method: str, about: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same at the channel's pace."""
        await self.pacer.turn(method, about)
        return await self.call(method, about, args)
