"""Meaning helps where words do not, and every tier loads without a network."""

import socket
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.deflection import Verdict
from knowledge_base.snapshot import learn
from knowledge_base.tiers import NotInstalled, Reading, Tier, best_installed, encoder_for
from knowledge_base.vectors import Floats
from tests.knowledge_base.shop import SHOP

TOPICS = (
    ("password", "sign", "credentials", "locked"),
    ("return", "returns", "purchase", "unwanted"),
    ("shipping", "delivery", "arrive"),
    ("warranty", "guarantee", "broke"),
    ("pay", "payment", "cards", "money"),
)


class Topics:
    """Stands in for a model: a text means the topics that it names."""

    weight = 1.0
    speller = None

    def encode(self, texts: Sequence[str]) -> Floats:
        rows = np.full((len(texts), len(TOPICS) + 1), 1e-3, dtype=np.float32)
        for row, said in zip(rows, texts, strict=True):
            words = said.casefold().split()
            row[:-1] += [sum(word in topic for word in words) for topic in TOPICS]
            row[-1] += not row[:-1].max() > 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_meaning_finds_what_shares_no_word() -> None:
    question = "credentials locked"

    by_words = learn(SHOP).suggest(question)
    with_meaning = learn(SHOP, encoder=Topics())

    assert by_words.verdict is Verdict.QUIET
    assert with_meaning.slug_of(with_meaning.judge(question).ranked[0]) == "reset-password"
    assert with_meaning.suggest("what is the weather on mars").verdict is Verdict.QUIET


def test_the_default_tier_needs_nothing() -> None:
    assert encoder_for(Reading(Tier.DEFAULT)) is None
    assert best_installed() in Tier


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match="semantic tier is not installed"):
        encoder_for(Reading(Tier.SEMANTIC, tmp_path))


@pytest.mark.parametrize("tier", [Tier.STATIC, Tier.SEMANTIC])
def test_an_installed_tier_reads_meaning_offline(
    tier: Tier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("looked to the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    encoder_for.cache_clear()
    try:
        encoder = encoder_for(Reading(tier))
    except NotInstalled as missing:
        pytest.skip(str(missing))
    assert encoder is not None

    meanings = encoder.encode(["where is my money", "I want a refund", "a red bicycle", ""])

    assert meanings.shape[0] == 4
    assert np.allclose(np.linalg.norm(meanings[:3], axis=1), 1, atol=1e-3)
    assert meanings[0] @ meanings[1] > meanings[0] @ meanings[2]
    assert np.isfinite(learn(SHOP, encoder=encoder).judge("where is my money").confidence)
