"""Learning while the desk runs: beside the event loop, in a process of its own where it takes long."""

import asyncio
import logging
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field

from core.desk import Desk
from core.enrichment import weights
from core.enrichment.judged import Guess
from core.vocabulary import Example, Exercise, Learnt
from knowledge_base.categories import Classifier, Filed, learn

log = logging.getLogger(__name__)

CORRECTED = 3.0  # tickets that one counts for whose category an agent set
GUESSED = 0.3  # and one whose category is a lesson's own guess, to which nobody objected
LARGE = 1_000  # tickets from which a process of its own is worth its start


@dataclass(frozen=True)
class _Known:
    version: int = 0
    classifier: Classifier | None = None
    words: dict[str, float] = field(default_factory=dict)


class Learning:
    """What this process has learned, as intake asks it (`core.enrichment.judged.Learned`)."""

    def __init__(self, *, large: int = LARGE) -> None:
        self._known = _Known()
        self._large = large

    @property
    def version(self) -> int:
        """Of the lesson that it goes by; 0 where there is none."""
        return self._known.version

    @property
    def categories(self) -> frozenset[str]:
        classifier = self._known.classifier
        return frozenset(classifier.categories) if classifier else frozenset()

    def guess(self, text: str) -> Guess | None:
        known = self._known
        return known.classifier.guess(text, version=known.version) if known.classifier else None

    def weight(self, what: str, word: str) -> float:
        return self._known.words.get(weights.key(what, word), 1.0)

    async def refresh(self, desk: Desk) -> None:
        """Go by the newest lesson, whoever learned it."""
        newest = await desk.newest_lesson(self.version)
        if newest is not None:
            model = newest.model
            classifier = None
            if model is not None:
                classifier = await asyncio.to_thread(Classifier.from_bytes, model)
            self._known = _Known(newest.id, classifier, dict(newest.words))
            log.info("learned from %s tickets: lesson %s", newest.tickets, newest.id)

    async def learn(self, desk: Desk) -> bool:
        """Learn from what happened since the last lesson, if it is worth it; whether it was."""
        exercise = await desk.exercise()
        if exercise is None:
            return False
        kept = await desk.keep_lesson(await self._learnt(exercise))
        await self.refresh(desk)
        return kept

    async def _learnt(self, exercise: Exercise) -> Learnt:
        if len(exercise.examples) < self._large:
            return await asyncio.to_thread(learnt, exercise)
        loop = asyncio.get_running_loop()
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=fresh) as pool:
            return await loop.run_in_executor(pool, learnt, exercise)


def learnt(exercise: Exercise) -> Learnt:
    """What an exercise teaches: seconds of arithmetic, no I/O."""
    found = learn([_filed(each) for each in exercise.examples if each.category])
    classifier, measured = found if found else (None, None)
    return Learnt(
        before=exercise.before,
        up_to=exercise.up_to,
        tickets=len(exercise.examples),
        words=weights.weights([each.judged for each in exercise.examples]),
        measures=asdict(measured) if measured else None,
        model=classifier.to_bytes() if classifier else None,
    )


def _filed(example: Example) -> Filed:
    weight = CORRECTED if example.by_agent else GUESSED if example.by_lesson else 1.0
    return Filed(example.text, example.category, weight)


__all__: Sequence[str] = ("Learning", "learnt")
