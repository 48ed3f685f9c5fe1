"""What Slack sends becomes what the desk takes in: values in, values out, no network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bots.commands.parse import People
from core.channels import Address, IncomingMessage, Who

NAME = "slack"
SAID_BY_PEOPLE = {None, "file_share", "thread_broadcast", "me_message"}
OF_SLACK_ITSELF = "USLACKBOT"

_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_MARKED = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True)
class Home:
    """The workspace the app is installed in, and the app's own user there."""

    team: str
    bot_user: str
    enterprise: str | None = None
    name: str = ""

    def who(self, user: str, team: str | None, name: str = "") -> Who:
        """Somebody, by their own workspace: a stranger of Slack Connect is never one of ours."""
        ours = not team or team == self.enterprise
        return Who(NAME, self.team if ours or team is None else team, user, name)


@dataclass(frozen=True)
class Thread:
    """Where to post: a channel (or a person's id, for their DM), and the thread within it."""

    channel: str
    ts: str | None = None


def to_incoming(
    event: Mapping[str, Any], home: Home, names: Mapping[str, str] | None = None
) -> IncomingMessage | None:
    """A `message` or `app_mention` event, or None where it is not a person talking.

    Edits, deletions, joins, other bots and our own posts are not. ``names`` are the display names
    known so far, by user id.
    """
    if not _said_by_a_person(event, home):
        return None
    names = names or {}
    user, ts = event["user"], event["ts"]
    return IncomingMessage(
        address=address_of(event, home),
        sender=home.who(user, team_of(event), names.get(user, "")),
        external_id=f"{event['channel']}:{ts}",
        text=_text(event, home, names),
        sent_at=datetime.fromtimestamp(float(ts), UTC),
    )


def address_of(event: Mapping[str, Any], home: Home) -> Address:
    """The conversation a post belongs to.

    A person's DM is one conversation, named by the person, so that a form or a note to them is
    in the same one; so is a thread beneath the bot's own posts there. Any other thread, in a DM
    or a channel, is a conversation of its own.
    """
    thread, channel = event.get("thread_ts"), event["channel"]
    if is_direct(event) and (not thread or event.get("parent_user_id") == home.bot_user):
        return Address(NAME, home.team, event["user"])
    return Address(NAME, home.team, f"{channel}:{thread or event['ts']}")


def thread_of(address: Address) -> Thread:
    """Where a conversation of ours is on Slack."""
    channel, _, ts = address.conversation.partition(":")
    return Thread(channel, ts or None)


def is_direct(event: Mapping[str, Any]) -> bool:
    """Whether it was said to the bot alone."""
    return event.get("channel_type") == "im" or str(event["channel"]).startswith("D")


def mentions(event: Mapping[str, Any], user: str) -> bool:
    """Whether a post mentions this user."""
    return any(found[1] == user for found in _MENTION.finditer(event.get("text") or ""))


def team_of(event: Mapping[str, Any]) -> str | None:
    """The workspace of whoever wrote: in a shared channel it may be another than ours."""
    return event.get("user_team") or event.get("source_team") or event.get("team")


def unnamed(text: str) -> list[str]:
    """The ids of the people whom a text mentions without a name."""
    return [found[1] for found in _MENTION.finditer(text) if not found[2]]


def people(home: Home, names: Mapping[str, str]) -> People:
    """A reader of mentions (``<@U1|name>``) for the command table."""

    def read(text: str) -> Who | None:
        found = _MENTION.fullmatch(text)
        return (
            Who(NAME, home.team, found[1], found[2] or names.get(found[1], "")) if found else None
        )

    return read


def readable(text: str, names: Mapping[str, str]) -> str:
    """Slack's spelling of a text as a person would read it."""
    return _unescaped(_MARKED.sub(lambda found: _spelled(found[1], names), text))


def command_line(text: str) -> tuple[str, dict[str, str]]:
    """What was typed after a slash command, with mentions as ``<@U1>`` and all else readable.

    The second value are the names that came with the mentions.
    """
    names = {found[1]: found[2] for found in _MENTION.finditer(text) if found[2]}
    kept = _MARKED.sub(
        lambda found: (
            f"<{found[1].partition('|')[0]}>"
            if _MENTION.fullmatch(found[0])
            else _spelled(found[1], names)
        ),
        text,
    )
    return _unescaped(kept), names


def _said_by_a_person(event: Mapping[str, Any], home: Home) -> bool:
    user, ts, channel = event.get("user"), event.get("ts"), event.get("channel")
    if not (isinstance(user, str) and isinstance(channel, str) and isinstance(ts, str)):
        return False
    if not (user and channel and _TS.fullmatch(ts)):
        return False
    a_bot = event.get("bot_id") or user in {home.bot_user, OF_SLACK_ITSELF}
    return not a_bot and event.get("subtype") in SAID_BY_PEOPLE


def _text(event: Mapping[str, Any], home: Home, names: Mapping[str, str]) -> str:
    to_us = rf"\s*<@{re.escape(home.bot_user)}(?:\|[^<>]*)?>[\s:,]*"
    said = re.sub(f"^{to_us}", "", event.get("text") or "")
    files = [f"📎 {file.get('name') or 'a file'}" for file in event.get("files") or ()]
    return "\n".join(filter(None, [readable(said, names), *files]))


def _spelled(marked: str, names: Mapping[str, str]) -> str:
    """What stands between angle brackets: a person, a channel, a group, a date or a link."""
    target, _, label = marked.partition("|")
    kind, name = target[:1], target[1:]
    if kind == "@":
        return f"@{label or names.get(name) or name}"
    if kind == "#":
        return f"#{label or name}"
    if kind == "!":
        return label or f"@{name.partition('^')[0]}"
    link = target.removeprefix("mailto:")
    return f"{label} ({link})" if label and label not in link else link


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
