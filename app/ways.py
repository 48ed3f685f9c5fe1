"""The platforms by which staff sign in on the pages, as the settings name them."""

from collections.abc import Sequence

from app.errors import CannotStart
from app.settings import Settings
from web.ways import AT, Way


def ways(settings: Settings) -> Sequence[Way]:
    """Those that are on. Raises `CannotStart` where a client id has no secret."""
    slack, discord = settings.slack_sign_in_id, settings.discord_sign_in_id
    found: list[Way] = []
    if slack:
        from bots.slack.signing_in import SlackSignIn

        secret = settings.slack_sign_in_secret.get_secret_value()
        _needed(secret, "SLACK_SIGN_IN")
        found.append(SlackSignIn(slack, secret, api_url=settings.slack_api_url))
    if discord:
        from bots.discord.signing_in import DiscordSignIn

        secret = settings.discord_sign_in_secret.get_secret_value()
        _needed(secret, "DISCORD_SIGN_IN")
        found.append(DiscordSignIn(discord, secret, api_url=settings.discord_api_url))
    return found


def diagnosed(settings: Settings) -> list[tuple[str, str]]:
    """By what staff can sign in, for the doctor."""
    try:
        there = ways(settings)
    except CannotStart as error:
        return [("✗", str(error))]
    if not there:
        return [("–", "Staff sign in by one-time links only: SLACK_SIGN_IN_ID is not set.")]
    return [
        ("✓", f"Staff can sign in with {each.label}; its way back is {_back(settings, each)}")
        for each in there
    ]


def _back(settings: Settings, way: Way) -> str:
    return f"{settings.url}{AT}/{way.name}/back"


def _needed(secret: str, name: str) -> None:
    if not secret:
        raise CannotStart(f"{name}_ID needs {name}_SECRET.")
