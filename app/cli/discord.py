"""The commands about Discord."""

import typer

from app.cli.asking import finish, read_settings

group = typer.Typer(help="What Discord needs to be told.", no_args_is_help=True)


@group.command("invite")
def discord_invite() -> None:
    """Print the link that lets the bot into a server, with what it needs and no more."""
    from app.discord import invitation

    print(finish(invitation(read_settings())))


@group.command("panel")
def discord_panel(channel: str) -> None:
    """Post a Get help button in a channel of Discord, given by its id."""
    from app.discord import post_panel

    finish(post_panel(read_settings(), channel))
    print("The panel is there.")
