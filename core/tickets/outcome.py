"""What became of a message, for whoever handed it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What a message became."""

    SUGGESTED = "suggested"  # articles were offered for it
    TICKET = "ticket"  # it opened one
    APPENDED = "appended"  # it went onto the live one
    RETURN_OFFERED = "return_offered"  # what of an order can come back was shown
    SMALL_TALK = "small_talk"  # nothing was asked
    ELSEWHERE = "elsewhere"  # kept, and asked whether it is about the ticket on another channel
    LINKED = "linked"  # it was a code for linking channels
    FROM_STAFF = "from_staff"  # an agent wrote it
    IGNORED = "ignored"  # it was not for us


@dataclass(frozen=True, kw_only=True)
class Received:
    """The outcome, the ticket the message is on, and the articles offered for it.

    A suggestion is ``{"article": slug, "title": …, "confidence": 0–1}``.
    """

    outcome: Outcome
    ticket: int | None = None
    enquiry: int | None = None
    suggestions: Sequence[dict[str, Any]] = ()
