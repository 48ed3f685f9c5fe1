"""What Slack sends becomes what the desk takes in: values in, values out, no network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bots.commands.parse import People
from bots.slack import emojis, reading
from core.channels import (
    Address,
    IncomingDeletion,
    IncomingEdit,
    IncomingFile,
    IncomingMessage,
    IncomingReaction,
    Who,
)

NAME = "slack"
SAID_BY_PEOPLE = {None, "file_share", "thread_broadcast", "me_message"}
OF_SLACK_ITSELF = "USLACKBOT"

_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Home:
    """The workspace the app is installed in, and the app's own user there."""

    team: str
    bot_user: str
    enterprise: str | None = None
    name: str = ""

    def who(self, user: str, team: str | None, name: str = "", picture: str = "") -> Who:
        """Somebody, by their own workspace: a stranger of Slack Connect is never one of ours."""
        ours = not team or team == self.enterprise
        return Who(NAME, self.team if ours or team is None else team, user, name, picture)


@dataclass(frozen=True)
class Thread:
    """Where to post: a channel (or a person's id, for their DM), and the thread within it."""

    channel: str
    ts: str | None = None


def to_incoming(
    event: Mapping[str, Any],
    home: Home,
    names: Mapping[str, str] | None = None,
    picture: str = "",
) -> IncomingMessage | None:
    """A `message` or `app_mention` event, or None where it is not a person talking.

    Edits, deletions, joins, other bots and our own posts are not. ``names`` are the display names
    known so far, by user id, and ``picture`` the address of the writer's.
    """
    if not said_by_a_person(event, home):
        return None
    names = names or {}
    user, ts = event["user"], event["ts"]
    return IncomingMessage(
        address=address_of(event, home),
        sender=home.who(user, team_of(event), names.get(user, ""), picture),
        external_id=f"{event['channel']}:{ts}",
        text=_text(event, home, names),
        sent_at=datetime.fromtimestamp(float(ts), UTC),
        files=files_of(event, home),
        under=_root_of(event),
    )


def to_edit(
    event: Mapping[str, Any], home: Home, names: Mapping[str, str] | None = None
) -> IncomingEdit | None:
    """A ``message_changed`` event in which a person changed their words, or None.

    Slack says the same where it has only added a preview: then nothing says when it was edited.
    """
    post = _inner(event, "message")
    edited = str((post.get("edited") or {}).get("ts"))
    if not _TS.fullmatch(edited) or not said_by_a_person(post, home):
        return None
    names = names or {}
    return IncomingEdit(
        address=address_of(post, home),
        external_id=f"{post['channel']}:{post['ts']}",
        by=home.who(post["user"], team_of(post), names.get(post["user"], "")),
        text=_text(post, home, names),
        edited_at=datetime.fromtimestamp(float(edited), UTC),
        to_us=is_to_us(post, home),
    )


def to_deletion(event: Mapping[str, Any], home: Home) -> IncomingDeletion | None:
    """A ``message_deleted`` event, or what Slack says where a thread hung beneath the post.

    Slack does not say who did it; only the writer and moderators can.
    """
    post = _inner(event, "previous_message")
    gone = event.get("deleted_ts") or (event.get("message") or {}).get("ts")
    is_gone = event.get("subtype") == "message_deleted" or is_tombstone(event)
    if not is_gone or gone != post.get("ts") or not said_by_a_person(post, home):
        return None
    return IncomingDeletion(
        address=address_of(post, home),
        external_id=f"{post['channel']}:{post['ts']}",
        to_us=is_to_us(post, home),
    )


def to_reaction(event: Mapping[str, Any], home: Home) -> IncomingReaction | None:
    """A ``reaction_added`` or ``reaction_removed`` event on a post, or None.

    Slack does not tell the thread of the post; the desk knows where its posts are.
    """
    on, user = event.get("item") or {}, event.get("user")
    if on.get("type") != "message" or not isinstance(user, str) or user == home.bot_user:
        return None
    if not (isinstance(on.get("channel"), str) and _TS.fullmatch(str(on.get("ts")))):
        return None
    post = {"channel": on["channel"], "ts": on["ts"], "user": user}
    return IncomingReaction(
        address=address_of(post, home),
        external_id=f"{on['channel']}:{on['ts']}",
        by=home.who(user, event.get("user_team")),
        emoji=emojis.character(str(event.get("reaction") or "")),
        added=event.get("type") == "reaction_added",
    )


def files_of(post: Mapping[str, Any], home: Home) -> tuple[IncomingFile, ...]:
    """The files that hang on a post. Their source is the workspace and Slack's id of the file."""
    return tuple(
        IncomingFile(
            name=str(each.get("name") or each.get("title") or "file")[:255],
            source=f"{home.team}:{each['id']}",
            content_type=str(each.get("mimetype") or ""),
            size=each["size"] if isinstance(each.get("size"), int) else None,
        )
        for each in post.get("files") or ()
        if isinstance(each, Mapping) and isinstance(each.get("id"), str)
    )


def is_tombstone(event: Mapping[str, Any]) -> bool:
    """Whether a post was deleted beneath which a thread goes on."""
    return (event.get("message") or {}).get("subtype") == "tombstone"


def is_to_us(post: Mapping[str, Any], home: Home) -> bool:
    """Whether a post was written to the bot: in a DM, or with a mention."""
    return is_direct(post) or mentions(post, home.bot_user)


def _inner(event: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    """The post within an event about a post, with what stands beside it."""
    beside = {name: event[name] for name in ("channel", "channel_type") if name in event}
    inner = event.get(part)
    return {**inner, **beside} if isinstance(inner, Mapping) else {}


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


def _root_of(event: Mapping[str, Any]) -> str | None:
    """The post beneath which this one stands, if it does."""
    root = str(event.get("thread_ts"))
    is_beneath = _TS.fullmatch(root) and root != event["ts"]
    return f"{event['channel']}:{root}" if is_beneath else None


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


def command_line(text: str) -> tuple[str, dict[str, str]]:
    """What was typed after a slash command, with mentions as ``<@U1>`` and all else readable.

    The second value are the names that came with the mentions.
    """
    names = {found[1]: found[2] for found in _MENTION.finditer(text) if found[2]}
    parts, end = [], 0
    for found in _MENTION.finditer(text):
        parts += [reading.readable(text[end : found.start()], names), f"<@{found[1]}>"]
        end = found.end()
    return "".join([*parts, reading.readable(text[end:], names)]), names


def said_by_a_person(event: Mapping[str, Any], home: Home) -> bool:
    """Whether a post is a person's own: no bot's, and nothing that Slack says by itself."""
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
    return reading.markdown(said, names)
