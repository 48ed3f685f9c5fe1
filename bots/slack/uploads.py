"""Files on Slack: ours are uploaded beside a post, theirs fetched with the bot's token.

https://docs.slack.dev/messaging/working-with-files: an address for the content is asked for, the
content sent there, and then the file shared in a conversation. Only the last step is seen by
anybody, so only that one must not be repeated blindly.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.slack import faults
from bots.slack.calls import Calls
from bots.slack.translate import Thread
from core.channels import OutgoingFile, TryLater, Uncertain, Undeliverable

FILE = "file:"  # how the external id of a file begins, among those of posts
UPLOAD = "files.completeUploadExternal"
CHUNK = 1 << 16
TOO_LARGE = {"file_upload_size_restricted", "file_uploads_disabled", "storage_limit_reached"}
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=5, sock_read=15)


class TooLarge(Undeliverable):
    """Slack takes the words, but not the file."""


class Files:
    """The files of one workspace."""

    def __init__(self, calls: Calls, http: aiohttp.ClientSession) -> None:
        self._calls = calls
        self._http = http

    async def share(self, file: OutgoingFile, to: Thread) -> str:
        """Upload a file and share it in a conversation; its external id. Raises `TooLarge`."""
        if file.size == 0:
            raise TooLarge("the file is empty")
        asked = {"filename": file.name, "length": file.size}
        try:
            place = await self._calls.call("files.getUploadURLExternal", to.channel, asked)
            await self._send(str(place["upload_url"]), file)
        except Uncertain as error:  # nobody has seen it yet
            raise TryLater(str(error)) from error
        except TryLater as error:
            if faults.behind(error) in TOO_LARGE:
                raise TooLarge(str(error)) from error
            raise
        shared = {
            "files": [{"id": place["file_id"], "title": file.name}],
            "channel_id": to.channel,
            **({"thread_ts": to.ts} if to.ts else {}),
        }
        await self._calls.in_turn(UPLOAD, to.channel, shared)
        return f"{FILE}{place['file_id']}"

    async def _send(self, url: str, file: OutgoingFile) -> None:
        try:
            async with self._http.post(url, data=await file.read(), timeout=TIMEOUT) as answer:
                if answer.status == 413:
                    raise TooLarge("the file is too large for Slack")
                if answer.status != 200:
                    raise TryLater(f"Slack did not take the file (HTTP {answer.status})")
        except faults.FAILURES as error:
            raise TryLater(f"the file was not taken ({type(error).__name__})") from error

    async def remove(self, external_id: str, channel: str) -> None:
        """Delete a file of ours; gone already is fine."""
        asked = {"file": external_id.removeprefix(FILE)}
        try:
            await self._calls.call("files.delete", channel, asked)
        except TryLater as error:
            if faults.behind(error) not in {"file_not_found", "file_deleted"}:
                raise

    async def fetch(self, file_id: str) -> AsyncIterator[bytes]:
        """The content of a file that somebody posted, in pieces.

        Slack answers whoever may not read it with a page to sign in, so a redirect and a page are
        no file; the token goes to Slack's own hosts only.
        """
        about = await self._about(file_id)
        url = str(about.get("url_private_download") or about.get("url_private") or "")
        if not self._is_slacks(url):
            raise Undeliverable("the file is not kept by Slack")
        token = {"Authorization": f"Bearer {self._calls.client.token}"}
        try:
            async with self._http.get(
                url, headers=token, allow_redirects=False, timeout=TIMEOUT
            ) as answer:
                _refuse(answer, about)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    yield chunk
        except faults.FAILURES as error:
            raise Uncertain(f"the file did not come ({type(error).__name__})") from error

    async def _about(self, file_id: str) -> Mapping[str, Any]:
        try:
            answer = await self._calls.call("files.info", file_id, {"file": file_id})
        except TryLater as error:
            if faults.behind(error) in {"file_not_found", "file_deleted"}:
                raise Undeliverable("the file is gone") from error
            raise
        found = answer.get("file")
        return found if isinstance(found, Mapping) else {}

    def _is_slacks(self, url: str) -> bool:
        """Whether the bot's token may go there: Slack's own hosts, or the server we were set to."""
        asked, ours = urlsplit(url), urlsplit(self._calls.client.base_url)
        host = asked.hostname or ""
        is_slack = host == "slack.com" or host.endswith(".slack.com")
        same = (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
        return same or (asked.scheme == "https" and is_slack)


def shared_among(posts: Collection[Mapping[str, Any]], names: Sequence[str]) -> dict[str, str]:
    """The files of ours that are among posts already, by name."""
    found = {
        str(each.get("title") or each.get("name")): f"{FILE}{each['id']}"
        for post in posts
        for each in post.get("files") or ()
        if each.get("id")
    }
    return {name: found[name] for name in names if name in found}


def _refuse(answer: aiohttp.ClientResponse, about: Mapping[str, Any]) -> None:
    if answer.status in {401, 403, 404, 410}:
        raise Undeliverable(f"Slack does not give the file (HTTP {answer.status})")
    if 300 <= answer.status < 400:
        raise TryLater("Slack asks to sign in: the scope files:read is missing")
    if answer.status == 429:
        raise TryLater("Slack asks for a pause")
    if answer.status != 200:
        raise Uncertain(f"Slack stumbled (HTTP {answer.status})")
    is_page = answer.content_type == "text/html" and about.get("mimetype") != "text/html"
    if is_page:
        raise TryLater("Slack sent a page instead of the file: the scope files:read is missing")
