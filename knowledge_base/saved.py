"""Keeps what was learned from the articles in a folder, so that the next process need not learn it.

Only numbers are kept, as NumPy's own files, which are mapped into memory and can run no code. The
index itself is built anew, in seconds, and says whether the numbers fit.
"""

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from knowledge_base.gate import Gate
from knowledge_base.head import Head
from knowledge_base.index import Entry, Index
from knowledge_base.match import Matcher
from knowledge_base.meanings import Meanings
from knowledge_base.snapshot import Snapshot, learn
from knowledge_base.tiers import Reading, encoder_for
from knowledge_base.vectors import Floats

log = logging.getLogger(__name__)

ENGINE = (
    "gate",
    "head",
    "index",
    "match",
    "meanings",
    "snapshot",
    "text",
    "tiers",
    "typos",
    "vectors",
)
KEPT = 4  # states of the articles; older ones are deleted


class Saved:
    """A folder with what was learned from the latest states of the articles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(
        self, entries: Sequence[Entry], reading: Reading, target_far: float
    ) -> Snapshot | None:
        """What was learned from these entries; None where nothing was, or it cannot be used."""
        home = self._home(entries, reading, target_far)
        if not home.is_dir():
            return None
        try:
            return _restored(home, entries, reading)
        except (OSError, ValueError, EOFError) as error:
            log.warning("what was learned from the articles is learned anew: %s", error)
            shutil.rmtree(home, ignore_errors=True)
            return None

    def write(
        self, snapshot: Snapshot, entries: Sequence[Entry], reading: Reading, target_far: float
    ) -> None:
        """Keep a snapshot, whole or not at all; a full disk is no reason to stop answering."""
        home = self._home(entries, reading, target_far)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self._folder))
            try:
                for name, numbers in _numbers(snapshot).items():
                    np.save(draft / f"{name}.npy", numbers, allow_pickle=False)
                if not home.exists():
                    draft.rename(home)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            self._forget()
        except OSError as error:
            log.warning("what was learned from the articles could not be kept: %s", error)

    def _home(self, entries: Sequence[Entry], reading: Reading, target_far: float) -> Path:
        """The folder of one state of the articles: its name tells it from every other."""
        told = hashlib.sha256(f"{reading} {target_far}".encode())
        told.update(_engine())
        for entry in entries:
            texts = [entry.slug, entry.language, entry.title, entry.body, *entry.phrasings]
            told.update(json.dumps(texts).encode())
        return self._folder / told.hexdigest()[:32]

    def _forget(self) -> None:
        homes = [home for home in self._folder.iterdir() if home.is_dir()]
        for home in sorted(homes, key=lambda home: home.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(home, ignore_errors=True)


def learn_apart(
    folder: Path, entries: Sequence[Entry], reading: Reading, target_far: float
) -> None:
    """Learn in a process of its own, so that the desk's threads go on undisturbed.

    What was learned is then in the folder. Raises BrokenProcessPool where the process was killed,
    or could not be started.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        process.submit(_learn_into, folder, entries, reading, target_far).result()


def _learn_into(
    folder: Path, entries: Sequence[Entry], reading: Reading, target_far: float
) -> None:
    snapshot = learn(entries, encoder=encoder_for(reading), target_far=target_far)
    Saved(folder).write(snapshot, entries, reading, target_far)


def _numbers(snapshot: Snapshot) -> dict[str, Floats]:
    matcher, gate = snapshot.matcher, snapshot.gate
    thresholds = np.array([gate.sure, gate.unsure])
    numbers = {"gate": gate.weights, "thresholds": thresholds.astype(np.float64)}
    if matcher.meanings is not None:
        numbers |= {"meanings": matcher.meanings.rows, "common": matcher.meanings.common}
    if matcher.head is not None:
        numbers["head"] = matcher.head.weights
        if matcher.head.meaning is not None:
            numbers["head-meaning"] = matcher.head.meaning
    return {name: np.ascontiguousarray(array) for name, array in numbers.items()}


def _restored(home: Path, entries: Sequence[Entry], reading: Reading) -> Snapshot:
    """Raises ValueError where the numbers do not fit the entries."""
    encoder = encoder_for(reading) if entries else None
    index = Index.build(entries, None if encoder is None else encoder.speller)
    size = len(index.slugs)
    meanings = trained = None
    if encoder is not None and index.rows:
        rows = _mapped(home / "meanings.npy")
        _require(rows.ndim == 2 and len(rows) == len(index.rows))
        meanings = Meanings(encoder, rows, _mapped(home / "common.npy"))
    if (home / "head.npy").exists():
        weights = _mapped(home / "head.npy")
        _require(weights.shape == (index.vectors.shape[1], size))
        meaning = None if meanings is None else _mapped(home / "head-meaning.npy")
        _require(meaning is None or meaning.shape[1:] == (size,))
        trained = Head(weights, meaning)
    sure, unsure = _mapped(home / "thresholds.npy").tolist()
    gate = Gate(_mapped(home / "gate.npy"), sure, unsure)
    return Snapshot(Matcher(index, trained, meanings), gate)


@cache
def _engine() -> bytes:
    """Tells one version of the code that learns from another."""
    here = Path(__file__).parent
    return b"".join((here / f"{module}.py").read_bytes() for module in ENGINE)


def _mapped(file: Path) -> Floats:
    """Numbers that are read from the disk when they are needed."""
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("it does not fit the articles")
