"""The channel of webhooks: each delivery is one signed POST to an address that was judged."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from core.channels import OutgoingMessage, TryLater, Uncertain, Undeliverable
from core.errors import Invalid
from core.vocabulary import Destination, Receiver, is_public

WITHIN = 10.0  # seconds for all of it
GONE = 410
LONGEST_PAUSE = timedelta(hours=1)
SECRET = "whsec_"  # noqa: S105

Find = Callable[[int], Awaitable[Receiver | None]]


class Inside(Exception):
    """The name of a host leads to an address that is not on the open network."""


class Outward(AbstractResolver):
    """Looks a host up once, and hands out addresses on the open network only: the connection is
    made to one of those, so that there is no second look that could say something else."""

    def __init__(self, near: Collection[str] = ()) -> None:
        self._near = near
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises `Inside` where one of them is."""
        found = await self._resolver.resolve(host, port, family)
        if host not in self._near:
            for each in found:
                if not is_public(each["host"]):
                    raise Inside(f"{host} is {each['host']}, which is not on the open network")
        return found

    async def close(self) -> None:
        await self._resolver.close()


class WebhookChannel:
    """Sends as Standard Webhooks: https://www.standardwebhooks.com.

    2xx within ten seconds counts; anything else is tried again, but for 410, which means that nobody
    is there any more. No redirect is followed, and no proxy of the environment is asked.
    """

    def __init__(self, find: Find, *, clock: Callable[[], float] = time.time) -> None:
        self._find = find
        self._clock = clock

    async def send(self, message: OutgoingMessage) -> str:
        """Tell it; the id by which it can tell a repetition."""
        receiver = await self._receiver(int(message.address.conversation))
        body = message.card.text.encode()
        headers = signed(receiver.secret, message.key, int(self._clock()), body)
        try:
            status, again = await _post(receiver.to, body, headers)
        except Inside as error:
            raise Undeliverable(str(error)) from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater(f"no connection: {error.strerror or 'refused'}") from error
        except TimeoutError as error:
            raise Uncertain(f"no answer within {WITHIN:.0f} seconds") from error
        except aiohttp.ClientError as error:
            raise Uncertain(f"the connection broke: {type(error).__name__}") from error
        if status == GONE:
            raise Undeliverable("it answered 410, gone")
        if not 200 <= status < 300:
            raise TryLater(f"it answered {status}", after=again)
        return message.key

    async def _receiver(self, number: int) -> Receiver:
        try:
            found = await self._find(number)
        except Invalid as error:
            raise Undeliverable(str(error)) from error
        if found is None:
            raise Undeliverable("the webhook was removed")
        return found

    async def find_sent(self, _: OutgoingMessage) -> str | None:
        """It cannot be asked what it took; the same id tells it."""
        return None


async def _post(
    to: Destination, body: bytes, headers: dict[str, str]
) -> tuple[int, timedelta | None]:
    """The status that was answered, and when to come again where that was said."""
    near = {to.host} if to.near else set()
    connector = aiohttp.TCPConnector(
        resolver=Outward(near), use_dns_cache=False, force_close=True, limit=1
    )
    async with (
        aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=WITHIN),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        ) as session,
        session.post(to.url, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, _again(answer.headers.get("retry-after", ""))


def signed(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(SECRET))
    said = f"{message_id}.{timestamp}.".encode() + body
    mark = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "user-agent": "Switchboard-Webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{mark}",
    }


def _again(said: str) -> timedelta | None:
    if not said.isdecimal() or len(said) > 9:
        return None
    return min(timedelta(seconds=int(said)), LONGEST_PAUSE)
