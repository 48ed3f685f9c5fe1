"""Slack for this process: connected by the settings, or left off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import CannotStart
from app.setting_values import read_reactions
from app.settings import Settings
from app.slack_store import SlackStore
from bots.slack.connect import Slack, SlackSettings, SlackSetupError, connect
from core.storage.database import Database


@asynccontextmanager
async def connected_slack(
    settings: Settings, database: Database | None = None
) -> AsyncIterator[Slack | None]:
    """Slack, if it is set; with the database, in every workspace that installed it as well.

    Raises `CannotStart` with what a token lacks.
    """
    if not settings.slack_is_on:
        yield None
        return
    secret = settings.secret_key.get_secret_value()
    if settings.slack_client_id and not (settings.slack_client_secret and secret):
        raise CannotStart(
            "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET, and SECRET_KEY, under which tokens are kept."
        )
    try:
        slack = await connect(
            slack_settings(settings),
            store=SlackStore(database, secret) if database and settings.slack_client_id else None,
            reactions=read_reactions(settings.slack_reactions),
        )
    except SlackSetupError as error:
        raise CannotStart(str(error)) from error
    try:
        yield slack
    finally:
        await slack.close()


def slack_settings(settings: Settings) -> SlackSettings:
    """The part of the settings that Slack is connected by."""
    return SlackSettings(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value() or None,
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        staff_channel=settings.slack_staff_channel or None,
        api_url=settings.slack_api_url or None,
        client_id=settings.slack_client_id or None,
        client_secret=settings.slack_client_secret.get_secret_value() or None,
        site=settings.url,
    )


async def on_socket(slack: Slack) -> None:
    """Slack's Socket Mode, for ever. Raises `CannotStart` where the app token is refused."""
    try:
        await slack.run_socket()
    except SlackSetupError as error:
        raise CannotStart(str(error)) from error
