"""How well categories are learned from a desk's own tickets: intents of public data, as if they were.

``python -m benchmarks.categories DATA`` reads folders of ``articles.jsonl`` and ``questions.jsonl``, as
`switchboard kb evaluate` does: phrasings are tickets resolved before, questions are new ones.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from knowledge_base.categories import EXAMPLES_AT_MOST, Classifier, Filed, learn
from knowledge_base.evaluate import Asked, read_articles, read_questions

COLUMNS = (
    *("tickets", "categories", "commonest", "accuracy", "speaks of", "right then"),
    *("speaks of strangers", "learning s", "guess ms"),
)


def measured(folder: Path) -> list[str] | None:
    """A row of the table; None where there are too few to learn from."""
    filed = [
        Filed(text, each.slug)
        for each in read_articles(folder / "articles.jsonl")
        for text in each.phrasings
    ]
    random.Random(1).shuffle(filed)
    begun = time.perf_counter()
    found = learn(filed)
    learning = time.perf_counter() - begun
    if found is None:
        return None
    classifier, _ = found
    asked = read_questions(folder / "questions.jsonl")
    ours = [each for each in asked if each.article in classifier.categories]
    strange = [each for each in asked if each.article is None]
    commonest, _ = Counter(each.category for each in filed[:EXAMPLES_AT_MOST]).most_common(1)[0]
    begun = time.perf_counter()
    likeliest = [_likeliest(classifier, each) for each in ours]
    guessing = (time.perf_counter() - begun) / max(1, len(ours)) * 1_000
    guesses = [classifier.guess(each.text) for each in ours]
    spoken = [(g, each) for g, each in zip(guesses, ours, strict=True) if g is not None]
    return [
        str(min(len(filed), EXAMPLES_AT_MOST)),
        str(len(classifier.categories)),
        _share(each.article == commonest for each in ours),
        _share(name == each.article for name, each in zip(likeliest, ours, strict=True)),
        _share(guess is not None for guess in guesses),
        _share(guess.category == each.article for guess, each in spoken),
        _share(classifier.guess(each.text) is not None for each in strange),
        f"{learning:.1f}",
        f"{guessing:.2f}",
    ]


def _likeliest(classifier: Classifier, asked: Asked) -> str:
    return classifier.categories[int(classifier.probabilities(asked.text).argmax())]


def _share(those: Iterable[bool]) -> str:
    said = list(those)
    return f"{sum(said) / len(said):.1%}" if said else "–"


def main() -> None:
    """Print the table."""
    print(f"| data | {' | '.join(COLUMNS)} |\n|{'---|' * (len(COLUMNS) + 1)}")
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        row = measured(folder) if (folder / "articles.jsonl").exists() else None
        if row is not None:
            print(f"| {folder.name} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
