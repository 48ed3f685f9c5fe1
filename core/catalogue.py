"""What the customer is told: every sentence that a customer reads is in this file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.cards import Author, Button, Card, Excerpt, Tone

SOLVED = "👍 That solved it"
PERSON = "🙋 Talk to a person"
NOT_SOLVED = "It is not solved"
NOT_LINKED = {
    "refused": "That code is not good, or too old, or was used. /link gives a new one.",
    "too many": "Too many codes were wrong. Please try again in an hour.",
    "already": "You are the same person to us here and there already.",
}


def greeting() -> Card:
    return Card(text="Hello! What can we help you with? Just write it here.")


def thanks() -> Card:
    return Card(text="You are welcome! Write here any time.")


def blocked() -> Card:
    """The one sentence that somebody gets whom we answer no more."""
    return Card(text="We cannot help you here any more. Thank you for your understanding.")


def farewell() -> Card:
    return Card(text="Goodbye! Write here any time.")


def offer(enquiry_id: int, offered: Sequence[dict[str, Any]], *, sure: bool) -> Card:
    """The best article as the answer, or a choice of guesses, with a way to a person."""
    text = "This should help:" if sure else "I am not certain. Did you mean one of these?"
    return Card(
        text=text,
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        buttons=(
            *_solved_by(enquiry_id, offered),
            Button(PERSON, "enquiry person", str(enquiry_id)),
        ),
    )


def offer_ended(offered: Sequence[dict[str, Any]], outcome: str) -> Card:
    """The offer once its buttons were used: what it said, and what came of it."""
    return Card(
        text="This was suggested:",
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        footnote=outcome,
    )


def solved() -> str:
    return "👍 Solved. Glad that helped!"


def went_to_person(number: int) -> str:
    return f"🙋 A person takes over: ticket #{number}."


def opened(number: int, *, assignee: str | None, place: int) -> Card:
    """The acknowledgement: the number, and what happens next."""
    if assignee is not None:
        next_step = f"{assignee} has it and will answer you here."
    elif place <= 1:
        next_step = "Everybody is busy at the moment. You are next in line; we answer you here."
    else:
        next_step = (
            f"Everybody is busy at the moment. You are number {place} in line; we answer you here."
        )
    return Card(
        text=f"Got it. This is ticket #{number}. {next_step}",
        footnote="Anything you add here goes onto the ticket.",
    )


def taken(number: int, assignee: str) -> Card:
    return Card(text=f"{assignee} has taken your ticket #{number} and will answer you here.")


def waiting_again(number: int) -> Card:
    return Card(
        text=f"Your ticket #{number} is waiting for the next free colleague. It is not forgotten."
    )


def reply(number: int, author: Author, text: str) -> Card:
    return Card(text=text, title=author.name, author=author, footnote=f"Ticket #{number}")


def live_elsewhere(number: int, subject: str, channel: str, enquiry_id: int) -> Card:
    """Asked where somebody writes while their ticket is live on another channel."""
    return Card(
        text=f"Your ticket #{number} is open on {channel_name(channel)}: {subject}. "
        "Is this about it?",
        buttons=(
            Button("➡️ Yes, continue here", "request move", str(number), Tone.PRIMARY),
            Button("No, something else", "enquiry other", str(enquiry_id)),
        ),
    )


def something_else() -> str:
    return "All right. Here is what we have to it."


def went_here(number: int) -> str:
    return f"➡️ Ticket #{number} continues here."


def moved_here(number: int) -> Card:
    return Card(
        text=f"Ticket #{number} continues here from now on. We answer you in this conversation.",
    )


def moved_away(number: int, channel: str) -> Card:
    return Card(text=f"➡️ Ticket #{number} continues on {channel_name(channel)}.")


def link_code(code: str, minutes: int) -> Card:
    """How somebody becomes known on another channel as the same person."""
    return Card(
        text=f"Send {code} to us on the other channel, within {minutes} minutes. It works once. "
        "Show it to nobody else: whoever sends it sees your tickets."
    )


def linked() -> Card:
    return Card(
        text="🔗 Done. You are the same person to us here and there; /ticket list shows all."
    )


def not_linked(why: str) -> Card:
    """Why a code did nothing."""
    return Card(text=NOT_LINKED.get(why, NOT_LINKED["refused"]))


def channel_name(channel: str) -> str:
    """A channel as people call it."""
    return channel.capitalize()


def file_missing(name: str, reason: str | None) -> str:
    """The line in place of a file: refused for a reason, or not here yet."""
    return f"📎 {name}: {reason}" if reason else f"📎 {name} follows."


def file_late(name: str, reason: str | None) -> Card:
    """A file that came after the words it belongs to, or will not come."""
    return Card(text=file_missing(name, reason) if reason else f"📎 {name}")


def file_refused(name: str, reason: str) -> Card:
    return Card(text=f"📎 {name} did not reach us: {reason} Please send it another way.")


def post_gone() -> Card:
    """What stands in the place of a deleted post where a platform cannot delete."""
    return Card(text="🗑 This message was deleted.")


def resolved(number: int, resolution: str, *, author: Author | None, closes_in: timedelta) -> Card:
    return Card(
        title=author.name if author else "",
        author=author,
        text=resolution or f"Your ticket #{number} is resolved.",
        footnote=f"✅ Ticket #{number} is resolved. If it is not solved, say so here; "
        f"otherwise it closes in {_span(closes_in)}.",
        buttons=(
            Button(SOLVED, "request confirm", str(number), Tone.PRIMARY),
            Button(NOT_SOLVED, "request reopen", str(number)),
        ),
    )


def resolved_ended(number: int, resolution: str, outcome: str) -> Card:
    author = Author("Support") if resolution else None
    text = resolution or f"Your ticket #{number} is resolved."
    return Card(text=text, author=author, footnote=outcome)


def reopened(number: int) -> Card:
    return Card(text=f"Your ticket #{number} is open again.")


def closed(number: int) -> str:
    return f"✅ Ticket #{number} is closed. Write here any time."


def open_again(number: int) -> str:
    return f"♻️ Ticket #{number} is open again."


def _solved_by(enquiry_id: int, offered: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    """A button for the answer; for several guesses one each, so that we learn which it was."""
    if len(offered) == 1:
        return (Button(SOLVED, "enquiry solved", str(enquiry_id), Tone.PRIMARY),)
    return tuple(
        Button(f"👍 {_cut(each['title'])}", "enquiry solved", f"{enquiry_id} {place}")
        for place, each in enumerate(offered, 1)
    )


def _cut(title: str) -> str:
    return title if len(title) <= 60 else title[:59] + "…"


def _span(time: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    hours = round(time.total_seconds() / 3600)
    count, unit = (
        (hours // 24, "day") if hours >= 48 and hours % 24 == 0 else (max(hours, 1), "hour")
    )
    return f"{count} {unit}{'s' * (count != 1)}"


def panel() -> Card:
    """The message with a button beneath which anybody can ask."""
    return Card(
        title="Do you need help?",
        text="Press the button and tell us what it is about. We answer you in private.",
        buttons=(Button("💬 Get help", "support", "", Tone.PRIMARY),),
    )


def cannot_read() -> Card:
    """Said where the platform does not show us what is written, but for mentions of us."""
    return Card(
        text="I can only read messages here that mention me. Please write it again with my name "
        "in front, or send it to me directly."
    )


def place_for(name: str) -> str:
    """What the private place of a customer's matter is called."""
    return f"Support for {name}"


@dataclass(frozen=True)
class RequestForm:
    """The words of the form in which a customer asks; ``kinds`` are what it can be about."""

    title: str = "New request"
    send: str = "Send"
    cancel: str = "Cancel"
    kind: str = "What is it about?"
    words: str = "In your own words"
    order: str = "Order number, if there is one"
    files: str = "Pictures or files"
    kinds: Mapping[str, str] = field(
        default_factory=lambda: {
            "question": "A question",
            "problem": "Something does not work",
            "return": "A return or a refund",
            "other": "Something else",
        }
    )


def request_form() -> RequestForm:
    """The words of the form in which a customer asks."""
    return RequestForm()


def request_details(kind: str | None, order: str) -> str:
    """The line beneath a request that came by form: what it is about, and the order."""
    about = request_form().kinds.get(kind or "", "")
    return " · ".join(filter(None, [about, f"Order {order}" if order else ""]))


def request_taken(number: int | None) -> str:
    """Said when the form was sent."""
    about = f" It is ticket #{number}." if number else ""
    return f"Thank you, we have it.{about} We answer you in a direct message."


def returnable(order: str, lines: Sequence[str], until: datetime) -> Card:
    """What of an order can come back."""
    return Card(
        title=f"Return of order {order}",
        text="\n".join(["You can return:", *lines]),
        footnote=f"Until {until:%d %B %Y}.",
        buttons=(Button("↩️ Return something", "return", order, Tone.PRIMARY),),
    )


def return_offered(order: str, until: datetime) -> Card:
    """Said to whoever writes that they want to return an order of theirs."""
    return Card(
        text=f"You can return order {order} until {until:%d %B %Y}. Press the button and say what "
        "comes back, and why. Or just write on, and a person answers.",
        buttons=(Button("↩️ Return something", "return", order, Tone.PRIMARY),),
    )


def return_asked(number: int, ticket: int) -> str:
    return f"↩️ Return {number} is on ticket #{ticket}. We look at it and tell you here."


def return_step(  # noqa: PLR0913 - a sentence needs its words
    step: str,
    *,
    number: int,
    order: str,
    what: str,
    wish: str,
    refusal: str | None,
    author: Author | None,
) -> Card:
    """What a step of a return means for the customer."""
    about = f"Return {number} · order {order}"
    money = "We send you another one." if wish == "exchange" else "We refund you."
    said = {
        "requested": f"We have your request to return {what}. An agent looks at it.",
        "accepted": f"You can send it back: {what}. Put the number {order} into the parcel.",
        "received": f"It has arrived: {what}. {money}",
        "refunded": "You have been sent another one."
        if wish == "exchange"
        else "The refund is on its way to you.",
        "refused": f"We cannot take it back: {what}.",
    }[step]
    if refusal and author:
        return Card(title=f"↩️ {said}", author=author, text=refusal, footnote=about)
    return Card(text=f"↩️ {said}", footnote=about)


def orders(lines: Sequence[str]) -> Card:
    """The latest orders of whoever asks."""
    none = "We know of no orders of yours on this channel."
    return Card(title="Your orders" if lines else "", text="\n".join(lines) or none)


def order(title: str, lines: Sequence[str], *, until: datetime) -> Card:
    return Card(title=title, text="\n".join(lines), footnote=f"Returns until {until:%d %B %Y}.")
