"""What a wrong set-up is told at the start and by the doctor: one sentence that says what to do."""

import json
from typing import Any

import pytest

from bots.commands import COMMANDS
from bots.slack.connect import SlackSettings, SlackSetupError, connect, diagnose
from bots.slack.manifest import HELPFUL, NEEDED, manifest
from tests.bots.slack.stand_in import (
    ALL_SCOPES,
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    STAFF,
    Fault,
    StandIn,
)

RIGHT: dict[str, Any] = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "staff_channel": STAFF}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bot_token": "xapp-1"}, "SLACK_BOT_TOKEN is not a bot's token: it begins with xoxb-"),
        ({"bot_token": "xoxb-wrong"}, "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)."),
        ({"app_token": "xapp-wrong"}, "Slack does not accept SLACK_APP_TOKEN (invalid_auth)."),
        ({"app_token": None}, "Slack has no way to reach the desk: set SLACK_APP_TOKEN"),
        ({"staff_channel": "#desk"}, "SLACK_STAFF_CHANNEL is '#desk'; it has to be a channel's id"),
        ({"staff_channel": "C404"}, "The app cannot see SLACK_STAFF_CHANNEL C404: /invite it"),
        ({"staff_channel": "C0OUT"}, "The app is not in SLACK_STAFF_CHANNEL #out: /invite it"),
        ({"staff_channel": "C0OLD"}, "SLACK_STAFF_CHANNEL #old is archived."),
        ({"api_url": "http://127.0.0.1:1"}, "Slack cannot be reached at http://127.0.0.1:1/api/"),
    ],
)
async def test_a_wrong_setting_is_one_sentence(
    stand_in: StandIn, changes: dict[str, Any], sentence: str
) -> None:
    stand_in.channels["C0OUT"] = {"id": "C0OUT", "name": "out", "is_member": False}
    stand_in.channels["C0OLD"] = {"id": "C0OLD", "name": "old", "is_archived": True}
    settings = {**RIGHT, "api_url": stand_in.url, **changes}

    with pytest.raises(SlackSetupError) as refused:
        await connect(SlackSettings(**settings))
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)
    assert ("✗", str(refused.value)) in await diagnose(SlackSettings(**settings))


async def test_a_missing_scope_is_named_with_what_it_is_for(stand_in: StandIn) -> None:
    stand_in.scopes = ALL_SCOPES.replace("chat:write,", "")

    with pytest.raises(SlackSetupError, match=r"lacks the scope chat:write \(write messages\)"):
        await connect(SlackSettings(**RIGHT, api_url=stand_in.url))


async def test_a_scope_that_only_helps_is_a_warning(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.scopes = ",".join(NEEDED)
    slack = await connect(SlackSettings(**RIGHT, api_url=stand_in.url))
    await slack.close()

    assert "lacks the scopes channels:history" in caplog.text


async def test_slack_in_trouble_at_the_start_is_one_sentence(stand_in: StandIn) -> None:
    for fault in (Fault(status=503, html=True), Fault(html=True), Fault(breaks=True, status=1)):
        stand_in.will("auth.test", fault)
        with pytest.raises(SlackSetupError, match="Slack cannot be reached at"):
            await connect(SlackSettings(**RIGHT, api_url=stand_in.url))


async def test_a_staff_channel_that_cannot_be_looked_at_is_no_obstacle(stand_in: StandIn) -> None:
    stand_in.will("conversations.info", Fault(error="missing_scope"))
    slack = await connect(SlackSettings(**RIGHT, api_url=stand_in.url))
    await slack.close()

    assert slack.staff_room is not None


async def test_the_doctor_says_what_is_well(stand_in: StandIn) -> None:
    assert await diagnose(SlackSettings(**RIGHT, api_url=stand_in.url)) == [
        ("✓", "Slack knows the app as U0BOT in Home."),
        ("✓", "Staff meet in #desk."),
        ("✓", "Socket Mode can be opened."),
    ]
    by_http: dict[str, Any] = {
        "bot_token": BOT_TOKEN,
        "signing_secret": SECRET,
        "api_url": stand_in.url,
    }
    assert await diagnose(SlackSettings(**by_http)) == [
        ("✓", "Slack knows the app as U0BOT in Home."),
        ("–", "SLACK_STAFF_CHANNEL is not set: agents get direct messages only."),
        ("✓", "Slack sends to /slack/events, signed."),
    ]


async def test_what_is_connected_says_where(stand_in: StandIn) -> None:
    slack = await connect(SlackSettings(**RIGHT, signing_secret=SECRET, api_url=stand_in.url))
    await slack.close()

    assert slack.description == "workspace Home, Socket Mode and HTTP at /slack/events"
    assert len(slack.routes()) == 1


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, "https://slack.com/api/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/api/"),
        ("http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api/"),
        ("https://slack.com/api/", "https://slack.com/api/"),
    ],
)
def test_the_address_of_the_api(given: str | None, used: str) -> None:
    assert SlackSettings(BOT_TOKEN, api_url=given).base_url == used


def test_the_manifest_has_every_command_and_asks_for_what_is_used() -> None:
    made = manifest()
    commands = {each["command"]: each for each in made["features"]["slash_commands"]}

    assert set(commands) == {f"/{each.word}" for each in COMMANDS.values() if each.listed}
    assert all(each["should_escape"] for each in commands.values())
    assert "claim" in commands["/ticket"]["usage_hint"]
    assert commands["/support"]["usage_hint"] == "<text>"
    assert set(made["oauth_config"]["scopes"]["bot"]) == {*NEEDED, *HELPFUL}
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(made["features"]["slash_commands"])


def test_the_manifest_for_http_says_where_to() -> None:
    made = manifest("https://desk.example/")

    assert made["settings"]["socket_mode_enabled"] is False
    addresses = {
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
        *(each["url"] for each in made["features"]["slash_commands"]),
    }
    assert addresses == {"https://desk.example/slack/events"}
