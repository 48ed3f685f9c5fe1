"""Judging a new ticket: how urgent it is, what it is about, how hard, in which language."""

import re
from collections.abc import Sequence

from core.enrichment import lexicon
from core.enrichment.judged import Asked, Before, Judged, Learned
from core.enrichment.words import found, words
from core.model import BuiltIn, Priority

HIGH, URGENT, LOW = 2.5, 5.5, -2.5  # points from which a priority is given
WORD_AT_LEAST = 0.75  # weight of words from which they say what a matter is about
ANGER_AT_MOST = 2  # points, however many angry words there are
VIP = 2
DEAR_ORDER, DEAR = 100_000, 1  # hundredths from which an order is dear, and its points
SHOUTED = 0.7  # of the letters are capitals, of at least this many:
SHOUTED_LETTERS = 20
_CODE = re.compile(
    r"```|^Traceback \(|^[ \t]{1,16}at [\w.$]+\(|^[ \t]{0,16}File \"|\b[A-Z]\w*(?:Error|Exception)\b"
    r"|^\d{4}-\d\d-\d\d[T ]\d\d:\d\d",
    re.MULTILINE,
)
_STEP = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-*•])[ \t]", re.MULTILINE)
_READ = 4_000  # characters in which structure is looked for


def priority(asked: Asked, learned: Learned) -> Judged:
    """How urgent: the points of its words, of anger, of whose it is and of what is at stake.

    3 points are high, 6 urgent, -3 low, with half a point of grace, so that a word whose weight agents
    have taken once still counts, and one that they took twice does not count alone.
    """
    there = words(asked.text)
    said = list(dict.fromkeys(found(there, lexicon.URGENCY)))
    counted = [(each, lexicon.POINTS[each] * learned.weight("priority", each)) for each in said]
    spoken = [(each, points) for each, points in counted if abs(points) >= 1]
    why = [_words([each for each, _ in spoken])] if spoken else []
    points = sum(points for _, points in counted)
    angry, because = _anger(asked, there, learned)
    points += angry
    why += because
    for is_so, worth, reason in (
        (asked.is_vip, VIP, "a VIP customer"),
        (asked.kind == BuiltIn.PROBLEM, 1, "a problem, not a question"),
        (_is_dear(asked.before), DEAR, _order(asked.before)),
        ((asked.before.score or 5) <= 2, 1, f"their last score was {asked.before.score} of 5"),
    ):
        if is_so:
            points += worth
            why.append(reason)
    value = next(
        (
            priority
            for least, priority in ((URGENT, Priority.URGENT), (HIGH, Priority.HIGH))
            if points >= least
        ),
        Priority.LOW if points <= LOW else Priority.NORMAL,
    )
    why = why if value is not Priority.NORMAL else []
    return Judged(int(value), why or ["nothing speaks for more or less"], [w for w, _ in spoken])


def _anger(asked: Asked, there: Sequence[str], learned: Learned) -> tuple[float, list[str]]:
    """Points for angry words and for shouting, two at most; and what was angry."""
    angry = list(dict.fromkeys(found(there, lexicon.ANGER)))
    points = sum(learned.weight("priority", each) for each in angry)
    why = [f"angry words (“{angry[0]}”)"] if angry else []
    letters = [each for each in asked.text[:_READ] if each.isalpha()]
    capitals = sum(map(str.isupper, letters))
    if len(letters) >= SHOUTED_LETTERS and capitals >= SHOUTED * len(letters):
        points += 1
        why.append("written in capitals")
    return min(points, ANGER_AT_MOST), why


def _is_dear(before: Before) -> bool:
    return before.order is not None and before.order.cents >= DEAR_ORDER


def _order(before: Before) -> str:
    return f"order {before.order.number} is worth {before.order.worth}" if before.order else ""


def category(asked: Asked, learned: Learned) -> Judged | None:
    """What it is about: as the desk has learned it, else by words of which more speak for one
    category than for any other; None where neither says so.

    Once the desk has learned categories of its own, words only speak for those of them.
    """
    guess = learned.guess(asked.text)
    if guess is not None:
        by = f", by {_quoted(guess.words)}" if guess.words else ""
        why = [
            f"{guess.probability:.0%} sure from tickets resolved before (model {guess.version}){by}"
        ]
        return Judged(guess.category, why, guess.words, guess.probability)
    votes: dict[str, float] = {}
    spoke: dict[str, list[str]] = {}
    for each in dict.fromkeys(found(words(asked.text), lexicon.ABOUT_WORDS)):
        for name in lexicon.CATEGORIES_OF[each]:
            if not learned.categories or name in learned.categories:
                votes[name] = votes.get(name, 0.0) + learned.weight(f"category {name}", each)
                spoke.setdefault(name, []).append(each)
    ranked = sorted(votes.items(), key=lambda vote: -vote[1])
    if not ranked or ranked[0][1] < WORD_AT_LEAST:
        return None
    if len(ranked) > 1 and ranked[1][1] >= ranked[0][1]:
        return None
    name = ranked[0][0]
    return Judged(name, [_words(spoke[name])], spoke[name])


def _words(said: Sequence[str]) -> str:
    many = "s" * (len(said) > 1 or " " in said[0])
    return f"the word{many} {_quoted(said)}"


def _quoted(said: Sequence[str]) -> str:
    return ", ".join(f"“{each}”" for each in said[:3])


def complexity(asked: Asked) -> Judged:
    """How hard, from 1 to 5: one, and one more for each thing that makes a matter hard."""
    text = asked.text[:_READ]
    questions = text.count("?")
    steps = len(_STEP.findall(text))
    before = asked.before
    signs = [
        (asked.length > 500, "long"),
        (asked.length > 2_000, "very long"),
        (questions > 1, f"{questions} questions"),
        (steps > 2, f"{steps} steps"),
        (_CODE.search(text) is not None, "code or a log"),
        (asked.files > 0, f"{asked.files} file{'s' * (asked.files != 1)}"),
        (before.reopened > 0, f"{before.reopened} of theirs came back after it was resolved"),
        (before.live > 1, f"{before.live} other tickets are live"),
        (before.orders > 5, f"{before.orders} orders"),
    ]
    why = [reason for is_so, reason in signs if is_so]
    return Judged(min(5, 1 + len(why)), why or ["short and plain"])


def history(before: Before) -> Judged:
    """What the customer had with us, in words."""
    said = [f"{before.solved} solved and {before.live} live before"]
    if before.score is not None:
        said.append(f"their last score was {before.score} of 5")
    if before.order is not None:
        said.append(_order(before))
    value = {"live": before.live, "solved": before.solved, "score": before.score}
    return Judged(value, said)
