"""The desk's own times and limits."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class HandBack(StrEnum):
    """What becomes of the open tickets of an agent who goes offline."""

    NOW = "now"  # back to the queue
    REPLY = "reply"  # back to the queue when their customer writes
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The desk's own times and limits; each may be set, none has to be."""

    silence: timedelta = timedelta(hours=24)  # an offer unanswered for so long is closed
    handshake: timedelta = timedelta(hours=48)  # a resolved ticket is closed after so long
    release_rest: timedelta = timedelta(minutes=15)  # not given back to who released it
    transcripts: bool = False  # whether customers get one when a ticket is closed
    surveys: bool = True  # whether a closed ticket is followed by the question how it was
    undo: timedelta = timedelta(minutes=10)  # a merge can be taken back for so long
    claim: timedelta = timedelta(minutes=15)  # back to the queue without an answer; none: never
    invitation: timedelta = timedelta(hours=24)  # a one-time code is good for so long
    sign_in: timedelta = timedelta(minutes=10)  # a link onto the staff pages is good for so long
    session: timedelta = timedelta(days=14)  # who was not seen for so long is signed out
    file_wait: timedelta = timedelta(seconds=30)  # words wait for their files so long
    file_size: int = 20_000_000  # bytes; a larger file is refused
    files_at_once: int = 10  # with one message
    request_link: timedelta = timedelta(days=90)  # a request is read so long after its end; 0: ever
    link_code: timedelta = timedelta(minutes=15)  # a customer's one-time code is good for so long
    give_up: timedelta = timedelta(hours=24)  # a delivery is tried for so long
    helpful_floor: float = 0.3  # an article found helpful more rarely (0–1) is only offered
    helpful_after: int = 10  # opinions before that is judged
    reopens: int = 2  # so often reopened begins an escalation
    risk: int = 90  # per cent of a promise's time that are a risk
    presence: timedelta = timedelta(0)  # quiet for so long: asked for a sign of life; none: never
    presence_grace: timedelta = timedelta(minutes=5)  # then on break without one
    hand_back: HandBack = HandBack.REPLY  # the open tickets of who goes offline
    digest_hour: int = 8  # of Mondays (UTC), when the week before is told of; below 0: never
    learn_above: float = 1.0  # a solved question this sure (0–1) becomes a phrasing by itself
