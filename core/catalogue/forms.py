"""The words of the form in which a customer asks, and what it is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.cards import Card
from core.speaking import say


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


def request_in_full(text: str, kind: str) -> str:
    """A customer's words, with what they say it is about beneath."""
    return "\n\n".join(filter(None, [text, request_details(kind, "")]))


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
