"""What the customer is told: every sentence that a customer reads is in this file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.cards import Author, Button, Card, Excerpt, Tone
from core.speaking import day, say, span

FACES = ("😡", "🙁", "😐", "🙂", "😍")


def greeting() -> Card:
    return Card(text=say("Hello! What can we help you with? Just write it here."))


def thanks() -> Card:
    return Card(text=say("You are welcome! Write here any time."))


def blocked() -> Card:
    """The one sentence that somebody gets whom we answer no more."""
    return Card(text=say("We cannot help you here any more. Thank you for your understanding."))


def farewell() -> Card:
    return Card(text=say("Goodbye! Write here any time."))


def offer(enquiry_id: int, offered: Sequence[dict[str, Any]], *, sure: bool) -> Card:
    """The best article as the answer, or a choice of guesses, with a way to a person."""
    guess = say("I am not certain. Did you mean one of these?")
    text = say("This should help:") if sure else guess
    return Card(
        text=text,
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        buttons=(
            *_solved_by(enquiry_id, offered),
            *_returning(offered),
            Button(say("🙋 Talk to a person"), "enquiry person", str(enquiry_id)),
        ),
    )


def found(titles: Mapping[str, str], *, sure: bool) -> Card:
    """The articles that a customer searched for: titles by the name that a button carries."""
    if not titles:
        return Card(text=say("We have no article for that. Write to us, and a person answers."))
    guess = say("I am not certain. Did you mean one of these?")
    return Card(
        text=say("This should help:") if sure else guess,
        buttons=tuple(
            Button(f"📄 {_cut(title)}", "kb show", name) for name, title in titles.items()
        ),
    )


def offer_ended(offered: Sequence[dict[str, Any]], outcome: str) -> Card:
    """The offer once its buttons were used: what it said, and what came of it."""
    return Card(
        text=say("This was suggested:"),
        excerpts=tuple(Excerpt(each["title"], each["answer"]) for each in offered),
        footnote=outcome,
    )


def solved() -> str:
    return say("👍 Solved. Glad that helped!")


def went_to_person(number: int) -> str:
    return say("🙋 A person takes over: ticket #{number}.", number=number)


def opened(number: int, *, assignee: str | None, place: int, branch: str = "") -> Card:
    """The acknowledgement: the number, and what happens next. ``branch`` is what a ticket is about
    that has a branch of the conversation to itself, which begins with this."""
    if assignee is not None:
        next_step = say("{assignee} has it and will answer you here.", assignee=assignee)
    elif place <= 1:
        next_step = say(
            "Everybody is busy at the moment. You are next in line; we answer you here."
        )
    else:
        next_step = say(
            "Everybody is busy at the moment. You are number {place} in line; we answer you here.",
            place=place,
        )
    if branch:
        this = say("This is ticket #{number}, about: {subject}", number=number, subject=branch)
        return Card(
            text=f"✂️ {this}\n{next_step}",
            footnote=say("What you answer to this message goes onto this ticket."),
        )
    got_it = say("Got it. This is ticket #{number}.", number=number)
    return Card(
        text=f"{got_it} {next_step}",
        footnote=say("Anything you add here goes onto the ticket."),
    )


def taken(number: int, assignee: str) -> Card:
    return Card(
        text=say(
            "{assignee} has taken your ticket #{number} and will answer you here.",
            assignee=assignee,
            number=number,
        )
    )


def waiting_again(number: int) -> Card:
    return Card(
        text=say(
            "Your ticket #{number} is waiting for the next free colleague. It is not forgotten.",
            number=number,
        )
    )


def reply(number: int, author: Author, text: str) -> Card:
    return Card(
        text=text, title=author.name, author=author, footnote=say("Ticket #{number}", number=number)
    )


def live_elsewhere(number: int, subject: str, channel: str, enquiry_id: int) -> Card:
    """Asked where somebody writes while their ticket is live on another channel."""
    return Card(
        text=say(
            "Your ticket #{number} is open on {channel}: {subject}. Is this about it?",
            number=number,
            channel=channel_name(channel),
            subject=subject,
        ),
        buttons=(
            Button(say("➡️ Yes, continue here"), "request move", str(number), Tone.PRIMARY),
            Button(say("No, something else"), "enquiry other", str(enquiry_id)),
        ),
    )


def something_else() -> str:
    return say("All right. Here is what we have to it.")


def went_here(number: int) -> str:
    return say("➡️ Ticket #{number} continues here.", number=number)


def moved_here(number: int) -> Card:
    return Card(
        text=say(
            "Ticket #{number} continues here from now on. We answer you in this conversation.",
            number=number,
        ),
    )


def moved_away(number: int, channel: str) -> Card:
    return Card(
        text=say(
            "➡️ Ticket #{number} continues on {channel}.",
            number=number,
            channel=channel_name(channel),
        )
    )


def link_code(code: str, minutes: int) -> Card:
    """How somebody becomes known on another channel as the same person."""
    return Card(
        text=say(
            "Send {code} to us on the other channel, within {minutes} minutes. It works once. "
            "Show it to nobody else: whoever sends it sees your tickets.",
            code=code,
            minutes=minutes,
        )
    )


def linked() -> Card:
    return Card(
        text=say("🔗 Done. You are the same person to us here and there; /ticket list shows all.")
    )


def not_linked(why: str) -> Card:
    """Why a code did nothing."""
    reasons = {
        "too many": say("Too many codes were wrong. Please try again in an hour."),
        "already": say("You are the same person to us here and there already."),
    }
    wrong = say("That code is not good, or too old, or was used. /link gives a new one.")
    return Card(text=reasons.get(why, wrong))


def channel_name(channel: str) -> str:
    """A channel as people call it."""
    return channel.capitalize()


def file_missing(name: str, reason: str | None) -> str:
    """The line in place of a file: refused for a reason, or not here yet."""
    return f"📎 {name}: {reason}" if reason else say("📎 {name} follows.", name=name)


def file_late(name: str, reason: str | None) -> Card:
    """A file that came after the words it belongs to, or will not come."""
    return Card(text=file_missing(name, reason) if reason else f"📎 {name}")


def file_refused(name: str, reason: str) -> Card:
    return Card(
        text=say(
            "📎 {name} did not reach us: {reason} Please send it another way.",
            name=name,
            reason=reason,
        )
    )


def post_gone() -> Card:
    """What stands in the place of a deleted post where a platform cannot delete."""
    return Card(text=say("🗑 This message was deleted."))


def resolved(number: int, resolution: str, *, author: Author | None, closes_in: timedelta) -> Card:
    return Card(
        title=author.name if author else "",
        author=author,
        text=resolution or say("Your ticket #{number} is resolved.", number=number),
        footnote=say(
            "✅ Ticket #{number} is resolved. If it is not solved, say so here; otherwise it closes "
            "in {time}.",
            number=number,
            time=span(closes_in),
        ),
        buttons=(
            Button(say("👍 That solved it"), "request confirm", str(number), Tone.PRIMARY),
            Button(say("It is not solved"), "request reopen", str(number)),
        ),
    )


def resolved_ended(number: int, resolution: str, outcome: str) -> Card:
    author = Author("Support") if resolution else None
    text = resolution or say("Your ticket #{number} is resolved.", number=number)
    return Card(text=text, author=author, footnote=outcome)


def reopened(number: int) -> Card:
    return Card(text=say("Your ticket #{number} is open again.", number=number))


def closed(number: int) -> str:
    return say("✅ Ticket #{number} is closed. Write here any time.", number=number)


def merged(number: int, into: int) -> Card:
    """Said once, in the conversation of a ticket that went into another one."""
    return Card(
        text=say(
            "Ticket #{number} goes on as part of ticket #{into}, which is about the same. What you "
            "write here reaches us there.",
            number=number,
            into=into,
        )
    )


def transcript(number: int) -> Card:
    """What goes with the file."""
    return Card(text=say("📄 This is what was said on ticket #{number}.", number=number))


def transcript_comes(number: int) -> Card:
    return Card(
        text=say("📄 The transcript of ticket #{number} is on its way to you.", number=number)
    )


def split_off(into: int, subject: str) -> Card:
    """Where something else that a customer wrote goes on by itself."""
    return Card(
        text=say(
            "What you wrote about “{subject}” is a matter of its own now: ticket #{into}. "
            "It has its own message; please answer that one about it.",
            subject=subject,
            into=into,
        )
    )


def unmerged(number: int) -> Card:
    return Card(text=say("Ticket #{number} goes on by itself. We answer you here.", number=number))


def how_was_it(number: int, subject: str) -> Card:
    """Asked once a ticket is closed; a press of a button answers."""
    return Card(
        text=say("How did we do with ticket #{number}: {subject}?", number=number, subject=subject),
        buttons=tuple(
            Button(f"{face} {score}", "survey rate", f"{number} {score}")
            for score, face in enumerate(FACES, 1)
        ),
        footnote=say("1 is bad, 5 is good."),
    )


def rated(number: int, score: int, comment: str | None) -> Card:
    """The same once it was answered, with a way to add a word."""
    thanks = say(
        "Thank you! You gave us {face} {score} of 5 for ticket #{number}.",
        face=FACES[score - 1],
        score=score,
        number=number,
    )
    if comment:
        words = say("We have your words, too.")
        return Card(text=f"{thanks} {words}")
    say_more = Button(say("💬 Add a word"), "survey comment", str(number))
    return Card(text=thanks, buttons=(say_more,))


def comment_taken(number: int) -> str:
    return say("Thank you. We have your words to ticket #{number}.", number=number)


def open_again(number: int) -> str:
    return say("♻️ Ticket #{number} is open again.", number=number)


def _solved_by(enquiry_id: int, offered: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    """A button for the answer; for several guesses one each, so that we learn which it was."""
    if len(offered) == 1:
        return (Button(say("👍 That solved it"), "enquiry solved", str(enquiry_id), Tone.PRIMARY),)
    return tuple(
        Button(f"👍 {_cut(each['title'])}", "enquiry solved", f"{enquiry_id} {place}")
        for place, each in enumerate(offered, 1)
    )


def _returning(offered: Sequence[dict[str, Any]]) -> tuple[Button, ...]:
    """Beneath an article about returns, the way to the form."""
    if not any(each.get("returns") for each in offered):
        return ()
    return (Button(say("↩️ Return something"), "return", ""),)


def _cut(title: str) -> str:
    return title if len(title) <= 60 else title[:59] + "…"


def panel() -> Card:
    """The message with a button beneath which anybody can ask."""
    return Card(
        title=say("Do you need help?"),
        text=say("Press the button and tell us what it is about. We answer you in private."),
        buttons=(Button(say("💬 Get help"), "support", "", Tone.PRIMARY),),
    )


def cannot_read() -> Card:
    """Said where the platform does not show us what is written, but for mentions of us."""
    return Card(
        text=say(
            "I can only read messages here that mention me. Please write it again with my name in "
            "front, or send it to me directly."
        )
    )


def place_for(name: str) -> str:
    """What the private place of a customer's matter is called."""
    return say("Support for {name}", name=name)


@dataclass(frozen=True, kw_only=True)
class RequestForm:
    """The words of the form in which a customer asks; ``kinds`` are what it can be about."""

    title: str
    send: str
    cancel: str
    kind: str
    words: str
    order: str
    files: str
    kinds: Mapping[str, str]


def request_form() -> RequestForm:
    """The words of the form in which a customer asks."""
    return RequestForm(
        title=say("New request"),
        send=say("Send"),
        cancel=say("Cancel"),
        kind=say("What is it about?"),
        words=say("In your own words"),
        order=say("Order number, if there is one"),
        files=say("Pictures or files"),
        kinds={
            "question": say("A question"),
            "problem": say("Something does not work"),
            "return": say("A return or a refund"),
            "other": say("Something else"),
        },
    )


def request_details(kind: str | None, order: str) -> str:
    """The line beneath a request that came by form: what it is about, and the order."""
    about = request_form().kinds.get(kind or "", "")
    return " · ".join(filter(None, [about, say("Order {order}", order=order) if order else ""]))


def request_taken(number: int | None, *, in_thread: bool = False) -> str:
    """Said when the form was sent."""
    thanks = say("Thank you, we have it.")
    return " ".join(filter(None, [thanks, _is_ticket(number), _answered_where(in_thread)]))


def made_of_words(number: int | None, *, in_thread: bool | None = None) -> Card:
    """What came of a message from which somebody opened a ticket."""
    about = _is_ticket(number) or say("There is nothing in it to be solved.")
    where = "" if in_thread is None else _answered_where(in_thread)
    return Card(text=" ".join(filter(None, [f"🎫 {about}", where])))


def nothing_said() -> str:
    """Beneath an empty form."""
    return say("Please write a few words.")


def _is_ticket(number: int | None) -> str:
    return say("It is ticket #{number}.", number=number) if number else ""


def _answered_where(in_thread: bool) -> str:
    if in_thread:
        return say("We answer you in a private thread of this channel.")
    return say("We answer you in a direct message.")


def returnable(order: str, lines: Sequence[str], until: datetime) -> Card:
    """What of an order can come back."""
    return Card(
        title=say("Return of order {order}", order=order),
        text="\n".join([say("You can return:"), *lines]),
        footnote=say("Until {day}.", day=day(until)),
        buttons=(Button(say("↩️ Return something"), "return", order, Tone.PRIMARY),),
    )


def return_offered(order: str, until: datetime) -> Card:
    """Said to whoever writes that they want to return an order of theirs."""
    return Card(
        text=say(
            "You can return order {order} until {day}. Press the button and say what comes back, "
            "and why. Or just write on, and a person answers.",
            order=order,
            day=day(until),
        ),
        buttons=(Button(say("↩️ Return something"), "return", order, Tone.PRIMARY),),
    )


def proof_offered(number: str) -> Card:
    """How an order that is not known to be theirs can be; the same for one that does not exist."""
    return Card(
        text=say(
            "To return something of order {number} here, show that it is yours: we send a code to "
            "the e-mail address it was ordered with.",
            number=number,
        ),
        buttons=(Button(say("✉️ It is mine"), "orders prove", number, Tone.PRIMARY),),
    )


def proof_asked(how: str, number: str, *, ticket: int | None, life: timedelta) -> Card:
    """Said once they named an address: the same whether it is the order's or not."""
    if how == "person":
        return Card(
            text=say(
                "We send no codes here. A person looks whether order {number} is yours: ticket "
                "#{ticket}.",
                number=number,
                ticket=ticket,
            )
        )
    if how == "too many":
        return Card(
            text=say(
                "Too many codes were asked for. Please try again in an hour, or just write, and a "
                "person answers."
            )
        )
    return Card(
        text=say(
            "If order {number} was placed with that address, a code is on its way there. Type it "
            "here within {minutes} minutes.",
            number=number,
            minutes=round(life.total_seconds() / 60),
        ),
        buttons=(Button(say("🔑 Type the code"), "orders code", number, Tone.PRIMARY),),
    )


def proof_ended(end: str, number: str) -> Card:
    """What came of a code."""
    if end == "proved":
        return Card(
            text=say("✓ Thank you: order {number} is yours. What comes back?", number=number),
            buttons=(Button(say("↩️ Return something"), "return", number, Tone.PRIMARY),),
        )
    if end == "too many":
        return Card(
            text=say(
                "Too many codes were wrong. Ask for a new one: /orders prove {number}",
                number=number,
            )
        )
    return Card(
        text=say(
            "That code is not good, or too old, or was used. /orders prove {number} asks for a new "
            "one.",
            number=number,
        )
    )


def code_mail(code: str, number: str, life: timedelta) -> Card:
    """The mail with a code; its title is the subject."""
    return Card(
        title=say("Your code for order {number}", number=number),
        text=say(
            "{code} is your code for order {number}. Type it where you asked for it, within "
            "{minutes} minutes. It works once.",
            code=code,
            number=number,
            minutes=round(life.total_seconds() / 60),
        ),
        footnote=say("If you did not ask for it, do nothing, and give it to nobody."),
    )


def return_asked(number: int, ticket: int, *, photo: bool) -> str:
    """Said once a return was asked for; ``photo`` is whether one would help."""
    asked = say(
        "↩️ Return {number} is on ticket #{ticket}. We look at it and tell you here.",
        number=number,
        ticket=ticket,
    )
    send_photo = say("Please send us a photo of it here.")
    return f"{asked} {send_photo}" if photo else asked


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
    is_exchange = wish == "exchange"
    said = {
        "requested": say(
            "↩️ We have your request to return {what}. An agent looks at it.", what=what
        ),
        "accepted": say(
            "↩️ You can send it back: {what}. Put the number {order} into the parcel.",
            what=what,
            order=order,
        ),
        "received": say("↩️ It has arrived: {what}. We send you another one.", what=what)
        if is_exchange
        else say("↩️ It has arrived: {what}. We refund you.", what=what),
        "refunded": say("↩️ You have been sent another one.")
        if is_exchange
        else say("↩️ The refund is on its way to you."),
        "refused": say("↩️ We cannot take it back: {what}.", what=what),
    }[step]
    about = say("Return {number} · order {order}", number=number, order=order)
    if refusal and author:
        return Card(title=said, author=author, text=refusal, footnote=about)
    return Card(text=said, footnote=about)


def orders(lines: Sequence[str]) -> Card:
    """The latest orders of whoever asks."""
    none = say("We know of no orders of yours on this channel.")
    return Card(title=say("Your orders") if lines else "", text="\n".join(lines) or none)


def order(title: str, lines: Sequence[str], *, until: datetime) -> Card:
    return Card(
        title=title, text="\n".join(lines), footnote=say("Returns until {day}.", day=day(until))
    )
