"""What a customer is asked once a ticket is closed."""

from core.cards import Button, Card
from core.speaking import say

FACES = ("😡", "🙁", "😐", "🙂", "😍")


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
