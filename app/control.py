"""The line from the command line to the process that has the SQLite file open.

One JSON object a line each way, over loopback, opened by the token in the lock file (which only
the user who started the desk can read).
"""

import asyncio
import hmac
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.lock import Holder
from core.errors import DeskError

log = logging.getLogger(__name__)

LONGEST_LINE = 64 * 1024 * 1024
Verb = Callable[..., Awaitable[dict[str, Any]]]


class Refused(Exception):
    """The other process refused; ``answer`` is what it said."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer["text"])
        self.answer = answer


class ControlServer:
    """Answers the command line for as long as this process has the database."""

    def __init__(self, verbs: Mapping[str, Verb]) -> None:
        self._verbs = verbs
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None

    async def open(self) -> Holder:
        """Listen on a free loopback port; how to reach it."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_LINE)
        port = self._server.sockets[0].getsockname()[1]
        return Holder(os.getpid(), port, self._token)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline() or b"{}")
            if hmac.compare_digest(str(asked.pop("token", "")), self._token):
                writer.write(json.dumps(await self._answer(asked)).encode() + b"\n")
                await writer.drain()
        except (ValueError, OSError) as error:
            log.warning("a request on the control line failed: %s", type(error).__name__)
        finally:
            writer.close()

    async def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        verb = self._verbs[str(asked.pop("verb", ""))]
        try:
            return {"answer": await verb(**asked)}
        except DeskError as refusal:
            return {"refused": {"error": type(refusal).__name__, "text": str(refusal)}}
        except Exception as fault:
            log.exception("the command line met a fault")
            sentence = "The desk met a fault of its own; the log of its process says which."
            return {"refused": {"error": type(fault).__name__, "text": sentence}}


async def call(holder: Holder, verb: str, **arguments: Any) -> dict[str, Any]:
    """Ask the process that has the database. Raises `Refused`, or OSError where it is gone."""
    reader, writer = await asyncio.open_connection("127.0.0.1", holder.port, limit=LONGEST_LINE)
    try:
        asked = {"token": holder.token, "verb": verb, **arguments}
        writer.write(json.dumps(asked).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
    if not line:
        raise ConnectionResetError("the other process hung up")
    answer: dict[str, Any] = json.loads(line)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return dict(answer["answer"])
