"""Repairs mistyped words against the knowledge base's own vocabulary."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 3  # characters; shorter words are too near to each other to guess
LONGEST = 20
MOST_CANDIDATES = 50
LONG = 7  # characters; from here on two slips in one word are likely enough
MOST_OF_INITIAL = 1_000
MOST_REPAIRS = 24  # words of one question


class Speller:
    """Knows every word of the knowledge base, and under which slips to find it.

    Words are filed under themselves with one character left out, so that a word at one insertion,
    deletion, substitution or transposition shares a file with the right one (Garbe's symmetric
    deletion); rapidfuzz then measures only those few. A long word at two slips is sought among the
    commonest of its initial. ``language``, if any, knows the words that a language model knows:
    they are no slips, and it is asked where the knowledge base has nothing as near.
    """

    def __init__(self, frequencies: Mapping[str, float], language: "Speller | None" = None) -> None:
        self._frequencies = frequencies
        self._language = language
        self._filed: dict[str, list[str]] = {}
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(frequencies, key=lambda word: (-frequencies[word], word)):
            if SHORTEST - 1 <= len(word) <= LONGEST and not word.isdigit():
                self._by_initial.setdefault(word[0], []).append(word)
                for slip in _slips(word):
                    self._filed.setdefault(slip, []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the word is right as it is."""
        if word in self._frequencies:
            return True
        return self._language is not None and self._language.knows(word)

    def repair(self, words: Sequence[str]) -> list[str]:
        """The words, those that are unknown replaced by the nearest known one where one is near."""
        left = MOST_REPAIRS
        repaired: list[str] = []
        for word in words:
            if left == 0 or not SHORTEST <= len(word) <= LONGEST or self.knows(word):
                repaired.append(word)
            else:
                left -= 1
                repaired.append(self._repaired(word))
        return repaired

    def _repaired(self, word: str) -> str:
        if any(character.isdigit() for character in word):
            return word
        slips, near = self.nearest(word)
        if slips > 1 and self._language is not None:
            others, other = self._language.nearest(word)
            return other if others < slips else near
        return near

    def nearest(self, word: str) -> tuple[int, str]:
        """How many slips away the nearest known word is, and that word; the word itself if none."""
        candidates = sorted(set(self._alike(word)), key=lambda near: self._likelihood(word, near))
        found = self._nearest_of(word, candidates[-MOST_CANDIDATES:], slips=1)
        if found is None and len(word) >= LONG:
            others = self._by_initial.get(word[0], [])[:MOST_OF_INITIAL]
            found = self._nearest_of(word, [*candidates[-MOST_CANDIDATES:], *others], slips=2)
        return found or (LONGEST, word)

    def _nearest_of(
        self, word: str, candidates: Sequence[str], slips: int
    ) -> tuple[int, str] | None:
        """The candidate at the fewest slips, the commonest of several."""
        found = process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        if not found:
            return None
        fewest = min(distance for _, distance, _ in found)
        nearest = (near for near, distance, _ in found if distance == fewest)
        return int(fewest), max(nearest, key=lambda near: self._likelihood(word, near))

    def _likelihood(self, word: str, near: str) -> tuple[float, bool, str]:
        """Orders words that are as near: by how common, then by initial, then in any fixed way."""
        return self._frequencies[near], near[0] == word[0], near

    def _alike(self, word: str) -> Iterable[str]:
        for slip in _slips(word):
            yield from self._filed.get(slip, ())


def _slips(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
