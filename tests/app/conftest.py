"""The command line as a user runs it: in a folder of its own, with nothing set but what it says."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app

ROOT = Path(__file__).parent.parent.parent
START_WITHIN = 60  # seconds
ARTICLE = """---
title: Reset your password
phrasings:
  - how do I reset my password
  - forgot my password
  - I cannot log in
---
Press *Forgot your password?* and follow the link.
"""


@dataclass
class CommandLine:
    """Runs `switchboard …` in this process, on a database in a folder of its own."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(app, list(words), env={**self.env, **env})

    def json(self, *words: str, **env: str) -> dict[str, Any]:
        """The answer to a command that can say it as JSON."""
        result = self(*words, "--json", **env)
        assert result.stdout, result.stderr
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """`switchboard …` in a process of its own."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "app", *words],
            env={**os.environ, **self.env, "PYTHONPATH": str(ROOT), **env},
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line whose database is not there yet."""
    monkeypatch.chdir(tmp_path)
    for name in ("ADMINS", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "CONSOLE"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/desk.db"})


@pytest.fixture
def desk_cli(cli: CommandLine) -> CommandLine:
    """A command line with an empty, migrated desk and one article."""
    assert cli("migrate").exit_code == 0
    folder = cli.folder / "articles"
    folder.mkdir()
    (folder / "reset-password.md").write_text(ARTICLE, encoding="utf-8")
    assert cli("kb", "import", str(folder)).exit_code == 0
    return cli


Starter = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def running(cli: CommandLine) -> Iterator[Starter]:
    """Starts `switchboard run` and waits until it is ready; stopped at the end, by us alone."""
    started: list[subprocess.Popen[str]] = []

    def start(**env: str) -> subprocess.Popen[str]:
        port = str(free_port())
        cli.env["PORT"] = port
        process = cli.start("run", **env)
        started.append(process)
        _wait_until_ready(process, port)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[str], port: str) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the desk did not become ready")
