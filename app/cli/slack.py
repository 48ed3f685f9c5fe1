"""The command about Slack."""

import json
from typing import Annotated

import typer

group = typer.Typer(help="What Slack needs to be told.", no_args_is_help=True)


@group.command("manifest")
def slack_manifest(
    url: Annotated[
        str, typer.Option(help="The public address, for HTTP; empty: Socket Mode.")
    ] = "",
) -> None:
    """Print the manifest to create the Slack app from, drawn from the table of commands."""
    from bots.slack.manifest import manifest

    print(json.dumps(manifest(url or None), indent=2, ensure_ascii=False))
