"""What a customer is told before there is a ticket: articles, and the way to a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.cards import Button, Card, Excerpt, Tone
from core.speaking import say


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


def something_else() -> str:
    return say("All right. Here is what we have to it.")


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
