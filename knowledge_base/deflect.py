"""The knowledge base as the core sees it: answers from the newest articles, off the event loop."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from core.deflection import QUIET, Suggestion, Suggestions
from knowledge_base.index import Entry
from knowledge_base.saved import Saved, learn_apart
from knowledge_base.snapshot import DEFAULT_TARGET_FAR, Snapshot, learn
from knowledge_base.text import MAX_CHARACTERS
from knowledge_base.tiers import Reading, Tier, best_installed, encoder_for

log = logging.getLogger(__name__)

LARGE = 2_000  # titles and phrasings; above, learning takes a process of its own


class KnowledgeBase:
    """A `core.deflection.Deflector` over a snapshot that is replaced as a whole.

    Questions are answered from the old snapshot until the new one is ready. ``target_far`` is the
    share of unanswerable questions (0–1) that may get an answer; ``tier`` defaults to the best one
    that is installed. ``folder`` is where what was learned is kept for the next start, ``model`` a
    folder with a sentence model of the user's own.
    """

    def __init__(
        self,
        *,
        target_far: float = DEFAULT_TARGET_FAR,
        tier: Tier | None = None,
        folder: Path | None = None,
        model: Path | None = None,
    ) -> None:
        self.tier = tier or best_installed(model)
        self._reading = Reading(self.tier, model)
        self._folder = folder
        self._target_far = target_far
        self._snapshot: Snapshot | None = None
        self._for_staff: Snapshot | None = None
        self._answering = ThreadPoolExecutor(max_workers=1, thread_name_prefix="knowledge-base")

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        """Suggest at most three articles; quiet until the first snapshot is there."""
        snapshot = self._snapshot
        if snapshot is None:
            return QUIET
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._answering, snapshot.suggest, question[:MAX_CHARACTERS], language
        )

    async def advise(self, question: str, *, language: str | None = None) -> Sequence[Suggestion]:
        """The three nearest articles for an agent to judge, those for staff among them."""
        snapshot = self._for_staff or self._snapshot
        if snapshot is None:
            return ()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._answering, snapshot.nearest, question[:MAX_CHARACTERS], language
        )

    async def rebuild(self, entries: Sequence[Entry], for_staff: Sequence[Entry] = ()) -> None:
        """Learn the articles anew, in a worker of its own, then answer from them.

        ``for_staff`` are those that no customer may see: they are in a snapshot of their own,
        together with the others, and so cannot be suggested to a customer by mistake.
        """
        self.replace(await asyncio.to_thread(self.learn, tuple(entries)))
        self._for_staff = (
            await asyncio.to_thread(self.learn, (*entries, *for_staff)) if for_staff else None
        )

    def learn(self, entries: Sequence[Entry]) -> Snapshot:
        """A snapshot of these articles, for `replace`; from the folder where it was learned before."""
        if self._folder is None or not entries:
            encoder = encoder_for(self._reading) if entries else None
            return learn(entries, encoder=encoder, target_far=self._target_far)
        saved = Saved(self._folder)
        state = (entries, self._reading, self._target_far)
        known = saved.read(*state)
        if known is None and sum(1 + len(entry.phrasings) for entry in entries) > LARGE:
            try:
                learn_apart(self._folder, *state)
            except BrokenProcessPool as error:
                log.warning("the articles are learned in this process: %s", error)
            known = saved.read(*state)
        if known is None:
            known = learn(entries, encoder=encoder_for(self._reading), target_far=self._target_far)
            saved.write(known, *state)
        return known

    def replace(self, snapshot: Snapshot) -> None:
        """Answer from this snapshot from now on."""
        self._snapshot = snapshot
