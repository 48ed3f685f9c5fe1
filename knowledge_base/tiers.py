"""The three tiers of matching: which embeddings, if any, help the words."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from knowledge_base.vectors import Floats


class Tier(StrEnum):
    """What is added to words and n-grams."""

    DEFAULT = "default"  # nothing
    STATIC = "static"  # word vectors that ship in the package wordllama
    SEMANTIC = "semantic"  # a small sentence model on onnxruntime


class Encoder(Protocol):
    """Turns texts into vectors of length 1 that are near where meanings are."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        ...


def best_installed() -> Tier:
    """The best tier whose packages are installed."""
    return Tier.DEFAULT


def encoder_for(tier: Tier) -> Encoder | None:
    """What a tier encodes with: nothing for the default one."""
    del tier
    return None
