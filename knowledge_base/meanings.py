"""What texts mean: their embeddings, less a part of what all texts of a knowledge base share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.tiers import Encoder
from knowledge_base.vectors import Floats

COMMON = 0.5  # of the mean embedding that is taken away from each (after Mu and Viswanath 2018)


@dataclass(frozen=True)
class Meanings:
    """The meaning of every row of an index, and of questions, all of length 1 in one space."""

    encoder: Encoder
    rows: Floats
    common: Floats

    @classmethod
    def learn(cls, encoder: Encoder, texts: Sequence[str]) -> "Meanings":
        """Read the rows; there has to be one at least."""
        read = encoder.encode(texts)
        common = np.float32(COMMON) * read.mean(axis=0)
        return cls(encoder, _without(common, read), common)

    def of(self, sentence: str) -> Floats:
        """The meaning of one sentence."""
        meaning: Floats = _without(self.common, self.encoder.encode([sentence]))[0]
        return meaning

    def weighed(self, rows: Floats) -> Floats:
        """Meanings as the classifier takes them, beside words of length 1."""
        return np.float32(self.encoder.weight) * rows


def _without(common: Floats, rows: Floats) -> Floats:
    left = rows - common
    lengths = np.sqrt((left * left).sum(axis=1, keepdims=True))
    directions: Floats = left / np.maximum(lengths, np.float32(1e-6))
    return directions
