"""Slack for this process: connected by the settings, or left off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import CannotStart
from app.settings import Settings
from bots.slack.connect import Slack, connect
from bots.slack.setup import SlackSetupError


@asynccontextmanager
async def connected_slack(settings: Settings) -> AsyncIterator[Slack | None]:
    """Slack, if a bot token is set. Raises `CannotStart` with what a token lacks."""
    if not settings.slack_is_on:
        yield None
        return
    try:
        slack = await connect(
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value() or None,
            signing_secret=settings.slack_signing_secret.get_secret_value() or None,
            staff_channel=settings.slack_staff_channel or None,
            api_url=settings.slack_api_url or None,
        )
    except SlackSetupError as error:
        raise CannotStart(str(error)) from error
    try:
        yield slack
    finally:
        await slack.close()


async def on_socket(slack: Slack) -> None:
    """Slack's Socket Mode, for ever. Raises `CannotStart` where the app token is refused."""
    try:
        await slack.run_socket()
    except SlackSetupError as error:
        raise CannotStart(str(error)) from error
