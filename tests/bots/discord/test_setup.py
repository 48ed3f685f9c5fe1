"""What is wrong with the set-up is one sentence that says what to do."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import discord as library
import pytest

from bots.commands import COMMANDS
from bots.discord.connect import Discord, connect, diagnose
from bots.discord.setup import PERMISSIONS, DiscordSettings, DiscordSetupError, channel_id, role_ids
from bots.discord.tree import mark, tree
from core.storage.database import Database
from tests.bots.discord.conftest import ALICE, BRISK, desk_behind, listening
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import Fault, StandIn
from tests.bots.discord.world import ALL, FORUM, GUILD, STAFF


async def said(settings: DiscordSettings) -> str:
    return "\n".join(f"{mark} {text}" for mark, text in await diagnose(settings))


async def test_a_set_up_that_is_right(settings: DiscordSettings, stand_in: StandIn) -> None:
    text = await said(settings)

    assert "✓ Discord knows the bot as user-900 (900)." in text
    assert "✓ Message Content Intent is on." in text
    assert "✓ The bot is in 1 server, with all it needs." in text
    assert "✓ Staff meet in the channel #staff." in text
    assert "✓ Staff meet in the forum #desk." in await said(replace(settings, staff_channel=FORUM))


async def test_what_is_missing_is_named(settings: DiscordSettings, stand_in: StandIn) -> None:
    stand_in.flags = 0
    lacking = library.Permissions(int(ALL))
    lacking.manage_threads = lacking.embed_links = False
    stand_in.permissions = str(lacking.value)
    text = await said(settings)

    assert "– The bot may not read what is written in servers" in text
    assert (
        "– In Home the bot lacks the permission Manage Threads, the permission Embed Links" in text
    )
    assert "✗ In DISCORD_STAFF_CHANNEL #staff the bot lacks the permission Manage Threads" in text


async def test_a_channels_own_rules_count(settings: DiscordSettings, stand_in: StandIn) -> None:
    denied = str(library.Permissions(send_messages=True).value)
    rules = [{"id": str(GUILD), "type": 0, "allow": "0", "deny": denied}]
    stand_in.channels[STAFF]["permission_overwrites"] = rules
    assert "lacks the permission Send Messages." in await said(settings)

    rules.append({"id": "900", "type": 1, "allow": denied, "deny": "0"})
    assert "✓ Staff meet in the channel #staff." in await said(settings)


async def test_a_staff_channel_that_is_none(settings: DiscordSettings, stand_in: StandIn) -> None:
    assert "cannot see DISCORD_STAFF_CHANNEL 404" in await said(
        replace(settings, staff_channel=404)
    )
    stand_in.channels[STAFF]["type"] = 2
    assert "neither a text channel nor a forum" in await said(settings)
    assert "DISCORD_STAFF_CHANNEL is not set" in await said(replace(settings, staff_channel=None))
    with pytest.raises(DiscordSetupError, match="it has to be an id"):
        channel_id("#staff", "DISCORD_STAFF_CHANNEL")
    with pytest.raises(DiscordSetupError, match="DISCORD_LEAD_ROLES is 'lead'"):
        role_ids("112233445566778899,lead", "DISCORD_LEAD_ROLES")


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "is not a bot's token"),
        ("Bot abc.def", "without the word Bot"),
        ("wrong.token.here", "does not accept DISCORD_BOT_TOKEN"),
    ],
)
async def test_a_wrong_token(settings: DiscordSettings, token: str, words: str) -> None:
    assert words in await said(replace(settings, bot_token=token))
    with pytest.raises(DiscordSetupError, match=words):
        await connect(replace(settings, bot_token=token), None, pace=BRISK)


async def test_discord_out_of_reach(settings: DiscordSettings, stand_in: StandIn) -> None:
    stand_in.will("GET /users/@me", *[Fault(breaks=True)] * 3)
    assert "✗ Discord cannot be reached at http://127.0.0.1" in await said(settings)


async def test_the_invitation_asks_for_what_is_needed_and_no_more(discord: Discord) -> None:
    link = urlsplit(await discord.invitation())
    asked = parse_qs(link.query)

    assert link.netloc == "discord.com"
    assert asked["client_id"] == ["900"]
    assert asked["scope"] == ["bot applications.commands"]
    needed = library.Permissions(**dict.fromkeys(PERMISSIONS, True))
    assert asked["permissions"] == [str(needed.value)]
    assert not needed.administrator


def test_the_commands_are_what_discord_takes() -> None:
    made = tree()

    assert len([each for each in made if each["type"] == 1]) <= 100
    for command in made:
        if command["type"] == 1:
            _check(command, 0)
    slash = [each["name"] for each in made]
    assert len(slash) == len(set(slash))
    names = {
        f"{each['name']} {verb['name']}" if verb.get("type") == 1 else each["name"]
        for each in made
        for inner in each.get("options") or [{}]
        for verb in (inner["options"] if inner.get("type") == 2 else [inner])
    }
    assert {each.name for each in COMMANDS.values() if each.listed} <= names
    assert mark(1) != mark(2)


async def test_more_verbs_than_discord_takes_are_in_a_group(
    settings: DiscordSettings,
    stand_in: StandIn,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bots.discord.tree.VERBS", 4)
    discord = await connect(settings, None, pace=BRISK)
    desk_behind(discord, database)
    async with listening(discord, stand_in):
        (ticket,) = [each for each in stand_in.commands if each["name"] == "ticket"]
        assert [each["type"] for each in ticket["options"]] == [1, 1, 1, 2]
        people = People(stand_in)
        token = await people.slash(ALICE, "ticket why", ticket=1)
        assert "for the support team" in await people.answer(token)
    await discord.close()


def _check(command: dict[str, object], depth: int) -> None:
    """https://discord.com/developers/docs/interactions/application-commands"""
    name, description = str(command["name"]), str(command["description"])
    assert 1 <= len(name) <= 32, name
    assert name == name.lower().replace(" ", "")
    assert 1 <= len(description) <= 100, name
    options = command.get("options") or []
    assert isinstance(options, list)
    assert len(options) <= 25, name
    required = [bool(each.get("required")) for each in options]
    assert required == sorted(required, reverse=True), name
    for each in options:
        assert len(each.get("choices") or ()) <= 25
        assert not (each.get("choices") and each.get("autocomplete"))
        _check(each, depth + 1)
