"""What a failed call to Discord means for what was to be sent: never, later, or nobody knows.

https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

import math
from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import discord

from core.channels import TryLater, Uncertain, Undeliverable

FOR_GOOD: Mapping[int, str] = {
    10003: "the channel is gone",
    10004: "the server is gone, or the bot was removed from it",
    10008: "the message is gone",
    10013: "Discord knows no such person",
    10014: "Discord has no such emoji",
    20016: "the channel is read too slowly for this",
    20026: "Discord has put the bot in quarantine",
    40005: "the file is too large for Discord",
    50001: "the bot cannot see this channel: let it in",
    50005: "it was written by somebody else",
    50006: "there is nothing in it",
    50007: "the person does not take direct messages from the bot",
    50008: "nothing can be written in such a channel",
    50013: "the bot lacks a permission there: see switchboard doctor",
    50024: "this cannot be done in such a channel",
    50035: "Discord could not read the message",
    50068: "Discord does not take this kind of message there",
    50278: "the person shares no server with the bot, or does not take its messages",
    90001: "the person has blocked reactions",
    160005: "the thread is locked, and the bot may not open it: give it Manage Threads",
    200000: "the server's AutoMod refused the text",
    200001: "the server's AutoMod refused the title",
    220003: "nothing can be posted in this channel",
    240000: "Discord refuses a link in it",
}
"""Answers that another try will not change."""

GONE = {10003, 10008}
ARCHIVED = {50083, 160005}
"""The thread has to be opened before anything can be written in it."""
TOO_LARGE = {40005, 413}

UNTIL_MENDED = timedelta(minutes=1)
NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

FAILURES = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
"""Everything that a call to Discord can end with."""


def meaning(error: Exception) -> Undeliverable | TryLater | Uncertain:
    """One of the three ends of `core.channels` for one of `FAILURES`."""
    if isinstance(error, discord.RateLimited):
        return TryLater("Discord asks for a pause", after=pause(error.retry_after))
    if isinstance(error, discord.HTTPException):
        return _answered(error)
    if isinstance(error, NOT_CONNECTED):
        return TryLater(f"Discord cannot be reached ({error})")
    return Uncertain(f"the connection to Discord broke ({type(error).__name__}: {error})")


def _answered(error: discord.HTTPException) -> Undeliverable | TryLater | Uncertain:
    if error.status == 429:
        return TryLater("Discord asks for a pause", after=UNTIL_MENDED)
    if error.status == 401:
        return TryLater(
            "Discord does not take the token: see switchboard doctor", after=UNTIL_MENDED
        )
    if error.status >= 500:
        return Uncertain(f"Discord stumbled (HTTP {error.status})")
    if error.code in FOR_GOOD:
        return Undeliverable(f"{error.code}: {FOR_GOOD[error.code]}")
    if error.status in {403, 404, 413}:
        return Undeliverable(f"{error.code}: {error.text or 'Discord refuses it'}")
    return TryLater(f"Discord said {error.code}: {error.text}")


def code_of(error: BaseException | None) -> int:
    """Discord's own number for what went wrong, also behind an end that `meaning` gave; 0 for none."""
    if isinstance(error, discord.HTTPException):
        return error.code or error.status
    cause = error.__cause__ if error is not None else None
    return code_of(cause) if cause is not None else 0


def pause(seconds: float) -> timedelta:
    """How long Discord asks to wait."""
    known = math.isfinite(seconds) and seconds > 0
    return timedelta(seconds=min(seconds, 3_600)) if known else timedelta(seconds=1)
