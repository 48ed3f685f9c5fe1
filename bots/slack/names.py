"""Names and pictures of people: events carry only ids, so they are asked for once and kept."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from itertools import islice

from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds; a message is stored without a name rather than late
KEPT = 10_000
ASKED_AT_ONCE = 5
REST = 60.0  # seconds until somebody whose name did not come is asked for again


class Names:
    """Display names by user id. Not knowing one is no failure: it is left out."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, str] = {}
        self._pictures: dict[str, str] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, float] = {}

    def known(self, user: str) -> str:
        """The name, if it was asked for before; else nothing."""
        return self._known.get(user, "")

    def picture(self, user: str) -> str:
        """The https address of their picture, if it came with the name; else nothing."""
        return self._pictures.get(user, "")

    async def of(self, users: Iterable[str]) -> Mapping[str, str]:
        """The names of these people, as far as Slack gives them in time."""
        wanted = list(dict.fromkeys(users))
        unknown = [user for user in wanted if user not in self._known]
        await asyncio.gather(*(self._ask_once(user) for user in islice(unknown, ASKED_AT_ONCE)))
        return {user: self._known[user] for user in wanted if user in self._known}

    async def _ask_once(self, user: str) -> None:
        if self._resting.get(user, 0) > asyncio.get_running_loop().time():
            return
        asking = self._asking.get(user)
        if asking is None:
            asking = self._asking[user] = asyncio.create_task(self._ask(user))
        await asyncio.shield(asking)

    async def _ask(self, user: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._client.users_info(user=user)
        except faults.FAILURES as error:
            log.info("no name for %s: %s", user, faults.meaning(error))
            self._rest(user)
            return
        finally:
            del self._asking[user]
        person = answer.get("user") or {}
        profile = person.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or person.get("name")
        if len(self._known) >= KEPT:
            self._known.clear()
            self._pictures.clear()
        self._known[user] = str(name or "")[:120]
        picture = str(profile.get("image_192") or profile.get("image_72") or "")
        if picture.startswith("https://"):
            self._pictures[user] = picture

    def _rest(self, user: str) -> None:
        now = asyncio.get_running_loop().time()
        still = {each: until for each, until in self._resting.items() if until > now}
        self._resting = {**still, user: now + REST}
