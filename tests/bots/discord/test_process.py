"""The whole process, as an operator runs it: invite, doctor, panel, and a customer who is answered."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app import logs
from app.discord import diagnosed, invitation, post_panel
from app.errors import CannotStart
from app.settings import Settings, load
from bots.discord.panel import NotPosted
from tests.app.conftest import free_port
from tests.bots.discord.conftest import ALICE, ROOT
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import Fault, StandIn
from tests.bots.discord.world import BOT, TOKEN, channel_of, readable

HELP, STAFF = 112_233_445_566_778_899, 112_233_445_566_778_900
SWITCHBOARD = [sys.executable, "-m", "app"]
ROOT_FOLDER = Path(__file__).parents[3]


@pytest.fixture
def environment(stand_in: StandIn, tmp_path: Path) -> dict[str, str]:
    for number, name in ((HELP, "help"), (STAFF, "desk")):
        stand_in.channels[number] = channel_of(number, 0, name)
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT_FOLDER),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'process.db'}",
        "DISCORD_BOT_TOKEN": TOKEN,
        "DISCORD_API_URL": f"{stand_in.url}/api/v10",
        "DISCORD_STAFF_CHANNEL": str(STAFF),
        "DISCORD_STATE_FILE": str(tmp_path / "state" / "discord.json"),
        "ADMINS": f"discord:{ROOT}",
        "HOST": "127.0.0.1",
        "PORT": "0",
    }


@contextlib.asynccontextmanager
async def switchboard(
    environment: dict[str, str], *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *SWITCHBOARD,
        *words,
        env=environment,
        cwd=Path(environment["DISCORD_STATE_FILE"]).parents[1],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
def settings_of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load()


async def test_what_the_command_line_says(settings_of: Settings, stand_in: StandIn) -> None:
    assert "client_id=900" in await invitation(settings_of)
    assert ("✓", "Staff meet in the channel #desk.") in await diagnosed(settings_of)
    await post_panel(settings_of, str(HELP))
    assert "Do you need help?" in readable(stand_in.messages[HELP][0])
    with pytest.raises(NotPosted, match="the channel is gone"):
        await post_panel(settings_of, str(HELP + 9))

    off = settings_of.model_copy(update={"discord_bot_token": SecretStr("")})
    assert await diagnosed(off) == [("–", "Discord is off: DISCORD_BOT_TOKEN is not set.")]
    with pytest.raises(CannotStart, match="Discord is off"):
        await invitation(off)
    wrong = settings_of.model_copy(update={"discord_admin_roles": "boss"})
    with pytest.raises(CannotStart, match="DISCORD_ADMIN_ROLES is 'boss'"):
        await invitation(wrong)


async def test_a_process_answers_until_it_is_stopped(
    environment: dict[str, str], stand_in: StandIn
) -> None:
    async with switchboard(environment, "migrate") as process:
        await process.communicate()
    people = People(stand_in)
    async with switchboard(environment, "run") as process:
        assert process.stdout is not None
        heard = asyncio.create_task(stand_in.until(lambda: stand_in.is_heard, within=60))
        ended = asyncio.create_task(process.wait())
        await asyncio.wait([heard, ended], return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), (await process.stdout.read()).decode()
        ended.cancel()
        await people.dm(ALICE, "my lamp flickers")
        await stand_in.until(lambda: stand_in.texts(STAFF), within=30)
        await stand_in.until(lambda: stand_in.texts(stand_in.dm(ALICE)), within=30)
        process.terminate()
        output, _ = await process.communicate()

    assert process.returncode == 0
    assert "Discord   bot user-900" in output.decode()
    assert TOKEN not in output.decode()
    assert "ticket #1" in stand_in.texts(stand_in.dm(ALICE))[0]


async def test_a_token_that_is_refused_meanwhile_ends_discord_and_nothing_else(
    environment: dict[str, str], stand_in: StandIn
) -> None:
    port = free_port()
    async with switchboard(environment, "migrate") as process:
        await process.communicate()
    async with switchboard({**environment, "PORT": str(port)}, "run") as process:
        await stand_in.until(lambda: stand_in.is_heard, within=60)
        stand_in.will("POST /users/@me/channels", Fault(status=401))
        await People(stand_in).dm(ALICE, "my lamp flickers")
        assert process.stdout is not None
        said = b""
        while b"does not accept DISCORD_BOT_TOKEN" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), 30)
            assert line, said.decode()
            said += line
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            state = (await client.get("/health/ready")).json()
        assert process.returncode is None
        assert state["channels"] == {"discord": False}
        process.terminate()
        await process.communicate()
    assert process.returncode == 0


async def test_the_fullest_log_has_no_token_and_nothing_that_platforms_say(
    settings_of: Settings, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in.names[BOT] = "canary-77c2"
    before = logging.root.handlers[:], logging.root.level
    try:
        logs.configure("DEBUG")
        assert "canary-77c2" in str(await diagnosed(settings_of))
        said = capsys.readouterr().err
    finally:
        logging.root.handlers, _ = before
        logging.root.setLevel(before[1])

    assert "canary-77c2" not in said
    assert TOKEN not in said
