"""The shop over HTTP: asks its own endpoint for an order, and reads the answer strictly."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from app.orders import Fault, read_order
from app.settings import Settings
from core.tickets.live_orders import SourceFailed
from core.vocabulary import OrderSaid

NO_ORDER = "SWITCHBOARD-DOCTOR"
LARGEST = 1_000_000  # bytes of an answer
NOT_THERE = {404, 410}


def shop(settings: Settings) -> "HttpShop | None":
    """The shop that the settings name, if they do."""
    if not settings.shop_orders_url:
        return None
    return HttpShop(
        settings.shop_orders_url,
        token=settings.shop_token.get_secret_value(),
        within=timedelta(seconds=settings.shop_seconds),
    )


async def diagnosed(settings: Settings) -> tuple[str, str]:
    """Whether the shop answers, as a mark and a sentence."""
    asked = shop(settings)
    if asked is None:
        return "–", "The shop is not asked for orders: SHOP_ORDERS_URL is not set."
    try:
        await asked.order(NO_ORDER)
    except SourceFailed as error:
        return "✗", f"The shop does not answer: {error}"
    return "✓", "The shop answers when it is asked for an order."


class HttpShop:
    """An endpoint that answers GET with one order as JSON, in the shape of `orders import`.

    ``url`` has ``{number}`` where the number goes; ``token`` is sent as a bearer. An answer that is
    late, too large, redirected, or of another order is none.
    """

    def __init__(self, url: str, *, token: str = "", within: timedelta) -> None:
        self._url = url
        self._headers = {"accept": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"
        self._within = within

    async def order(self, number: str) -> OrderSaid | None:
        """The order, or None where the shop has none of this number. Raises `SourceFailed`."""
        answer = await self._asked(number)
        if answer is None:
            return None
        try:
            said = read_order(answer)
        except Fault as fault:
            raise SourceFailed(f"its answer cannot be read: {fault}") from fault
        if said.number != number:
            raise SourceFailed(f"it answered with order {said.number}, asked for {number}.")
        return said

    async def _asked(self, number: str) -> Mapping[str, Any] | None:
        url = URL(self._url.replace("{number}", quote(number, safe="")), encoded=True)
        try:
            async with (
                asyncio.timeout(self._within.total_seconds()),
                aiohttp.ClientSession(headers=self._headers) as client,
                client.get(url, allow_redirects=False) as response,
            ):
                if response.status in NOT_THERE:
                    return None
                if response.status != 200:
                    raise SourceFailed(_meaning(response.status))
                return _read(await _body(response))
        except TimeoutError as error:
            raise SourceFailed(f"no answer in {self._within.total_seconds():g} s.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SourceFailed(f"{type(error).__name__}: {error}"[:200]) from error


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            raise SourceFailed(f"its answer is larger than {LARGEST // 1_000_000} MB.")
    return bytes(body)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceFailed("its answer is no JSON.") from error
    if not isinstance(answer, dict):
        raise SourceFailed("its answer is no order: one JSON object is wanted.")
    return answer


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return f"HTTP {status}: it redirects, which is not followed. Check SHOP_ORDERS_URL."
    if status in {401, 403}:
        return f"HTTP {status}: it does not take our token. Check SHOP_TOKEN."
    return f"HTTP {status}."
