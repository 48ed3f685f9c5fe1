"""Repairs mistyped words against the knowledge base's own vocabulary."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4  # characters; shorter words are too near to each other to guess
LONGEST = 20
MOST_CANDIDATES = 50
LONG = 7  # characters; from here on two slips in one word are likely enough
MOST_OF_INITIAL = 1_000
MOST_REPAIRS = 24  # words of one question
CLOSE_ENOUGH = 0.66  # normalised similarity: one slip in four letters, two in seven


class Speller:
    """Knows every word of the knowledge base, and under which slips to find it.

    Words are filed under themselves with one character left out, so that a word at one insertion,
    deletion, substitution or transposition shares a file with the right one (Garbe's symmetric
    deletion); rapidfuzz then measures only those few. A long word at two slips is sought among the
    commonest of its initial.
    """

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        self._filed: dict[str, list[str]] = {}
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(frequencies, key=frequencies.__getitem__, reverse=True):
            if SHORTEST <= len(word) <= LONGEST and not word.isdigit():
                self._by_initial.setdefault(word[0], []).append(word)
                for slip in _slips(word):
                    self._filed.setdefault(slip, []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the word stands in some article."""
        return word in self._frequencies

    def repair(self, words: Sequence[str]) -> list[str]:
        """The words, those that are unknown replaced by the nearest known one where one is near."""
        left = MOST_REPAIRS
        repaired: list[str] = []
        for word in words:
            if self.knows(word) or left == 0 or not SHORTEST <= len(word) <= LONGEST:
                repaired.append(word)
            else:
                left -= 1
                repaired.append(self._nearest(word) or word)
        return repaired

    def _nearest(self, word: str) -> str | None:
        if any(character.isdigit() for character in word):
            return None
        candidates = sorted(set(self._alike(word)), key=self._frequencies.__getitem__)
        near = self._nearest_of(word, candidates[-MOST_CANDIDATES:])
        if near is None and len(word) >= LONG:
            near = self._nearest_of(word, self._by_initial.get(word[0], [])[:MOST_OF_INITIAL])
        return near

    def _nearest_of(self, word: str, candidates: Sequence[str]) -> str | None:
        found = process.extract(
            word,
            candidates,
            scorer=OSA.normalized_similarity,
            score_cutoff=CLOSE_ENOUGH,
            limit=3,
        )
        if not found:
            return None
        best = found[0][1]
        return max((w for w, score, _ in found if score == best), key=self._frequencies.__getitem__)

    def _alike(self, word: str) -> Iterable[str]:
        for slip in _slips(word):
            yield from self._filed.get(slip, ())


def _slips(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
