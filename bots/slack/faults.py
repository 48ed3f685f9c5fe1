"""What a failed call to Slack means for what was to be sent: never, later, or nobody knows."""

import logging
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from core.channels import TryLater, Uncertain, Undeliverable

FOR_GOOD: Mapping[str, str] = {
    "account_inactive": "the app or the person was deactivated in Slack",
    "as_user_not_supported": "Slack does not let this app write there",
    "cannot_dm_bot": "this is another bot; bots cannot be written to",
    "cannot_reply_to_message": "this thread takes no replies",
    "channel_not_found": "the conversation is gone, or the app was never in it",
    "ekm_access_denied": "the workspace's administrators have suspended access",
    "invalid_blocks": "Slack could not read the card",
    "is_archived": "the channel is archived",
    "messages_tab_disabled": "the app's Messages tab is switched off: see App Home in its settings",
    "metadata_too_large": "the card's metadata is too large",
    "msg_blocks_too_long": "the card is too long for Slack",
    "msg_too_long": "the text is too long for Slack",
    "no_permission": "the app may not write there",
    "no_text": "there is nothing in it",
    "not_in_channel": "the app is not in this channel: /invite it there",
    "restricted_action": "the workspace does not let the app write there",
    "restricted_action_non_threadable_channel": "this channel has no threads",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_locked": "the thread is locked",
    "thread_not_found": "the thread is gone",
    "user_disabled": "the person was deactivated in Slack",
    "user_not_found": "Slack knows no such person",
    "user_not_visible": "Slack does not let the app see this person",
    "users_not_found": "Slack knows no such person",
}
"""Answers that another try will not change."""

OUR_SETUP = {
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}
"""The app's own rights: an operator can mend them, and then it is sent."""

PERHAPS_DONE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack stumbled, and says itself that it may have done it nevertheless."""

UNTIL_MENDED = timedelta(minutes=1)
NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

FAILURES = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
"""Everything that a call to Slack can end with."""


def meaning(error: Exception) -> Undeliverable | TryLater | Uncertain:
    """One of the three ends of `core.channels` for one of `FAILURES`."""
    if isinstance(error, SlackApiError):
        return _answered(error, code_of(error), status_of(error))
    if isinstance(error, NOT_CONNECTED):
        return TryLater(f"Slack cannot be reached ({error})")
    return Uncertain(f"the connection to Slack broke ({type(error).__name__}: {error})")


def _answered(
    error: SlackApiError, code: str | None, status: int
) -> Undeliverable | TryLater | Uncertain:
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return TryLater("Slack asks for a pause", after=retry_after(error))
    if code is None or status >= 500 or code in PERHAPS_DONE:
        return Uncertain(f"Slack stumbled ({code or f'HTTP {status}, nothing to read'})")
    if code in FOR_GOOD:
        return Undeliverable(f"{code}: {FOR_GOOD[code]}")
    if code in OUR_SETUP:
        return TryLater(f"{code}: see switchboard doctor", after=UNTIL_MENDED)
    return TryLater(f"Slack said {code}")


def code_of(error: SlackApiError) -> str | None:
    """Slack's own word for what went wrong; None where its answer was not an answer."""
    found = _data(error).get("error")
    return found if isinstance(found, str) and found.isascii() and " " not in found else None


def is_refusal(error: SlackApiError) -> bool:
    """Whether Slack does not take the token that was used."""
    return code_of(error) in OUR_SETUP | {"account_inactive"}


def behind(end: Exception) -> str | None:
    """Slack's word behind an end that `meaning` gave."""
    return code_of(end.__cause__) if isinstance(end.__cause__, SlackApiError) else None


def status_of(error: SlackApiError) -> int:
    """The HTTP status of the answer."""
    response: Any = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)


def retry_after(error: SlackApiError) -> timedelta | None:
    """How long Slack asks to wait, where it says so."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return (
        timedelta(seconds=min(seconds, 3_600)) if math.isfinite(seconds) and seconds > 0 else None
    )


def _data(error: SlackApiError) -> Mapping[str, Any]:
    data = getattr(error.response, "data", None)
    return data if isinstance(data, Mapping) else {}


def quiet(name: str) -> logging.Logger:
    """A logger for a library that writes whole requests to the log at lower levels."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
