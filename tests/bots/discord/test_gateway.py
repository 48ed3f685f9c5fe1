"""The connection: whatever becomes of it, what was said is taken in once and in order."""

import asyncio
import json
import os
import random
from pathlib import Path

import pytest

from bots.discord.connect import Discord, connect
from bots.discord.memory import SESSIONS, Memory
from bots.discord.setup import DiscordSettings, DiscordSetupError
from core.desk import Desk
from core.storage.database import Database
from tests.bots.discord.conftest import (
    ALICE,
    BOB,
    BRISK,
    ON_BOTH,
    desk_behind,
    eventually,
    heard,
    kept_messages,
    listening,
)
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import Fault, StandIn
from tests.bots.discord.world import GENERAL, Json

CUTS = int(os.environ.get("DISCORD_CUTS", "20"))


def texts(messages: list[Json]) -> list[str]:
    return [each["content"] for each in messages]


async def stored(desk: Desk, user: int) -> list[str]:
    """What the desk has of one person, in its order."""
    return [each.text for each in await kept_messages(desk) if each.conversation == str(user)]


@ON_BOTH
async def test_what_was_said_during_a_kill_is_read_once_at_the_next_start(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    people = People(stand_in)
    first = await connect(settings, state, pace=BRISK)
    desk = desk_behind(first, database)
    async with listening(first, stand_in):
        await heard(desk, await people.dm(ALICE, "before"), await people.dm(BOB, "before"))
    await first.close()

    missed = [await people.dm((ALICE, BOB)[n % 2], f"missed {n}") for n in range(100)]

    second = await connect(settings, state, pace=BRISK)
    desk = desk_behind(second, database)
    async with listening(second, stand_in):
        await heard(desk, *missed, await people.dm(ALICE, "after"))
    await second.close()

    evens = [f"missed {n}" for n in range(0, 100, 2)]
    assert await stored(desk, ALICE) == ["before", *evens, "after"]
    assert await stored(desk, BOB) == ["before", *(f"missed {n}" for n in range(1, 100, 2))]


async def test_a_mention_during_a_kill_is_found_in_its_channel(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    people = People(stand_in)
    first = await connect(settings, state, pace=BRISK)
    desk = desk_behind(first, database)
    async with listening(first, stand_in):
        await people.say(BOB, GENERAL, "good morning")
        await heard(desk, await people.mention(BOB, GENERAL, "my radio hums"))
    await first.close()
    stand_in.sessions.clear()

    missed = await people.mention(ALICE, GENERAL, "my lamp flickers")
    last = await people.say(BOB, GENERAL, "not for the bot")
    stand_in.channels[GENERAL]["last_message_id"] = last["id"]

    second = await connect(settings, state, pace=BRISK)
    desk = desk_behind(second, database)
    async with listening(second, stand_in):
        await heard(desk, missed)
    await second.close()

    texts = [each.text for each in await kept_messages(desk)]
    assert texts == ["my radio hums", "my lamp flickers"]
    assert len([each for each in stand_in.channels.values() if each["type"] == 12]) == 2


@pytest.mark.timeout(60 + 10 * CUTS)
async def test_cuts_while_messages_flow_lose_nothing_and_double_nothing(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    dice = random.Random(4)
    said: list[Json] = [await people.dm(ALICE, "hello there, my lamp flickers")]
    await heard(desk, *said)
    for number in range(CUTS):
        said += [await people.dm(ALICE, f"{number}.{n} before") for n in range(2)]
        await _break(stand_in, dice.choice(("cut", "forgotten", "reconnect", "invalid", "ended")))
        said += [await people.dm(ALICE, f"{number}.{n} meanwhile") for n in range(2)]
        await stand_in.until(lambda: stand_in.is_heard)
        said.append(await people.dm(ALICE, f"{number} after"))
    await heard(desk, *said, within=30 + CUTS)

    assert await stored(desk, ALICE) == texts(said)


async def _break(stand_in: StandIn, how: str) -> None:
    if how in {"cut", "forgotten"}:
        await stand_in.cut(forget=how == "forgotten")
    else:
        op, data = {"reconnect": (7, None), "invalid": (9, True), "ended": (9, False)}[how]
        await stand_in.tell_all(op, data)
        await asyncio.sleep(0.05)


async def test_two_messages_a_moment_apart_from_somebody_new_are_one_ticket_in_order(
    people: People, desk: Desk
) -> None:
    said = [await people.dm(ALICE, "my lamp flickers"), await people.dm(ALICE, "since yesterday")]
    await heard(desk, *said)

    messages = await kept_messages(desk)
    assert [each.text for each in messages] == texts(said)
    assert {each.ticket_id for each in messages} == {1}


async def test_a_first_connection_that_fails_is_tried_again(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    stand_in.will("GET /gateway/bot", Fault(status=403), Fault(breaks=True), Fault(status=403))
    discord = await connect(settings, state, pace=BRISK)
    desk = desk_behind(discord, database)
    async with listening(discord, stand_in):
        await heard(desk, await People(stand_in).dm(ALICE, "my lamp flickers"))
        assert discord.is_connected
    await discord.close()


async def test_a_desk_starts_while_discord_is_down(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    stand_in.will("GET /users/@me", *[Fault(breaks=True)] * 3)
    discord = await connect(settings, state, pace=BRISK)
    assert discord.description == "not reached yet"
    desk = desk_behind(discord, database)
    async with listening(discord, stand_in):
        await heard(desk, await People(stand_in).dm(ALICE, "my lamp flickers"))
    await discord.close()


async def test_a_refused_token_is_one_sentence_and_the_end(
    settings: DiscordSettings, state: Path, discord: Discord, desk: Desk, stand_in: StandIn
) -> None:
    stand_in.refuse_identify = 4004
    with pytest.raises(DiscordSetupError, match="does not accept DISCORD_BOT_TOKEN"):
        async with asyncio.timeout(10):
            await discord.run_gateway()
    assert len(stand_in.identifies) == 1


async def test_a_token_that_is_refused_while_we_run_stops_everything(
    discord: Discord, desk: Desk, stand_in: StandIn
) -> None:
    running = asyncio.create_task(discord.run_gateway())
    await stand_in.until(lambda: stand_in.is_heard)
    await heard(desk, await People(stand_in).dm(ALICE, "my lamp flickers"))
    stand_in.will("POST /users/@me/channels", Fault(status=401))
    await desk.courier.deliver_due()

    with pytest.raises(DiscordSetupError, match="does not accept"):
        await asyncio.wait_for(running, 10)
    calls = len(stand_in.calls)
    await desk.courier.deliver_due()
    assert len(stand_in.calls) == calls


async def test_without_the_privileged_intent_it_connects_and_says_so(
    settings: DiscordSettings,
    state: Path,
    database: Database,
    stand_in: StandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stand_in.flags = 0
    discord = await connect(settings, state, pace=BRISK)
    desk_behind(discord, database)
    async with listening(discord, stand_in):
        assert not stand_in.identifies[0]["intents"] & 1 << 15
    await discord.close()

    assert "turn on Message Content Intent" in caplog.text
    assert stand_in.identifies[0]["intents"] == 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13


async def test_an_intent_refused_at_the_gateway_is_gone_without(
    people: People, discord: Discord, desk: Desk, stand_in: StandIn
) -> None:
    assert stand_in.identifies[-1]["intents"] & 1 << 15
    stand_in.refuse_identify = 4014
    await stand_in.cut(forget=True)
    await stand_in.until(lambda: len(stand_in.identifies) > 1)
    stand_in.refuse_identify = None
    await stand_in.until(lambda: stand_in.is_heard)

    assert not stand_in.identifies[-1]["intents"] & 1 << 15


async def test_shards_are_as_many_as_discord_advises_and_direct_messages_come_by_the_first(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    stand_in.shards = 3
    discord = await connect(settings, state, pace=BRISK)
    desk = desk_behind(discord, database)
    people = People(stand_in)
    async with listening(discord, stand_in):
        await stand_in.until(lambda: len(stand_in.sessions) == 3)
        await heard(desk, await people.dm(ALICE, "my lamp flickers"))
        await people.mention(BOB, GENERAL, "mine too")
        await stand_in.until(lambda: stand_in.called(rf"POST /channels/{GENERAL}/threads"))
        await eventually(lambda: discord.is_connected)
    await discord.close()
    assert sorted(each["shard"] for each in stand_in.identifies) == [[0, 3], [1, 3], [2, 3]]


def test_sessions_are_counted_over_restarts(tmp_path: Path) -> None:
    now = 1_000_000.0
    path = tmp_path / "discord.json"
    for _ in range(SESSIONS - 1):
        Memory(path, clock=lambda: now).begins()
    again = Memory(path, clock=lambda: now)
    assert again.wait == 0
    again.begins()
    assert Memory(path, clock=lambda: now).wait == 86_400
    assert Memory(path, clock=lambda: now + 86_401).wait == 0


def test_failures_are_remembered_over_restarts(tmp_path: Path) -> None:
    now = 1_000_000.0
    path = tmp_path / "discord.json"
    pauses = [Memory(path, clock=lambda: now).failed() for _ in range(12)]

    assert pauses[3] > pauses[0] * 4
    assert max(pauses) <= 300 * 1.2
    assert Memory(path, clock=lambda: now).wait > 200
    Memory(path, clock=lambda: now).succeeded()
    assert Memory(path, clock=lambda: now).wait == 0


def test_a_broken_state_file_begins_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "discord.json"
    path.write_text("{")
    assert Memory(path).wait == 0
    assert "cannot be read" in caplog.text
    path.write_text(json.dumps([1]))
    assert Memory(path).wait == 0


async def test_too_many_sessions_wait_for_the_next_day(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    memory = Memory(state)
    for _ in range(SESSIONS):
        memory.begins()
    discord = await connect(settings, state, pace=BRISK)
    desk_behind(discord, database)
    running = asyncio.create_task(discord.run_gateway())
    await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await discord.close()

    assert not stand_in.identifies


async def test_commands_are_told_only_when_they_are_others(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    for _ in range(2):
        discord = await connect(settings, state, pace=BRISK)
        desk_behind(discord, database)
        async with listening(discord, stand_in):
            pass
        await discord.close()
        stand_in.sessions.clear()
    assert len(stand_in.called("PUT /applications/900/commands")) == 1

    Memory(state).keep("commands", "others")
    discord = await connect(settings, state, pace=BRISK)
    desk_behind(discord, database)
    async with listening(discord, stand_in):
        pass
    await discord.close()
    assert len(stand_in.called("PUT /applications/900/commands")) == 2


async def test_what_cannot_be_read_is_not_the_end(
    people: People, desk: Desk, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    await heard(desk, await people.dm(ALICE, "before"))
    strange = stand_in.message(ALICE, stand_in.dm(ALICE), "strange", attachments=[{"id": "1"}])
    await stand_in.emit_message(strange)
    await stand_in.until(lambda: len(stand_in.identifies) > 1)
    await stand_in.until(lambda: stand_in.is_heard)
    await heard(desk, await people.dm(ALICE, "after"))

    assert "in a way nobody foresaw" in caplog.text
    assert "is left out" in caplog.text
    assert await stored(desk, ALICE) == ["before", "after"]
