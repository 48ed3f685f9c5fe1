"""The house that is put under load: its people and keys, its server process, and what was stored."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import select

from app.migrate import migrate
from core.channels import Who
from core.desk import Desk
from core.model import Message
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Kind, Role, Scope
from tests import postgres

ROOT = Path(__file__).parents[2]
START_WITHIN = 60.0  # seconds
STOP_WITHIN = 30.0
TICK = os.sysconf("SC_CLK_TCK")
LEAD = Who("console", "local", "lead", "Lead")


@dataclass(frozen=True)
class House:
    """Who may come in: a code to sign in for each session, and keys for the programs."""

    codes: list[str]
    keys: list[str]


async def furnished(url: str, *, sessions: int, keys: int) -> House:
    """An empty database becomes a desk with an agent, signed in by a code, for each session."""
    database = Database(url)
    try:
        await migrate(database)
        desk = Desk(database)
        await desk.add_agent(OPERATOR, LEAD, Details(capacity=0, role=Role.ADMIN))
        codes = []
        for n in range(sessions):
            who = Who("console", "local", f"agent-{n}", f"Agent {n}")
            await desk.add_agent(OPERATOR, who, Details(capacity=5, role=Role.LEAD))
            codes.append(await desk.sign_in_link(who))
        scopes = (Scope.INTAKE, Scope.TICKETS_READ)
        made = [(await desk.make_key(LEAD, f"shop {n}", scopes, None))[1] for n in range(keys)]
        return House(codes, made)
    finally:
        await database.close()


async def stored(url: str) -> list[tuple[int, str]]:
    """What customers wrote, as it is kept: ticket and text, in the order of the desk."""
    database = Database(url)
    written = select(Message.ticket_id, Message.text).where(Message.kind == Kind.MESSAGE)
    try:
        async with database.reading() as session:
            rows = await session.execute(written.order_by(Message.id))
            return [(row.ticket_id or 0, row.text) for row in rows]
    finally:
        await database.close()


@dataclass(frozen=True)
class Server:
    """A running `switchboard run`."""

    url: str
    pid: int
    log: Path

    def resident(self) -> float:
        """Its memory, in megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def busy(self) -> float:
        """The CPU seconds that it has used."""
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / TICK

    def errors(self) -> list[str]:
        """What it logged of errors."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if any(word in line for word in BAD)]


BAD = ("ERROR", "CRITICAL", "Traceback")


@contextlib.contextmanager
def running(url: str) -> Iterator[Server]:
    """The desk as a process of its own, in a folder of its own, until it is stopped."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        port = postgres.free_port()
        own = {
            "DATABASE_URL": url,
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "FILES_FOLDER": f"{folder}/files",
            "KNOWLEDGE_FOLDER": f"{folder}/knowledge",
        }
        with log.open("wb") as out:
            desk = subprocess.Popen(
                [sys.executable, "-m", "app", "run", "web"],
                env=os.environ | own,
                cwd=folder,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
            try:
                server = Server(f"http://127.0.0.1:{port}", desk.pid, log)
                _wait(server, desk)
                yield server
            finally:
                desk.terminate()
                desk.wait(STOP_WITHIN)


def _wait(server: Server, desk: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and desk.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{server.url}/health/ready").is_success:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the desk did not start: {server.log.read_text()}")
